"""Which title means which column: kept with the sheet as it was sent, and remembered for the sender's next one."""

import json
import zlib
from base64 import b64decode, b64encode
from collections.abc import Sequence
from datetime import date, datetime

from keyuan.kernel import cipher
from keyuan.kernel.access import Actor
from keyuan.kernel.models.batches import Batch, BatchGrid, ColumnMap
from keyuan.kernel.sheet import header
from keyuan.kernel.sheet.describe import Grid, Raw, Sheet

# What a person can mend by saying which column is which.
MENDABLE = frozenset({"no_header", "missing_column", "double_header"})


def sender_of(actor: Actor) -> str:
    """Who a mapping is remembered for: the unit somebody acts for, else the person."""
    return f"unit:{actor.organisation_id}" if actor.organisation_id else f"person:{actor.person_id}"


def remembered(
    actor: Actor, purpose: str, sheet: Sheet, grids: Sequence[Grid]
) -> tuple[Grid, header.Header] | None:
    """The worksheet whose titles this sender has explained before, with what they mean; else None."""
    known = dict(
        ColumnMap.objects.filter(
            school_id=actor.school_id, sender=sender_of(actor), purpose=purpose
        ).values_list("fingerprint", "places")
    )
    keys = sheet.by_key()
    for grid in grids if known else ():
        for row in range(1, min(header.SEARCH_ROWS, len(grid.rows)) + 1):
            for levels in (2, 1):
                places = known.get(header.fingerprint(grid, row, levels))
                if places and set(places) <= set(keys):
                    return grid, header.by_hand(grid, row, levels, places)
    return None


def remember(actor: Actor, batch: Batch, grid: Grid, titles: header.Header) -> None:
    """Keep what the titles mean for this sender's next sheet."""
    ColumnMap.objects.update_or_create(
        school_id=batch.school_id,
        sender=sender_of(actor),
        purpose=batch.purpose,
        fingerprint=header.fingerprint(grid, titles.first_row, titles.last_row - titles.first_row + 1),
        defaults={"places": titles.places},
    )


def is_table(grid: Grid) -> bool:
    """Whether a worksheet has at least two rows and two columns, so that its columns can be told apart."""
    wide = [cells for cells in grid.rows if sum(cell is not None for cell in cells) > 1]
    return len(wide) > 1


def _bound(batch_id: int) -> str:
    return f"batch-grid:{batch_id}"


def keep(batch: Batch, grid: Grid, first_row: int, levels: int) -> None:
    """Keep the sheet as it was sent beside its batch, sealed, until the batch is done or given up."""
    plain = json.dumps(
        {
            "name": grid.name,
            "rows": grid.rows,
            "merges": grid.merges,
            "marks": [[row, column, mark] for (row, column), mark in grid.marks.items()],
            "hidden": [grid.hidden_rows, grid.hidden_columns],
        },
        ensure_ascii=False,
        separators=(",", ":"),
        default=_dated,
    )
    packed = b64encode(zlib.compress(plain.encode("utf-8", "surrogatepass"), 1)).decode()
    BatchGrid.objects.update_or_create(
        batch=batch,
        defaults={
            "sealed": cipher.seal(packed, _bound(batch.pk)),
            "first_row": first_row,
            "levels": levels,
        },
    )


def _dated(value: date) -> list[str]:
    return ["d", value.isoformat()]


def _cell(value: Raw | list[str]) -> Raw:
    if isinstance(value, list):
        moment = datetime.fromisoformat(value[1])
        return moment.date() if len(value[1]) == len("2020-05-06") else moment
    return value


def kept(batch: Batch) -> tuple[Grid, int, int] | None:
    """The sheet of a batch as it was sent, the row its titles begin in and how many they take."""
    stored = BatchGrid.objects.filter(batch=batch).first()
    if stored is None:
        return None
    packed = cipher.open_sealed(stored.sealed, _bound(batch.pk))
    plain = json.loads(zlib.decompress(b64decode(packed)).decode("utf-8", "surrogatepass"))
    grid = Grid(
        plain["name"],
        [[_cell(value) for value in row] for row in plain["rows"]],
        [(merge[0], merge[1], merge[2], merge[3]) for merge in plain["merges"]],
        {(row, column): mark for row, column, mark in plain["marks"]},
        *plain["hidden"],
    )
    return grid, stored.first_row, stored.levels
