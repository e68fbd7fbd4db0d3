"""Where the titles of a sheet stand: within the first rows, in one or two levels, under their many names."""

import hashlib
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from keyuan.kernel.codes import normal_text
from keyuan.kernel.sheet.child import column_name
from keyuan.kernel.sheet.describe import Column, Grid, Raw, Sheet
from keyuan.kernel.sheet.parse import SheetFault
from keyuan.kernel.sheet.readers import plain

SEARCH_ROWS = 15
FAULT_TITLE = "需修改的问题"


@dataclass(frozen=True)
class Header:
    """The titles found: the rows they take (from 1), each column's place (from 0), and all titles."""

    first_row: int
    last_row: int
    places: dict[str, int]
    titles: tuple[str, ...]
    unread: tuple[str, ...]
    lines: tuple[frozenset[str], ...] = ()


def label(text: str) -> str:
    """A title for comparison: no blanks, line breaks, stars, colons, nor what stands in brackets at its end."""
    word = re.sub(r"[\s*:★]", "", normal_text(text)).lower()
    return re.sub(r"(?<=.)[(〔\[].*[)〕\]]$", "", word)


def _labels(grid: Grid, row: int, *, two_level: bool) -> list[list[str]]:
    """The possible titles of each grid column, best first, when the header begins at `row` (from 1)."""
    width = max((len(cells) for cells in grid.rows[row - 1 : row + 1]), default=0)
    top = _row_labels(grid, row, width)
    if not two_level:
        return [[word] if word else [] for word in top]
    below = _row_labels(grid, row + 1, width)
    merged = list(top)
    for upper, left, lower, right in grid.merges:
        if upper <= row <= lower and right > left:
            for column in range(left, min(right, width) + 1):
                merged[column - 1] = top[left - 1] if left <= width else ""
        if upper <= row < lower:
            for column in range(left, min(right, width) + 1):
                below[column - 1] = ""
    found = []
    for first, second in zip(merged, below, strict=True):
        both = [second, first + second] if first and second else []
        found.append(both or [word for word in (first, second) if word])
    return found


def _row_labels(grid: Grid, row: int, width: int) -> list[str]:
    cells = grid.rows[row - 1] if row <= len(grid.rows) else []
    words = [label(plain(cell)) for cell in cells[:width]]
    return words + [""] * (width - len(words))


def _ranks(sheet: Sheet) -> dict[str, tuple[Column, int]]:
    ranks: dict[str, tuple[Column, int]] = {}
    for column in sheet.columns:
        for rank, word in enumerate((column.title, *column.aliases)):
            ranks.setdefault(label(word), (column, rank))
    return ranks


def _match(sheet: Sheet, labels: list[list[str]]) -> dict[str, list[tuple[int, int, str]]]:
    """For each column key the grid columns that may be it: (rank, place, title), best first."""
    ranks, found = _ranks(sheet), defaultdict[str, list[tuple[int, int, str]]](list)
    for place, words in enumerate(labels):
        for word in words:
            if word in ranks:
                column, rank = ranks[word]
                found[column.key].append((rank, place, word))
                break
    return {key: sorted(places) for key, places in found.items()}


def _is_second_level(sheet: Sheet, grid: Grid, row: int) -> bool:
    """Whether row + 1 holds only titles: known ones, or parts of a title merged across above them."""
    if row >= len(grid.rows):
        return False
    ranks = _ranks(sheet)
    wide = {
        column
        for upper, left, lower, right in grid.merges
        if upper <= row <= lower and right > left
        for column in range(left, right + 1)
    }
    below = [
        (place, label(plain(cell))) for place, cell in enumerate(grid.rows[row], 1) if label(plain(cell))
    ]
    return bool(below) and all(word in ranks or place in wide for place, word in below)


def find(sheet: Sheet, grid: Grid) -> Header | None:
    """The header with the most known titles, or None. Raises SheetFault for doubled or missing titles."""
    best: tuple[int, int, bool] | None = None
    for row in range(1, min(SEARCH_ROWS, len(grid.rows)) + 1):
        for two_level in (False, True):
            if two_level and not _is_second_level(sheet, grid, row):
                continue
            score = len(_match(sheet, _labels(grid, row, two_level=two_level)))
            # On a tie one level wins: the line above it is a letterhead, not titles.
            found_better = best is None or (score, not two_level) > (best[0], not best[2])
            if score >= min(2, len(sheet.columns)) and found_better:
                best = (score, row, two_level)
    if best is None:
        return None
    _score, row, two_level = best
    labels = _labels(grid, row, two_level=two_level)
    found = _match(sheet, labels)
    _refuse_doubles(found)
    missing = [column.title for column in sheet.columns if column.required and column.key not in found]
    if missing:
        raise SheetFault(
            "missing_column",
            _("第 %(row)s 行的表头缺少“%(titles)s”一列，请补上后再传，或下载模板填写。")
            % {"row": row, "titles": "”“".join(missing)},
        )
    places = {key: options[0][1] for key, options in found.items()}
    titles = tuple(_shown(grid, row, place, two_level=two_level) for place in range(len(labels)))
    taken = set(places.values())
    unread = tuple(
        title for place, title in enumerate(titles) if title and place not in taken and title != FAULT_TITLE
    )
    last = row + (1 if two_level else 0)
    return Header(row, last, places, titles, unread, _lines(grid, row, last))


def by_hand(grid: Grid, first_row: int, levels: int, places: dict[str, int]) -> Header:
    """The header a person points out: where it stands and which place each column has."""
    two_level = levels > 1
    width = max((len(cells) for cells in grid.rows[first_row - 1 :]), default=0)
    titles = tuple(_shown(grid, first_row, place, two_level=two_level) for place in range(width))
    taken = set(places.values())
    unread = tuple(title for place, title in enumerate(titles) if title and place not in taken)
    last = first_row + levels - 1
    return Header(first_row, last, places, titles, unread, _lines(grid, first_row, min(last, len(grid.rows))))


def guess(sheet: Sheet, grid: Grid) -> tuple[int, int]:
    """Row and levels of what looks most like titles: most known ones, then most words that are no numbers."""

    def likeness(row: int) -> tuple[int, int, int]:
        words = [
            cell for cell in grid.rows[row - 1] if isinstance(cell, str) and not re.search(r"\d{3}", cell)
        ]
        return len(_match(sheet, _labels(grid, row, two_level=False))), len(words), -row

    row = max(range(1, min(SEARCH_ROWS, len(grid.rows)) + 1), key=likeness)
    return row, 2 if _is_second_level(sheet, grid, row) else 1


def guessed_places(sheet: Sheet, grid: Grid, first_row: int, levels: int) -> dict[str, int]:
    """The place each column probably has under titles in these rows; of two alike the first."""
    if first_row > len(grid.rows):
        return {}
    found = _match(sheet, _labels(grid, first_row, two_level=levels > 1))
    return {key: options[0][1] for key, options in found.items()}


def fingerprint(grid: Grid, first_row: int, levels: int) -> str:
    """What tells the same titles in the same order apart from others, whatever stands above and below."""
    width = max((len(cells) for cells in grid.rows[first_row - 1 : first_row - 1 + levels]), default=0)
    lines = [
        "\t".join(_row_labels(grid, row, width)).rstrip() for row in range(first_row, first_row + levels)
    ]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _lines(grid: Grid, first: int, last: int) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(label(plain(cell)) for cell in grid.rows[n - 1]) for n in range(first, last + 1))


def repeats(titles: Header, cells: Sequence[Raw]) -> bool:
    """Whether a row below only says the titles again, as at the top of each printed page or unit's part."""
    filled = [cell for cell in cells if cell is not None]
    # The first word settles it for all rows but those.
    if len(filled) < 2 or not any(label(plain(filled[0])) in line for line in titles.lines):
        return False
    words = {label(plain(cell)) for cell in filled}
    return any(words <= line for line in titles.lines)


def _shown(grid: Grid, row: int, place: int, *, two_level: bool) -> str:
    """The title as people wrote it, the lower level first, without blanks and line breaks."""
    for at in (row + 1, row) if two_level else (row,):
        cells = grid.rows[at - 1] if at <= len(grid.rows) else []
        words = re.sub(r"\s", "", plain(cells[place])) if place < len(cells) else ""
        if words:
            return words
    return ""


def _refuse_doubles(found: dict[str, list[tuple[int, int, str]]]) -> None:
    for options in found.values():
        if len(options) > 1 and options[0][0] == options[1][0]:
            raise SheetFault(
                "double_header",
                _("表头“%(title)s”出现了两次（%(a)s 列和 %(b)s 列），请删去或改名其中一列后再传。")
                % {
                    "title": options[0][2],
                    "a": column_name(options[0][1] + 1),
                    "b": column_name(options[1][1] + 1),
                },
            )
