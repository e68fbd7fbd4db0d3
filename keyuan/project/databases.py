"""One place that says how Keyuan talks to SQLite and PostgreSQL."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlparse

# synchronous FULL: a power cut must not take an acknowledged write (WAL + NORMAL may).
# recursive_triggers: without it INSERT OR REPLACE slips past the append-only triggers.
SQLITE_PRAGMAS = {
    "journal_mode": "WAL",
    "synchronous": "FULL",
    "foreign_keys": "ON",
    "recursive_triggers": "ON",
    "secure_delete": "ON",
    "cache_size": "-20000",
    "mmap_size": "134217728",
    "journal_size_limit": "67108864",
}


def sqlite(path: Path) -> dict[str, Any]:
    """SQLite as Keyuan needs it; `kernel.checks` refuses to start when any of this is missing."""
    return {
        "ENGINE": "keyuan.project.sqlite",
        "NAME": str(path),
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": ";".join(f"PRAGMA {name}={value}" for name, value in SQLITE_PRAGMAS.items()),
        },
    }


def postgresql(url: str) -> dict[str, Any]:
    """A PostgreSQL database from `postgresql://user:password@host:port/name?option=value`."""
    parts = urlparse(url)
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    host = options.pop("host", None) or parts.hostname or ""
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def from_url(url: str, default: Path) -> dict[str, Any]:
    """The database named by DATABASE_URL; the embedded SQLite file when it is empty."""
    if not url:
        return sqlite(default)
    if url.startswith(("postgresql://", "postgres://")):
        return postgresql(url)
    if url.startswith("sqlite:///"):
        return sqlite(Path(url.removeprefix("sqlite:///")))
    raise ValueError(f"DATABASE_URL 只支持 postgresql:// 与 sqlite:///，现为 {url.split(':', 1)[0]}://")
