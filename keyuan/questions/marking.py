"""Marking: what an answer earns, and why, part by part; the rules are told in docs/questions.md.

Answers are plain values, as JSON holds them. Numbers in them are positions in the item (from 0), whatever
order a screen showed; a screen uses tokens of its own, because positions tell the right order.

- single: the position of the chosen choice
- multiple: the positions of the chosen choices, in any order
- truth: true or false
- blanks: what was written in each blank, in order
- matching: for each left, the position of the chosen one in `Matching.options`; None where nothing was chosen
- ordering: the positions of the parts, in the order the learner gave them
- numeric, short, long: what was written

An answer that is missing, or is not such a value, earns nothing; it is never an error.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any, Final, TypeAlias

from django.utils.translation import gettext as _

from keyuan.questions import wording
from keyuan.questions.items import (
    NONE,
    ONE,
    Blanks,
    Choice,
    Item,
    Long,
    Matching,
    Multiple,
    Numeric,
    Ordering,
    Short,
    Single,
    Truth,
)
from keyuan.questions.richtext import to_plain

Answer: TypeAlias = bool | int | str | Sequence[int | None] | Sequence[str] | None
CENT: Final = Decimal("0.01")
# Three thirds lack a little of a whole, by the last places of a Decimal only.
WHOLE: Final = ONE - Decimal("1e-12")


class Verdict(StrEnum):
    """How a part of an answer was found (判定)."""

    RIGHT = "right"
    PARTLY = "partly"
    WRONG = "wrong"
    EMPTY = "empty"
    WAITING = "waiting"


@dataclass(frozen=True)
class Part:
    """One part of an answer (得分点): what was given and expected in plain words, and the share of all it earned.

    `why` says in a few words what else there is to say; `feedback` is the author's, as safe HTML.
    """

    label: str
    verdict: Verdict
    share: Decimal = NONE
    given: str = ""
    expected: str = ""
    why: str = ""
    feedback: str = ""


@dataclass(frozen=True)
class Mark:
    """What an answer earned (得分): points (two places) and share, both None while a person has to mark it."""

    points: Decimal | None
    share: Decimal | None
    parts: tuple[Part, ...]

    @property
    def waiting(self) -> bool:
        """Whether a person still has to mark it."""
        return self.points is None


def mark(item: Item, answer: Answer) -> Mark:
    """What the answer earns: never below 0 or above the item's points; all of them for the right answer."""
    parts = tuple(_BODIES[type(item.body)](item.body, answer))
    if any(part.verdict is Verdict.WAITING for part in parts):
        return Mark(None, None, parts)
    share = sum((part.share for part in parts), NONE)
    if getattr(item.body, "exact", False) and share < WHOLE:
        share = NONE
    share = ONE if share >= WHOLE else max(share, NONE)
    points = min((item.points * share).quantize(CENT, ROUND_HALF_UP), item.points)
    return Mark(points, share, parts)


def full_answer(item: Item) -> Answer:
    """An answer that earns all points; None when only a person can say."""
    body = item.body
    if isinstance(body, Single):
        return next((place for place, choice in enumerate(body.choices) if choice.share == ONE), None)
    if isinstance(body, Multiple):
        return tuple(place for place, choice in enumerate(body.choices) if choice.share > NONE)
    if isinstance(body, Truth):
        return body.right
    if isinstance(body, Blanks):
        return tuple(_model(blank.accepted) for blank in body.blanks)
    if isinstance(body, Matching):
        return tuple(body.options.index(pair.right) for pair in body.pairs)
    if isinstance(body, Ordering):
        return tuple(range(len(body.parts)))
    if isinstance(body, Numeric):
        return _number(body)
    return _model(body.accepted) if isinstance(body, Short) and body.accepted else None


def _verdict(share: Decimal, whole: Decimal = ONE) -> Verdict:
    if share >= whole * WHOLE:
        return Verdict.RIGHT
    return Verdict.PARTLY if share > NONE else Verdict.WRONG


def _place(answer: Any, among: Sequence[Any]) -> int | None:
    """The answer as a position in the sequence, None when it is none."""
    is_place = isinstance(answer, int) and not isinstance(answer, bool) and 0 <= answer < len(among)
    return int(answer) if is_place else None


def _listed(answer: Any) -> list[Any]:
    return list(answer) if isinstance(answer, Sequence) and not isinstance(answer, str | bytes) else []


def _shown(texts: Sequence[str]) -> str:
    return _("；").join(to_plain(text) for text in texts)


def _single(body: Single, answer: Answer) -> list[Part]:
    expected = _shown([choice.text for choice in body.choices if choice.share == ONE])
    place = _place(answer, body.choices)
    if place is None:
        return [Part("", Verdict.EMPTY, expected=expected)]
    chosen = body.choices[place]
    return [
        Part("", _verdict(chosen.share), chosen.share, to_plain(chosen.text), expected, "", chosen.feedback)
    ]


def _multiple(body: Multiple, answer: Answer) -> list[Part]:
    """One part per choice: what was chosen, and what should have been."""
    places = {_place(each, body.choices) for each in _listed(answer)} - {None}
    if not places:
        expected = _shown([choice.text for choice in body.choices if choice.share > NONE])
        return [Part("", Verdict.EMPTY, expected=expected)]
    total = sum((choice.share for choice in body.choices if choice.share > NONE), NONE)
    return [_choice(body, choice, total, chosen=place in places) for place, choice in enumerate(body.choices)]


def _choice(body: Multiple, choice: Choice, total: Decimal, *, chosen: bool) -> Part:
    """The part of one choice; the right ones earn all together even where their shares were rounded."""
    label, right = to_plain(choice.text), choice.share > NONE
    verdict = Verdict.RIGHT if chosen == right else Verdict.WRONG
    why = {(True, True): _("选对"), (True, False): _("多选"), (False, True): _("漏选"), (False, False): ""}
    share = (choice.share / total if right else choice.share) if chosen else NONE
    if chosen and not right and body.exact:
        share = -ONE
    feedback = choice.feedback if chosen else ""
    return Part(label, verdict, share, why=why[chosen, right], feedback=feedback)


def _truth(body: Truth, answer: Answer) -> list[Part]:
    words = {True: _("正确"), False: _("错误")}
    expected = words[body.right]
    if not isinstance(answer, bool):
        return [Part("", Verdict.EMPTY, expected=expected)]
    share = ONE if answer is body.right else NONE
    feedback = body.feedback_true if answer else body.feedback_false
    return [Part("", _verdict(share), share, words[answer], expected, "", feedback)]


def _model(accepted: Sequence[Any]) -> str:
    """A wording that earns all; stars of a pattern stand for nothing, or for one character where nothing is left."""
    full = next((each for each in accepted if each.share == ONE), None)
    if full is None:
        return ""
    return (full.text.replace("*", "") or "…") if full.wild else full.text


def _blanks(body: Blanks, answer: Answer) -> list[Part]:
    given, total = _listed(answer), sum(blank.weight for blank in body.blanks)
    parts = []
    for number, blank in enumerate(body.blanks):
        words = given[number] if number < len(given) and isinstance(given[number], str) else ""
        label = _("第 %(number)s 空") % {"number": number + 1}
        whole = Decimal(blank.weight) / total
        expected = _shown_accepted(blank.accepted)
        if not words.strip():
            parts.append(Part(label, Verdict.EMPTY, expected=expected))
            continue
        found = wording.best(words, blank.accepted, body.spelling)
        share = found.share * whole if found else NONE
        feedback = found.feedback if found else ""
        parts.append(Part(label, _verdict(share, whole), share, words, expected, "", feedback))
    return parts


def _shown_accepted(accepted: Sequence[Any]) -> str:
    return _(" 或 ").join(each.text for each in accepted if each.share == ONE)


def _matching(body: Matching, answer: Answer) -> list[Part]:
    given, whole = _listed(answer), ONE / len(body.pairs)
    parts = []
    for number, pair in enumerate(body.pairs):
        place = _place(given[number] if number < len(given) else None, body.options)
        label, expected = to_plain(pair.left), to_plain(pair.right)
        if place is None:
            parts.append(Part(label, Verdict.EMPTY, expected=expected))
            continue
        share = whole if body.options[place] == pair.right else NONE
        parts.append(Part(label, _verdict(share, whole), share, to_plain(body.options[place]), expected))
    return parts


def _ordering(body: Ordering, answer: Answer) -> list[Part]:
    """One part per place in the order; a part named twice counts where it is right, for no place can be right twice."""
    given, whole = _listed(answer), ONE / len(body.parts)
    parts = []
    for number, right in enumerate(body.parts):
        place = _place(given[number] if number < len(given) else None, body.parts)
        label = _("第 %(number)s 位") % {"number": number + 1}
        if place is None:
            parts.append(Part(label, Verdict.EMPTY, expected=to_plain(right)))
            continue
        share = whole if place == number else NONE
        parts.append(Part(label, _verdict(share, whole), share, to_plain(body.parts[place]), to_plain(right)))
    return parts


def _number(body: Numeric) -> str:
    full = next((each for each in body.values if each.share == ONE), None)
    if full is None:
        return ""
    return f"{full.value:f}" + (f" {body.units[0].name}" if body.units else "")


def _numeric(body: Numeric, answer: Answer) -> list[Part]:
    expected = _number(body)
    if not isinstance(answer, str) or not answer.strip():
        return [Part("", Verdict.EMPTY, expected=expected)]
    given = answer.strip()[:200]
    found = wording.quantity(given)
    if found is None:
        return [Part("", Verdict.WRONG, given=given, expected=expected, why=_("不是数"))]
    number = wording.in_first_unit(found, body)
    if number is None:
        why = _("单位不对") if found.unit else _("没有写单位")
        return [Part("", Verdict.WRONG, given=given, expected=expected, why=why)]
    value = wording.nearest(number, body.values)
    share = value.share if value else NONE
    return [Part("", _verdict(share), share, given, expected, "", value.feedback if value else "")]


def _short(body: Short, answer: Answer) -> list[Part]:
    if not body.accepted:
        return _by_person(body, answer)
    expected = _shown_accepted(body.accepted)
    if not isinstance(answer, str) or not answer.strip():
        return [Part("", Verdict.EMPTY, expected=expected)]
    found = wording.best(answer, body.accepted, body.spelling)
    share, feedback = (found.share, found.feedback) if found else (NONE, "")
    return [Part("", _verdict(share), share, answer, expected, "", feedback)]


def _by_person(body: Short | Long, answer: Answer) -> list[Part]:
    """Nothing written earns nothing and waits for nobody."""
    if not isinstance(answer, str) or not answer.strip():
        return [Part("", Verdict.EMPTY)]
    return [Part("", Verdict.WAITING, given=answer, why=_("等待人工评阅"))]


_BODIES: Final[dict[type, Callable[[Any, Answer], list[Part]]]] = {
    Single: _single,
    Multiple: _multiple,
    Truth: _truth,
    Blanks: _blanks,
    Matching: _matching,
    Ordering: _ordering,
    Numeric: _numeric,
    Short: _short,
    Long: _by_person,
}
