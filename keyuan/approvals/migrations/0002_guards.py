"""What the database itself holds of approvals, whoever writes."""

from django.db import migrations

from keyuan.kernel.triggers import append_only, both

# A chain that something was put before is never given another step.
STEP_LATE = "EXISTS (SELECT 1 FROM approvals_request r WHERE r.chain_id = NEW.chain_id)"
STEP_ASTRAY = (
    "NOT EXISTS (SELECT 1 FROM approvals_step s WHERE s.id = NEW.step_id AND s.chain_id = NEW.chain_id)"
)
PRINCIPAL = "COALESCE(NEW.on_behalf_of_id, NEW.person_id)"
# A decision is said at the step the request stands at, never by the submitter or in the submitter's name.
OUT_OF_TURN = f"""NOT EXISTS (SELECT 1 FROM approvals_request r WHERE r.id = NEW.request_id
    AND r.step_id = NEW.step_id AND (r.submitted_by_id IS NULL
    OR (r.submitted_by_id <> NEW.person_id AND r.submitted_by_id <> {PRINCIPAL})))"""
SAME_PERSON = f"""EXISTS (SELECT 1 FROM approvals_step s JOIN approvals_decision d ON d.request_id = NEW.request_id
    WHERE s.id = NEW.step_id AND s."distinct" AND (d.person_id IN (NEW.person_id, {PRINCIPAL})
    OR d.on_behalf_of_id IN (NEW.person_id, {PRINCIPAL})))"""
NOT_DELEGATED = """(NEW.delegation_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM approvals_delegation g
    WHERE g.id = NEW.delegation_id AND g.principal_id = NEW.on_behalf_of_id AND g.delegate_id = NEW.person_id))"""
DECISION_UNFIT = f"{OUT_OF_TURN} OR {SAME_PERSON} OR {NOT_DELEGATED}"
OVERLAP = """EXISTS (SELECT 1 FROM approvals_delegation g WHERE g.principal_id = NEW.principal_id
    AND g.school_id = NEW.school_id AND g.revoked_at IS NULL AND g.starts <= NEW.ends AND g.ends >= NEW.starts
    AND (g.kind = NEW.kind OR g.kind = '' OR NEW.kind = ''))"""
# A request's chain, thing, facts and submitter stay as they were put; once ended it stays ended.
FROZEN = ("school_id", "chain_id", "kind", "about_label", "about_id", "title", "facts", "submitted_by_id")
GIVEN = ("school_id", "principal_id", "delegate_id", "kind", "starts", "ends")


def _changed(columns, differs):
    return " OR ".join(f"NEW.{name} {differs} OLD.{name}" for name in columns)


def _request_moved(differs):
    ended = _changed(("state", "step_id", "note"), differs)
    return f"{_changed(FROZEN, differs)} OR (OLD.state <> 'in_progress' AND ({ended}))"


def _delegation_moved(differs):
    return f"{_changed(GIVEN, differs)} OR OLD.revoked_at IS NOT NULL"


def _sqlite(table, name, when, condition, message):
    return (
        f"CREATE TRIGGER {table}_{name} {when} ON {table} WHEN {condition} "
        f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
    )


def _postgresql(table, name, when, condition, message, first=""):
    return (
        f"CREATE FUNCTION {table}_{name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {first} "
        f"IF {condition} THEN RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation'; "
        "END IF; RETURN NEW; END $$",
        f"CREATE TRIGGER {table}_{name} {when} ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_{name}()",
    )


LATE = ("approvals_step", "late", "BEFORE INSERT", STEP_LATE, "a chain in use takes no further step")
FITS = ("approvals_decision", "fits", "BEFORE INSERT", DECISION_UNFIT, "a decision by the wrong person or out of turn")
STANDS = "a request stands at a step of its own chain"
ONE = "two delegations of one kind overlap"
SQLITE = (
    _sqlite(*LATE),
    _sqlite(*FITS),
    _sqlite("approvals_request", "begins", "BEFORE INSERT", STEP_ASTRAY, STANDS),
    _sqlite("approvals_request", "stands", "BEFORE UPDATE", STEP_ASTRAY, STANDS),
    _sqlite("approvals_request", "frozen", "BEFORE UPDATE", _request_moved("IS NOT"), "a request is frozen"),
    _sqlite("approvals_delegation", "alone", "BEFORE INSERT", OVERLAP, ONE),
    _sqlite(
        "approvals_delegation", "frozen", "BEFORE UPDATE", _delegation_moved("IS NOT"), "a delegation is only revoked"
    ),
)  # fmt: skip
# Two delegations made at once would not see each other's row: one writer a principal at a time.
ALONE = "PERFORM pg_advisory_xact_lock(hashtext('approvals_delegation'), NEW.principal_id::int);"
DISTINCT = "IS DISTINCT FROM"
POSTGRESQL = (
    *_postgresql(*LATE),
    *_postgresql(*FITS),
    *_postgresql("approvals_request", "stands", "BEFORE INSERT OR UPDATE", STEP_ASTRAY, STANDS),
    *_postgresql("approvals_request", "frozen", "BEFORE UPDATE", _request_moved(DISTINCT), "a request is frozen"),
    *_postgresql("approvals_delegation", "alone", "BEFORE INSERT", OVERLAP, ONE, ALONE),
    *_postgresql(
        "approvals_delegation", "frozen", "BEFORE UPDATE", _delegation_moved(DISTINCT), "a delegation is only revoked"
    ),
)  # fmt: skip


class Migration(migrations.Migration):
    """Append-only chains, steps and decisions; decisions that fit; requests that stay as they were put."""

    dependencies = [("approvals", "0001_initial")]
    operations = [
        append_only("approvals_chain"),
        append_only("approvals_step"),
        append_only("approvals_decision"),
        both(SQLITE, POSTGRESQL),
    ]
