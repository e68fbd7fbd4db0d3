"""Annex 2 of a plan notice: from rows of cells to a plan, or to faults that say what to mend."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from keyuan.kernel.faults import Fault
from keyuan.plan.rules.headings import Heading, cited_document, heading_row, year_and_title
from keyuan.plan.rules.wording import clean, is_page_number, split_leads

MAX_ROWS = 5000
MAX_ACTIVITIES = 300
SHOWN = 10
NAME_LENGTH, TASK_LENGTH = 120, 600


class AnnexFault(Fault):
    """The table cannot be taken as it stands; `faults` lists every reason, one sentence each."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults), "file")
        self.faults = tuple(faults)


@dataclass(frozen=True)
class Cell:
    """One cell of a table: its text, and whether it continues a merged cell above or to the left."""

    text: str = ""
    continued: bool = False


@dataclass(frozen=True)
class Row:
    """One row of a document in reading order: its cells, and where a person finds it."""

    cells: tuple[Cell, ...]
    place: str

    def text(self, column: int | None) -> str:
        """The cleaned text of a column; empty where the row is shorter or the table lacks the column."""
        return clean(self.cells[column].text) if column is not None and column < len(self.cells) else ""

    def continued(self, column: int | None) -> bool:
        """Whether the cell belongs to a merged cell begun earlier."""
        return column is not None and column < len(self.cells) and self.cells[column].continued


@dataclass(frozen=True)
class AnnexActivity:
    """One line of the annex: number, name, its type's name and the lead departments as written."""

    number: int
    name: str
    type_name: str
    leads: tuple[str, ...]


@dataclass(frozen=True)
class AnnexType:
    """One merged block of the annex: a type and its task."""

    name: str
    task: str


@dataclass(frozen=True)
class Annex:
    """The plan of a year as the annex states it, before anything is compared or written."""

    year: int
    title: str
    source_note: str
    types: tuple[AnnexType, ...]
    activities: tuple[AnnexActivity, ...]


@dataclass
class _Reading:
    """What has been read so far, and every fault met on the way."""

    heading: Heading
    types: dict[str, str] = field(default_factory=dict)
    lines: list[tuple[int, str, str, list[str]]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    type_name: str = ""


def text_rows(text: str) -> list[Row]:
    """The lines of a plain text as rows; tabs part the cells."""
    return [
        Row(tuple(Cell(part) for part in line.split("\t")), _("第 {number} 行").format(number=number))
        for number, line in enumerate(text.splitlines(), 1)
    ]


def read_annex(rows: Sequence[Row]) -> Annex:
    """The plan found among the rows of a document.

    Raises AnnexFault when there is no such table, no year, a gap or a repetition in the numbering,
    or an empty number, name, type or lead; all faults are told at once.
    """
    if len(rows) > MAX_ROWS:
        raise AnnexFault(
            [_("文件超过 {most} 行，不像一份年度计划，请只保留附件中的计划表。").format(most=MAX_ROWS)]
        )
    plain = [[clean(cell.text) for cell in row.cells] for row in rows]
    heading = heading_row(plain)
    if isinstance(heading, str):
        raise AnnexFault([heading])
    above = [text for text in ("".join(cells) for cells in plain[: heading.row]) if text]
    reading = _Reading(heading)
    for row in _table(rows[heading.row + 1 :], reading):
        _take(row, reading)
    year, title = year_and_title(above)
    if year is None:
        reading.faults.append(_("没有找到计划的年度。请在表格上方写上带年份的标题，如“2020年教学活动计划”。"))
    _check(reading)
    if reading.faults or year is None:
        raise AnnexFault(reading.faults)
    return Annex(
        year=year,
        title=title,
        source_note=cited_document(above),
        types=tuple(AnnexType(name, task) for name, task in reading.types.items()),
        activities=tuple(
            AnnexActivity(number, name, type_name, tuple(leads))
            for number, name, type_name, leads in reading.lines
        ),
    )


def _table(rows: Sequence[Row], reading: _Reading) -> Iterable[Row]:
    """The rows of the table itself: headings repeated on a new page and page numbers are passed over."""
    heading = reading.heading
    for index, row in enumerate(rows):
        cells = [clean(cell.text) for cell in row.cells]
        if not any(cells) or is_page_number("".join(cells)):
            continue
        again = heading_row([cells])
        if isinstance(again, Heading):
            continue
        if any(row.text(column) for column in (heading.number, heading.name, heading.leads)):
            yield row
            continue
        # A line outside the table: its end, unless numbered rows follow, which must not be lost silently.
        for later in rows[index + 1 :]:
            if (
                len(later.cells) > heading.name
                and _number(later.text(heading.number))
                and later.text(heading.leads)
            ):
                words = "".join(cells)[:20]
                reading.faults.append(
                    _("{place}“{words}”打断了表格，其后还有重点活动。请删去这一行或把表格接好。").format(
                        place=row.place, words=words
                    )
                )
                return
        return


def _number(text: str) -> int | None:
    """A number as offices type it: full-width, with a full stop or a comma after it, or Excel's 3.0."""
    plain = re.fullmatch(r"(\d{1,4})(?:\.0*)?[.、．,，]?", unicodedata.normalize("NFKC", text))
    return int(plain[1]) if plain else None


def _number_and_name(row: Row, heading: Heading) -> tuple[str, str]:
    """The two texts, also where number and name stand in one cell (“3．意见直通车”)."""
    name = row.text(heading.name)
    if heading.number is not None:
        return row.text(heading.number), name
    parted = re.match(r"(\d{1,4})\s*[.、．]?\s*", name)
    return (parted[1], name[parted.end() :]) if parted else ("", name)


def _take(row: Row, reading: _Reading) -> None:
    """Read one row into the reading, or note its fault."""
    heading = reading.heading
    leads = split_leads(row.cells[heading.leads].text if heading.leads < len(row.cells) else "")
    number_text, name = _number_and_name(row, heading)
    goes_on = row.continued(heading.name) and row.continued(heading.number or heading.name)
    if reading.lines and (goes_on or not (number_text or name)):
        # One activity over two rows: the second row only brings a further lead department.
        last = reading.lines[-1][3]
        last.extend(lead for lead in leads if lead not in last)
        return
    _take_type(row, reading)
    number = _number(number_text)
    if number is None or number == 0:
        reading.faults.append(
            _("{place}：编号“{number}”不是数字，请改为 1、2、3……").format(
                place=row.place, number=number_text[:20]
            )
            if number_text
            else _("{place}：重点活动“{name}”没有编号，请补上。").format(place=row.place, name=name[:40])
        )
        return
    for fault in _line_faults(number, name, leads, row, reading.type_name):
        reading.faults.append(fault)
    reading.lines.append((number, name, reading.type_name, leads))


def _take_type(row: Row, reading: _Reading) -> None:
    heading = reading.heading
    name, task = row.text(heading.type), row.text(heading.task)
    if not name:
        return
    reading.type_name = name
    known = reading.types.setdefault(name, task)
    if task and not known:
        reading.types[name] = task
    elif task and task != known:
        reading.faults.append(
            _("{place}：主要类型“{name}”前后写了两种主要任务，请改成一致。").format(
                place=row.place, name=name[:40]
            )
        )
    if len(name) > NAME_LENGTH or len(task) > TASK_LENGTH:
        reading.faults.append(
            _("{place}：主要类型或主要任务太长，请检查表格是否错行。").format(place=row.place)
        )


def _line_faults(number: int, name: str, leads: list[str], row: Row, type_name: str) -> Iterable[str]:
    if not name:
        yield _("{place}：第 {number} 项重点活动没有名称，请补上。").format(place=row.place, number=number)
    elif len(name) > NAME_LENGTH:
        yield _("{place}：第 {number} 项名称超过 {most} 字，请检查表格是否错行。").format(
            place=row.place, number=number, most=NAME_LENGTH
        )
    if not leads:
        yield _("{place}：第 {number} 项“{name}”没有牵头部门，请补上。").format(
            place=row.place, number=number, name=name[:40]
        )
    if not type_name:
        yield _("{place}：第 {number} 项没有主要类型，请在该块首行写明。").format(
            place=row.place, number=number
        )


def _check(reading: _Reading) -> None:
    """Numbers run from 1 without gap or repetition; names stand once."""
    if not reading.lines:
        if not reading.faults:
            reading.faults.append(_("表格中没有一项重点活动，请检查表头下面的各行。"))
        return
    if len(reading.lines) > MAX_ACTIVITIES:
        reading.faults.append(_("重点活动超过 {most} 项，请检查文件。").format(most=MAX_ACTIVITIES))
        return
    numbers = Counter(line[0] for line in reading.lines)
    for number, times in sorted(numbers.items()):
        if times > 1:
            names = "、".join(f"“{line[1][:20]}”" for line in reading.lines if line[0] == number)
            reading.faults.append(
                _("编号 {number} 出现了 {times} 次：{names}。请重新编号。").format(
                    number=number, times=times, names=names
                )
            )
    missing = sorted(set(range(1, min(max(numbers), MAX_ACTIVITIES) + 1)) - set(numbers))
    if missing:
        shown = "、".join(map(str, missing[:SHOWN])) + (_("等") if len(missing) > SHOWN else "")
        reading.faults.append(
            _("重点活动的编号不连续：缺第 {numbers} 项。请补上或重新编号。").format(numbers=shown)
        )
    for name, times in Counter(line[1] for line in reading.lines if line[1]).items():
        if times > 1:
            reading.faults.append(
                _("重点活动“{name}”写了 {times} 次，请只保留一次。").format(name=name[:40], times=times)
            )
