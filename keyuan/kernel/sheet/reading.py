"""From grids to judged rows: cells read by their columns, merged cells filled down, notes at the end left out."""

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from django.utils.translation import gettext as _

from keyuan.kernel.codes import normal_text
from keyuan.kernel.sheet import header
from keyuan.kernel.sheet.describe import Column, Contents, Grid, Raw, Row, Sheet, Unreadable
from keyuan.kernel.sheet.parse import SheetFault, grids
from keyuan.kernel.sheet.readers import plain

_FOOTER = re.compile(
    r"(备注|注|说明|填表说明|填表人|填报人|制表人?|审核人?|负责人|联系人|联系电话|经办人|单位盖章|填报单位|填报日期|填表日期)"
    r"(\(.*?\))?[::].*|(合计|总计|小计|共计)([::\d].*|人数.*)?|共\d+(人|名|行).*|\(?(单位)?盖章\)?[::]?"
)


def read(sheet: Sheet, path: Path | str) -> Contents:
    """The first visible worksheet with this sheet's titles, every row judged. Raises SheetFault."""
    found = grids(Path(path))
    if not any(any(cell is not None for cell in row) for grid in found for row in grid.rows):
        raise SheetFault("empty", _("表格里没有内容，请检查是否选错了文件。"))
    first_fault: SheetFault | None = None
    for grid in found:
        try:
            titles = header.find(sheet, grid)
        except SheetFault as fault:
            first_fault = first_fault or fault
            continue
        if titles:
            return _contents(sheet, grid, titles)
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


def _contents(sheet: Sheet, grid: Grid, titles: header.Header) -> Contents:
    numbered = list(_data_rows(sheet, grid, titles))
    if len(numbered) > sheet.row_limit:
        raise SheetFault(
            "rows",
            _("表格有 %(n)s 行数据，一次最多 %(limit)s 行，请分成几个文件。")
            % {"n": len(numbered), "limit": sheet.row_limit},
        )
    if not numbered:
        raise SheetFault("no_rows", _("找到了表头，但下面没有数据，请填写后再传。"))
    columns = sheet.by_key()
    rows = []
    for number, cells in numbered:
        row = Row(number, cells=[plain(cell) for cell in cells])
        marks = {key: grid.marks.get((number, place + 1), "") for key, place in titles.places.items()}
        raws = {key: cells[place] if place < len(cells) else None for key, place in titles.places.items()}
        judge_cells(sheet, row, raws, marks)
        for rule in sheet.rules:
            rule(row, columns)
        rows.append(row)
    judge_doubles(sheet, rows)
    return Contents(grid.name, titles.last_row, titles.titles, titles.places, titles.unread, rows)


def _data_rows(sheet: Sheet, grid: Grid, titles: header.Header) -> Iterable[tuple[int, list[Raw]]]:
    """Row numbers as Excel shows them and cells, merged and carried cells filled; blank rows and notes left out."""
    heavy = [titles.places[c.key] for c in sheet.columns if not c.weightless and c.key in titles.places]
    fill = _fill_down(grid, titles)
    carried = [titles.places[c.key] for c in sheet.columns if c.carried and c.key in titles.places]
    above: dict[int, Raw] = {}
    in_footer = False
    for number in range(titles.last_row + 1, len(grid.rows) + 1):
        cells = grid.rows[number - 1]
        own = [cell for place, cell in enumerate(cells) if cell is not None and place in heavy]
        marked = any((number, place + 1) in grid.marks for place in heavy)
        if _is_footer(cells):
            in_footer = True
            continue
        if not (own or marked) or (in_footer and len(own) < 2):
            continue
        full: list[Raw] = list(cells) + [None] * (len(titles.titles) - len(cells))
        for place, value in fill.get(number, {}).items():
            if full[place] is None:
                full[place] = value
        for place in carried:
            if full[place] is None:
                full[place] = above.get(place)
            above[place] = full[place]
        yield number, full


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
