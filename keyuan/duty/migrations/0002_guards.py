"""What the database itself holds of proofs, whoever writes: they stay as they are, and fall only by a reversal."""

from django.db import migrations

from keyuan.kernel.triggers import append_only, both

FROZEN = ("duty_id", "how", "training_class_id", "session_id", "claim_id", "event_id", "title", "held_on", "at")
STAYS = "a proof stays as it is"
KEPT = "proofs are kept"


def _changed(differs, fallen):
    frozen = " OR ".join(f"NEW.{name} {differs} OLD.{name}" for name in FROZEN)
    return f"{frozen} OR {fallen}"


SQLITE = (
    "CREATE TRIGGER duty_proof_stays BEFORE UPDATE ON duty_proof "
    f"WHEN {_changed('IS NOT', '(OLD.standing = 0 AND NEW.standing = 1)')} "
    f"BEGIN SELECT RAISE(ABORT, '{STAYS}'); END",
    f"CREATE TRIGGER duty_proof_kept BEFORE DELETE ON duty_proof BEGIN SELECT RAISE(ABORT, '{KEPT}'); END",
)
POSTGRESQL = (
    "CREATE FUNCTION duty_proof_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    f"IF {_changed('IS DISTINCT FROM', '(NOT OLD.standing AND NEW.standing)')} THEN "
    f"RAISE EXCEPTION '{STAYS}' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER duty_proof_stays BEFORE UPDATE ON duty_proof FOR EACH ROW EXECUTE FUNCTION duty_proof_stays()",
    "CREATE FUNCTION duty_proof_kept() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN RAISE EXCEPTION '{KEPT}' USING ERRCODE = 'integrity_constraint_violation'; END $$",
    "CREATE TRIGGER duty_proof_kept BEFORE DELETE ON duty_proof FOR EACH ROW EXECUTE FUNCTION duty_proof_kept()",
)


class Migration(migrations.Migration):
    """Proofs that are kept, reversals that are only added."""

    dependencies = [("duty", "0001_initial")]
    operations = [both(SQLITE, POSTGRESQL), append_only("duty_reversal")]
