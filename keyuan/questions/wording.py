"""Whether two wordings of an answer are the same, as Chinese readers take them; and numbers as people type them."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, localcontext
from functools import cache
from typing import Final

from keyuan.questions.items import Accepted, Numeric, Spelling, Value

GIVEN_LIMIT: Final = 2000
PRECISION: Final = 60
# Full-width forms of ASCII, and what an input method writes where the keyboard has an ASCII mark.
_WIDTHS: Final[dict[int, int | str]] = {
    **{code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)},
    0x3000: " ", 0xA0: " ", 0x3002: ".", 0x201C: '"', 0x201D: '"', 0x2018: "'", 0x2019: "'",
    0x2013: "-", 0x2014: "-", 0x2212: "-",
}  # fmt: skip
_HAN: Final = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_BESIDE_HAN: Final = re.compile(rf"(?<=[{_HAN}]) | (?=[{_HAN}])")
_NUMBER: Final = re.compile(
    r"(?P<sign>[+-]?) ?(?P<whole>\d{1,3}(?:,\d{3})+|\d{1,40})?(?:\.(?P<part>\d{1,40}))?"
    r"(?:[eE](?P<power>[+-]?\d{1,2})(?![\d.])| ?[*×x] ?10\^(?P<ten>[+-]?\d{1,2})(?![\d.]))? ?(?P<unit>\D.*)?",
    re.DOTALL,
)


@cache
def _converter() -> Callable[[str], str]:
    """Loaded when the first question asks for it: it costs some megabytes."""
    from opencc import OpenCC

    convert: Callable[[str], str] = OpenCC("t2s").convert
    return convert


def simplified(words: str) -> str:
    """The words in Simplified characters."""
    return _converter()(words)


def settled(words: str, spelling: Spelling) -> str:
    """The words with all that the spelling forgives taken out, so that equal means the same."""
    text = unicodedata.normalize("NFC", words[:GIVEN_LIMIT])
    if spelling.width:
        text = text.translate(_WIDTHS)
    if spelling.traditional:
        text = simplified(text)
    if spelling.spaces:
        text = _BESIDE_HAN.sub("", " ".join(text.split()))
    if spelling.case:
        text = text.casefold()
    return text.strip()


def agrees(given: str, accepted: Accepted, spelling: Spelling) -> bool:
    """Whether what was written is this accepted answer. Nothing written agrees with nothing."""
    words = settled(given, spelling)
    if not words:
        return False
    if not accepted.wild:
        return words == settled(accepted.text, spelling)
    return _fits(words, [settled(piece, spelling) for piece in accepted.text.split("*")])


def _fits(words: str, pieces: list[str]) -> bool:
    """Whether the pieces stand in the words in their order, the first at the start and the last at the end."""
    first, last = pieces[0], pieces[-1]
    if len(pieces) == 1:
        return words == first
    if not words.startswith(first) or not words.endswith(last) or len(words) < len(first) + len(last):
        return False
    place, end = len(first), len(words) - len(last)
    for piece in pieces[1:-1]:
        place = words.find(piece, place, end)
        if place < 0:
            return False
        place += len(piece)
    return True


def best(given: str, accepted: tuple[Accepted, ...], spelling: Spelling) -> Accepted | None:
    """The accepted answer that earns most among those the words agree with."""
    fitting = [each for each in accepted if agrees(given, each, spelling)]
    return max(fitting, key=lambda each: each.share, default=None)


@dataclass(frozen=True)
class Quantity:
    """A number as typed (数量) and the unit behind it, empty when there was none."""

    number: Decimal
    unit: str = ""


def quantity(given: str) -> Quantity | None:
    """The number a person typed: full width, thousands by comma, `1.5e3`, `1.5×10^3`, then a unit; else None."""
    words = " ".join(given[:200].translate(_WIDTHS).split())
    found = _NUMBER.fullmatch(words)
    if not found or not (found["whole"] or found["part"]):
        return None
    digits = f"{found['sign']}{(found['whole'] or '0').replace(',', '')}.{found['part'] or '0'}"
    with localcontext(prec=PRECISION):
        number = Decimal(digits).scaleb(int(found["power"] or found["ten"] or 0))
    return Quantity(number, (found["unit"] or "").strip())


def in_first_unit(found: Quantity, body: Numeric) -> Decimal | None:
    """The number in the question's first unit; None when the unit is not one of its units or is missing."""
    if not found.unit:
        return None if body.unit_needed else found.number
    factor = next((unit.factor for unit in body.units if unit.name.translate(_WIDTHS) == found.unit), None)
    if factor is None:
        return None
    with localcontext(prec=PRECISION):
        return found.number / factor


def nearest(number: Decimal, values: tuple[Value, ...]) -> Value | None:
    """The accepted value that earns most among those whose tolerance holds the number."""
    with localcontext(prec=PRECISION):
        fitting = [each for each in values if abs(number - each.value) <= each.tolerance]
    return max(fitting, key=lambda each: each.share, default=None)
