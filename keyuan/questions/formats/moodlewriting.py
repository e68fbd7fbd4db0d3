"""Items as Moodle XML."""

import base64
from collections.abc import Iterable
from dataclasses import replace
from typing import Final
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from django.utils.translation import gettext as _

from keyuan.questions.formats import cloze
from keyuan.questions.formats.gathering import Notes, Written
from keyuan.questions.formats.holding import flat_pairs, usual, without, written
from keyuan.questions.formats.moodle import TITLE, address, percent
from keyuan.questions.formats.stars import starred
from keyuan.questions.formats.texts import readdressed
from keyuan.questions.items import (
    NONE,
    ONE,
    Accepted,
    Blanks,
    Body,
    Item,
    Kind,
    Long,
    Matching,
    Multiple,
    Numeric,
    Ordering,
    Short,
    Single,
    Spelling,
    Truth,
)
from keyuan.questions.richtext import pictures_in, to_plain

__all__ = ["TITLE", "hold", "write"]
_TYPES: Final = {
    Kind.SINGLE: "multichoice",
    Kind.MULTIPLE: "multichoice",
    Kind.TRUTH: "truefalse",
    Kind.BLANKS: "cloze",
    Kind.MATCHING: "matching",
    Kind.ORDERING: "ordering",
    Kind.NUMERIC: "numerical",
    Kind.SHORT: "shortanswer",
    Kind.LONG: "essay",
}


def hold(item: Item, notes: Notes) -> Item:
    """What Moodle XML holds of an item."""
    item = without(item, notes, "difficulty")
    body = item.body
    if isinstance(body, Multiple | Matching):
        item = usual(item, notes, exact=False)
    if isinstance(body, Blanks | Short):
        item = usual(item, notes, spelling=Spelling(case=body.spelling.case))
    if isinstance(body, Short) and not body.accepted:
        notes.leave(_("题型（按论述题写出）"))
        return replace(item, body=Long(body.guide))
    if isinstance(body, Short):
        item = usual(item, notes, guide="")
    if isinstance(item.body, Matching):
        item = replace(item, body=flat_pairs(item.body, notes))
    return item


def write(items: tuple[Item, ...]) -> Written:
    """A Moodle XML file of the items."""
    return written(items, hold, _file)


def _file(items: Iterable[Item]) -> bytes:
    quiz, category = Element("quiz"), ""
    for item in items:
        if item.category != category:
            category = item.category
            into = SubElement(SubElement(quiz, "question", type="category"), "category")
            SubElement(into, "text").text = f"$course$/top/{category}" if category else "$course$/top"
        quiz.append(_question(item))
    indent(quiz)
    found: bytes = tostring(quiz, encoding="UTF-8", xml_declaration=True)
    return found


def _question(item: Item) -> Element:
    question = Element("question", type=_TYPES[item.kind])
    SubElement(SubElement(question, "name"), "text").text = item.title
    words = item.text
    if isinstance(item.body, Blanks):
        words = cloze.write(words, item.body)
    _text(question, "questiontext", words, item)
    _text(question, "generalfeedback", item.feedback, item)
    SubElement(question, "defaultgrade").text = f"{item.points:.7f}"
    SubElement(question, "idnumber").text = item.code
    _answers(question, item, item.body)
    if item.tags:
        tags = SubElement(question, "tags")
        for tag in item.tags:
            SubElement(SubElement(tags, "tag"), "text").text = tag
    return question


def _text(parent: Element, tag: str, text: str, item: Item, **attributes: str) -> Element:
    """A text with the pictures it shows."""
    element = SubElement(parent, tag, {**attributes, "format": "html"})
    SubElement(element, "text").text = readdressed(text, address)
    shown = set(pictures_in(text))
    for picture in item.pictures:
        if picture.name in shown:
            file = SubElement(element, "file", name=picture.name, path="/", encoding="base64")
            file.text = base64.b64encode(picture.data).decode()
    return element


def _put(parent: Element, **values: str) -> None:
    for name, value in values.items():
        SubElement(parent, name).text = value


def _answers(question: Element, item: Item, body: Body) -> None:
    if isinstance(body, Single | Multiple):
        _choices(question, item, body)
    elif isinstance(body, Truth):
        _truth(question, item, body)
    elif isinstance(body, Matching):
        _matching(question, item, body)
    elif isinstance(body, Ordering):
        _ordering(question, item, body)
    elif isinstance(body, Numeric):
        _numeric(question, item, body)
    elif isinstance(body, Short):
        _put(question, usecase="0" if body.spelling.case else "1")
        for accepted in body.accepted:
            _accepted(question, item, accepted)
    elif isinstance(body, Long):
        _put(question, responseformat="editor")
        _text(question, "graderinfo", body.guide, item)
        _text(question, "responsetemplate", body.template, item)


def _choices(question: Element, item: Item, body: Single | Multiple) -> None:
    _put(question, single=_word(isinstance(body, Single)), shuffleanswers=_word(body.shuffle))
    for choice in body.choices:
        answer = _text(question, "answer", choice.text, item, fraction=percent(choice.share))
        _text(answer, "feedback", choice.feedback, item)


def _truth(question: Element, item: Item, body: Truth) -> None:
    for word, said in ((True, body.feedback_true), (False, body.feedback_false)):
        answer = SubElement(question, "answer", fraction=percent(ONE if body.right is word else NONE))
        SubElement(answer, "text").text = _word(word)
        _text(answer, "feedback", said, item)


def _ordering(question: Element, item: Item, body: Ordering) -> None:
    grading = "ALL_OR_NOTHING" if body.exact else "ABSOLUTE_POSITION"
    _put(question, layouttype="VERTICAL", selecttype="ALL", selectcount="0", gradingtype=grading)
    for place, part in enumerate(body.parts, 1):
        _text(question, "answer", part, item, fraction=f"{place}.0000000")


def _word(flag: bool) -> str:  # noqa: FBT001 - the word of a truth value
    return "true" if flag else "false"


def _accepted(question: Element, item: Item, accepted: Accepted) -> None:
    answer = SubElement(question, "answer", fraction=percent(accepted.share), format="plain_text")
    SubElement(answer, "text").text = starred(accepted)
    _text(answer, "feedback", accepted.feedback, item)


def _matching(question: Element, item: Item, body: Matching) -> None:
    _put(question, shuffleanswers=_word(body.shuffle))
    for left, right in [
        *((pair.left, pair.right) for pair in body.pairs),
        *(("", each) for each in body.extra),
    ]:
        each = _text(question, "subquestion", left, item)
        SubElement(SubElement(each, "answer"), "text").text = to_plain(right)


def _numeric(question: Element, item: Item, body: Numeric) -> None:
    for value in body.values:
        answer = SubElement(question, "answer", fraction=percent(value.share), format="plain_text")
        SubElement(answer, "text").text = f"{value.value:f}"
        _text(answer, "feedback", value.feedback, item)
        SubElement(answer, "tolerance").text = f"{value.tolerance:f}"
    if body.units:
        units = SubElement(question, "units")
        for unit in body.units:
            _put(SubElement(units, "unit"), multiplier=f"{unit.factor:f}", unit_name=unit.name)
    needed = "1" if body.unit_needed else "0"
    _put(
        question,
        unitgradingtype=needed,
        unitpenalty=f"{needed}.0000000",
        showunits="0" if body.units else "3",
    )
