"""Read inside the limited child: the tables of an OpenDocument sheet (.ods), as a stream.

Imports only the standard library, like `child.py`, which hands over the inflated bytes. A table may say
that a cell or a row is repeated a million times: blanks are never laid out, and content is laid out only
within the same bounds as a workbook's.
"""

import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from xml.parsers import expat

Refuse = Callable[..., Exception]
_HIDDEN = {"collapse", "filter"}
_CELLS = {"table:table-cell", "table:covered-table-cell"}


class _Tables:
    """Follows the elements of content.xml and lays the cells out row by row."""

    def __init__(self, refuse: Refuse, max_row: int, max_column: int, max_sheets: int) -> None:
        self.refuse, self.max_row, self.max_column, self.max_sheets = refuse, max_row, max_column, max_sheets
        self.sheets: list[dict[str, Any]] = []
        self.sheet: dict[str, Any] | None = None
        self.row = self.column = self.grid_column = self.row_repeat = 0
        self.cells: list[Any] = []
        self.cell: dict[str, str] | None = None
        self.words: list[str] = []
        self.paragraphs = self.in_note = 0
        self.in_paragraph = False
        self.hidden_styles: set[str] = set()
        self.style = ""

    def start(self, tag: str, at: dict[str, str]) -> None:
        """An element begins."""
        if tag == "office:annotation":
            self.in_note += 1
        elif tag == "style:style":
            self.style = at.get("style:name", "") if at.get("style:family") == "table" else ""
        elif tag == "style:table-properties" and at.get("table:display") == "false":
            self.hidden_styles.add(self.style)
        elif tag == "table:table":
            self._table(at)
        elif self.sheet is not None and not self.in_note:
            self._start_inside(self.sheet, tag, at)

    def _start_inside(self, sheet: dict[str, Any], tag: str, at: dict[str, str]) -> None:
        if tag == "table:table-column":
            self._column(at)
        elif tag == "table:table-row":
            self.row += 1
            self.row_repeat = int(at.get("table:number-rows-repeated", "1"))
            self.column, self.cells = 0, []
            if at.get("table:visibility") in _HIDDEN and self.row <= self.max_row:
                sheet["hidden_rows"].append(self.row)
        elif tag in _CELLS:
            self.cell, self.words, self.paragraphs = at, [], 0
        elif tag == "text:p" and self.cell is not None:
            self.in_paragraph = True
            self.paragraphs += 1
            if self.paragraphs > 1:
                self.words.append("\n")
        elif self.in_paragraph:
            self._blank(tag, at)

    def _blank(self, tag: str, at: dict[str, str]) -> None:
        if tag in {"text:s", "text:tab"}:
            self.words.append(" " * min(int(at.get("text:c", "1")), 100))
        elif tag == "text:line-break":
            self.words.append("\n")

    def _table(self, at: dict[str, str]) -> None:
        self.row = self.grid_column = 0
        visible = at.get("table:style-name", "") not in self.hidden_styles
        self.sheet = None
        if visible and len(self.sheets) < self.max_sheets:
            self.sheet = {
                "name": at.get("table:name", ""),
                "rows": [],
                "merges": [],
                "marks": {},
                "hidden_rows": [],
                "hidden_columns": [],
            }
            self.sheets.append(self.sheet)

    def _column(self, at: dict[str, str]) -> None:
        repeat = int(at.get("table:number-columns-repeated", "1"))
        if self.sheet is not None and at.get("table:visibility") in _HIDDEN:
            last = min(self.grid_column + repeat, self.max_column)
            self.sheet["hidden_columns"].extend(range(self.grid_column + 1, last + 1))
        self.grid_column += repeat

    def text(self, words: str) -> None:
        """Characters of a paragraph."""
        if self.in_paragraph and not self.in_note:
            self.words.append(words)

    def end(self, tag: str) -> None:
        """An element ends."""
        if tag == "office:annotation":
            self.in_note -= 1
        elif self.in_note:
            return
        elif tag == "text:p":
            self.in_paragraph = False
        elif tag in _CELLS and self.cell is not None:
            self._end_cell(self.cell)
            self.cell = None
        elif tag == "table:table-row" and self.sheet is not None:
            self._end_row(self.sheet)
        elif tag == "table:table":
            self.sheet = None

    def _end_cell(self, at: dict[str, str]) -> None:
        repeat = int(at.get("table:number-columns-repeated", "1"))
        value = self._value(at)
        first = self.column + 1
        self.column += repeat
        if self.sheet is None:
            return
        rows, columns = (int(at.get(f"table:number-{way}-spanned", "1")) for way in ("rows", "columns"))
        if rows > 1 or columns > 1:
            self.sheet["merges"].append([self.row, first, self.row + rows - 1, first + columns - 1])
            if rows * columns > 200_000 or len(self.sheet["merges"]) > 50_000:
                raise self.refuse("heavy")
        if value is None:
            return
        if self.column > self.max_column:
            raise self.refuse("far", sheet=self.sheet["name"], cell=f"R{self.row}C{first}")
        self.cells.extend([None] * (first - 1 - len(self.cells)))
        self.cells.extend([value] * repeat)

    def _value(self, at: dict[str, str]) -> Any:
        kind = at.get("office:value-type", "")
        if kind in {"float", "currency", "percentage"}:
            return float(at.get("office:value", "0"))
        if kind == "date":
            return ["d", at.get("office:date-value", "")]
        if kind == "boolean":
            return at.get("office:boolean-value") == "true"
        words = at.get("office:string-value") or "".join(self.words)
        if at.get("table:formula") and words.startswith(("#", "Err:")) and self.sheet is not None:
            self.sheet["marks"][f"{self.row},{self.column + 1}"] = "error"
            return None
        return words if words.strip() else None

    def _end_row(self, sheet: dict[str, Any]) -> None:
        if self.cells:
            if self.row + self.row_repeat - 1 > self.max_row:
                raise self.refuse("rows", sheet=sheet["name"], rows=self.row + self.row_repeat - 1)
            sheet["rows"].extend([] for _blank in range(self.row - 1 - len(sheet["rows"])))
            sheet["rows"].extend(list(self.cells) for _same in range(self.row_repeat))
        self.row += self.row_repeat - 1


def read(path: Path, apart: Any) -> list[dict[str, Any]] | None:
    """The visible tables of an OpenDocument sheet, or None when the zip is none; `apart` is the child's module."""
    with zipfile.ZipFile(path) as archive, path.open("rb") as stream:
        parts = archive.infolist()
        found = [part for part in parts if part.filename == "content.xml"]
        if not found or any(part.filename == "xl/workbook.xml" for part in parts):
            return None
        if len(found) > 1 or len(parts) > apart.MAX_PARTS:
            raise apart.Refused("broken")
        for part in parts:
            if part.filename == "META-INF/manifest.xml":
                said = b"".join(apart.inflate(stream, part, apart.Budget(1024 * 1024)))
                if b"encryption-data" in said:
                    raise apart.Refused("password")
        pieces = apart.inflate(stream, found[0], apart.Budget(apart.MAX_INFLATED))
        tables = parse(pieces, apart)
    if not tables:
        raise apart.Refused("word")
    return tables


def parse(pieces: Iterable[bytes], apart: Any) -> list[dict[str, Any]]:
    """The visible tables with cells from A1 on. A DTD is refused."""
    refuse = apart.Refused
    tables = _Tables(refuse, apart.MAX_ROW, apart.MAX_COLUMN, apart.MAX_SHEETS)
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def forbid(*_anything: Any) -> None:
        raise refuse("dtd")

    parser.StartDoctypeDeclHandler = forbid
    parser.EntityDeclHandler = forbid
    parser.StartElementHandler = tables.start
    parser.EndElementHandler = tables.end
    parser.CharacterDataHandler = tables.text
    try:
        for piece in pieces:
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except (expat.ExpatError, ValueError) as error:
        raise refuse("broken") from error
    return tables.sheets
