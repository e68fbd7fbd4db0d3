"""Files people hand in or are handed: checked, kept by their hash, given out only to who may see the owner."""

from __future__ import annotations

import hashlib
import io
import os
import secrets
import time
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePath
from typing import IO, Any

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _

from keyuan.kernel import audit, bare, erasure, filetypes, tick
from keyuan.kernel.access import Actor, scope
from keyuan.kernel.faults import Fault
from keyuan.kernel.models.files import StoredFile

MEGABYTE = 1024 * 1024
PIECE = 64 * 1024
# Bytes without a row are left alone so long: an upload writes its bytes before its row.
ORPHAN_AGE = 24 * 3600
FOLDER = "kept"
PART = ".part-"

audit.sentence("kernel.file.kept", "保存了文件（{kind}，{size} 字节）")
audit.sentence("kernel.file.dropped", "删除了文件（{kind}）")

Seen = Callable[[Actor], QuerySet[Any]]
OWNERS: dict[str, Seen] = {}


def owner(label: str, seen: Seen) -> None:
    """Register whose files a label means: `seen(actor)` gives the owners that actor sees, files with them."""
    if label in OWNERS:
        raise RuntimeError(f"two owners of files called {label}")
    OWNERS[label] = seen


@scope(StoredFile)
def files_seen(actor: Actor, rows: QuerySet[StoredFile]) -> QuerySet[StoredFile]:
    """A file is seen by who sees its owner; a file of an unregistered owner by nobody."""
    seen = Q(pk__in=())
    for label, owners in OWNERS.items():
        seen |= Q(owner_label=label, owner_id__in=owners(actor).order_by().values("pk"))
    return rows.filter(seen)


@dataclass(frozen=True)
class _Taken:
    sha256: str
    size: int
    place: str


def clean_name(name: str) -> str:
    """A name fit for any disk and header: no path, no control characters, at most 120, its ending kept."""
    plain = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1])
    plain = "".join(" " if unicodedata.category(sign)[0] in "CZ" else sign for sign in plain)
    plain = " ".join(plain.translate({ord(sign): "_" for sign in '<>:"|?*'}).split()).strip(". ")
    stem, ending = PurePath(plain).stem or "文件", PurePath(plain).suffix[:10]
    return f"{stem[: 120 - len(ending)]}{ending}"


def keep(
    actor: Actor,
    owner_label: str,
    owner_id: int,
    upload: UploadedFile | File[bytes] | bytes,
    *,
    kinds: tuple[str, ...] = filetypes.COMMON,
    most: int = 20 * MEGABYTE,
    name: str = "",
) -> StoredFile:
    """Check and keep a file for its owner; the caller has asked for the right over the owner.

    What a camera wrote beside a picture is not kept. The bytes are on disk whole before the row is. Raises Fault (field "file") when the file is empty, too
    large, of another type than allowed, or not what its name says; counts bytes as they come, never trusts
    a declared size.
    """
    if owner_label not in OWNERS:
        raise RuntimeError(f"files of {owner_label} have no scope: call files.owner first")
    source: IO[bytes] | File[bytes] = ContentFile(upload) if isinstance(upload, bytes) else upload
    title = clean_name(name or getattr(upload, "name", None) or "文件")
    data = _read(source, most)
    kind = filetypes.check(data, title, kinds)
    taken = _put(bare.bare(data.getvalue(), kind))
    return _note(actor, (owner_label, owner_id), title, kind, taken)


def _read(source: IO[bytes] | File[bytes], most: int) -> io.BytesIO:
    data = io.BytesIO()
    for piece in iter(lambda: source.read(PIECE), b""):
        data.write(piece)
        if data.tell() > most:
            raise Fault(_("文件超过 %(n)s MB，请压缩或拆分后再上传。") % {"n": most // MEGABYTE or 1}, "file")
    if not data.tell():
        raise Fault("这是一个空文件，请重新选择。", "file")
    return data


def _place(sha256: str) -> str:
    return f"{FOLDER}/{sha256[:2]}/{sha256}"


def _put(whole: bytes) -> _Taken:
    """Bytes into place, whole or not at all; the same bytes are kept once."""
    sha256 = hashlib.sha256(whole).hexdigest()
    place = _place(sha256)
    try:
        path = Path(default_storage.path(place))
    except NotImplementedError:
        # A store of objects: it takes an object whole or not at all by itself.
        if not default_storage.exists(place):
            default_storage.save(place, ContentFile(whole))
        return _Taken(sha256, len(whole), place)
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size == len(whole):
        # Young again, so that the sweep leaves it until the new row stands.
        os.utime(path)
        return _Taken(sha256, len(whole), place)
    part = path.with_name(f"{PART}{secrets.token_hex(8)}")
    try:
        with part.open("xb") as out:
            out.write(whole)
            out.flush()
            os.fsync(out.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return _Taken(sha256, len(whole), place)


@transaction.atomic
def _note(actor: Actor, owner: tuple[str, int], title: str, kind: str, taken: _Taken) -> StoredFile:
    label, owner_id = owner
    stored = StoredFile.objects.create(
        school_id=actor.school_id, owner_label=label, owner_id=owner_id, name=title, size=taken.size, kind=kind,
        sha256=taken.sha256, person_id=actor.person_id,
    )  # fmt: skip
    audit.record(
        actor, "kernel.file.kept", stored, owner=label, owner_id=owner_id, kind=kind, size=taken.size
    )
    return stored


def of(owner_label: str, owner_id: int) -> QuerySet[StoredFile]:
    """The files of one owner, newest first; the caller has asked whether the owner may be seen."""
    return StoredFile.objects.filter(owner_label=owner_label, owner_id=owner_id)


def opened(stored: StoredFile) -> File[bytes]:
    """The bytes of a file, to be read and closed. Raises Fault when they are no longer there."""
    try:
        found: File[bytes] = default_storage.open(_place(stored.sha256), "rb")
    except FileNotFoundError as gone:
        raise Fault(
            _("文件“%(name)s”的内容已不在存储中，请联系系统管理员从备份恢复。") % {"name": stored.name}
        ) from gone
    return found


@transaction.atomic
def drop(actor: Actor, *, stored: StoredFile) -> None:
    """Delete a file, and its bytes once nobody else keeps the same; the caller has asked for the right."""
    audit.record(actor, "kernel.file.dropped", stored, owner=stored.owner_label, kind=stored.kind)
    sha256 = stored.sha256
    StoredFile.objects.filter(pk=stored.pk).delete()
    transaction.on_commit(partial(_remove_unkept, sha256))


def _remove_unkept(sha256: str) -> None:
    if not StoredFile.objects.filter(sha256=sha256).exists():
        default_storage.delete(_place(sha256))


def _on_disk() -> Iterator[str]:
    try:
        folders, _files = default_storage.listdir(FOLDER)
    except FileNotFoundError:
        return
    for folder in folders:
        for name in default_storage.listdir(f"{FOLDER}/{folder}")[1]:
            yield f"{FOLDER}/{folder}/{name}"


@tick.daily("04:10", title="清理无主文件")
def sweep(older: float = ORPHAN_AGE) -> int:
    """Remove half files and bytes no row speaks of, once they are old; how many."""
    removed = 0
    for place in _on_disk():
        name = place.rsplit("/", 1)[-1]
        if time.time() - default_storage.get_modified_time(place).timestamp() < older:
            continue
        if name.startswith(PART) or not StoredFile.objects.filter(sha256=name).exists():
            default_storage.delete(place)
            removed += 1
    return removed


def missing(limit: int = 20) -> list[StoredFile]:
    """Rows whose bytes are not there; doctor and the restore drill ask."""
    rows = StoredFile.objects.order_by("id").iterator(chunk_size=500)
    found = (row for row in rows if not default_storage.exists(_place(row.sha256)))
    return [row for row, _n in zip(found, range(limit), strict=False)]


def owner_label(model: type[Model]) -> str:
    """The label a model's files go by unless a room chooses another."""
    return model._meta.label


@erasure.eraser
def forget(person_id: int) -> None:
    """Drop the files that belong to the person themself; what they uploaded for a class stays, unnamed."""
    own = StoredFile.objects.filter(owner_label="people.Person", owner_id=person_id)
    hashes = list(own.values_list("sha256", flat=True))
    own.delete()
    StoredFile.objects.filter(person_id=person_id).update(person_id=None)
    for sha256 in hashes:
        transaction.on_commit(partial(_remove_unkept, sha256))
