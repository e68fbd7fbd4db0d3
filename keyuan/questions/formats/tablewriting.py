"""Items as a sheet of questions, which can be filled in further and read again."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from keyuan.questions.checking import SHARE_PLACES
from keyuan.questions.formats.gathering import Notes, Refused, Written
from keyuan.questions.formats.holding import flat, flat_line, no_pictures, usual, written
from keyuan.questions.formats.tables import (
    ADDING,
    FORGIVING,
    KINDS,
    LETTERS,
    PAIR,
    SHOWN,
    STRICT,
    TITLE,
    sheet,
)
from keyuan.questions.items import (
    NONE,
    ONE,
    Accepted,
    Blank,
    Blanks,
    Body,
    Choice,
    Item,
    Kind,
    Long,
    Matching,
    Multiple,
    Numeric,
    Ordering,
    Pair,
    Short,
    Single,
    Spelling,
    Truth,
)
from keyuan.questions.richtext import to_plain

_LEVELS: Final = ("", "易", "较易", "中", "较难", "难")
_TITLES: Final = dict(zip(Kind, KINDS, strict=True))


def hold(item: Item, notes: Notes) -> Item:
    """What the sheet holds of an item: plain words, even shares, the usual comparison."""
    no_pictures(item, TITLE)
    item = usual(
        item,
        notes,
        shuffle=True,
        spelling=Spelling(),
        unit_needed=False,
        feedback_true="",
        feedback_false="",
        template="",
    )
    item = replace(item, text=flat(item.text, notes), feedback=flat(item.feedback, notes))
    held = replace(item, body=_body(item.body, notes))
    if not all(to_plain(text).strip() for text in (held.text, *_cells(held.body)[0])):
        raise Refused(_("去掉文字格式后题干或选项为空，无法写入题目表。"))
    return held


def _body(body: Body, notes: Notes) -> Body:
    if isinstance(body, Single | Multiple):
        return _choices(body, notes)
    if isinstance(body, Blanks):
        if any(blank.weight != 1 for blank in body.blanks):
            notes.leave(_("各空不同的分值"))
        return Blanks(tuple(Blank(_accepted(blank.accepted, notes)) for blank in body.blanks))
    if isinstance(body, Matching):
        return _matching(body, notes)
    if isinstance(body, Ordering):
        return replace(body, parts=_different([flat(part, notes) for part in body.parts]))
    if isinstance(body, Numeric):
        return _numeric(body, notes)
    if isinstance(body, Short):
        if body.guide:
            notes.leave(_("评分要点"))
        return Short(_accepted(body.accepted, notes))
    return Long(flat(body.guide, notes)) if isinstance(body, Long) else body


def _different(texts: list[str]) -> tuple[str, ...]:
    if len(set(texts)) != len(texts):
        raise Refused(_("去掉文字格式后选项重复，无法写入题目表。"))
    return tuple(texts)


def _choices(body: Single | Multiple, notes: Notes) -> Body:
    if any(choice.feedback for choice in body.choices):
        notes.leave(_("选项反馈"))
    texts = _different([flat(choice.text, notes) for choice in body.choices])
    shares = [choice.share for choice in body.choices]
    if isinstance(body, Single):
        if shares.count(ONE) != 1:
            raise Refused(_("有几个选项得满分，无法写入题目表。"))
        even = [ONE if share == ONE else NONE for share in shares]
    else:
        part = (ONE / sum(share > NONE for share in shares)).quantize(SHARE_PLACES)
        wrong = NONE if body.exact or not any(share < NONE for share in shares) else -ONE
        even = [part if share > NONE else wrong for share in shares]
    if even != shares and not (isinstance(body, Multiple) and body.exact):
        notes.leave(_("各选项不同的得分比例"))
    made = tuple(Choice(text, share) for text, share in zip(texts, even, strict=True))
    return replace(body, choices=made)


def _accepted(accepted: tuple[Accepted, ...], notes: Notes) -> tuple[Accepted, ...]:
    if any(each.wild or set(each.text) & set("|｜；;") for each in accepted):
        raise Refused(_("答案里有 |、；或代表任意文字的 *，无法写入题目表。"))
    if any(each.share != ONE for each in accepted):
        notes.leave(_("只得部分分的答案"))
    if any(each.feedback for each in accepted):
        notes.leave(_("答案反馈"))
    return tuple(Accepted(each.text) for each in accepted if each.share == ONE)


def _matching(body: Matching, notes: Notes) -> Matching:
    lefts = _different([flat_line(pair.left, notes) for pair in body.pairs])
    options = dict(
        zip(body.options, _different([flat_line(each, notes) for each in body.options]), strict=True)
    )
    if any("|" in text for text in (*lefts, *options.values())):
        raise Refused(_("匹配的文字里有 |，无法写入题目表。"))
    pairs = tuple(Pair(left, options[pair.right]) for left, pair in zip(lefts, body.pairs, strict=True))
    return Matching(pairs, tuple(options[each] for each in body.extra), body.exact)


def _numeric(body: Numeric, notes: Notes) -> Numeric:
    full = tuple(each for each in body.values if each.share == ONE)
    if len(full) != len(body.values):
        notes.leave(_("只得部分分的答案"))
    if any(each.feedback for each in full):
        notes.leave(_("答案反馈"))
    if len(body.units) > 1:
        notes.leave(_("其他单位"))
    units = body.units[:1]
    if units and set(units[0].name) & set("|｜±+-"):
        raise Refused(_("单位里有 |、± 或正负号，无法写入题目表。"))
    return Numeric(tuple(replace(each, feedback="") for each in full), units)


def write(items: tuple[Item, ...]) -> Written:
    """A workbook (.xlsx) of the items that the sheet can hold."""
    return written(items, hold, _file)


def _file(items: Iterable[Item]) -> bytes:
    rows = [_row(item) for item in items]
    most = max((len(row) for row in rows), default=0)
    widest = max((sum(key.startswith("choice") for key in row) for row in rows), default=0) if most else 0
    return sheet(max(SHOWN, widest)).export(rows)


def _row(item: Item) -> dict[str, str]:
    choices, answer, scoring = _cells(item.body)
    return {
        "kind": _TITLES[item.kind],
        "text": to_plain(item.text),
        **{f"choice{LETTERS[place]}": to_plain(text) for place, text in enumerate(choices)},
        "answer": answer,
        "scoring": scoring,
        "points": f"{item.points.normalize():f}",
        "level": _LEVELS[item.difficulty],
        "category": item.category,
        "tags": "，".join(item.tags),
        "feedback": to_plain(item.feedback),
        "code": item.code,
        "title": item.title,
    }


def _cells(body: Body) -> tuple[list[str], str, str]:
    """What stands in the cells of the choices, the answer and the scoring."""
    if isinstance(body, Single | Multiple):
        right = "".join(LETTERS[place] for place, choice in enumerate(body.choices) if choice.share > NONE)
        return [choice.text for choice in body.choices], right, _scoring(body)
    if isinstance(body, Matching):
        pairs = [f"{pair.left} {PAIR} {pair.right}" for pair in body.pairs]
        return [*pairs, *(f"{PAIR} {each}" for each in body.extra)], "", STRICT if body.exact else ""
    if isinstance(body, Ordering):
        return list(body.parts), "", STRICT if body.exact else ""
    return [], _answer(body), ""


def _scoring(body: Single | Multiple) -> str:
    if isinstance(body, Single):
        return ""
    if body.exact:
        return STRICT
    return (
        FORGIVING
        if any(x.share < NONE for x in body.choices) or all(x.share > NONE for x in body.choices)
        else ADDING
    )


def _answer(body: Body) -> str:
    if isinstance(body, Truth):
        return "正确" if body.right else "错误"
    if isinstance(body, Blanks):
        return "；".join("|".join(each.text for each in blank.accepted) for blank in body.blanks)
    if isinstance(body, Numeric):
        unit = f" {body.units[0].name}" if body.units else ""
        return "|".join(f"{x.value:f}{_room(x.tolerance)}{unit}" for x in body.values)
    if isinstance(body, Short):
        return "|".join(each.text for each in body.accepted)
    return to_plain(body.guide) if isinstance(body, Long) else ""


def _room(tolerance: Decimal) -> str:
    return f"±{tolerance:f}" if tolerance else ""
