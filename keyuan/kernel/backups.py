"""Backup and restore of an installation: database, stored files and a manifest of hashes in one archive."""

import hashlib
import json
import os
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from keyuan.kernel import erasure, snapshots
from keyuan.kernel.faults import Fault
from keyuan.kernel.models import AuditEntry

FORM = 1
MANIFEST = "manifest.json"
JOURNAL = "erasures.jsonl"
CHUNK = 1 << 20


def folder() -> Path:
    """Where backups go unless told otherwise."""
    return Path(settings.VAR) / "backups"


def _files() -> Path:
    return Path(settings.VAR) / "files"


def _put(archive: zipfile.ZipFile, name: str, path: Path) -> dict[str, Any]:
    """Store one file; its size and hash as they were read, so that the manifest tells of what is inside."""
    seen, size = hashlib.sha256(), 0
    with path.open("rb") as source, archive.open(name, "w", force_zip64=True) as out:
        while block := source.read(CHUNK):
            seen.update(block)
            size += len(block)
            out.write(block)
    return {"size": size, "sha256": seen.hexdigest()}


@contextmanager
def _appearing(target: Path) -> Iterator[Path]:
    """A file that is there whole or not at all, readable by the service only."""
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_name(f".{target.name}.{os.getpid()}.part")
    os.close(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
    try:
        yield fresh
        with fresh.open("rb+") as done:
            os.fsync(done.fileno())
        fresh.replace(target)
    finally:
        fresh.unlink(missing_ok=True)


def back_up(target: Path | None = None) -> Path:
    """Write one archive while the service runs; its path. The keys are not in it.

    The database comes first and the files after: every file that the copied rows name is already there.
    """
    now = timezone.localtime()
    target = target or folder() / f"keyuan-{now:%Y%m%d-%H%M%S}.zip"
    if target.exists():
        raise Fault(f"{target} 已经存在，请换一个文件名。")
    manifest: dict[str, Any] = {
        "form": FORM,
        "at": now.isoformat(),
        "vendor": connection.vendor,
        "entries": {},
    }
    with (
        tempfile.TemporaryDirectory(prefix="backup-", dir=settings.VAR) as place,
        _appearing(target) as fresh,
        zipfile.ZipFile(fresh, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
    ):
        manifest |= _snapshot(Path(place))
        for path in sorted(Path(place).iterdir()):
            manifest["entries"][f"database/{path.name}"] = _put(archive, f"database/{path.name}", path)
        for path in sorted(_files().rglob("*")):
            if path.is_file() and not path.name.startswith("."):
                name = f"files/{path.relative_to(_files()).as_posix()}"
                manifest["entries"][name] = _put(archive, name, path)
        archive.writestr(MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1))
    erasure.write(target.parent / JOURNAL, erasure.read(target.parent / JOURNAL) | erasure.journal())
    return target


def _snapshot(place: Path) -> dict[str, Any]:
    if connection.vendor == "sqlite":
        applied = snapshots.migrations_applied()
        snapshots.sqlite_to(place / "keyuan.sqlite3")
        return {"migrations": applied}
    return snapshots.postgresql_to(place)


def back_up_keys(target: Path) -> Path:
    """Write the keys into an archive of their own; who holds both archives can read everything."""
    with _appearing(target) as fresh, zipfile.ZipFile(fresh, "w") as archive:
        for path in sorted(Path(settings.SECRETS).glob("*.key")):
            archive.write(path, path.name)
    return target


def last_backup() -> Path | None:
    """The newest archive in the usual place."""
    return max(folder().glob("keyuan-*.zip"), key=lambda path: path.stat().st_mtime, default=None)


# ── the way back ─────────────────────────────────────────────────────────────


def read_manifest(archive: zipfile.ZipFile) -> dict[str, Any]:
    """The manifest of an archive that this version understands."""
    try:
        manifest: dict[str, Any] = json.loads(archive.read(MANIFEST))
    except (KeyError, ValueError) as fault:
        raise Fault("这不是科苑的备份，或备份没有写完。") from fault
    if manifest.get("form") != FORM:
        raise Fault("备份的格式不是本版本能读的，请用相应版本恢复。")
    if manifest["vendor"] != connection.vendor:
        raise Fault(f"备份来自 {manifest['vendor']}，当前数据库是 {connection.vendor}，两者不能互相恢复。")
    return manifest


def unpack(archive: zipfile.ZipFile, manifest: dict[str, Any], place: Path) -> None:
    """Unpack what the manifest names and nothing else; refuse the whole when one byte differs."""
    if set(archive.namelist()) != {*manifest["entries"], MANIFEST}:
        raise Fault("备份里的文件与清单不一致。")
    for name, wanted in manifest["entries"].items():
        parts = PurePosixPath(name).parts
        if parts[0] not in {"database", "files"} or ".." in parts or "\\" in name or ":" in name:
            raise Fault(f"备份里有不合规的文件名：{name}")
        target = place.joinpath(*parts)
        target.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(name) as source, target.open("wb") as out:
            _checked(source, out, wanted, name)


def _checked(source: IO[bytes], out: IO[bytes], wanted: dict[str, Any], name: str) -> None:
    seen, size = hashlib.sha256(), 0
    try:
        while block := source.read(CHUNK):
            seen.update(block)
            size += len(block)
            if size > wanted["size"]:
                break
            out.write(block)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError) as fault:
        raise Fault(f"备份已损坏：{name}") from fault
    if (size, seen.hexdigest()) != (wanted["size"], wanted["sha256"]):
        raise Fault(f"备份已损坏：{name} 的内容与清单不符")


def holds_data() -> bool:
    """Whether there is anything here that a restore would put aside."""
    if _files().exists() and any(_files().iterdir()):
        return True
    tables = connection.introspection.table_names()
    return AuditEntry._meta.db_table in tables and AuditEntry.objects.exists()


def restore(
    source: Path, *, replace: bool = False, keys: Path | None = None, erasures: Path | None = None
) -> int:
    """Bring an archive back, then erase again whom it had not yet forgotten; how many those were.

    Everything is verified before anything is touched. With `replace` the old SQLite database and files
    go aside into `var/replaced-…`; a PostgreSQL database is emptied and filled in one transaction.
    """
    if holds_data() and not replace:
        raise Fault("这里已经有数据；确定要换成备份的内容，请加 --replace（旧数据会移到一旁）。")
    known = _everybody_erased(source, erasures)
    stamp = timezone.localtime().strftime("%Y%m%d-%H%M%S")
    aside = Path(settings.VAR) / f"replaced-{stamp}"
    with tempfile.TemporaryDirectory(prefix="restore-", dir=settings.VAR) as name:
        place = Path(name)
        try:
            with zipfile.ZipFile(source) as archive:
                manifest = read_manifest(archive)
                unpack(archive, manifest, place)
        except (OSError, EOFError, zlib.error, zipfile.BadZipFile) as fault:
            raise Fault(f"打不开备份 {source}：{fault}") from fault
        aside.mkdir(mode=0o700)
        _bring_back(place, manifest, aside)
        if keys:
            _bring_back_keys(keys, aside)
    if not any(aside.iterdir()):
        aside.rmdir()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    return erasure.replay(known.items())


def _everybody_erased(source: Path, erasures: Path | None) -> dict[int, Any]:
    """From the database that is about to go, its copy outside, the file beside the archive, and the one given."""
    known = erasure.read(source.parent / JOURNAL) | erasure.read(erasure.journal_path())
    if erasures:
        known |= erasure.read(erasures)
    if "kernel_erasureentry" in connection.introspection.table_names():
        known |= erasure.journal()
    return known


def _bring_back(place: Path, manifest: dict[str, Any], aside: Path) -> None:
    if connection.vendor == "sqlite":
        snapshots.sqlite_from(place / "database" / "keyuan.sqlite3", aside)
    else:
        snapshots.migrate_exactly(manifest["migrations"])
        snapshots.postgresql_from(place / "database", manifest)
    if _files().exists():
        _files().rename(aside / "files")
    (place / "files").mkdir(exist_ok=True)
    shutil.move(place / "files", _files())


def _bring_back_keys(source: Path, aside: Path) -> None:
    """Put the keys of the archive in place; other keys of the same name go aside."""
    secrets = Path(settings.SECRETS)
    secrets.mkdir(parents=True, exist_ok=True, mode=0o700)
    with zipfile.ZipFile(source) as archive:
        for name in archive.namelist():
            if PurePosixPath(name).name != name or not name.endswith(".key"):
                raise Fault(f"密钥备份里有不合规的文件名：{name}")
            if (secrets / name).exists():
                (aside / "secrets").mkdir(exist_ok=True, mode=0o700)
                (secrets / name).rename(aside / "secrets" / name)
            handle = os.open(secrets / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as out:
                out.write(archive.read(name))
