"""The words of a sheet: what a column is, what a cell was read as, and what is wrong with it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, TypeAlias

Raw: TypeAlias = str | float | bool | date | None


@dataclass(frozen=True)
class Grid:
    """One worksheet as it was sent (原表), cells from A1 on.

    With its merged areas (top, left, bottom, right from 1), cells that hold no plain value, and what its
    sender had hidden.
    """

    name: str
    rows: list[list[Raw]]
    merges: list[tuple[int, int, int, int]]
    marks: dict[tuple[int, int], str]
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class CellFault:
    """What is wrong with one cell, in Chinese, saying how to mend it; never repeats a secret value.

    `source` says who found it: the cell's reader, a rule of the row, the comparison within the batch, or
    the room. Only the reader's faults outlive the mending of another cell.
    """

    column: str
    code: str
    message: str
    source: str = "cell"

    def as_json(self) -> dict[str, str]:
        """The fault for JSON and for the database."""
        return {"column": self.column, "code": self.code, "message": self.message}


@dataclass(frozen=True)
class Option:
    """One answer to a question: a token for the form, its words, and the values it puts into the row."""

    value: str
    label: str
    sets: Mapping[str, str]


@dataclass(frozen=True)
class Question:
    """What only a person can decide about a row (待确认事项); the row waits until it is answered.

    `proposed` is the option taken when everything proposed is accepted at once; without one the question
    must be answered by itself. `before` is what stood in the cell, never a whole secret number.
    """

    key: str
    column: str
    message: str
    options: tuple[Option, ...]
    before: str = ""
    proposed: str = ""

    def option(self, value: str) -> Option | None:
        """The option with this token."""
        return next((option for option in self.options if option.value == value), None)


class Unreadable(Exception):
    """Raised by a reader: this cell cannot go in as it stands."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True)
class Reading:
    """A cell as read: the value to keep, a hint for the person, and by-products such as a second phone."""

    value: str
    hint: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)


Reader: TypeAlias = Callable[[Raw], Reading]


@dataclass(frozen=True)
class Column:
    """One column: its key in code, its title on paper, how a cell is read and how wide it stands.

    `secret` values are never written into faults, hints or logs. `weightless` columns (序号) do not make
    a row by themselves. `carried` columns take a blank cell's value from the row above, as offices do
    with 单位.
    """

    key: str
    title: str
    read: Reader
    required: bool = False
    aliases: tuple[str, ...] = ()
    width: int = 12
    secret: bool = False
    example: str = ""
    note: str = ""
    weightless: bool = False
    carried: bool = False
    choices: tuple[str, ...] = ()


@dataclass
class Row:
    """One data row: values by column key, what was mended, what is wrong, and the cells as they stood."""

    number: int
    values: dict[str, str] = field(default_factory=dict)
    faults: list[CellFault] = field(default_factory=list)
    hints: list[CellFault] = field(default_factory=list)
    repairs: dict[str, str] = field(default_factory=dict)
    cells: list[str] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong with the row; questions may still be open."""
        return not self.faults

    @property
    def open_questions(self) -> list[Question]:
        """The questions nobody has answered yet."""
        return [each for each in self.questions if each.option(self.answers.get(each.key, "")) is None]

    @property
    def ready(self) -> bool:
        """Whether the row can go in as it stands."""
        return self.ok and not self.open_questions

    def ask(self, question: Question) -> None:
        """Add a question; what was answered to it before holds."""
        self.questions.append(question)
        chosen = question.option(self.answers.get(question.key, ""))
        if chosen is not None:
            self.values.update(chosen.sets)

    def blame(self, column: Column, code: str, message: str, source: str = "row") -> None:
        """Add a fault to a cell of this row."""
        self.faults.append(CellFault(column.title, code, message, source))

    def remark(self, column: Column, code: str, message: str, source: str = "row") -> None:
        """Add a hint, which does not keep the row out."""
        self.hints.append(CellFault(column.title, code, message, source))


@dataclass(frozen=True)
class Contents:
    """A sheet that was read: its rows, the titles as they stood, those nobody asked for, and notes on the whole."""

    sheet_name: str
    header_row: int
    titles: tuple[str, ...]
    places: Mapping[str, int]
    unread: tuple[str, ...]
    rows: list[Row]
    notes: tuple[str, ...] = ()

    @property
    def good(self) -> list[Row]:
        """The rows without a fault."""
        return [row for row in self.rows if row.ok]

    @property
    def bad(self) -> list[Row]:
        """The rows with at least one fault."""
        return [row for row in self.rows if not row.ok]


RowRule: TypeAlias = Callable[["Row", Mapping[str, Column]], None]


@dataclass(frozen=True)
class Sheet:
    """One kind of spreadsheet (电子表格): the same description writes the template, exports and reads.

    `unique` lists groups of keys that tell a person or thing apart; a later group counts only where the
    earlier ones are blank. `alike` are keys that two rows should not share (one identity number under two
    names): nobody can say which row is wrong, so both get a hint. `rules` look at a whole row after its cells were read.
    `preset` are keys that a template may come with filled in: a row with nothing else was left free.
    """

    key: str
    title: str
    columns: tuple[Column, ...]
    notes: tuple[str, ...] = ()
    unique: tuple[tuple[str, ...], ...] = ()
    alike: tuple[str, ...] = ()
    rules: tuple[RowRule, ...] = ()
    row_limit: int = 20_000
    preset: tuple[str, ...] = ()

    def column(self, key: str) -> Column:
        """The column called `key`."""
        return self.by_key()[key]

    def by_key(self) -> dict[str, Column]:
        """The columns by key, in their order."""
        return {column.key: column for column in self.columns}

    def only(self, *keys: str) -> "Sheet":
        """The same sheet with fewer columns, for exports that show less."""
        return replace(self, columns=tuple(column for column in self.columns if column.key in keys))

    def template(self, rows: Any = ()) -> bytes:
        """A workbook (.xlsx) to fill in: notes, titles, text format set beforehand; `rows` already stand in it."""
        from keyuan.kernel.sheet import writing

        return writing.template(self, rows)

    def export(self, rows: Any, *, title: str = "") -> bytes:
        """A workbook (.xlsx) of the rows (mappings by column key), written with constant memory."""
        from keyuan.kernel.sheet import writing

        return writing.export(self, rows, title=title)

    def read(self, path: Any) -> Contents:
        """The rows of a file a person sent, each cell read and judged. Raises SheetFault when it is no such sheet."""
        from keyuan.kernel.sheet import reading

        return reading.read(self, path)
