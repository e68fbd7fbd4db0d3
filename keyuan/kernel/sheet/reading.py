"""From grids to judged rows: cells read by their columns, merged cells filled down, notes at the end left out."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from django.utils.translation import gettext as _

from keyuan.kernel.codes import normal_text
from keyuan.kernel.sheet import header
from keyuan.kernel.sheet.child import column_name
from keyuan.kernel.sheet.describe import CellFault, Column, Contents, Grid, Raw, Row, Sheet, Unreadable
from keyuan.kernel.sheet.parse import SheetFault, grids
from keyuan.kernel.sheet.readers import plain

_FOOTER = re.compile(
    r"(备注|注|说明|填表说明|填表人|填报人|制表人?|审核人?|负责人|联系人|联系电话|经办人|单位盖章|填报单位|填报日期|填表日期)"
    r"(\(.*?\))?[::].*|(合计|总计|小计|共计)([::\d].*|人数.*)?|共\d+(人|名|行).*|\(?(单位)?盖章\)?[::]?"
)


_UNIT_LINE = re.compile(
    r"\s*((?:填报|填表|报送|推荐|选派|报名|所属|所在|参训)?单位(?:名称)?)\s*(?:\((?:盖章|公章|章|全称)\))?\s*:(.*)",
    re.DOTALL,
)
_LABEL = re.compile(r"(填报|填表|报送|报名)?(日期|时间|人|联系人|联系电话|电话|负责人)\s*:")
_UNIT_WORDS = re.compile(
    r"(会|局|院|所|中心|大学|学院|公司|集团|部|处|馆|社|办|站|厂|校|科协|协会|委|单位|团体|区|市)$"
)
_UNIT_LINE_CELLS = 4
_MEASURES = {"人", "人次", "元", "万元", "个", "学时", "天"}
_WIDE = 2


def read(sheet: Sheet, path: Path | str) -> Contents:
    """The first visible worksheet with this sheet's titles, every row judged. Raises SheetFault."""
    grid, titles = find(sheet, filled(Path(path)))
    return judge(sheet, grid, titles)


def filled(path: Path) -> list[Grid]:
    """The visible worksheets of a file that hold anything. Raises SheetFault."""
    found = [grid for grid in grids(path) if any(any(cell is not None for cell in row) for row in grid.rows)]
    if not found:
        raise SheetFault("empty", _("表格里没有内容，请检查是否选错了文件。"))
    return found


def find(sheet: Sheet, found: Sequence[Grid]) -> tuple[Grid, header.Header]:
    """The first worksheet whose titles are this sheet's, with them. Raises SheetFault."""
    first_fault: SheetFault | None = None
    for grid in found:
        try:
            titles = header.find(sheet, grid)
        except SheetFault as fault:
            first_fault = first_fault or fault
            continue
        if titles:
            return grid, titles
    raise first_fault or SheetFault(
        "no_header",
        _("前 %(n)s 行里没有找到“%(sheet)s”的表头（如“%(titles)s”），请检查是否选错了文件，或下载模板填写。")
        % {
            "n": header.SEARCH_ROWS,
            "sheet": sheet.title,
            "titles": "”“".join(column.title for column in sheet.columns if column.required)
            or sheet.columns[0].title,
        },
    )


def judge(sheet: Sheet, grid: Grid, titles: header.Header) -> Contents:
    """Every row below the titles, read and judged. Raises SheetFault for none or too many."""
    numbered = list(data_rows(sheet, grid, titles))
    if len(numbered) > sheet.row_limit:
        raise SheetFault(
            "rows",
            _("表格有 %(n)s 行数据，一次最多 %(limit)s 行，请分成几个文件。")
            % {"n": len(numbered), "limit": sheet.row_limit},
        )
    if not numbered:
        raise SheetFault("no_rows", _("找到了表头，但下面没有数据，请填写后再传。"))
    columns = sheet.by_key()
    hidden = set(grid.hidden_rows)
    rows = []
    for number, cells, unit in numbered:
        row = Row(number, cells=[plain(cell) for cell in cells])
        marks = {key: grid.marks.get((number, place + 1), "") for key, place in titles.places.items()}
        raws = {key: cells[place] if place < len(cells) else None for key, place in titles.places.items()}
        if unit:
            raws.update(
                {
                    column.key: unit
                    for column in sheet.columns
                    if column.carried and raws.get(column.key) is None
                }
            )
        judge_cells(sheet, row, raws, marks)
        for rule in sheet.rules:
            rule(row, columns)
        if number in hidden:
            row.hints.append(CellFault(_("整行"), "hidden", _("这一行在原表中被隐藏，也已读入。"), "cell"))
        rows.append(row)
    judge_doubles(sheet, rows)
    notes = _notes(grid, titles, [row.number for row in rows])
    return Contents(grid.name, titles.last_row, titles.titles, titles.places, titles.unread, rows, notes)


def _notes(grid: Grid, titles: header.Header, numbers: Sequence[int]) -> tuple[str, ...]:
    """What the sender should know of the sheet as a whole: what was hidden in it and read all the same."""
    notes = []
    used = set(titles.places.values())
    columns = [
        f"{column_name(place)}（{titles.titles[place - 1]}）"
        for place in grid.hidden_columns
        if place - 1 in used
    ]
    rows = sorted(set(grid.hidden_rows).intersection(numbers))
    if columns:
        notes.append(_("隐藏的列也已读入：%(columns)s。") % {"columns": "、".join(columns)})
    if rows:
        shown = "、".join(str(number) for number in rows[:10]) + ("…" if len(rows) > 10 else "")
        notes.append(_("隐藏的 %(n)s 行也已读入：第 %(rows)s 行。") % {"n": len(rows), "rows": shown})
    return tuple(notes)


def data_rows(sheet: Sheet, grid: Grid, titles: header.Header) -> Iterable[tuple[int, list[Raw], str]]:
    """Row numbers as Excel shows them, cells with merged and carried ones filled, and the unit named above them.

    Blank rows, rows the template came with and nobody filled in, notes, titles repeated on a further page and
    lines that only name a unit are left out.
    """
    heavy = [titles.places[c.key] for c in sheet.columns if not c.weightless and c.key in titles.places]
    fill = _fill_down(grid, titles)
    carried = [titles.places[c.key] for c in sheet.columns if c.carried and c.key in titles.places]
    preset = {titles.places[key] for key in sheet.preset if key in titles.places}
    above: dict[int, Raw] = {}
    unit = next(
        (named for cells in reversed(grid.rows[: titles.first_row - 1]) if (named := unit_named(cells))), ""
    )
    in_footer = False
    for number in range(titles.last_row + 1, len(grid.rows) + 1):
        cells = grid.rows[number - 1]
        filled = [place for place in heavy if place < len(cells) and cells[place] is not None]
        own = [cells[place] for place in filled] if set(filled) - preset else []
        marked = any((number, place + 1) in grid.marks for place in heavy)
        named = unit_named(cells) or _section(grid, number, cells)
        if named and len([cell for cell in cells if cell is not None]) <= _UNIT_LINE_CELLS:
            unit, above = named, {}
            continue
        if _is_footer(cells):
            in_footer = True
            continue
        if not (own or marked) or (in_footer and len(own) < 2) or header.repeats(titles, cells):
            continue
        full: list[Raw] = list(cells) + [None] * (len(titles.titles) - len(cells))
        for place, value in fill.get(number, {}).items():
            if full[place] is None:
                full[place] = value
        for place in carried:
            if full[place] is None:
                full[place] = above.get(place) or unit or None
            above[place] = full[place]
        yield number, full, unit


def unit_named(cells: Sequence[Raw]) -> str:
    """The unit a line like “填报单位（盖章）：某学会　填表日期：…” names for the rows below it, or nothing."""
    words = [str(cell) for cell in cells if cell is not None]
    found = _UNIT_LINE.match(_narrow(words[0])) if words else None
    if not found:
        return ""
    value = found[2].strip()
    if not value and len(words) > 1 and not _LABEL.match(_narrow(words[1])):
        value = _narrow(words[1]).strip()
    value = re.split(r"\s{2,}|\t|\n|" + _LABEL.pattern, value)[0]
    value = re.sub(r"\(?(盖章|公章|章)\)?$", "", re.sub(r"\s|_", "", value))
    return "" if value in _MEASURES else value


def _narrow(words: str) -> str:
    """Narrow digits and marks, with the gaps by which people part what stands in one cell."""
    return unicodedata.normalize("NFKC", words)


def _section(grid: Grid, number: int, cells: Sequence[Raw]) -> str:
    """The unit that a line of one cell, merged across the table, announces for the rows below it, or nothing."""
    filled = [(place, cell) for place, cell in enumerate(cells) if cell is not None]
    if len(filled) != 1 or not isinstance(filled[0][1], str) or _is_footer(list(cells)):
        return ""
    place, words = filled[0][0] + 1, normal_text(filled[0][1])
    wide = any(
        top == bottom == number and left == place and right - left >= _WIDE
        for top, left, bottom, right in grid.merges
    )
    words = re.sub(r"^(\(?[一二三四五六七八九十\d]+[)、.．]+|[●·*])\s*", "", re.sub(r"\s", "", words))
    words = re.sub(r"[(\[]?(共)?\d+(人|名)[)\]]?$|[::]$", "", words)
    return words if wide and _UNIT_WORDS.search(words) and len(words) <= 40 else ""


def _fill_down(grid: Grid, titles: header.Header) -> dict[int, dict[int, Raw]]:
    """For each row the values that cells merged down from above give it, within the used area."""
    fill: dict[int, dict[int, Raw]] = {}
    for top, left, bottom, _right in grid.merges:
        if bottom <= top or top <= titles.last_row or left > len(titles.titles) or top > len(grid.rows):
            continue
        cells = grid.rows[top - 1]
        value = cells[left - 1] if left <= len(cells) else None
        for number in range(top + 1, min(bottom, len(grid.rows)) + 1):
            fill.setdefault(number, {})[left - 1] = value
    return fill


def _is_footer(cells: list[Raw]) -> bool:
    first = next((cell for cell in cells if cell is not None), None)
    return isinstance(first, str) and bool(_FOOTER.fullmatch(re.sub(r"\s", "", normal_text(first))))


def judge_cells(sheet: Sheet, row: Row, raws: Mapping[str, Raw], marks: Mapping[str, str]) -> None:
    """Read every cell of one row into `values`; note repairs, hints and faults."""
    for column in sheet.columns:
        raw = raws.get(column.key)
        mark = marks.get(column.key, "")
        if mark == "formula":
            row.blame(column, "formula", _("这里是没有算出结果的公式，请改填数值或文字。"), "cell")
        elif mark == "error":
            row.blame(
                column, "formula_error", _("这里的公式算错了（如 #N/A、#REF!），请改填数值或文字。"), "cell"
            )
        else:
            judge_cell(row, column, raw)


def judge_cell(row: Row, column: Column, raw: Raw) -> None:
    """Read one cell into the row; a blank that is required, or an unreadable one, becomes a fault."""
    try:
        reading = column.read(raw)
    except Unreadable as fault:
        row.blame(column, fault.code, fault.message, "cell")
        return
    if column.required and not reading.value and not reading.extra:
        row.blame(column, "required", _("请填写%(title)s。") % {"title": column.title}, "cell")
        return
    row.values[column.key] = reading.value
    row.values.update(reading.extra)
    before = plain(raw)
    if before != reading.value and before.strip():
        row.repairs[column.key] = before
    if reading.hint:
        row.remark(column, "hint", reading.hint, "cell")


def judge_doubles(sheet: Sheet, rows: Sequence[Row]) -> None:
    """Blame the second of two rows that name the same person or thing; the first keeps its place."""
    for key in sheet.alike:
        _remark_alike(sheet.column(key), rows)
    columns = sheet.by_key()
    seen: dict[tuple[str, ...], int] = {}
    for row in rows:
        for group in sheet.unique:
            values = tuple(row.values.get(key, "") for key in group)
            if not all(values):
                continue
            first = seen.setdefault((*group, *values), row.number)
            if first != row.number:
                titles = "、".join(columns[key].title for key in group)
                row.blame(
                    columns[group[0]],
                    "repeat",
                    _("与第 %(row)s 行重复（%(titles)s相同），请删去其中一行。")
                    % {"row": first, "titles": titles},
                    "batch",
                )
            break


def _remark_alike(column: Column, rows: Sequence[Row]) -> None:
    seen: dict[str, Row] = {}
    for row in rows:
        value = row.values.get(column.key, "")
        first = seen.setdefault(value, row) if value else row
        if first is not row:
            words = _("与第 %(row)s 行的%(title)s相同，其中一行可能填错，请核对。")
            row.remark(column, "alike", words % {"row": first.number, "title": column.title}, "batch")
            first.remark(column, "alike", words % {"row": row.number, "title": column.title}, "batch")
