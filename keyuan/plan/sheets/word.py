"""The rows of a Word document, paragraphs and tables in reading order, its merged cells filled."""

import zipfile
import zlib
from pathlib import Path
from typing import NoReturn
from xml.parsers import expat

from django.utils.translation import gettext as _

from keyuan.plan.rules.annex import MAX_ROWS, AnnexFault, Cell, Row

INFLATED_LIMIT = 40 * 1024 * 1024
CHUNK = 64 * 1024
MAX_COLUMNS = 60
BODY = "word/document.xml"
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main "
# The fallback of a drawing repeats its words; field codes and deleted text are no text.
_SKIPPED = ("http://schemas.openxmlformats.org/markup-compatibility/2006 Fallback", f"{_WORD}txbxContent")


def _broken() -> AnnexFault:
    return AnnexFault([_("Word 文件已损坏或不完整，请用 Word 或 WPS 打开后另存为 .docx 再传。")])


class _Reader:
    """Follows the document's elements; knows only the outermost table, inner ones give their words to the cell."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.words: list[str] = []
        self.cells: list[Cell] = []
        self.above: dict[int, str] = {}
        self.depth = self.skipped = self.table_row = 0
        self.span, self.merge = 1, ""
        self.in_text = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if self.skipped or tag in _SKIPPED:
            self.skipped += 1
            return
        name = tag.removeprefix(_WORD)
        if name == "tbl":
            self.depth += 1
            if self.depth == 1:
                self.table_row, self.above = 0, {}
        elif name == "t":
            self.in_text = True
        elif name in {"tab", "br", "cr"}:
            self.words.append(" " if name == "tab" else "\n")
        elif self.depth == 1:
            self._start_in_table(name, attributes)

    def _start_in_table(self, name: str, attributes: dict[str, str]) -> None:
        value = attributes.get(f"{_WORD}val", "")
        if name == "tr":
            self.cells, self.table_row = [], self.table_row + 1
        elif name == "tc":
            self.words, self.span, self.merge = [], 1, ""
        elif name in {"gridSpan", "gridBefore"} and value.isdigit():
            width = min(int(value), MAX_COLUMNS)
            if name == "gridSpan":
                self.span = width
            else:
                self.cells.extend([Cell()] * width)
        elif name == "vMerge":
            self.merge = value or "continue"

    def end(self, tag: str) -> None:
        if self.skipped:
            self.skipped -= 1
            return
        name = tag.removeprefix(_WORD)
        if name == "t":
            self.in_text = False
        elif name == "p":
            self._end_paragraph()
        elif name == "tc" and self.depth == 1:
            self._end_cell()
        elif name == "tr" and self.depth == 1:
            self._add(Row(tuple(self.cells), _("表格第 {number} 行").format(number=self.table_row)))
        elif name == "tbl":
            self.depth -= 1
            self.words = [] if not self.depth else self.words

    def _end_paragraph(self) -> None:
        if self.depth:
            self.words.append("\n")
            return
        self._add(Row((Cell("".join(self.words)),), _("正文")))
        self.words = []

    def _end_cell(self) -> None:
        column = len(self.cells)
        continued = self.merge == "continue"
        text = self.above.get(column, "") if continued else "".join(self.words).strip("\n")
        self.above[column] = text
        self.cells.append(Cell(text, continued))
        self.cells.extend([Cell("", continued=True)] * (self.span - 1))
        if len(self.cells) > MAX_COLUMNS:
            raise AnnexFault([_("表格超过 {most} 列，不像一份年度计划。").format(most=MAX_COLUMNS)])

    def _add(self, row: Row) -> None:
        self.rows.append(row)
        if len(self.rows) > MAX_ROWS:
            raise AnnexFault(
                [_("文件超过 {most} 行，不像一份年度计划，请只保留附件中的计划表。").format(most=MAX_ROWS)]
            )

    def text(self, words: str) -> None:
        if self.in_text and not self.skipped:
            self.words.append(words)


def _forbidden(*_facts: object) -> NoReturn:
    raise AnnexFault([_("文件里含有不允许的内容（DTD），已拒绝读取。请用 Word 或 WPS 另存为 .docx 再传。")])


def word_rows(path: Path) -> list[Row]:
    """The document's rows. Nothing the archive declares is believed: bytes are counted as they inflate."""
    reader = _Reader()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = _forbidden
    try:
        with zipfile.ZipFile(path) as archive, archive.open(BODY) as stream:
            seen = 0
            while chunk := stream.read(CHUNK):
                seen += len(chunk)
                if seen > INFLATED_LIMIT:
                    raise AnnexFault([_("文件解压后过大，已拒绝读取。请只保留附件中的计划表。")])
                parser.Parse(chunk)
            parser.Parse(b"", True)
    except (zipfile.BadZipFile, zlib.error, expat.ExpatError, KeyError, EOFError, OSError) as error:
        raise _broken() from error
    except (RuntimeError, NotImplementedError) as error:  # a member under a password or an unknown method
        raise _broken() from error
    return reader.rows
