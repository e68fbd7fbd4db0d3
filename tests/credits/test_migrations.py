"""What raw SQL cannot do to the ledger, on whichever database the suite runs."""

from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from keyuan.credits.actions import award_many, reverse
from keyuan.credits.models import Balance, LedgerAccount, Lot, Posting
from keyuan.credits.queries import verify_ledger
from tests.credits.conftest import World

HEX = "f" * 64
LINE = "INSERT INTO credits_posting (seq, account_id, lot_id, scheme, kind, amount, counter_of_id, reason, at, previous, digest) "
LOT = "INSERT INTO credits_lot (account_id, source, version, earned_on, raw_minutes, half_days, hours, title, evidence, entered_at) "

ATTACKS = {
    "change an amount": "UPDATE credits_posting SET amount = 99 WHERE id = {earn}",
    "change a reason": "UPDATE credits_posting SET reason = 'x' WHERE id = {earn}",
    "change nothing really": "UPDATE credits_posting SET seq = seq",
    "delete a line": "DELETE FROM credits_posting WHERE id = {earn}",
    "delete all lines": "DELETE FROM credits_posting",
    "rename a lot": "UPDATE credits_lot SET title = 'x' WHERE id = {lot}",
    "raise a lot's hours": "UPDATE credits_lot SET hours = 99 WHERE id = {lot}",
    "move a lot": "UPDATE credits_lot SET account_id = {other} WHERE id = {lot}",
    "delete a lot": "DELETE FROM credits_lot WHERE id = {free_lot}",
    "give an account away": "UPDATE credits_ledgeraccount SET person_id = {person} WHERE id = {account}",
    "delete an account": "DELETE FROM credits_ledgeraccount WHERE id = {empty}",
    "raise a balance": "UPDATE credits_balance SET amount = amount + 1",
    "empty a balance": "UPDATE credits_balance SET amount = 0",
    "a negative balance": "UPDATE credits_balance SET amount = -1",
    "delete a balance": "DELETE FROM credits_balance",
    "invent a balance": "INSERT INTO credits_balance (account_id, scheme, amount) VALUES ({empty}, 'cadre', 5)",
    "pay a lot twice": LINE
    + "VALUES (90, {account}, {lot}, 'cadre', 'earn', 5, NULL, '', '2020-01-01', '{hex}', '{hex}')",
    "take without a counter": LINE
    + "VALUES (90, {account}, {lot}, 'cadre', 'earn', -5, NULL, '', '2020-01-01', '{hex}', '{hex}')",
    "counter too much": LINE
    + "VALUES (90, {account}, {lot}, 'cadre', 'counter', -25, {earn}, '', '2020-01-01', '{hex}', '{hex}')",
    "counter nothing": LINE
    + "VALUES (90, {account}, {lot}, 'cadre', 'counter', -24, NULL, '', '2020-01-01', '{hex}', '{hex}')",
    "counter upwards": LINE
    + "VALUES (90, {account}, {lot}, 'cadre', 'counter', 24, {earn}, '', '2020-01-01', '{hex}', '{hex}')",
    "counter twice": LINE
    + "VALUES (90, {account}, {gone_lot}, 'cadre', 'counter', -24, {gone}, '', '2020-01-01', '{hex}', '{hex}')",
    "counter a counter": LINE
    + "VALUES (90, {account}, {gone_lot}, 'cadre', 'counter', -24, {counter}, '', '2020-01-01', '{hex}', '{hex}')",
    "pay into another account": LINE
    + "VALUES (90, {other}, {free_lot}, 'cadre', 'earn', 5, NULL, '', '2020-01-01', '{hex}', '{hex}')",
    "fork the chain": LINE
    + "VALUES (90, {account}, {free_lot}, 'cadre', 'earn', 5, NULL, '', '2020-01-01', '{previous}', '{hex}')",
    "reuse a number": LINE
    + "VALUES (1, {account}, {free_lot}, 'cadre', 'earn', 5, NULL, '', '2020-01-01', '{hex}', '{hex}')",
    "a second live version": LOT
    + "VALUES ({account}, 'test:0', 2, '2020-01-01', 0, 0, 5, 'x', '{{}}', '2020-01-01')",
    "a version skipped": LOT
    + "VALUES ({account}, 'test:1', 4, '2020-01-01', 0, 0, 5, 'x', '{{}}', '2020-01-01')",
    "a lot without hours": LOT
    + "VALUES ({account}, 'test:77', 1, '2020-01-01', 0, 0, 0, 'x', '{{}}', '2020-01-01')",
    "a second account": "INSERT INTO credits_ledgeraccount (school_id, person_id) VALUES ({school}, {person})",
    "a second head": "INSERT INTO credits_ledgerhead (id, seq, digest) VALUES (2, 0, '{hex}')",
}
SQLITE_ONLY = {
    "replace a line by id": "INSERT OR REPLACE INTO credits_posting SELECT id, seq, scheme, kind, 99, reason, at, previous, digest, "
    "counter_of_id, account_id, lot_id FROM credits_posting WHERE id = {earn}",
    "replace a line by number": LINE.replace("INSERT", "INSERT OR REPLACE")
    + "VALUES (1, {account}, {free_lot}, 'cadre', 'earn', 5, NULL, '', '2020-01-01', '{hex}', '{hex}')",
    "replace a lot": LOT.replace("INSERT", "INSERT OR REPLACE")
    + "VALUES ({account}, 'test:0', 1, '2020-01-01', 0, 0, 5, 'x', '{{}}', '2020-01-01')",
    "replace a balance": "INSERT OR REPLACE INTO credits_balance (account_id, scheme, amount) VALUES ({account}, 'cadre', 99)",
    "replace an account": "INSERT OR REPLACE INTO credits_ledgeraccount (school_id, person_id) VALUES ({school}, {person})",
    "change on conflict": LINE
    + "VALUES (1, {account}, {free_lot}, 'cadre', 'earn', 5, NULL, '', '2020-01-01', '{hex}', '{hex}') "
    "ON CONFLICT (seq) DO UPDATE SET amount = 99",
}
POSTGRESQL_ONLY = {
    f"truncate {table}": f"TRUNCATE credits_{table} CASCADE"
    for table in ("posting", "lot", "ledgeraccount", "balance")
}


@pytest.fixture
def names(world: World) -> dict[str, object]:
    """Ids the attacks speak of: a standing earning, a countered one, a lot of no lines, an empty account."""
    lot, gone = award_many(
        world.registrar,
        school_id=world.school.pk,
        rows=[world.facts(source="test:0"), world.facts(source="test:1")],
    )
    [counter] = reverse(world.registrar, source="test:1", reason="误登")
    other = award_many(world.registrar, school_id=world.school.pk, rows=[world.facts(1, source="test:2")])[0]
    empty = LedgerAccount.objects.create(school=world.school, person=world.people[2])
    bare = Lot.objects.create(
        account=lot.account,
        source="test:bare",
        earned_on="2020-01-01",
        hours=5,
        title="x",
        entered_at=lot.entered_at,
    )
    earn = lot.postings.get()
    return {
        "earn": earn.pk,
        "previous": earn.previous,
        "lot": lot.pk,
        "gone": gone.postings.get(kind="earn").pk,
        "gone_lot": gone.pk,
        "counter": counter.pk,
        "free_lot": bare.pk,
        "account": lot.account_id,
        "other": other.account_id,
        "empty": empty.pk,
        "person": world.people[0].pk,
        "school": world.school.pk,
        "hex": HEX,
    }


def state_of_the_books() -> list[object]:
    return [
        list(Posting.objects.values_list("pk", "amount", "digest")),
        list(Lot.objects.order_by("pk").values_list("pk", "hours", "title", "account_id")),
        list(Balance.objects.order_by("pk").values_list("account_id", "amount")),
        list(LedgerAccount.objects.values_list("pk", "person_id")),
    ]


@pytest.mark.parametrize("attack", [*ATTACKS, *SQLITE_ONLY, *POSTGRESQL_ONLY])
def test_the_database_refuses_to(attack: str, names: dict[str, object]) -> None:
    only = SQLITE_ONLY if connection.vendor == "sqlite" else POSTGRESQL_ONLY
    statement = (ATTACKS | only).get(attack)
    if statement is None:
        pytest.skip("a statement of the other database")
    before = state_of_the_books()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(**names))
    assert state_of_the_books() == before
    assert verify_ledger() is None


@pytest.mark.parametrize("attack", [name for name in SQLITE_ONLY if name.startswith("replace")])
def test_replacing_fails_even_with_recursive_triggers_off(attack: str, names: dict[str, object]) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite replaces")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA recursive_triggers = OFF")
        try:
            with pytest.raises(DatabaseError), transaction.atomic():
                cursor.execute(SQLITE_ONLY[attack].format(**names))
        finally:
            cursor.execute("PRAGMA recursive_triggers = ON")


@pytest.mark.parametrize(
    ("tamper", "words"),
    [
        ("UPDATE credits_lot SET title = 'x' WHERE id = {lot}", "改动"),
        ("UPDATE credits_posting SET reason = 'x' WHERE id = {counter}", "改动"),
        ("DELETE FROM credits_posting WHERE seq = 1", "缺失"),
        ("DELETE FROM credits_posting WHERE seq = 4", "末尾缺失"),
        ("UPDATE credits_balance SET amount = 99 WHERE account_id = {other}", "余额"),
    ],
)
def test_who_drops_the_triggers_is_found_by_the_chain(
    tamper: str, words: str, names: dict[str, object]
) -> None:
    without_triggers(tamper.format(**names))
    fault = verify_ledger()
    assert fault is not None
    assert words in fault.message


def without_triggers(statement: str) -> None:
    """The statement as somebody runs it who owns the whole database."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'credits_%'")
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {name}")
            cursor.execute("PRAGMA defer_foreign_keys = ON")
        else:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for table in ("posting", "lot", "balance"):
                cursor.execute(f"ALTER TABLE credits_{table} DISABLE TRIGGER ALL")
        cursor.execute(statement)


def test_a_cut_tail_shows_against_a_head_kept_elsewhere(names: dict[str, object]) -> None:
    kept = Posting.objects.order_by("seq").last()
    assert kept is not None
    assert verify_ledger(expected_head=kept.digest) is None
    fault = verify_ledger(expected_head=HEX)
    assert fault is not None
    assert "留存" in fault.message


def test_a_balance_is_written_by_the_lines_alone(names: dict[str, object]) -> None:
    assert Balance.objects.get(account_id=names["account"]).amount == Decimal(24)
