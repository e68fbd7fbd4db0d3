"""Moodle XML: questions of a quiz with their categories, tags and pictures, as Moodle exports them."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Final
from urllib.parse import quote, unquote
from xml.etree.ElementTree import Element

from django.utils.translation import gettext as _

from keyuan.questions.checking import texts_of
from keyuan.questions.formats import cloze
from keyuan.questions.formats.gathering import (
    Gathering,
    Notes,
    Reading,
    Refused,
    line,
    number,
    points,
    share,
    tag_words,
)
from keyuan.questions.formats.stars import accepted_from
from keyuan.questions.formats.texts import Texts, files_of
from keyuan.questions.items import (
    NONE,
    ONE,
    Accepted,
    Body,
    Choice,
    Item,
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
    Unit,
    Value,
)

TITLE: Final = "Moodle XML"
_PLACE: Final = "@@PLUGINFILE@@/"
_TOPS: Final = {"top", "$course$", "$system$", "$module$", "$cat1$"}
# What Moodle puts in by itself, in the languages it is used in here.
_USUAL: Final = {
    "", "Your answer is correct.", "Your answer is partially correct.", "Your answer is incorrect.",
    "回答正确。", "部分正确。", "回答不正确。", "你的回答正确", "你的回答部分正确", "你的回答不正确",
}  # fmt: skip


def looks(root: Element) -> bool:
    """Whether the XML is a quiz of Moodle."""
    return root.tag == "quiz"


def read(root: Element) -> Reading:
    """The items of a Moodle XML file."""
    gathering, category = Gathering(TITLE), ""
    for question in root.iter("question"):
        if question.get("type") == "category":
            category = _path(question.findtext("category/text", ""))
            continue

        def make(notes: Notes, question: Element = question, category: str = category) -> Item:
            return _Question(question, notes).item(category)

        gathering.take(make, question.findtext("name/text", ""))
    return gathering.reading()


def _path(words: str) -> str:
    parts = [line(part.replace("\x01", "/")) for part in words.replace("//", "\x01").split("/")]
    return "/".join(part for part in parts if part and part.lower() not in _TOPS)[:120]


class _Question:
    """One question element that is being read."""

    def __init__(self, element: Element, notes: Notes) -> None:
        self.element, self.notes = element, notes
        named = {each.get("name", ""): each.text or "" for each in element.iter("file")}
        self.files = files_of(named)
        self.texts = Texts(notes, self._file)

    def _file(self, address: str) -> bytes | None:
        name = unquote(address.partition("?")[0])
        return (
            self.files.get(name.removeprefix(_PLACE).rpartition("/")[2]) if name.startswith(_PLACE) else None
        )

    def item(self, category: str) -> Item:
        """The item. Raises Refused when its kind is not known or something in it cannot be read."""
        kind = self.element.get("type", "")
        if kind not in _KINDS:
            raise Refused(_("题型“%(kind)s”无法读入。") % {"kind": _STRANGE.get(kind, kind[:30])})
        words, body = self._text(self.element.find("questiontext")), None
        if kind in {"cloze", "multianswer"}:
            raw = self.element.findtext("questiontext/text", "")
            marked, body = cloze.read(raw, self.texts.html)
            words = self.texts.html(marked)
        made = Item(
            words,
            body or _KINDS[kind](self),
            code=line(self.element.findtext("idnumber")),
            title=line(self.element.findtext("name/text")),
            points=points(self.element.findtext("defaultgrade"), self.notes),
            category=category,
            tags=tag_words([each.text or "" for each in self.element.findall("tags/tag/text")]),
            feedback=self._text(self.element.find("generalfeedback")),
        )
        self._left_out()
        return replace(made, pictures=self.texts.pictures(*texts_of(made)))

    def _left_out(self) -> None:
        for name in ("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback"):
            if Texts(Notes()).html(self.element.findtext(f"{name}/text", "")) not in _USUAL | {
                f"<p>{x}</p>" for x in _USUAL
            }:
                self.notes.leave(_("答对答错的统一反馈"))
        if any((each.findtext("text") or "").strip() for each in self.element.findall("hint")):
            self.notes.leave(_("提示"))

    def _text(self, element: Element | None) -> str:
        if element is None:
            return ""
        words = element.findtext("text", "")
        how = element.get("format", "html")
        if how == "markdown":
            self.notes.leave(_("Markdown 格式"))
        if how in {"plain_text", "markdown"}:
            return self.texts.plain(words)
        return self.texts.html(words)

    def _flag(self, name: str, usual: str = "") -> bool:
        return (self.element.findtext(name) or usual).strip().lower() in {"1", "true"}

    def _answers(self) -> list[Element]:
        return self.element.findall("answer")

    def choices(self) -> Body:
        """Choose one or several."""
        made = tuple(
            Choice(self._text(each), share(each.get("fraction")), self._text(each.find("feedback")))
            for each in self._answers()
        )
        shuffle = self._flag("shuffleanswers", "1")
        if self._flag("single", "true"):
            return Single(made, shuffle)
        return Multiple(made, shuffle=shuffle)

    def truth(self) -> Truth:
        """Right or wrong."""
        by_word = {each.findtext("text", "").strip().lower(): each for each in self._answers()}
        if set(by_word) != {"true", "false"}:
            raise Refused(_("判断题应有 true 和 false 两个答案。"))
        said = {word: self._text(each.find("feedback")) for word, each in by_word.items()}
        return Truth(share(by_word["true"].get("fraction")) > NONE, said["true"], said["false"])

    def short(self) -> Short:
        """A few words."""
        return Short(
            tuple(self._accepted(each) for each in self._answers()), Spelling(case=not self._flag("usecase"))
        )

    def _accepted(self, each: Element) -> Accepted:
        words = line(each.findtext("text"), 600)
        return accepted_from(words, share(each.get("fraction")), self._text(each.find("feedback")))

    def numeric(self) -> Numeric:
        """A number and its units."""
        values = []
        for each in self._answers():
            if each.findtext("text", "").strip() == "*":
                self.notes.leave(_("其他答案的反馈"))
                continue
            room = number(each.findtext("tolerance") or "0")
            earned, said = share(each.get("fraction")), self._text(each.find("feedback"))
            values.append(Value(number(each.findtext("text")), room, earned, said))
        units = [
            Unit(line(each.findtext("unit_name"), 20), number(each.findtext("multiplier")))
            for each in self.element.findall("units/unit")
        ]
        graded = (self.element.findtext("unitgradingtype") or "0").strip() in {"1", "2"}
        penalty = number(self.element.findtext("unitpenalty") or "0")
        return Numeric(tuple(values), tuple(units), bool(units) and graded and penalty >= ONE)

    def matching(self) -> Matching:
        """What belongs together; a right without a left belongs to none."""
        pairs, extra = list[Pair](), list[str]()
        for each in self.element.findall("subquestion"):
            left, right = self._text(each), self.texts.plain(each.findtext("answer/text", ""))
            if left:
                pairs.append(Pair(left, right))
            else:
                extra.append(right)
        known = {pair.right for pair in pairs}
        rest = tuple(dict.fromkeys(each for each in extra if each not in known))
        return Matching(tuple(pairs), rest, shuffle=self._flag("shuffleanswers", "1"))

    def ordering(self) -> Ordering:
        """The parts in the order of the file."""
        grading = (self.element.findtext("gradingtype") or "ABSOLUTE_POSITION").strip()
        if grading not in {"ABSOLUTE_POSITION", "ALL_OR_NOTHING", "0", "-1"}:
            self.notes.leave(_("排序题的计分方式"))
        return Ordering(
            tuple(self._text(each) for each in self._answers()), grading in {"ALL_OR_NOTHING", "-1"}
        )

    def long(self) -> Long:
        """A text of one's own."""
        if (self.element.findtext("attachmentsrequired") or "0").strip() not in {"", "0"}:
            self.notes.leave(_("必须上传附件"))
        return Long(
            self._text(self.element.find("graderinfo")), self._text(self.element.find("responsetemplate"))
        )


_KINDS: Final[dict[str, Callable[[_Question], Body]]] = {
    "multichoice": _Question.choices,
    "truefalse": _Question.truth,
    "shortanswer": _Question.short,
    "numerical": _Question.numeric,
    "matching": _Question.matching,
    "match": _Question.matching,
    "ordering": _Question.ordering,
    "essay": _Question.long,
    "cloze": _Question.long,
    "multianswer": _Question.long,
}
_STRANGE: Final = {
    "description": "description 说明文字",
    "calculated": "calculated 计算题",
    "calculatedmulti": "calculatedmulti 计算选择题",
    "calculatedsimple": "calculatedsimple 简单计算题",
    "ddwtos": "ddwtos 拖字入文",
    "gapselect": "gapselect 选词填空",
    "ddimageortext": "ddimageortext 拖放到图",
    "ddmarker": "ddmarker 拖放标记",
    "random": "random 随机题",
    "randomsamatch": "randomsamatch 随机匹配题",
}


def address(name: str) -> str:
    """How Moodle writes the address of a file that comes with a text."""
    return f"{_PLACE}{quote(name)}"


def percent(earned: Decimal) -> str:
    """A share as Moodle writes it."""
    return f"{earned * 100:.5f}"
