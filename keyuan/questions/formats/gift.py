"""GIFT as Moodle reads it: `::title:: text {answers}`, with comments that carry number and tags."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from keyuan.questions.formats.gathering import (
    Gathering,
    Notes,
    Reading,
    Refused,
    bounded,
    line,
    number,
    share,
    tag_words,
)
from keyuan.questions.formats.stars import accepted_from
from keyuan.questions.items import (
    NONE,
    ONE,
    Accepted,
    Blank,
    Blanks,
    Body,
    Choice,
    Item,
    Long,
    Matching,
    Multiple,
    Numeric,
    Pair,
    Short,
    Single,
    Truth,
    Value,
)  # fmt: skip
from keyuan.questions.richtext import clean, from_plain, printable

TITLE: Final = "GIFT"
# Escaped signs are kept aside as characters that no text may hold.
_ESCAPED: Final = {"~": "\ufdd0", "=": "\ufdd1", "#": "\ufdd2", "{": "\ufdd3", "}": "\ufdd4", ":": "\ufdd5", "n": "\ufdd6", "\\": "\ufdd7"}  # fmt: skip
_BACK: Final = str.maketrans({mark: "\n" if sign == "n" else sign for sign, mark in _ESCAPED.items()})
_ESCAPE: Final = re.compile(r"\\([~=#{}:n\\])")
_TITLED: Final = re.compile(r"\s*::(.*?)::", re.DOTALL)
_FORMAT: Final = re.compile(r"\s*\[(html|moodle|plain|markdown)\]", re.IGNORECASE)
_PERCENT: Final = re.compile(r"\s*%(-?\d{1,3}(?:\.\d{1,10})?)%")
_CATEGORY: Final = re.compile(r"\s*\$CATEGORY\s*:\s*(.*)", re.IGNORECASE)
_MARK: Final = re.compile(r"\[(id|tag):((?:[^\[\]\\]|\\.){0,400})\]")
_TRUTHS: Final = {"T": True, "TRUE": True, "F": False, "FALSE": False}


def looks(text: str) -> bool:
    """Whether some text may be GIFT: it has answers in braces."""
    return bool(re.search(r"(?<!\\)\{[^{}]*(?<!\\)\}", aside(text)))


def aside(words: str) -> str:
    """The words with every escaped sign kept aside."""
    return _ESCAPE.sub(lambda found: _ESCAPED[found[1]], printable(words))


@dataclass(frozen=True)
class _Chunk:
    """One question as it stands, with what the comments before it said."""

    text: str
    category: str
    marks: tuple[tuple[str, str], ...]


def read(text: str) -> Reading:
    """The items of a GIFT file."""
    gathering = Gathering(TITLE)
    for chunk in _chunks(aside(text)):
        titled = _TITLED.match(chunk.text)
        name = titled[1] if titled else chunk.text.strip()[:20]

        def make(notes: Notes, chunk: _Chunk = chunk) -> Item:
            return _item(chunk, notes)

        gathering.take(make, name.translate(_BACK))
    return gathering.reading()


def _chunks(text: str) -> Iterator[_Chunk]:
    """The questions: set apart by empty lines, which may also stand inside braces."""
    category, lines, marks = "", list[str](), list[tuple[str, str]]()
    for row in [*text.split("\n"), ""]:
        found = _CATEGORY.fullmatch(row)
        if row.lstrip().startswith("//"):
            marks += [
                (kind, re.sub(r"\\(.)", r"\1", words.translate(_BACK))) for kind, words in _MARK.findall(row)
            ]
        elif found and not lines:
            category = _path(found[1].translate(_BACK))
        elif row.strip():
            lines.append(row)
        elif lines and not _open(lines):
            yield _Chunk("\n".join(lines), category, tuple(marks))
            lines, marks = [], []
    if lines:
        yield _Chunk("\n".join(lines), category, tuple(marks))


def _open(lines: list[str]) -> bool:
    """Whether a brace stands open, within what one question may be long."""
    words = "\n".join(lines)
    return words.count("{") > words.count("}") and len(lines) < 60


def _path(words: str) -> str:
    """A category as the bank writes it, without the names Moodle gives its own top."""
    parts = [line(part.replace("\ufdd8", "/")) for part in words.replace("//", "\ufdd8").split("/")]
    kept = [
        part for part in parts if part and part not in {"top", "$course$", "$system$", "$module$", "$cat1$"}
    ]
    return "/".join(kept)[:120]


def _item(chunk: _Chunk, notes: Notes) -> Item:
    words, title = bounded(chunk.text), ""
    titled = _TITLED.match(words)
    if titled:
        title, words = line(titled[1].translate(_BACK)), words[titled.end() :]
    start, end = words.find("{"), words.rfind("}")
    if start < 0:
        raise Refused(_("没有写答案的花括号 {}，是说明文字，不是试题。"))
    if end < start or "{" in words[start + 1 : end] or "}" in words[start + 1 : end]:
        raise Refused(_("花括号 {} 不成对；文字里的花括号应写作 \\{ \\}。"))
    inside, _four, general = words[start + 1 : end].partition("####")
    how, before = _format(words[:start], notes)
    after = words[end + 1 :].rstrip()
    text_of = _texts(how)
    body = _body(inside.strip(), text_of, notes)
    if isinstance(body, Short) and body.accepted and after.strip():
        body, gap = Blanks((Blank(body.accepted),)), "[[1]]"
    else:
        gap = " _____ " if after.strip() else ""
    return Item(
        text_of(before + gap + after),
        body,
        code=line(next((words for kind, words in chunk.marks if kind == "id"), "")),
        title=title,
        category=chunk.category,
        tags=tag_words([words for kind, words in chunk.marks if kind == "tag"]),
        feedback=text_of(general),
    )


def _one_line(words: str) -> str:
    return " ".join(words.split("\n"))


def _format(words: str, notes: Notes, usual: str = "moodle") -> tuple[str, str]:
    found = _FORMAT.match(words)
    if not found:
        return usual, words.lstrip()
    if found[1].lower() == "markdown":
        notes.leave(_("Markdown 格式"))
    return found[1].lower(), words[found.end() :].lstrip()


def _texts(how: str) -> Callable[[str], str]:
    """From words of the question's format (unless they name their own) to text."""

    def text(words: str) -> str:
        own, rest = _format(words, Notes(), how)
        if own in {"plain", "markdown"}:
            return from_plain(rest.translate(_BACK))
        if own == "moodle" and "<" not in rest:
            return clean(_one_line(rest.strip()).translate(_BACK))
        return clean(rest.translate(_BACK))

    return text


def _body(inside: str, text: Callable[[str], str], notes: Notes) -> Body:
    if not inside:
        return Long()
    if inside.startswith("#"):
        return _numeric(inside[1:], text)
    first, _hash, rest = inside.partition("#")
    if first.strip().upper() in _TRUTHS:
        wrong, _hash, right = rest.partition("#")
        truth = _TRUTHS[first.strip().upper()]
        return Truth(truth, text(right if truth else wrong), text(wrong if truth else right))
    if "~" in inside:
        return _choice(inside, text)
    pieces = _pieces(inside)
    if pieces and all("->" in words for _sign, words in pieces):
        return _matching(pieces, text)
    return Short(tuple(_accepted(words, text) for _sign, words in pieces))


def _pieces(inside: str) -> list[tuple[str, str]]:
    """The answers with the sign before each. Raises Refused when something stands before the first sign."""
    parts = re.split(r"([~=])", inside)
    if parts[0].strip():
        raise Refused(
            _("花括号里的“%(words)s”前面没有 = 或 ~。") % {"words": parts[0].strip().translate(_BACK)[:20]}
        )
    return list(zip(parts[1::2], parts[2::2], strict=True))


def _weighed(words: str, usual: Decimal) -> tuple[Decimal, str, str]:
    """Share, answer and feedback."""
    found = _PERCENT.match(words)
    earned = share(found[1]) if found else usual
    answer, _hash, feedback = (words[found.end() :] if found else words).partition("#")
    return earned, answer.strip(), feedback.strip()


def _choice(inside: str, text: Callable[[str], str]) -> Body:
    pieces = _pieces(inside)
    choices = []
    for sign, words in pieces:
        earned, answer, feedback = _weighed(words, ONE if sign == "=" else NONE)
        choices.append(Choice(text(answer), earned, text(feedback)))
    if any(sign == "=" for sign, _words in pieces) or any(choice.share == ONE for choice in choices):
        return Single(tuple(choices))
    return Multiple(tuple(choices))


def _matching(pieces: list[tuple[str, str]], text: Callable[[str], str]) -> Matching:
    pairs, extra = [], []
    for _sign, words in pieces:
        left, _arrow, right = words.partition("->")
        if text(left):
            pairs.append(Pair(text(left), text(right)))
        else:
            extra.append(text(right))
    rights = {pair.right for pair in pairs}
    return Matching(tuple(pairs), tuple(dict.fromkeys(each for each in extra if each not in rights)))


def _accepted(words: str, text: Callable[[str], str]) -> Accepted:
    earned, answer, feedback = _weighed(words, ONE)
    return accepted_from(line(answer.translate(_BACK), 600), earned, text(feedback))


def _numeric(inside: str, text: Callable[[str], str]) -> Numeric:
    signed = inside if inside.lstrip().startswith(("=", "~")) else f"={inside}"
    values = []
    for _sign, words in _pieces(signed):
        earned, answer, feedback = _weighed(words, ONE)
        if not answer:
            continue
        low, dots, high = answer.partition("..")
        if dots:
            least, most = number(low), number(high)
            values.append(Value((least + most) / 2, abs(most - least) / 2, earned, text(feedback)))
        else:
            value, _colon, room = answer.partition(":")
            values.append(Value(number(value), number(room or "0"), earned, text(feedback)))
    return Numeric(tuple(values))
