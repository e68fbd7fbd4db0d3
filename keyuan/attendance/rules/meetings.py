"""What a meeting platform's list of names and times comes to: who was meant, and for how long they were there."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal


@dataclass(frozen=True)
class Span:
    """A stay in a meeting (在线时段): from when to when, and the seconds the platform counts between the two."""

    starts: datetime
    ends: datetime
    seconds: int

    @property
    def length(self) -> int:
        """Whole seconds between the two moments."""
        return int((self.ends - self.starts).total_seconds())


def span(starts: datetime, ends: datetime, seconds: int | None = None) -> Span:
    """A stay; a count larger than the time between, or none, is the time between."""
    length = int((ends - starts).total_seconds())
    return Span(starts, ends, length if seconds is None else min(seconds, length))


def cut(stay: Span, starts: datetime, ends: datetime) -> Span | None:
    """The part of a stay within a window; None where it lies outside.

    Where the platform counts less than lies between (somebody left and came back), nobody can say when it was
    missed: the doubt goes to the trainee, up to the length of the part.
    """
    first, last = max(stay.starts, starts), min(stay.ends, ends)
    return span(first, last, stay.seconds) if first < last else None


def credited(stays: Iterable[Span]) -> int:
    """Seconds one person was there, from any number of stays in any order.

    Time covered twice (a telephone beside the computer) counts once: stays that overlap make one piece, which
    counts at most its own length and at most what the platform counted in it.
    """
    total = 0
    piece: Span | None = None
    for stay in sorted(stays, key=lambda each: (each.starts, each.ends, each.seconds)):
        if piece is not None and stay.starts < piece.ends:
            piece = Span(piece.starts, max(piece.ends, stay.ends), piece.seconds + stay.seconds)
            continue
        total += min(piece.seconds, piece.length) if piece else 0
        piece = stay
    return total + (min(piece.seconds, piece.length) if piece else 0)


def enough(seconds: int, length: timedelta, share: Decimal) -> bool:
    """Whether so many seconds reach the share of a sitting's length."""
    return Decimal(seconds) >= share * Decimal(int(length.total_seconds()))


# --- names --------------------------------------------------------------------------------------------

_BETWEEN = re.compile(r"[、,，;；/\\|&+()（）\[\]【】<>《》\s_\-—–:：@]+")
_AROUND = re.compile(r"^[\d.#]+|[\d.#]+$")


@dataclass(frozen=True)
class Meant:
    """Whom a cell of names means (所指学员): people for certain, names that several bear, and whether it was guessed."""

    people: tuple[int, ...] = ()
    shared: tuple[str, ...] = ()
    guessed: bool = False


def plain_name(text: str) -> str:
    """A name for comparison: one width, no blanks, no dots."""
    return re.sub(r"[\s·•.]", "", unicodedata.normalize("NFKC", text))


def meant(cell: str, names: Mapping[str, Sequence[int]], codes: Mapping[str, int]) -> Meant:
    """Whom a cell means: "张三-省农学会", "张三、李四", "省农学会 张三(手机)", "03张三", or a personal code.

    Whole words first; where no word is a name, names inside the text, which is a guess. `names` are plain.
    """
    parts = [part for part in _BETWEEN.split(unicodedata.normalize("NFKC", cell)) if part]
    words = [word for part in parts for word in (plain_name(part), plain_name(_AROUND.sub("", part)))]
    by_code = [codes[word.upper()] for word in words if word.upper() in codes]
    found = list(dict.fromkeys(word for word in words if word in names))
    if by_code or found:
        return _settled(found, by_code, names, guessed=False)
    return _settled(_inside(plain_name(cell), names), [], names, guessed=True)


def _inside(text: str, names: Mapping[str, Sequence[int]]) -> list[str]:
    """Names of two signs or more that stand inside a text, the longest first and none within another."""
    found = []
    for name in sorted(names, key=lambda each: (-len(each), each)):
        if len(name) >= 2 and name in text:
            found.append(name)
            text = text.replace(name, " ")
    return found


def _settled(
    found: list[str], by_code: list[int], names: Mapping[str, Sequence[int]], *, guessed: bool
) -> Meant:
    sure = [names[name][0] for name in found if len(names[name]) == 1]
    # A code beside a shared name says which of them is meant.
    shared = [name for name in found if len(names[name]) > 1 and not set(by_code) & set(names[name])]
    return Meant(tuple(dict.fromkeys(by_code + sure)), tuple(shared), guessed and bool(found))
