from django.db import migrations, transaction
from django.db.utils import DatabaseError

COLUMNS = ("kind_token", "title_tokens", "body_tokens", "spelling_tokens")
NAMES = ", ".join(COLUMNS)
OLD = ", ".join(f"old.{name}" for name in COLUMNS)
NEW = ", ".join(f"new.{name}" for name in COLUMNS)
DROP = f"INSERT INTO kernel_search(kernel_search, rowid, {NAMES}) VALUES ('delete', old.id, {OLD});"
ADD = f"INSERT INTO kernel_search(rowid, {NAMES}) VALUES (new.id, {NEW});"
SQLITE = (
    f"CREATE VIRTUAL TABLE kernel_search USING fts5({NAMES}, content='kernel_searchentry', content_rowid='id',"
    " tokenize='unicode61 remove_diacritics 0', prefix='2 3 4')",
    f"CREATE TRIGGER kernel_searchentry_found_new AFTER INSERT ON kernel_searchentry BEGIN {ADD} END",
    f"CREATE TRIGGER kernel_searchentry_found_gone AFTER DELETE ON kernel_searchentry BEGIN {DROP} END",
    f"CREATE TRIGGER kernel_searchentry_found_changed AFTER UPDATE ON kernel_searchentry BEGIN {DROP} {ADD} END",
)
INDEX = "CREATE INDEX kernel_searchentry_trigram ON kernel_searchentry USING gin (plain gin_trgm_ops)"


def build(apps, editor):
    if editor.connection.vendor == "sqlite":
        for statement in SQLITE:
            editor.execute(statement)
        return
    try:
        with transaction.atomic(using=editor.connection.alias):
            editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
            editor.execute(INDEX)
    except DatabaseError as missing:
        # The same LIKE then reads every row: slower, but nothing is missed. Doctor says so.
        print(f"\n  提示：数据库没有 pg_trgm 扩展，检索不建三元组索引（{str(missing).splitlines()[0]}）")


def remove(apps, editor):
    if editor.connection.vendor == "sqlite":
        for name in ("new", "gone", "changed"):
            editor.execute(f"DROP TRIGGER IF EXISTS kernel_searchentry_found_{name}")
        editor.execute("DROP TABLE kernel_search")
    else:
        editor.execute("DROP INDEX IF EXISTS kernel_searchentry_trigram")


class Migration(migrations.Migration):
    dependencies = [("kernel", "0005_engine")]
    operations = [migrations.RunPython(build, remove)]
