"""Aiken: one line asks, a line per choice, `ANSWER:` and the letter; also as Chinese offices type it."""

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from keyuan.questions.checking import SHARE_PLACES
from keyuan.questions.formats.gathering import Gathering, Notes, Reading, Refused, Written, short
from keyuan.questions.formats.holding import flat_line, no_pictures, only, usual, without, written
from keyuan.questions.items import NONE, ONE, Choice, Item, Kind, Multiple, Single
from keyuan.questions.richtext import from_plain, to_plain

TITLE: Final = "Aiken"
ANSWER_LIMIT: Final = 200
_CHOICE: Final = re.compile(r"\s*([A-Z])\s?[.)．、）](?:\s+|(?=[^\s\d]))(.*)")
_ANSWER: Final = re.compile(r"\s*(?:ANSWER|答案|正确答案)\s*[:：]\s*([A-Z][A-Z,，、 ]*)\.?\s*", re.IGNORECASE)

_MISSED: Final = re.compile(r"\s*(?:ANSWER|答案|正确答案)\s*[:：]", re.IGNORECASE)


def _answer(line: str) -> str:
    """The letters an answer line names, empty when it is no such line."""
    found = _ANSWER.fullmatch(line) if len(line) < ANSWER_LIMIT else None
    return found[1] if found else ""


def looks(text: str) -> bool:
    """Whether some text is Aiken: lettered choices and a line that names the answer."""
    lines = text.splitlines()
    return any(_answer(line) for line in lines) and any(_CHOICE.fullmatch(line) for line in lines)


def read(text: str) -> Reading:
    """The items of an Aiken file."""
    gathering = Gathering(TITLE)
    for asked, choices, answer in _blocks(text):

        def make(
            notes: Notes, asked: str = asked, choices: tuple[str, ...] = choices, answer: str = answer
        ) -> Item:
            return _item(asked, choices, answer)

        gathering.take(make, short(from_plain(asked)))
    return gathering.reading()


def _blocks(text: str) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """Question, choices with their letters and answer letters, as they follow each other."""
    asked, choices = list[str](), list[str]()
    for line in text.splitlines():
        found, chosen = _answer(line), _CHOICE.fullmatch(line)
        if found:
            yield "\n".join(asked), tuple(choices), found
            asked, choices = [], []
        elif _MISSED.match(line):
            yield "\n".join(asked), tuple(choices), "?"
            asked, choices = [], []
        elif chosen:
            choices.append(f"{chosen[1]}{chosen[2].strip()}")
        elif choices and line.strip():
            yield "\n".join(asked), tuple(choices), ""
            asked, choices = [line.strip()], []
        elif line.strip():
            asked.append(line.strip())
    if asked or choices:
        yield "\n".join(asked), tuple(choices), ""


def _item(asked: str, choices: tuple[str, ...], answer: str) -> Item:
    if not choices:
        raise Refused(_("没有选项；选项应以“A.”或“A)”开头，每行一个。"))
    if not answer:
        raise Refused(_("没有答案行；应在选项之后写“ANSWER: A”。"))
    letters = re.findall("[A-Z]", answer.upper())
    known = [choice[0] for choice in choices]
    if not letters or len(set(known)) != len(known) or not set(letters) <= set(known):
        raise Refused(_("答案“%(answer)s”与选项对不上。") % {"answer": answer.strip()})
    texts = [from_plain(choice[1:]) for choice in choices]
    if len(letters) == 1:
        shares = [ONE if letter == letters[0] else NONE for letter in known]
        return Item(from_plain(asked), Single(_choices(texts, shares)))
    part = (ONE / len(set(letters))).quantize(SHARE_PLACES)
    return Item(from_plain(asked), Multiple(_choices(texts, [part if x in letters else -ONE for x in known])))


def _choices(texts: list[str], shares: list[Decimal]) -> tuple[Choice, ...]:
    return tuple(Choice(text, share) for text, share in zip(texts, shares, strict=True))


def hold(item: Item, notes: Notes) -> Item:
    """What Aiken holds: single choice with one right answer, plain lines, nothing besides."""
    only(item, TITLE, {Kind.SINGLE})
    no_pictures(item, TITLE)
    body = item.body
    if not isinstance(body, Single):
        raise TypeError
    if sorted({choice.share for choice in body.choices}) != [NONE, ONE] or _full(body) != 1:
        raise Refused(_("Aiken 只能有一个得分的选项，这一题有几个选项得分。"))
    item = without(item, notes, "code", "title", "points", "category", "tags", "difficulty", "feedback")
    item = usual(item, notes, shuffle=True)
    if any(choice.feedback for choice in body.choices):
        notes.leave(_("选项反馈"))
    choices = tuple(Choice(flat_line(choice.text, notes), choice.share) for choice in body.choices)
    text = flat_line(item.text, notes)
    if _CHOICE.fullmatch(to_plain(text)) or _MISSED.match(to_plain(text)):
        raise Refused(_("题干开头像选项或答案行，写入 Aiken 后读不回来。"))
    if len({choice.text for choice in choices}) != len(choices) or not all(choice.text for choice in choices):
        raise Refused(_("去掉文字格式后选项重复或为空。"))
    return replace(item, text=text, body=Single(choices))


def _full(body: Single) -> int:
    return sum(choice.share == ONE for choice in body.choices)


def write(items: tuple[Item, ...]) -> Written:
    """An Aiken file of the items that it can hold."""
    return written(items, hold, lambda kept: "\n".join(_block(item) for item in kept).encode())


def _block(item: Item) -> str:
    choices = item.body.choices if isinstance(item.body, Single) else ()
    lines = [f"{chr(65 + place)}. {to_plain(choice.text)}" for place, choice in enumerate(choices)]
    right = next(chr(65 + place) for place, choice in enumerate(choices) if choice.share == ONE)
    return "\n".join([to_plain(item.text), *lines, f"ANSWER: {right}", ""])
