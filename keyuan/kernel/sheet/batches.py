"""Taking a file in: received and judged, mended in place, confirmed, applied row by row exactly once."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol, TypeVar, runtime_checkable

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.kernel import access, audit, bulk, cipher
from keyuan.kernel.access import Actor
from keyuan.kernel.faults import Conflict, Fault
from keyuan.kernel.models.batches import Batch, BatchGrid, BatchRow
from keyuan.kernel.sheet import header, mapping, reading, writing
from keyuan.kernel.sheet.describe import CellFault, Contents, Grid, Option, Question, Row, Sheet
from keyuan.kernel.sheet.parse import FILE_LIMIT, SheetFault, refused

Context = Mapping[str, Any]

audit.sentence("kernel.batch_received", "上传了表格，共 {rows} 行，其中 {bad} 行需修改")
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


@runtime_checkable
class AskingRoom(Protocol):
    """A room that also asks what only a person can decide."""

    def ask(self, actor: Actor, context: Context, rows: Sequence[Row]) -> Mapping[int, Sequence[Question]]:
        """Questions by row number; reads only, and asks the same again for rows that have not changed."""


@dataclass(frozen=True)
class Purpose:
    """One reason to take a sheet in, as a room registered it."""

    name: str
    sheet: Sheet
    rule: str
    room: Room
    # Whether a person may say which column is which; a machine's list is right or wrong as it is.
    by_hand: bool = True
    # Whether the verdict on a row depends on the others, so that mending one judges all of them again.
    together: bool = False


PURPOSES: dict[str, Purpose] = {}
RoomClass = TypeVar("RoomClass", bound=Callable[[], Room])


def purpose(
    name: str, *, sheet: Sheet, rule: str, by_hand: bool = True, together: bool = False
) -> Callable[[RoomClass], RoomClass]:
    """Register a class with `thing`, `judge` and `apply` as what happens with such a sheet."""

    def register(room: RoomClass) -> RoomClass:
        if name in PURPOSES:
            raise RuntimeError(f"two purposes called {name}")
        PURPOSES[name] = Purpose(name, sheet, rule, room(), by_hand, together)
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


def required(actor: Actor, batch: Batch) -> Purpose:
    """The purpose of a batch this actor may handle; else Forbidden."""
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


def write_into(stored: BatchRow, row: Row) -> BatchRow:
    """Put a judged row into its stored one, sealed; the caller saves it."""
    plain: dict[str, Any] = {"values": row.values, "repairs": row.repairs, "cells": row.cells}
    if row.questions or row.answers:
        plain |= {"questions": [asdict(each) for each in row.questions], "answers": row.answers}
    stored.sealed = cipher.seal(
        json.dumps(plain, ensure_ascii=False, separators=(",", ":")), _bound(stored.batch_id, row.number)
    )
    stored.faults, stored.hints = _faults_json(row.faults), _faults_json(row.hints)
    stored.is_bad, stored.is_asking = not row.ready, bool(row.open_questions)
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
        [_question(each) for each in plain.get("questions", ())],
        plain.get("answers", {}),
    )


def _question(plain: dict[str, Any]) -> Question:
    return Question(**{**plain, "options": tuple(Option(**option) for option in plain["options"])})


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
            state__in=[Batch.State.PREVIEW, Batch.State.MAPPING],
        )
        for batch in earlier:
            if batch.context == dict(context):
                return batch
        grids = reading.filled(path)
    store = partial(_store, actor, found, name=name, digest=digest, context=context)
    try:
        grid, titles = mapping.remembered(actor, purpose, found.sheet, grids) or reading.find(
            found.sheet, grids
        )
    except SheetFault as fault:
        grid = next((each for each in grids if mapping.is_table(each)), grids[0])
        if not found.by_hand or fault.code not in mapping.MENDABLE or not mapping.is_table(grid):
            raise
        unread = Contents(grid.name, 0, (), {}, (), [], (fault.message,))
        return store(unread, grid, header.guess(found.sheet, grid), state=Batch.State.MAPPING)
    contents = reading.judge(found.sheet, grid, titles)
    consult(actor, found, context, contents.rows)
    return store(contents, grid, (titles.first_row, titles.last_row - titles.first_row + 1))


def consult(actor: Actor, found: Purpose, context: Context, rows: Sequence[Row]) -> None:
    """Let the room ask and judge: its questions first, so that an answer given is known to its judgement."""
    numbered = {row.number: row for row in rows}
    if isinstance(found.room, AskingRoom):
        for number, questions in found.room.ask(actor, context, rows).items():
            for question in questions:
                numbered[number].ask(question)
    for number, faults in found.room.judge(actor, context, rows).items():
        numbered[number].faults.extend(faults)


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
    actor: Actor, found: Purpose, contents: Contents, grid: Grid, where: tuple[int, int], *,
    name: str, digest: str, context: Context, state: str = Batch.State.PREVIEW,
) -> Batch:  # fmt: skip
    """Batch, sheet and rows; seen only once all of it is there, so a killed upload is absent."""
    batch = Batch.objects.create(
        school_id=actor.school_id,
        person_id=actor.person_id,
        seat_id=actor.seat_id,
        purpose=found.name,
        context=dict(context),
        file_name=name,
        file_hash=digest,
    )
    mapping.keep(batch, grid, *where)
    return fill(actor, batch, contents, state=state)


def fill(actor: Actor, batch: Batch, contents: Contents, *, state: str = Batch.State.PREVIEW) -> Batch:
    """Put the rows of a sheet into a batch that holds none, and open it for preview."""
    rows, sealed = iter(contents.rows), list[BatchRow]()

    def seal_some() -> None:
        some = islice(rows, bulk.PLAIN_CHUNK)
        sealed[:] = [write_into(BatchRow(batch=batch, sheet_row=row.number), row) for row in some]

    def step() -> int:
        bulk.insert(sealed)
        return len(sealed)

    bulk.in_chunks(step, before=seal_some)
    with transaction.atomic():
        batch.state, batch.titles, batch.places = state, list(contents.titles), dict(contents.places)
        batch.unread, batch.notes = list(contents.unread), list(contents.notes)
        batch.save(update_fields=["state", "titles", "places", "unread", "notes"])
        audit.record(actor, "kernel.batch_received", batch, rows=len(contents.rows), bad=len(contents.bad))
    return batch


@transaction.atomic
def confirm(actor: Actor, *, batch: Batch) -> Batch:
    """Let the good rows go in; the room then runs `apply_rows` as a job. Confirming again changes nothing."""
    locked = Batch.objects.select_for_update().get(pk=batch.pk)
    required(actor, locked)
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
    required(actor, locked)
    if locked.state not in {Batch.State.PREVIEW, Batch.State.READING, Batch.State.MAPPING}:
        raise Conflict(_("这份表格已经确认，不能再放弃。"))
    locked.rows.all().delete()
    BatchGrid.objects.filter(batch=locked).delete()
    locked.state = Batch.State.DROPPED
    locked.save(update_fields=["state"])
    audit.record(actor, "kernel.batch_dropped", locked)


def apply_rows(actor: Actor, *, batch: Batch, progress: Callable[[int], None] | None = None) -> Batch:
    """Take in the good rows of a confirmed batch, each exactly once however often this is run or killed.

    A row's state changes in the transaction of its effect; at most `bulk.CHUNK` rows a transaction, then a pause.
    """
    found = required(actor, batch)
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
        bulk.update(rows, ("state", "result_id", "faults"))
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
    BatchGrid.objects.filter(batch=batch).delete()
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
    found = required(actor, batch)
    rows = access.visible(actor, BatchRow).filter(batch=batch).exclude(state=BatchRow.State.APPLIED)
    left = (opened(stored) for stored in rows.iterator(chunk_size=500) if stored.faults or stored.is_asking)
    lines = ((row.cells, [*row.faults, *_as_faults(row.open_questions)]) for row in left)
    return writing.annotated(found.sheet, tuple(batch.titles), lines)


def _as_faults(questions: Sequence[Question]) -> list[CellFault]:
    return [CellFault(each.column, "asked", each.message) for each in questions]
