"""What reading a file leaves: the good items, and for each other thing its number and the reason in Chinese."""

from collections.abc import Callable, Sized
from dataclasses import dataclass, field
from decimal import Decimal, DecimalException
from typing import Final

from django.utils.translation import gettext as _

from keyuan.questions.checking import NAME_LIMIT, SHARE_PLACES, TEXT_LIMIT
from keyuan.questions.items import Item, check
from keyuan.questions.richtext import printable, to_plain

ITEMS_LIMIT: Final = 2000
# Of a text as it stands in a file, with markup that will fall away.
SOURCE_LIMIT: Final = 60_000
MARKS_LIMIT: Final = 4000
PARTS_LIMIT: Final = 200


class Refused(Exception):
    """Raised while one item is read or written: why it cannot be taken, in Chinese."""


class Unreadable(Exception):
    """Raised for a whole file: why nothing of it can be read, in Chinese."""


@dataclass(frozen=True)
class Told:
    """Something a person has to know (说明) about item `number` of the file, from 1; 0 is the file as a whole.

    `lost`: the item was not taken; else it was taken without what is named.
    """

    number: int
    name: str
    message: str
    lost: bool = True

    def __str__(self) -> str:
        if not self.number:
            return self.message
        shown = _("（%(name)s）") % {"name": self.name} if self.name else ""
        return _("第 %(number)s 题%(name)s：%(message)s") % {
            "number": self.number,
            "name": shown,
            "message": self.message,
        }


@dataclass(frozen=True)
class Row:
    """A row of a sheet that was not taken (退回的行): its cells as sent and what is wrong with it."""

    cells: tuple[str, ...]
    message: str


@dataclass(frozen=True)
class Reading:
    """What a file holds (读入结果): the name of its format, the items taken, and what else is to be told.

    Of a sheet also the titles and rows to give back.
    """

    format: str
    items: tuple[Item, ...] = ()
    faults: tuple[Told, ...] = ()
    numbers: tuple[int, ...] = ()
    titles: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()

    @property
    def lost(self) -> tuple[Told, ...]:
        """What was not taken."""
        return tuple(told for told in self.faults if told.lost)


@dataclass(frozen=True)
class Written:
    """A file that was made (写出结果), how many items it holds, and what it does not hold."""

    data: bytes
    count: int
    faults: tuple[Told, ...] = ()


@dataclass
class Notes:
    """What is left out of one item while it is read or written."""

    lost: list[str] = field(default_factory=list)

    def leave(self, what: str) -> None:
        """Name a thing that is left out, once."""
        if what not in self.lost:
            self.lost.append(what)


def short(text: str) -> str:
    """The first words of a text, to know an item by."""
    return " ".join(to_plain(text).split())[:20]


class Gathering:
    """Collects the items of one file, one after another; nothing an item holds stops the next."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.items: list[Item] = []
        self.numbers: list[int] = []
        self.faults: list[Told] = []
        self.number = 0

    def take(self, make: Callable[[Notes], Item], name: str = "") -> str:
        """Make the next item and keep it when nothing is wrong with it; else the reason."""
        self.number += 1
        notes = Notes()
        if self.number > ITEMS_LIMIT:
            return self._lose(name, _("一次最多 %(most)s 题，请分成几个文件。") % {"most": ITEMS_LIMIT})
        try:
            item = make(notes)
            wrong = check(item)
        except Refused as refused:
            return self._lose(name, str(refused))
        except (ValueError, LookupError, DecimalException, RecursionError):
            return self._lose(name, _("读不懂这一题的写法。"))
        if wrong:
            return self._lose(name or item.title or short(item.text), "".join(wrong))
        self.items.append(item)
        self.numbers.append(self.number)
        if notes.lost:
            message = _("已读入，未读入的有：%(what)s。") % {"what": "、".join(notes.lost)}
            self.faults.append(Told(self.number, item.title or short(item.text), message, lost=False))
        return ""

    def _lose(self, name: str, message: str) -> str:
        if len(self.faults) <= ITEMS_LIMIT:
            self.faults.append(Told(self.number, " ".join(printable(name).split())[:40], message))
        return message

    def about_file(self, message: str, *, lost: bool = True) -> None:
        """Tell something about the file as a whole."""
        self.faults.append(Told(0, "", message, lost))

    def reading(self) -> Reading:
        """All that was gathered."""
        if not self.items and not self.faults:
            self.about_file(_("文件里没有试题。"))
        return Reading(self.name, tuple(self.items), tuple(self.faults), tuple(self.numbers))


def number(words: str | None) -> Decimal:
    """A number of a file; raises Refused when it is none or has more than 40 digits."""
    given = (words or "").strip()
    try:
        found = Decimal(given) if len(given) <= 40 else Decimal("NaN")
    except DecimalException:
        found = Decimal("NaN")
    if not found.is_finite() or abs(found.adjusted()) > 30:
        raise Refused(_("“%(words)s”应为数字。") % {"words": given[:20]})
    return found


def few(things: Sized) -> None:
    """Raises Refused when there are more than any question has, before they are looked at one by one."""
    if len(things) > PARTS_LIMIT:
        raise Refused(_("这一题的选项或作答区超过 %(most)s 个，无法读入。") % {"most": PARTS_LIMIT})


def bounded(html: str) -> str:
    """The markup itself; raises Refused when it is longer or more nested than any question, before it costs time."""
    if len(html) > SOURCE_LIMIT or html.count("<") > MARKS_LIMIT:
        raise Refused(_("一段文字最多 %(most)s 个字符，请缩短。") % {"most": TEXT_LIMIT})
    return html


def share(words: str | None, whole: int = 100) -> Decimal:
    """A share of the points from a percentage, with five places."""
    return (number(words) / whole).quantize(SHARE_PLACES)


def points(words: str | None, notes: Notes) -> Decimal:
    """Points with two places; that more were rounded is noted."""
    if not (words or "").strip():
        return Decimal(1)
    found = number(words)
    kept = found.quantize(Decimal("0.01"))
    if kept != found:
        notes.leave(_("分值的第三位及以后的小数"))
    return kept


def line(words: str | None, limit: int = NAME_LIMIT) -> str:
    """Words in one line, cut to what a name may hold."""
    return " ".join(printable(words or "").split())[:limit].strip()


def tag_words(tags: list[str]) -> tuple[str, ...]:
    """Tags as the bank keeps them: no commas, none twice, none empty."""
    parts = [line(part, 40) for tag in tags for part in tag.replace("，", ",").split(",")]
    return tuple(dict.fromkeys(part for part in parts if part))[:20]
