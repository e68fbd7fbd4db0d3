import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from keyuan.kernel import checks, triggers

HOME = Path(__file__).resolve().parent.parent.parent
SPOILED = {
    "deferred transactions": ('["OPTIONS"]["transaction_mode"] = "DEFERRED"', "transaction_mode"),
    "a connection for each request": ('["CONN_MAX_AGE"] = 0', "CONN_MAX_AGE"),
    "no pragmas": ('["OPTIONS"].pop("init_command")', "PRAGMA"),
}
sqlite_only = pytest.mark.skipif("connection.vendor != 'sqlite'", reason="SQLite 的选项")


@pytest.mark.django_db
def test_this_installation_is_sound():
    assert checks.database_is_sound(None, databases=["default"]) == []
    assert checks.fonts_are_there(None) == []


@pytest.mark.django_db
def test_a_missing_trigger_is_named(monkeypatch):
    monkeypatch.setitem(triggers.GUARDED, "kernel_auditentry", ("kernel_auditentry_no_such",))
    faults = checks.database_is_sound(None, databases=["default"])
    assert [fault.id for fault in faults] == ["kernel.E002"]
    assert "kernel_auditentry_no_such" in faults[0].msg


@pytest.mark.parametrize(
    ("spoilings", "door"),
    [*(([each], "wsgi") for each in SPOILED), ([*SPOILED], "check")],
    ids=[*SPOILED, "all of them at once"],
)
def test_sqlite_without_its_options_refuses_to_start(spoilings, door, tmp_path):
    lines = [f"DATABASES['default']{SPOILED[each][0]}" for each in spoilings]
    (tmp_path / "spoiled.py").write_text(
        "\n".join(["from keyuan.project.settings import *", *lines, ""]), encoding="utf-8"
    )
    command = {
        "check": ["manage.py", "check", "--database", "default"],
        "wsgi": ["-c", "import keyuan.project.wsgi"],
    }[door]
    surroundings = os.environ | {
        "DJANGO_SETTINGS_MODULE": "spoiled",
        "PYTHONPATH": os.pathsep.join([str(tmp_path), str(HOME)]),
        "KEYUAN_VAR": str(tmp_path / "var"),
        "DATABASE_URL": "",
        "PYTHONUTF8": "1",
    }
    ran = subprocess.run(
        [sys.executable, *command],
        cwd=HOME,
        env=surroundings,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert ran.returncode != 0
    assert [named for _code, named in map(SPOILED.get, spoilings) if named not in ran.stderr] == []


@sqlite_only
@pytest.mark.django_db
def test_the_live_connection_itself_is_asked(django_db_blocker):
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA recursive_triggers=OFF")
        try:
            assert any("recursive_triggers" in fault for fault in checks.sqlite_faults(connection))
        finally:
            cursor.execute("PRAGMA recursive_triggers=ON")
    assert checks.sqlite_faults(connection) == []
