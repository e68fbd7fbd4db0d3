"""What runs apart, under limits of time and memory: scan a workbook as a stream, then parse it.

Run as a file by `parse.py`, so it imports only the standard library and calamine, and says its
findings as codes that the parent puts into Chinese. Nothing a file declares about its own sizes is
believed: bytes are counted as they are inflated (a zip may declare 100 and hold 512 MiB).
"""

import importlib.util
import json
import re
import sys
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import IO, Any
from xml.parsers import expat

MEMORY_BYTES = 1024 * 1024 * 1024
CPU_SECONDS = 30
MAX_PARTS = 3000
MAX_INFLATED = 160 * 1024 * 1024
MAX_ROW = 30_000
MAX_COLUMN = 200
MAX_MERGED_CELLS = 200_000
MAX_MERGES = 50_000
MAX_SHEETS = 8
CHUNK = 64 * 1024
OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_DEFLATED = 8
_TRUE = {"1", "true"}


class Refused(Exception):
    """The file is not read; `code` says why and `facts` fill the sentence."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


@dataclass
class SheetScan:
    """What the stream showed of one worksheet, before anything was built in memory."""

    rows: int = 0
    last_row: int = 0
    last_column: int = 0
    far_cell: str = ""
    merges: list[list[int]] = field(default_factory=list)
    marks: dict[str, str] = field(default_factory=dict)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)


def cell_place(name: str) -> tuple[int, int]:
    """Row and column, both from 1, of a cell name such as AB12."""
    found = re.fullmatch(r"([A-Z]{1,3})([0-9]{1,7})", name.replace("$", ""))
    if not found:
        raise Refused("broken")
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return int(found[2]), column


class _SheetReader:
    """Follows one worksheet's elements; keeps counts, merges and the cells that hold no plain value."""

    def __init__(self, scan: SheetScan) -> None:
        self.scan = scan
        self.row = self.column = self.counted_row = 0
        self.kind = ""
        self.has_formula = self.has_value = self.in_value = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "c":
            self._start_cell(attributes)
        elif tag in {"v", "t"}:
            self.in_value = True
        elif tag == "row":
            self.row = int(attributes.get("r", self.row + 1))
            self.column = 0
            if attributes.get("hidden") in _TRUE and self.row <= MAX_ROW:
                self.scan.hidden_rows.append(self.row)
        elif tag == "col" and attributes.get("hidden") in _TRUE:
            first, last = int(attributes.get("min", 1)), int(attributes.get("max", 1))
            self.scan.hidden_columns.extend(range(first, min(last, MAX_COLUMN) + 1))
        elif tag == "f":
            self.has_formula = True
        elif tag == "mergeCell":
            self._merge(attributes.get("ref", ""))

    def _start_cell(self, attributes: dict[str, str]) -> None:
        place = attributes.get("r")
        if place:
            self.row, self.column = cell_place(place)
        else:
            self.column += 1
        self.kind = attributes.get("t", "")
        self.has_formula = self.has_value = False

    def text(self, words: str) -> None:
        if self.in_value and words:
            self.has_value = True

    def end(self, tag: str) -> None:
        if tag in {"v", "t"}:
            self.in_value = False
        elif tag == "c":
            self._end_cell()

    def _end_cell(self) -> None:
        scan = self.scan
        if self.has_formula and not self.has_value:
            scan.marks[f"{self.row},{self.column}"] = "formula"
        elif self.kind == "e":
            scan.marks[f"{self.row},{self.column}"] = "error"
        if not (self.has_value or self.has_formula):
            return
        if self.row != self.counted_row:
            scan.rows += 1
            self.counted_row = self.row
        if self.column > MAX_COLUMN or (self.row > MAX_ROW and scan.rows < MAX_ROW // 2):
            scan.far_cell = scan.far_cell or f"{column_name(self.column)}{self.row}"
        scan.last_row = max(scan.last_row, self.row)
        scan.last_column = max(scan.last_column, self.column)

    def _merge(self, ref: str) -> None:
        first, _colon, last = ref.partition(":")
        top, left = cell_place(first)
        bottom, right = cell_place(last or first)
        if (bottom - top + 1) * (right - left + 1) > MAX_MERGED_CELLS or len(self.scan.merges) >= MAX_MERGES:
            raise Refused("merge", cells=ref)
        self.scan.merges.append([top, left, bottom, right])


def column_name(number: int) -> str:
    """The letters of a column counted from 1: 1 is A, 28 is AB."""
    letters = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


class Budget:
    """Inflated bytes still allowed for the whole file."""

    def __init__(self, limit: int) -> None:
        self.limit = self.left = limit

    def take(self, size: int) -> None:
        """Spend `size` bytes; Refused when more came out than is allowed."""
        self.left -= size
        if self.left < 0:
            raise Refused("inflated", megabytes=self.limit // 1024 // 1024)


def inflate(stream: IO[bytes], info: zipfile.ZipInfo, budget: Budget) -> Iterator[bytes]:
    """The part's bytes in small pieces; what comes out is counted, and must agree with what was declared."""
    stream.seek(info.header_offset)
    head = stream.read(30)
    if len(head) < 30 or head[:4] != b"PK\x03\x04":
        raise Refused("broken")
    stream.seek(int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little"), 1)
    if info.flag_bits & 1:
        raise Refused("password")
    if info.compress_type not in {0, _DEFLATED}:
        raise Refused("broken")
    unpack = zlib.decompressobj(-15) if info.compress_type == _DEFLATED else None
    left, came = info.compress_size, 0
    while left > 0:
        packed = stream.read(min(CHUNK, left))
        if not packed:
            raise Refused("broken")
        left -= len(packed)
        while packed:
            piece = unpack.decompress(packed, CHUNK) if unpack else packed
            packed = unpack.unconsumed_tail if unpack else b""
            came += len(piece)
            budget.take(len(piece))
            yield piece
    rest = unpack.flush() if unpack else b""
    budget.take(len(rest))
    yield rest
    if came + len(rest) != info.file_size:
        raise Refused("broken")


def scan_part(pieces: Iterator[bytes], links: dict[str, str], sheets: list[list[str]]) -> SheetScan | None:
    """Read one XML part as a stream; gives a scan when its root is a worksheet. A DTD is refused."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    state: dict[str, Any] = {"root": "", "reader": None}

    def forbid(*_anything: Any) -> None:
        raise Refused("dtd")

    def start(tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if not state["root"]:
            state["root"] = name
            if name == "worksheet":
                state["reader"] = reader = _SheetReader(SheetScan())
                parser.EndElementHandler = lambda end: reader.end(end.rpartition(":")[2])
                parser.CharacterDataHandler = reader.text
        if state["reader"]:
            state["reader"].start(name, attributes)
        elif name == "Relationship" and len(links) < MAX_PARTS:
            links[attributes.get("Id", "")] = attributes.get("Target", "")
        elif name == "sheet" and state["root"] == "workbook" and len(sheets) < MAX_PARTS:
            identity = next((value for key, value in attributes.items() if key.endswith(":id")), "")
            sheets.append([attributes.get("name", ""), identity, attributes.get("state", "visible")])

    parser.StartDoctypeDeclHandler = forbid
    parser.EntityDeclHandler = forbid
    parser.StartElementHandler = start
    try:
        for piece in pieces:
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except (expat.ExpatError, ValueError) as error:
        raise Refused("broken") from error
    return state["reader"].scan if state["reader"] else None


def scan_workbook(path: Path, limit: int = MAX_INFLATED) -> dict[str, SheetScan]:
    """Scans of the visible worksheets by name; raises Refused before any parser has seen the file."""
    budget, scans, sheets = Budget(limit), {}, list[list[str]]()
    links: dict[str, str] = {}
    try:
        with zipfile.ZipFile(path) as archive, path.open("rb") as stream:
            parts = archive.infolist()
            names = [part.filename.replace("\\", "/") for part in parts]
            refuse_by_names(names)
            for part, name in zip(parts, names, strict=True):
                if part.is_dir() or name.startswith("xl/media/"):
                    continue
                pieces = inflate(stream, part, budget)
                if not name.lower().endswith((".xml", ".rels", ".vml")):
                    for _piece in pieces:
                        pass
                    continue
                own = links if name == "xl/_rels/workbook.xml.rels" else {}
                own_sheets = sheets if name == "xl/workbook.xml" else []
                found = scan_part(pieces, own, own_sheets) if not name.lower().endswith(".vml") else None
                if found:
                    scans[name] = found
    except (zipfile.BadZipFile, zlib.error, OSError, NotImplementedError) as error:
        raise Refused("broken") from error
    by_name: dict[str, SheetScan] = {}
    for title, identity, visibility in sheets:
        target = links.get(identity, "").replace("\\", "/")
        place = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if place in scans and visibility == "visible" and len(by_name) < MAX_SHEETS:
            by_name[title] = scans[place]
    return by_name


def refuse_by_names(names: list[str]) -> None:
    """Say what a zip is that is no .xlsx workbook; two parts of one name would let scan and parser differ."""
    if "xl/workbook.xml" not in names:
        if "word/document.xml" in names:
            raise Refused("word")
        if "xl/workbook.bin" in names:
            raise Refused("resave")
        raise Refused("other")
    if len(names) > MAX_PARTS or len({name.lower() for name in names}) != len(names):
        raise Refused("broken")


def refuse_by_size(scans: dict[str, SheetScan]) -> None:
    """Refuse what would grow large in memory: a cell far out, or far more rows than any list has."""
    for name, scan in scans.items():
        if scan.last_row > MAX_ROW and scan.rows >= MAX_ROW // 2:
            raise Refused("rows", sheet=name, rows=scan.rows)
        if scan.far_cell:
            raise Refused("far", sheet=name, cell=scan.far_cell)


def plain(value: Any) -> Any:
    """A cell for JSON: text, number, truth, null, or ["d", ISO date]; blanks only become null."""
    if isinstance(value, str):
        return value if value.strip() else None
    if isinstance(value, datetime):
        return ["d", value.isoformat()]
    if isinstance(value, date):
        return ["d", value.isoformat()]
    if isinstance(value, time | timedelta):
        return str(value)
    return value


def parse(path: Path, scans: dict[str, SheetScan] | None) -> list[dict[str, Any]]:
    """The visible sheets as rows of plain cells from A1 on; .xls is measured by calamine itself."""
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    book = CalamineWorkbook.from_path(str(path))
    found: list[dict[str, Any]] = []
    for about in book.sheets_metadata:
        if about.typ != SheetTypeEnum.WorkSheet or about.visible != SheetVisibleEnum.Visible:
            continue
        if (scans is not None and about.name not in scans) or len(found) >= MAX_SHEETS:
            continue
        sheet = book.get_sheet_by_name(about.name)
        scan = scans[about.name] if scans is not None else SheetScan(last_row=sheet.total_height)
        if scans is None and (sheet.total_height > MAX_ROW or sheet.total_width > MAX_COLUMN):
            raise Refused("rows", sheet=about.name, rows=sheet.total_height)
        if scans is None:
            with suppress(Exception):
                scan.merges = [
                    [top + 1, left + 1, bottom + 1, right + 1]
                    for (top, left), (bottom, right) in sheet.merged_cell_ranges or []
                ][:MAX_MERGES]
        rows = []
        for row in sheet.to_python(skip_empty_area=False):
            cells = [plain(cell) for cell in row]
            while cells and cells[-1] is None:
                cells.pop()
            rows.append(cells)
        found.append(
            {"name": about.name, "rows": rows, "merges": scan.merges, "marks": scan.marks,
             "hidden_rows": scan.hidden_rows, "hidden_columns": sorted(set(scan.hidden_columns))}
        )  # fmt: skip
    return found


def beside(name: str) -> Any:
    """A module that stands beside this file: the child, run as a file, knows no packages."""
    spec = importlib.util.spec_from_file_location(
        f"keyuan_sheet_{name}", Path(__file__).with_name(f"{name}.py")
    )
    if spec is None or spec.loader is None:
        raise ImportError(name)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def limit_self() -> None:
    """Bind this process to its memory and CPU time where the system can; elsewhere the parent's clock rules."""
    try:
        import resource
    except ImportError:
        return
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
        resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def answer(path: Path) -> dict[str, Any]:
    """Everything the parent needs: the sheets, or the code of why not."""
    try:
        with path.open("rb") as stream:
            magic = stream.read(8)
        if magic == OLE_MAGIC:
            return {"sheets": parse(path, None)}
        if not magic.startswith(b"PK\x03\x04"):
            text = beside("plaintext")
            return {"sheets": text.parse(path.read_bytes(), Refused, max_row=MAX_ROW, max_column=MAX_COLUMN)}
        with suppress(zipfile.BadZipFile, NotImplementedError):
            tables = beside("opendocument").read(path, sys.modules[__name__])
            if tables is not None:
                return {"sheets": tables}
        scans = scan_workbook(path)
        refuse_by_size(scans)
        return {"sheets": parse(path, scans)}
    except Refused as refused:
        return {"refused": refused.code, "facts": refused.facts}
    except MemoryError:
        return {"refused": "heavy", "facts": {}}
    except Exception as error:  # noqa: BLE001 - whatever a hostile file provokes becomes one clear answer
        code = "password" if "password" in str(error).lower() else "broken"
        return {"refused": code, "facts": {}}


if __name__ == "__main__":
    limit_self()
    json.dump(answer(Path(sys.argv[1])), sys.stdout, ensure_ascii=True, separators=(",", ":"))
