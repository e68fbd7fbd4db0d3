"""Moodle's cloze: blanks within the text as `{weight:SHORTANSWER:=answer#feedback~%50%other}`."""

import re
from collections.abc import Callable
from html import escape, unescape
from typing import Final

from django.utils.translation import gettext as _

from keyuan.questions.formats.gathering import Refused, line, share
from keyuan.questions.formats.stars import accepted_from, starred
from keyuan.questions.items import NONE, ONE, Accepted, Blank, Blanks, Spelling
from keyuan.questions.richtext import split_blanks

GAPS_LIMIT: Final = 200
_GAP: Final = re.compile(r"\{(\d*):([A-Z_]+):((?:\\.|[^\\}]){0,4000})\}", re.DOTALL)
_WORDS: Final = {"SHORTANSWER", "SA", "MW"}
_STRICT: Final = {"SHORTANSWER_C", "SAC", "MWC"}
_WEIGHT: Final = re.compile(r"%(-?\d{1,3}(?:\.\d{1,10})?)%")
_SIGNS: Final = re.compile(r"([~#}\"/\\])")


def read(text: str, rich: Callable[[str], str]) -> tuple[str, Blanks]:
    """The text with its blanks marked, and the blanks. Raises Refused for other kinds within the text."""
    blanks, kinds = list[Blank](), set[bool]()

    def take(found: re.Match[str]) -> str:
        kind = found[2].upper()
        if kind not in _WORDS | _STRICT:
            raise Refused(_("完形填空里的 %(kind)s 小题无法读入，只能读入文字填空。") % {"kind": kind[:30]})
        kinds.add(kind in _STRICT)
        blanks.append(Blank(_accepted(found[3], rich), int(found[1][:3] or 1)))
        return f"[[{len(blanks)}]]"

    if text.count("{") > GAPS_LIMIT:
        raise Refused(_("完形填空里的花括号太多，无法读入。"))
    marked = _GAP.sub(take, text)
    if not blanks:
        raise Refused(_("完形填空里没有空。"))
    if len(kinds) > 1:
        raise Refused(_("同一题里有的空区分大小写、有的不区分，无法读入。"))
    return marked, Blanks(tuple(blanks), Spelling(case=not kinds.pop()))


def _accepted(given: str, rich: Callable[[str], str]) -> tuple[Accepted, ...]:
    found = []
    for each in re.findall(r"(?:\\.|[^\\~])+", given, re.DOTALL):
        weight = _WEIGHT.match(each)
        earned = share(weight[1]) if weight else (ONE if each.startswith("=") else NONE)
        rest = each[weight.end() :] if weight else each.removeprefix("=")
        parts = re.fullmatch(r"((?:\\.|[^\\#])*)#?(.*)", rest, re.DOTALL)
        words, said = (parts[1], parts[2]) if parts else (rest, "")
        answer = line(unescape(_plain(words)), 600)
        found.append(accepted_from(answer, earned, rich(unescape(_plain(said)))))
    return tuple(found)


def _plain(words: str) -> str:
    return re.sub(r"\\([~#}\"/\\])", r"\1", words)


def write(text: str, body: Blanks) -> str:
    """The text with every blank written into its place."""
    pieces = split_blanks(text)
    for place in range(1, len(pieces), 2):
        blank = body.blanks[int(pieces[place]) - 1]
        kind = "SHORTANSWER" if body.spelling.case else "SHORTANSWER_C"
        answers = "~".join(_answer(each) for each in blank.accepted)
        pieces[place] = f"{{{blank.weight}:{kind}:{answers}}}"
    return "".join(pieces)


def _answer(each: Accepted) -> str:
    weight = "=" if each.share == ONE else f"%{(each.share * 100).normalize():f}%"
    said = f"#{_escaped(each.feedback)}" if each.feedback else ""
    return f"{weight}{_escaped(starred(each))}{said}"


def _escaped(words: str) -> str:
    return _SIGNS.sub(r"\\\1", escape(words, quote=False))
