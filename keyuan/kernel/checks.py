"""What must hold before Keyuan serves anybody; each fault names its mending."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from keyuan.kernel import triggers

# Name of the pragma → what a live connection must answer, and what is lost without it.
PRAGMAS: dict[str, tuple[set[Any], str]] = {
    "journal_mode": (
        {"wal", "memory"},
        "读写会互相等待",
    ),  # memory: what WAL becomes for a database without a file
    "synchronous": ({2, 3}, "断电会丢失已确认的写入"),
    "foreign_keys": ({1}, "失去引用约束"),
    "recursive_triggers": ({1}, "INSERT OR REPLACE 能绕过只增不改的触发器"),
}


def sqlite_faults(connection: BaseDatabaseWrapper) -> list[str]:
    """What SQLite lacks on this very connection; empty when all is in force."""
    faults = []
    settings = connection.settings_dict
    if str(settings["OPTIONS"].get("transaction_mode", "")).upper() != "IMMEDIATE":
        faults.append("OPTIONS.transaction_mode 须为 IMMEDIATE，否则同时写入会报 database is locked")
    if settings["CONN_MAX_AGE"] is not None:
        faults.append("CONN_MAX_AGE 须为 None（保持连接），否则每次请求都重开数据库")
    with connection.cursor() as cursor:
        for name, (wanted, lost) in PRAGMAS.items():
            found = cursor.execute(f"PRAGMA {name}").fetchone()[0]
            if found not in wanted:
                faults.append(f"PRAGMA {name} 现为 {found}，{lost}")
    return faults


def missing_triggers(connection: BaseDatabaseWrapper) -> list[str]:
    """The guarding triggers that are not there, of tables that are."""
    query = {
        "sqlite": "SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT event_object_table, trigger_name FROM information_schema.triggers "
        "UNION SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
        "WHERE NOT t.tgisinternal AND t.tgenabled <> 'D'",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(query)
        present = {(table, name) for table, name in cursor.fetchall()}
    tables = set(connection.introspection.table_names())
    return [
        name
        for table, names in triggers.GUARDED.items()
        for name in names
        if table in tables and (table, name) not in present
    ]


@register(Tags.database)
def database_is_sound(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **_: Any
) -> Iterable[CheckMessage]:
    """SQLite answers with every option in force, and the append-only triggers stand."""
    faults: list[CheckMessage] = []
    for alias in databases or ():
        connection = connections[alias]
        if connection.vendor == "sqlite":
            hint = "数据库设置请用 keyuan.project.databases.sqlite()。"
            faults += [Error(fault, hint=hint, id="kernel.E001") for fault in sqlite_faults(connection)]
        faults += [
            Error(
                f"缺少触发器 {name}，流水可被改写", hint="从备份恢复，或请管理员查明原因。", id="kernel.E002"
            )
            for name in missing_triggers(connection)
        ]
    return faults


@register("fonts")
def fonts_are_there(app_configs: Sequence[AppConfig] | None, **_: Any) -> Iterable[CheckMessage]:
    """Papers need the Chinese fonts of the installed package."""
    try:
        from pylopdf_fonts_zh_cn import sans_path, serif_path
    except ImportError:
        return [Error("缺少中文字体包", hint="重新安装依赖：删除 .venv 后运行 run.py。", id="kernel.E003")]
    return [
        Error(f"缺少字体文件 {path.name}", hint="重新安装依赖：删除 .venv 后运行 run.py。", id="kernel.E003")
        for path in (sans_path(), serif_path())
        if not path.is_file()
    ]


def refuse_unsound_database() -> None:
    """Raise instead of serving over SQLite without its options; for the doors that run no system checks."""
    connection = connections["default"]
    if connection.vendor == "sqlite" and (faults := sqlite_faults(connection)):
        raise ImproperlyConfigured("SQLite 的必要选项没有生效，拒绝启动：" + "；".join(faults))
