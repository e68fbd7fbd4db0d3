"""Items as GIFT: every text as HTML, every sign that means something escaped."""

import re
from dataclasses import replace
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from keyuan.questions.formats.gathering import Notes, Refused, Written
from keyuan.questions.formats.gift import TITLE
from keyuan.questions.formats.holding import flat_pairs, no_pictures, only, usual, without, written
from keyuan.questions.formats.stars import starred
from keyuan.questions.items import (
    NONE,
    ONE,
    Accepted,
    Blank,
    Blanks,
    Choice,
    Item,
    Kind,
    Long,
    Matching,
    Multiple,
    Numeric,
    Short,
    Single,
    Spelling,
    Truth,
    Value,
)  # fmt: skip
from keyuan.questions.richtext import clean, to_plain

_SIGNS: Final = re.compile(r"([~=#{}:\\])")


def hold(item: Item, notes: Notes) -> Item:
    """What GIFT holds of an item."""
    only(item, TITLE, set(Kind) - {Kind.ORDERING})
    no_pictures(item, TITLE)
    item = without(item, notes, "points", "difficulty")
    item = usual(
        item,
        notes,
        shuffle=True,
        exact=False,
        spelling=Spelling(),
        unit_needed=False,
        units=(),
        template="",
        guide="",
    )
    body = item.body
    if isinstance(body, Short) and not body.accepted:
        notes.leave(_("题型（按论述题写出）"))
        return replace(item, body=Long())
    if isinstance(body, Blanks):
        return _one_blank(item, body, notes)
    if isinstance(body, Matching):
        return replace(item, body=replace(flat_pairs(body, notes), exact=False, shuffle=True))
    if isinstance(body, Multiple) and any(choice.share == ONE for choice in body.choices):
        raise Refused(_("只有一个正确选项的多选题在 GIFT 里会变成单选题，请改为单选题。"))
    return item


def _one_blank(item: Item, body: Blanks, notes: Notes) -> Item:
    if len(body.blanks) > 1:
        raise Refused(_("GIFT 每题只能有一个空，这一题有 %(count)s 个。") % {"count": len(body.blanks)})
    text = item.text if item.text.rpartition("[[1]]")[2].strip() else clean(f"<p>{item.text}</p>")
    if not text.rpartition("[[1]]")[2].strip():
        raise Refused(_("空在最后又不成段，GIFT 读不回来；请在空后加上文字。"))
    return replace(item, text=text, body=Blanks((Blank(body.blanks[0].accepted),)))


def write(items: tuple[Item, ...]) -> Written:
    """A GIFT file of the items that it can hold."""
    return written(items, hold, _file)


def _file(items: list[Item]) -> bytes:
    blocks, category = list[str](), ""
    for item in items:
        if item.category != category:
            category = item.category
            blocks.append(f"$CATEGORY: {_escaped(category)}\n")
        blocks.append(_block(item))
    return "\n".join(blocks).encode()


def _escaped(words: str) -> str:
    return _SIGNS.sub(r"\\\1", words).replace("\n", "\\n")


def _mark(kind: str, words: str) -> str:
    return "[{}:{}]".format(kind, _escaped(re.sub(r"([\[\]\\])", r"\\\1", words)))


def _block(item: Item) -> str:
    marks = [_mark("id", item.code)] if item.code else []
    marks += [_mark("tag", tag) for tag in item.tags]
    comment = f"// {' '.join(marks)}\n" if marks else ""
    title = f"::{_escaped(item.title)}::" if item.title else ""
    before, _gap, after = (
        item.text.partition("[[1]]") if isinstance(item.body, Blanks) else (item.text, "", "")
    )
    general = f"####{_escaped(item.feedback)}" if item.feedback else ""
    answers = _answers(item)
    return f"{comment}{title}[html]{_escaped(before)}{{{answers}{general}}}{_escaped(after)}\n"


def _answers(item: Item) -> str:
    body = item.body
    if isinstance(body, Single | Multiple):
        return "".join(f"\n\t{_choice(choice)}" for choice in body.choices) + "\n"
    if isinstance(body, Truth):
        wrong, right = (
            (body.feedback_false, body.feedback_true)
            if body.right
            else (body.feedback_true, body.feedback_false)
        )
        tail = f"#{_escaped(wrong)}" if wrong or right else ""
        return ("TRUE" if body.right else "FALSE") + tail + (f"#{_escaped(right)}" if right else "")
    if isinstance(body, Matching):
        pairs = [f"\n\t={_escaped(pair.left)} -> {_escaped(to_plain(pair.right))}" for pair in body.pairs]
        return "".join([*pairs, *(f"\n\t= -> {_escaped(to_plain(each))}" for each in body.extra)]) + "\n"
    if isinstance(body, Numeric):
        return (
            "#"
            + "".join(
                f"\n\t={_weight(each.share)}{_value(each)}{_said(each.feedback)}" for each in body.values
            )
            + "\n"
        )
    if isinstance(body, Blanks | Short):
        accepted = body.blanks[0].accepted if isinstance(body, Blanks) else body.accepted
        return "".join(f"\n\t={_accepted(each)}" for each in accepted) + "\n"
    return ""


def _choice(choice: Choice) -> str:
    sign = "=" if choice.share == ONE else "~"
    weight = "" if choice.share in {ONE, NONE} else _weight(choice.share)
    return f"{sign}{weight}{_escaped(choice.text)}{_said(choice.feedback)}"


def _weight(share: Decimal) -> str:
    return "" if share == ONE else f"%{(share * 100).normalize():f}%"


def _said(feedback: str) -> str:
    return f"#{_escaped(feedback)}" if feedback else ""


def _value(each: Value) -> str:
    return f"{each.value:f}:{each.tolerance:f}"


def _accepted(each: Accepted) -> str:
    return f"{_weight(each.share)}{_escaped(starred(each))}{_said(each.feedback)}"
