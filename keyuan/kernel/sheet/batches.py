"""Taking a file in: received and judged, mended in place, confirmed, applied row by row exactly once."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol, TypeVar

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.kernel import access, audit, bulk, cipher
from keyuan.kernel.access import Actor
from keyuan.kernel.faults import Conflict, Fault
from keyuan.kernel.models.batches import Batch, BatchRow
from keyuan.kernel.sheet import reading, writing
from keyuan.kernel.sheet.describe import CellFault, Contents, Row, Sheet
from keyuan.kernel.sheet.parse import FILE_LIMIT, refused

Context = Mapping[str, Any]

audit.sentence("kernel.batch_received", "上传了表格，共 {rows} 行，其中 {bad} 行需修改")
audit.sentence("kernel.batch_mended", "修改了导入表格的第 {row} 行")
audit.sentence("kernel.batch_confirmed", "确认导入表格")
audit.sentence("kernel.batch_done", "表格导入完成：{applied} 行导入，{left} 行未导入")
audit.sentence("kernel.batch_dropped", "放弃了导入")


@dataclass(frozen=True)
class Outcome:
    """What became of one row: the id it led to, or the Chinese reason why it was refused."""

    result_id: int | None = None
    refusal: str = ""


class Room(Protocol):
    """What a room tells about a purpose of import."""

    def thing(self, context: Context) -> Any:
        """What the right is asked over, e.g. the class the context names."""

    def judge(self, actor: Actor, context: Context, rows: Sequence[Row]) -> Mapping[int, Sequence[CellFault]]:
        """More faults by row number; reads only."""

    def prepare(self, actor: Actor, context: Context, rows: Sequence[Row]) -> Sequence[Any]:
        """What `apply` will need of each row, in the same order, made before the database is locked."""

    def apply(self, actor: Actor, context: Context, rows: Sequence[Any]) -> Mapping[int, Outcome]:
        """Take prepared rows in, inside the caller's transaction; an outcome for every row number."""


@dataclass(frozen=True)
class Purpose:
    """One reason to take a sheet in, as a room registered it."""

    name: str
    sheet: Sheet
    rule: str
    room: Room


PURPOSES: dict[str, Purpose] = {}
RoomClass = TypeVar("RoomClass", bound=Callable[[], Room])


def purpose(name: str, *, sheet: Sheet, rule: str) -> Callable[[RoomClass], RoomClass]:
    """Register a class with `thing`, `judge` and `apply` as what happens with such a sheet."""

    def register(room: RoomClass) -> RoomClass:
        if name in PURPOSES:
            raise RuntimeError(f"two purposes called {name}")
        PURPOSES[name] = Purpose(name, sheet, rule, room())
        return room

    return register


@access.scope(Batch)
def _own_batches(actor: Actor, batches: QuerySet[Batch]) -> QuerySet[Batch]:
    """A batch is seen by who sent it, in the school of that seat; it holds unmasked personal data."""
    if actor.person_id is None:
        return batches.none()
    return batches.filter(person_id=actor.person_id, school_id=actor.school_id)


@access.scope(BatchRow)
def _own_rows(actor: Actor, rows: QuerySet[BatchRow]) -> QuerySet[BatchRow]:
    """Rows of one's own batches."""
    return rows.filter(batch__in=access.visible(actor, Batch))


def purpose_of(batch: Batch) -> Purpose:
    """The registered purpose of a batch."""
    return PURPOSES[batch.purpose]


def _require(actor: Actor, batch: Batch) -> Purpose:
    found = purpose_of(batch)
    access.require(actor, found.rule, found.room.thing(batch.context))
    if "system" not in actor.roles and not access.visible(actor, Batch).filter(pk=batch.pk).exists():
        raise access.Forbidden(_("只有上传人可以处理这份表格。"))
    return found


# --- rows, sealed and opened -------------------------------------------------------------------------


def _bound(batch_id: int, number: int) -> str:
    return f"batch:{batch_id}:{number}"


def _faults_json(faults: Sequence[CellFault]) -> list[dict[str, str]]:
    return [{**fault.as_json(), "source": fault.source} for fault in faults]


def _write_into(stored: BatchRow, row: Row) -> BatchRow:
    plain = {"values": row.values, "repairs": row.repairs, "cells": row.cells}
    stored.sealed = cipher.seal(
        json.dumps(plain, ensure_ascii=False, separators=(",", ":")), _bound(stored.batch_id, row.number)
    )
    stored.faults, stored.hints = _faults_json(row.faults), _faults_json(row.hints)
    stored.is_bad = not row.ok
    return stored


def opened(stored: BatchRow) -> Row:
    """The row as read, unsealed; for whoever may see the batch."""
    plain = json.loads(cipher.open_sealed(stored.sealed, _bound(stored.batch_id, stored.sheet_row)))
    return Row(
        stored.sheet_row,
        plain["values"],
        [CellFault(**fault) for fault in stored.faults],
        [CellFault(**hint) for hint in stored.hints],
        plain["repairs"],
        plain["cells"],
    )


# --- actions -----------------------------------------------------------------------------------------


def receive(actor: Actor, *, purpose: str, upload: UploadedFile | Path, context: Context) -> Batch:
    """Read and judge a file and keep it for preview; nothing of it goes in yet.

    Sending the same file again for the same thing gives the preview that is already there. Raises
    SheetFault when the file is no such sheet.
    """
    found = PURPOSES[purpose]
    access.require(actor, found.rule, found.room.thing(context))
    with TemporaryDirectory(prefix="keyuan-sheet-") as folder:
        path, name, digest = _landed(upload, Path(folder))
        earlier = Batch.objects.filter(
            person_id=actor.person_id,
            school_id=actor.school_id,
            purpose=purpose,
            file_hash=digest,
            state=Batch.State.PREVIEW,
        )
        for batch in earlier:
            if batch.context == dict(context):
                return batch
        contents = found.sheet.read(path)
    rows = {row.number: row for row in contents.rows}
    for number, faults in found.room.judge(actor, context, contents.rows).items():
        rows[number].faults.extend(faults)
    return _store(actor, found, contents, name=name, digest=digest, context=context)


def _landed(upload: UploadedFile | Path, folder: Path) -> tuple[Path, str, str]:
    """The file on disk, its shown name and its SHA-256; an upload is never taken whole into memory."""
    if isinstance(upload, Path):
        return upload, upload.name[:200], hashlib.sha256(upload.read_bytes()).hexdigest()
    if upload.size and upload.size > FILE_LIMIT:
        raise refused("size", megabytes=-(-upload.size // 1024 // 1024))
    path, digest = folder / "upload", hashlib.sha256()
    with path.open("wb") as out:
        for piece in upload.chunks():
            digest.update(piece)
            out.write(piece)
    return path, Path(upload.name or "").name[:200], digest.hexdigest()


def _store(
    actor: Actor, found: Purpose, contents: Contents, *, name: str, digest: str, context: Context
) -> Batch:
    """Batch and rows; the batch is in preview only once all its rows are there, so a killed upload is absent."""
    batch = Batch.objects.create(
        school_id=actor.school_id,
        person_id=actor.person_id,
        seat_id=actor.seat_id,
        purpose=found.name,
        context=dict(context),
        file_name=name,
        file_hash=digest,
        titles=list(contents.titles),
        places=dict(contents.places),
        unread=list(contents.unread),
    )
    rows, sealed = iter(contents.rows), list[BatchRow]()

    def seal_some() -> None:
        some = islice(rows, bulk.PLAIN_CHUNK)
        sealed[:] = [_write_into(BatchRow(batch=batch, sheet_row=row.number), row) for row in some]

    def step() -> int:
        return len(BatchRow.objects.bulk_create(sealed))

    bulk.in_chunks(step, before=seal_some)
    with transaction.atomic():
        batch.state = Batch.State.PREVIEW
        batch.save(update_fields=["state"])
        audit.record(actor, "kernel.batch_received", batch, rows=len(contents.rows), bad=len(contents.bad))
    return batch


@transaction.atomic
def mend(actor: Actor, *, row: BatchRow, values: Mapping[str, str]) -> Row:
    """Put typed values into a row's cells and judge again; other rows that repeated it are judged again too."""
    batch = Batch.objects.select_for_update().get(pk=row.batch_id)
    found = _require(actor, batch)
    if batch.state != Batch.State.PREVIEW:
        raise Conflict(_("这份表格已经确认，不能再修改；请修改后重新上传。"))
    stored = {each.sheet_row: each for each in batch.rows.all()}
    rows = {number: opened(each) for number, each in stored.items()}
    before = {number: (list(each.faults), list(each.hints)) for number, each in rows.items()}
    mended = rows[row.sheet_row]
    _retype(found.sheet, mended, values, batch.places)
    for each in rows.values():
        each.faults = [fault for fault in each.faults if fault.source != "batch"]
        each.hints = [hint for hint in each.hints if hint.source != "batch"]
    reading.judge_doubles(found.sheet, list(rows.values()))
    mended.faults.extend(found.room.judge(actor, batch.context, [mended]).get(mended.number, ()))
    for number, each in rows.items():
        if number == mended.number or (each.faults, each.hints) != before[number]:
            _write_into(stored[number], each).save(update_fields=["sealed", "faults", "hints", "is_bad"])
    audit.record(actor, "kernel.batch_mended", batch, row=mended.number)
    return mended


def _retype(sheet: Sheet, row: Row, values: Mapping[str, str], places: Mapping[str, int]) -> None:
    columns = sheet.by_key()
    typed = {columns[key].title for key in values if key in columns}
    row.faults = [fault for fault in row.faults if fault.source == "cell" and fault.column not in typed]
    row.hints = [hint for hint in row.hints if hint.source == "cell" and hint.column not in typed]
    for key, value in values.items():
        if key not in columns:
            continue
        row.values.pop(key, None)
        row.repairs.pop(key, None)
        reading.judge_cell(row, columns[key], value[: writing.CELL_LIMIT])
        if key in places and places[key] < len(row.cells):
            row.cells[places[key]] = value
    for rule in sheet.rules:
        rule(row, columns)


@transaction.atomic
def confirm(actor: Actor, *, batch: Batch) -> Batch:
    """Let the good rows go in; the room then runs `apply_rows` as a job. Confirming again changes nothing."""
    locked = Batch.objects.select_for_update().get(pk=batch.pk)
    _require(actor, locked)
    if locked.state in {Batch.State.CONFIRMED, Batch.State.DONE}:
        return locked
    if locked.state != Batch.State.PREVIEW:
        raise Conflict(_("这份表格已被放弃，请重新上传。"))
    locked.state, locked.confirmed_at = Batch.State.CONFIRMED, timezone.now()
    locked.save(update_fields=["state", "confirmed_at"])
    audit.record(actor, "kernel.batch_confirmed", locked)
    return locked


@transaction.atomic
def drop(actor: Actor, *, batch: Batch) -> None:
    """Give a batch up before it was confirmed; its rows are removed, for nobody needs them any more."""
    locked = Batch.objects.select_for_update().get(pk=batch.pk)
    _require(actor, locked)
    if locked.state not in {Batch.State.PREVIEW, Batch.State.READING}:
        raise Conflict(_("这份表格已经确认，不能再放弃。"))
    locked.rows.all().delete()
    locked.state = Batch.State.DROPPED
    locked.save(update_fields=["state"])
    audit.record(actor, "kernel.batch_dropped", locked)


def apply_rows(actor: Actor, *, batch: Batch, progress: Callable[[int], None] | None = None) -> Batch:
    """Take in the good rows of a confirmed batch, each exactly once however often this is run or killed.

    A row's state changes in the transaction of its effect; at most `bulk.CHUNK` rows a transaction, then a pause.
    """
    found = _require(actor, batch)
    ready: dict[int, tuple[BatchRow, Any]] = {}

    def prepare() -> None:
        waiting = list(batch.rows.filter(state=BatchRow.State.PENDING, is_bad=False)[: bulk.CHUNK])
        rows = found.room.prepare(actor, batch.context, [opened(stored) for stored in waiting])
        ready.clear()
        ready.update({stored.pk: (stored, row) for stored, row in zip(waiting, rows, strict=True)})

    def step() -> int:
        locked = Batch.objects.select_for_update().get(pk=batch.pk)
        if locked.state == Batch.State.DONE:
            return 0
        if locked.state != Batch.State.CONFIRMED:
            raise Conflict(_("这份表格还没有确认，不能导入。"))
        pending = locked.rows.filter(state=BatchRow.State.PENDING, is_bad=False).order_by("sheet_row")
        # Another worker may have taken some of them since they were read.
        waiting = [ready[pk] for pk in pending.values_list("pk", flat=True)[: bulk.CHUNK] if pk in ready]
        if not waiting:
            if pending.exists():
                return 1
            _finish(actor, locked)
            return 0
        outcomes = found.room.apply(actor, locked.context, [row for _stored, row in waiting])
        rows = [_note_outcome(stored, outcomes[stored.sheet_row]) for stored, _row in waiting]
        # One statement with the rows whole is several times quicker than one that picks each row's value.
        BatchRow.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["id"], update_fields=["state", "result_id", "faults"]
        )
        return len(waiting)

    bulk.in_chunks(step, progress, before=prepare)
    batch.refresh_from_db()
    return batch


def _note_outcome(stored: BatchRow, outcome: Outcome) -> BatchRow:
    stored.result_id = outcome.result_id
    stored.state = BatchRow.State.REFUSED if outcome.refusal else BatchRow.State.APPLIED
    if outcome.refusal:
        stored.faults = [
            *stored.faults,
            *_faults_json([CellFault(_("整行"), "refused", outcome.refusal, "room")]),
        ]
    return stored


def _finish(actor: Actor, batch: Batch) -> None:
    batch.rows.filter(state=BatchRow.State.PENDING).update(state=BatchRow.State.SKIPPED)
    batch.state, batch.finished_at = Batch.State.DONE, timezone.now()
    batch.save(update_fields=["state", "finished_at"])
    applied = batch.rows.filter(state=BatchRow.State.APPLIED).count()
    audit.record(actor, "kernel.batch_done", batch, applied=applied, left=batch.rows.count() - applied)


def one_by_one(rows: Sequence[Row], act: Callable[[Row], int | None]) -> dict[int, Outcome]:
    """Outcomes of an action per row; a Fault undoes only its own row and becomes that row's refusal."""
    outcomes = {}
    for row in rows:
        try:
            with transaction.atomic():
                outcomes[row.number] = Outcome(act(row))
        except Fault as fault:
            outcomes[row.number] = Outcome(refusal=fault.message)
    return outcomes


def result_file(actor: Actor, *, batch: Batch) -> bytes:
    """The rows that did not go in (.xlsx), as they were sent, with what to mend; empty of rows when all went in."""
    found = _require(actor, batch)
    rows = access.visible(actor, BatchRow).filter(batch=batch).exclude(state=BatchRow.State.APPLIED)
    left = (opened(stored) for stored in rows.iterator(chunk_size=500) if stored.faults)
    return writing.annotated(found.sheet, tuple(batch.titles), ((row.cells, row.faults) for row in left))
