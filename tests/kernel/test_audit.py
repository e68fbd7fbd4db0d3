"""The audit chain: raw SQL is refused, and what gets past the guards is found."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from keyuan.kernel import audit
from keyuan.kernel.access import SYSTEM
from keyuan.kernel.models import ErasureEntry
from keyuan.kernel.models.audit import AuditEntry, AuditHead

TABLE = AuditEntry._meta.db_table
SQLITE = connection.vendor == "sqlite"
CHANGES = {
    "update": "UPDATE kernel_auditentry SET action = 'x' WHERE seq = 3",
    "delete": "DELETE FROM kernel_auditentry WHERE seq = 3",
    "empty": "DELETE FROM kernel_auditentry",
}
# A new row that clashes with an old one in one unique column only; REPLACE would push the old one out.
CLASH = """INSERT OR REPLACE INTO kernel_auditentry
    (id, seq, previous, digest, at, school_id, person_id, seat_id, action, thing, thing_id, facts)
    SELECT 9001, <seq>, <previous>, <digest>, at, school_id, person_id, seat_id, action, thing, thing_id, facts
    FROM kernel_auditentry WHERE seq = 3"""
FRESH = {"seq": "9001", "previous": "'p'", "digest": "'d'"}


def clash(kept: str) -> str:
    statement = CLASH
    for column, value in FRESH.items():
        statement = statement.replace(f"<{column}>", column if column == kept else value)
    return statement


ON_SQLITE = {
    "update or replace": "UPDATE OR REPLACE kernel_auditentry SET seq = 2 WHERE seq = 3",
    "replace by id": "INSERT OR REPLACE INTO kernel_auditentry SELECT * FROM kernel_auditentry WHERE seq = 3",
    "upsert": (
        "INSERT INTO kernel_auditentry SELECT * FROM kernel_auditentry WHERE seq = 3 "
        "ON CONFLICT DO UPDATE SET action = 'x'"
    ),
    **{f"replace by {kept}": clash(kept) for kept in FRESH},
}
ON_POSTGRESQL = {
    "truncate": "TRUNCATE kernel_auditentry",
    "truncate cascade": "TRUNCATE kernel_auditentry CASCADE",
    "upsert": (
        "INSERT INTO kernel_auditentry SELECT * FROM kernel_auditentry WHERE seq = 3 "
        "ON CONFLICT (id) DO UPDATE SET action = 'x'"
    ),
}
CHANGES |= ON_SQLITE if SQLITE else ON_POSTGRESQL


def run(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


@pytest.fixture
def chain(db):
    """Five lines."""
    for number in range(5):
        audit.record(SYSTEM, "test.done", None, number=number)
    assert audit.verify() is None
    return list(AuditEntry.objects.order_by("seq"))


@pytest.fixture
def bare(chain):
    """The chain without its guards, as somebody with the file in hand could make it; back with the test's rollback."""
    if not SQLITE:
        run(f"ALTER TABLE {TABLE} DISABLE TRIGGER USER")
        return chain
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [TABLE])
        names = [name for (name,) in cursor.fetchall()]
    run(*(f'DROP TRIGGER "{name}"' for name in names))
    return chain


@pytest.mark.parametrize("change", CHANGES)
def test_the_database_refuses_to_change_the_log(chain, change):
    before = list(AuditEntry.objects.order_by("seq").values())
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        run(CHANGES[change])
    assert list(AuditEntry.objects.order_by("seq").values()) == before
    assert audit.verify() is None


@pytest.mark.parametrize(
    ("field", "value"),
    [("action", "test.other"), ("person_id", 7), ("school_id", 7), ("thing_id", 7), ("facts", {"number": 9})],
)
def test_a_line_edited_behind_the_guards_is_found(bare, field, value):
    AuditEntry.objects.filter(seq=3).update(**{field: value})
    found = audit.verify()
    assert found is not None
    assert (found.seq, found.message) == (3, "第 3 条内容被改动")


def test_a_line_taken_out_is_found(bare):
    AuditEntry.objects.filter(seq=3).delete()
    found = audit.verify()
    assert found is not None
    assert "第 3 条缺失" in found.message


def test_lines_that_changed_places_are_found(bare):
    AuditEntry.objects.filter(seq=3).update(seq=99)
    AuditEntry.objects.filter(seq=4).update(seq=3)
    AuditEntry.objects.filter(seq=99).update(seq=4)
    found = audit.verify()
    assert found is not None
    assert found.seq == 3


def test_a_line_put_in_by_hand_is_found(bare):
    AuditEntry.objects.create(
        seq=6, at=bare[-1].at, action="test.forged", previous=bare[-1].digest, digest="f" * 64
    )
    AuditHead.objects.update(seq=6, digest="f" * 64)
    found = audit.verify()
    assert found is not None
    assert "第 6 条内容被改动" in found.message


def test_a_cut_tail_is_found_by_the_head(bare):
    AuditEntry.objects.filter(seq__gt=3).delete()
    found = audit.verify()
    assert found is not None
    assert "末尾缺失" in found.message


def test_a_tail_cut_with_its_head_is_found_against_a_head_kept_elsewhere(bare):
    AuditEntry.objects.filter(seq__gt=3).delete()
    AuditHead.objects.update(seq=3, digest=bare[2].digest)
    assert audit.verify() is None, "the chain alone cannot know"
    found = audit.verify(expected_head=bare[-1].digest)
    assert found is not None
    assert "留存的摘要" in found.message


def test_a_line_falls_with_the_work_it_tells_of(chain):
    with transaction.atomic():
        audit.record(SYSTEM, "test.undone")
        transaction.set_rollback(True)
    assert AuditEntry.objects.count() == len(chain)
    audit.record(SYSTEM, "test.next")
    assert audit.verify() is None


@pytest.mark.skipif(not SQLITE, reason="only SQLite knows INSERT OR REPLACE")
@pytest.mark.parametrize("kept", FRESH)
def test_a_replace_from_a_program_without_our_settings_is_refused(chain, kept):
    run("PRAGMA recursive_triggers = OFF")
    try:
        for statement in (ON_SQLITE["replace by id"], clash(kept)):
            with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
                run(statement)
    finally:
        run("PRAGMA recursive_triggers = ON")
    assert list(AuditEntry.objects.order_by("seq")) == chain, "no line was pushed out"
    assert audit.verify() is None


@pytest.mark.skipif(not SQLITE, reason="only SQLite knows INSERT OR REPLACE")
def test_an_erasure_cannot_be_pushed_out_by_its_person(db):
    ErasureEntry.objects.create(person_id=7, at=timezone.now())
    run("PRAGMA recursive_triggers = OFF")
    try:
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            run(
                "INSERT OR REPLACE INTO kernel_erasureentry (id, person_id, at) VALUES (9001, 7, '2030-01-01')"
            )
    finally:
        run("PRAGMA recursive_triggers = ON")
