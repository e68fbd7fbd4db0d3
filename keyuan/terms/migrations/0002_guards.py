"""What the database itself holds of terms, whoever writes."""

from django.db import migrations

from keyuan.kernel.triggers import append_only, both

# Two live terms of one organisation's post that share a day: of a post for one holder, or of one person in any post.
# Acting and regular terms do not exclude each other: somebody acts while the post stands vacant or its holder is away.
CLASH = """NEW.withdrawn_at IS NULL AND EXISTS (
  SELECT 1 FROM terms_term t JOIN terms_post p ON p.id = t.post_id
  WHERE t.organisation_id = NEW.organisation_id AND t.post_id = NEW.post_id AND t.id <> {own}
    AND t.withdrawn_at IS NULL AND t.acting = NEW.acting AND (p.single OR t.holder_id = NEW.holder_id)
    AND t.starts <= COALESCE(NEW.ends, '9999-12-31') AND COALESCE(t.ends, '9999-12-31') >= NEW.starts)"""
ASTRAY = """NOT EXISTS (SELECT 1 FROM terms_post p JOIN orgs_organisation o ON o.id = NEW.organisation_id
  WHERE p.id = NEW.post_id AND p.school_id = NEW.school_id AND o.school_id = NEW.school_id AND p.kind = o.kind)"""
FROZEN = ("school_id", "organisation_id", "post_id")
SETTLED = ("school_id", "kind", "single")


def _changed(columns, differs):
    return " OR ".join(f"NEW.{name} {differs} OLD.{name}" for name in columns)


IN_USE = "({changed}) AND EXISTS (SELECT 1 FROM terms_term t WHERE t.post_id = NEW.id)"


def _sqlite(name, when, condition, message, table="terms_term"):
    return (
        f"CREATE TRIGGER {table}_{name} {when} ON {table} WHEN {condition} "
        f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
    )


def _postgresql(name, when, condition, message, table="terms_term", first=""):
    return (
        f"CREATE FUNCTION {table}_{name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {first} "
        f"IF {condition} THEN RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation'; "
        "END IF; RETURN NEW; END $$",
        f"CREATE TRIGGER {table}_{name} {when} ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_{name}()",
    )


TWO = "two terms of one post overlap"
STRAY = "a post of another kind or school"
STAYS = "a term stays with its post"
USED = "a post in use stays as it is"
SQLITE = (
    _sqlite("alone_new", "BEFORE INSERT", CLASH.format(own="COALESCE(NEW.id, -1)"), TWO),
    _sqlite("alone", "BEFORE UPDATE", CLASH.format(own="NEW.id"), TWO),
    _sqlite("fits", "BEFORE INSERT", ASTRAY, STRAY),
    _sqlite("stays", "BEFORE UPDATE", _changed(FROZEN, "IS NOT"), STAYS),
    "CREATE TRIGGER terms_term_kept BEFORE DELETE ON terms_term BEGIN SELECT RAISE(ABORT, 'terms are kept'); END",
    _sqlite("settled", "BEFORE UPDATE", IN_USE.format(changed=_changed(SETTLED, "IS NOT")), USED, "terms_post"),
)
# Two terms opened at once would not see each other's row: one writer an organisation at a time.
FIRST = "PERFORM pg_advisory_xact_lock(hashtext('terms_term'), NEW.organisation_id::int);"
DISTINCT = "IS DISTINCT FROM"
POSTGRESQL = (
    *_postgresql("alone", "BEFORE INSERT OR UPDATE", CLASH.format(own="NEW.id"), TWO, first=FIRST),
    *_postgresql("fits", "BEFORE INSERT", ASTRAY, STRAY),
    *_postgresql("stays", "BEFORE UPDATE", _changed(FROZEN, DISTINCT), STAYS),
    "CREATE FUNCTION terms_term_kept() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'terms are kept' USING ERRCODE = 'integrity_constraint_violation'; END $$",
    "CREATE TRIGGER terms_term_kept BEFORE DELETE ON terms_term FOR EACH ROW EXECUTE FUNCTION terms_term_kept()",
    *_postgresql("settled", "BEFORE UPDATE", IN_USE.format(changed=_changed(SETTLED, DISTINCT)), USED, "terms_post"),
)


class Migration(migrations.Migration):
    """One holder at a time, posts that fit, terms that are kept, steps that are only added."""

    dependencies = [("terms", "0001_initial")]
    operations = [both(SQLITE, POSTGRESQL), append_only("terms_change"), append_only("terms_postname")]
