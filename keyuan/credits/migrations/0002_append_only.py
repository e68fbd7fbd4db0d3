"""What the database itself holds of the ledger, whoever writes."""

from django.db import migrations

from keyuan.kernel.triggers import append_only, both

# A second version of a source may only follow a first whose earnings are all countered.
LOT_STANDS = """SELECT 1 FROM credits_lot l
    JOIN credits_posting p ON p.lot_id = l.id AND p.kind = 'earn'
    LEFT JOIN credits_posting c ON c.counter_of_id = p.id
    WHERE l.source = NEW.source AND c.id IS NULL"""
LOT_SKIPS = """NEW.version <> 1 + COALESCE((SELECT MAX(version) FROM credits_lot WHERE source = NEW.source), 0)"""
# A line belongs to its lot's account; a counter-entry mirrors an earning of the same lot and scheme.
LINE_ASTRAY = "NOT EXISTS (SELECT 1 FROM credits_lot l WHERE l.id = NEW.lot_id AND l.account_id = NEW.account_id)"
COUNTER_ASTRAY = """NEW.counter_of_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM credits_posting o
    WHERE o.id = NEW.counter_of_id AND o.kind = 'earn' AND o.lot_id = NEW.lot_id
    AND o.scheme = NEW.scheme AND o.amount = -NEW.amount)"""
TOTAL = """(SELECT COALESCE(ROUND(SUM(p.amount), 2), 0) FROM credits_posting p
    WHERE p.account_id = NEW.account_id AND p.scheme = NEW.scheme)"""
FOLLOW = f"""INSERT INTO credits_balance (account_id, scheme, amount)
    VALUES (NEW.account_id, NEW.scheme, {TOTAL})
    ON CONFLICT (account_id, scheme) DO UPDATE SET amount = excluded.amount"""


def _sqlite(table: str, name: str, when: str, condition: str, message: str) -> str:
    return (
        f"CREATE TRIGGER {table}_{name} {when} ON {table} WHEN {condition} "
        f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
    )


SQLITE = (
    _sqlite("credits_ledgeraccount", "no_double", "BEFORE INSERT",
            "EXISTS (SELECT 1 FROM credits_ledgeraccount a WHERE a.school_id = NEW.school_id AND a.person_id = NEW.person_id)",
            "one account a person"),
    _sqlite("credits_lot", "follows", "BEFORE INSERT", f"{LOT_SKIPS} OR EXISTS ({LOT_STANDS})",
            "an earlier version of this source still stands"),
    _sqlite("credits_posting", "no_double", "BEFORE INSERT",
            "EXISTS (SELECT 1 FROM credits_posting p WHERE p.seq = NEW.seq OR p.previous = NEW.previous "
            "OR p.digest = NEW.digest OR p.counter_of_id = NEW.counter_of_id)",
            "credits_posting is append-only"),
    _sqlite("credits_posting", "fits", "BEFORE INSERT", f"{LINE_ASTRAY} OR ({COUNTER_ASTRAY})",
            "a posting must fit its lot and the line it counters"),
    f"CREATE TRIGGER credits_posting_pays AFTER INSERT ON credits_posting BEGIN {FOLLOW}; END",
    _sqlite("credits_balance", "is_sum", "BEFORE UPDATE", f"ABS(NEW.amount - {TOTAL}) > 0.004",
            "a balance is the sum of its postings"),
    _sqlite("credits_balance", "starts_as_sum", "BEFORE INSERT", f"ABS(NEW.amount - {TOTAL}) > 0.004",
            "a balance is the sum of its postings"),
    "CREATE TRIGGER credits_balance_stays BEFORE DELETE ON credits_balance "
    "BEGIN SELECT RAISE(ABORT, 'a balance stays'); END",
)  # fmt: skip


def _postgresql(table: str, name: str, when: str, condition: str, message: str) -> tuple[str, str]:
    return (
        f"CREATE FUNCTION {table}_{name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {condition} THEN RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation'; "
        "END IF; RETURN NEW; END $$",
        f"CREATE TRIGGER {table}_{name} {when} ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_{name}()",
    )


POSTGRESQL = (
    *_postgresql("credits_lot", "follows", "BEFORE INSERT", f"{LOT_SKIPS} OR EXISTS ({LOT_STANDS})",
                 "an earlier version of this source still stands"),
    *_postgresql("credits_posting", "fits", "BEFORE INSERT", f"{LINE_ASTRAY} OR ({COUNTER_ASTRAY})",
                 "a posting must fit its lot and the line it counters"),
    "CREATE FUNCTION credits_posting_pays() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN {FOLLOW}; RETURN NEW; END $$",
    "CREATE TRIGGER credits_posting_pays AFTER INSERT ON credits_posting "
    "FOR EACH ROW EXECUTE FUNCTION credits_posting_pays()",
    *_postgresql("credits_balance", "is_sum", "BEFORE INSERT OR UPDATE", f"NEW.amount <> {TOTAL}",
                 "a balance is the sum of its postings"),
    "CREATE FUNCTION credits_balance_stays() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'a balance stays'; END $$",
    "CREATE TRIGGER credits_balance_stays BEFORE DELETE ON credits_balance "
    "FOR EACH ROW EXECUTE FUNCTION credits_balance_stays()",
    "CREATE TRIGGER credits_balance_no_truncate BEFORE TRUNCATE ON credits_balance "
    "FOR EACH STATEMENT EXECUTE FUNCTION credits_balance_stays()",
)  # fmt: skip


class Migration(migrations.Migration):
    """Append-only tables, lines that fit, balances that are sums."""

    dependencies = [("credits", "0001_initial")]
    operations = [
        append_only("credits_ledgeraccount"),
        append_only("credits_lot"),
        append_only("credits_posting"),
        both(SQLITE, POSTGRESQL),
    ]
