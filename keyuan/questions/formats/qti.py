"""IMS QTI 2.1, 2.2 and 3.0: one item in XML; the names of 3.0 are brought to those of 2.x and read alike."""

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Final
from xml.etree.ElementTree import Element

from django.utils.translation import gettext as _

from keyuan.questions.checking import texts_of
from keyuan.questions.formats.gathering import Notes, Refused, few, line, points
from keyuan.questions.formats.markup import inner
from keyuan.questions.formats.qtianswers import Response, exact, values_in
from keyuan.questions.formats.texts import Texts
from keyuan.questions.items import (
    NONE,
    ONE,
    Blank,
    Blanks,
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
)

_ENTRY: Final = "textEntryInteraction"
_ASIDE: Final = {
    "rubricBlock",
    "feedbackInline",
    "feedbackBlock",
    "prompt",
    "templateInline",
    "templateBlock",
}
_GAP: Final = "____"


def looks(root: Element) -> bool:
    """Whether the XML is one item of QTI 2 or 3."""
    return root.tag in {"assessmentItem", "qti-assessment-item"}


def version(root: Element) -> str:
    """The name of the format."""
    return "QTI 3.0" if root.tag.startswith("qti-") else "QTI 2.x"


def settle(element: Element) -> None:
    """Bring the names of 3.0 to those of 2.x, in place."""
    for each in element.iter():
        if each.tag.startswith("qti-"):
            each.tag = _camel(each.tag.removeprefix("qti-"))
            attributes = {_camel(name): value for name, value in each.attrib.items()}
            each.attrib.clear()
            each.attrib.update(attributes)


def _camel(name: str) -> str:
    first, *rest = name.split("-")
    return first + "".join(part.capitalize() for part in rest)


def item_of(root: Element, notes: Notes, find: Callable[[str], bytes | None]) -> Item:
    """The item in an assessmentItem. Raises Refused when it asks in a way the bank does not know."""
    settle(root)
    return _Assessment(root, Texts(notes, find), notes).item()


def _core(element: Element) -> Element:
    """The element itself or, where it only wraps one, the one within."""
    alone = len(element) == 1 and not (element.text or "").strip() and not (element[0].tail or "").strip()
    return _core(element[0]) if alone and element[0].tag in {"contentBody", "div"} else element


class _Assessment:
    """One assessmentItem that is being read."""

    def __init__(self, root: Element, texts: Texts, notes: Notes) -> None:
        self.root, self.texts, self.notes = root, texts, notes
        body = root.find("itemBody")
        if body is None:
            raise Refused(_("没有题目内容（itemBody）。"))
        self.body = body
        declared = {each.get("identifier", ""): each for each in root.findall("responseDeclaration")}
        self.responses = {
            name: Response(each, self.root.find("responseProcessing")) for name, each in declared.items()
        }
        self.interactions = [each for each in body.iter() if each.tag.endswith("Interaction")]
        few(self.interactions)
        few([each for each in body.iter() if each.tag in {"simpleChoice", "simpleAssociableChoice"}])
        self.said = self._feedback()

    def item(self) -> Item:
        """The item."""
        if self.root.find("templateDeclaration") is not None:
            raise Refused(_("带随机参数的模板题无法读入。"))
        body = self._answer()
        words = self._words(body)
        made = Item(
            words,
            body,
            code=line(self.root.get("label")),
            title=line(self.root.get("title")),
            points=self._points(),
            feedback=self.said.get("", ""),
        )
        return replace(made, pictures=self.texts.pictures(*texts_of(made)))

    def _points(self) -> Decimal:
        for each in self.root.findall("outcomeDeclaration"):
            value = each.findtext("defaultValue/value")
            if each.get("identifier") in {"MAXSCORE", "MAX_SCORE"} and value:
                return points(value, self.notes)
            if each.get("identifier") == "SCORE" and each.get("normalMaximum"):
                return points(each.get("normalMaximum"), self.notes)
        total = sum((each.most for each in self.responses.values()), NONE)
        return points(str(total), self.notes) if total > NONE else ONE

    def _feedback(self) -> dict[str, str]:
        """What is said to whom: by the identifier of what was chosen, "" to all."""
        known = {each.get("identifier") for each in self.body.iter() if each.tag == "simpleChoice"}
        found = dict[str, str]()
        for each in self.root.findall("modalFeedback"):
            words = self.texts.html(inner(_core(each)))
            name = each.get("identifier", "")
            if name in known:
                found[name] = words
            elif "" not in found and each.get("outcomeIdentifier") in {"GENERAL", "SOLUTION", "FEEDBACK"}:
                found[""] = words
            elif words:
                self.notes.leave(_("答对答错的统一反馈"))
        return found

    def _words(self, body: Body) -> str:
        """What is asked: our own place for it, or all of the body but what answers it."""
        own = next(
            (each for each in self.body if each.get("class") in {"question-text", "question-blanks"}), None
        )
        prompts = "".join(f"<p>{inner(each)}</p>" for each in self.body.iter("prompt") if inner(each).strip())
        places = {id(each): number for number, each in enumerate(self.interactions, 1)}
        lone = self._lone()

        def replaced(each: Element) -> str | None:
            if each.tag in _ASIDE:
                return ""
            if id(each) not in places:
                return None
            if isinstance(body, Blanks):
                return f"[[{places[id(each)]}]]"
            return _GAP if each.tag == _ENTRY and not lone else ""

        html = inner(self.body if own is None else own, replaced)
        return self.texts.html(re.sub(r"<div>\s*</div>|<p>\s*</p>", "", html) + prompts)

    def _lone(self) -> bool:
        """Whether the place to write stands by itself, not within a sentence."""
        for parent in self.body.iter():
            if any(each.tag == _ENTRY for each in parent):
                words = "".join([parent.text or "", *((each.tail or "") for each in parent)])
                return not words.strip() and (parent is not self.body or len(parent) > 1)
        return True

    def _answer(self) -> Body:
        kinds = {each.tag for each in self.interactions}
        if not kinds:
            raise Refused(_("没有作答区，是说明文字，不是试题。"))
        if kinds == {_ENTRY}:
            return self._entries()
        if len(self.interactions) > 1:
            raise Refused(_("一题里有几个作答区，请拆成几题。"))
        asked = self.interactions[0]
        if asked.tag not in _KINDS:
            raise Refused(_("作答方式“%(kind)s”无法读入。") % {"kind": asked.tag[:40]})
        return _KINDS[asked.tag](self, asked)

    def _response(self, asked: Element) -> Response:
        found = self.responses.get(asked.get("responseIdentifier", ""))
        if found is None:
            raise Refused(_("没有声明这个作答区的答案（responseDeclaration）。"))
        return found

    def _label(self, each: Element) -> str:
        return self.texts.html(inner(each, lambda part: "" if part.tag in _ASIDE else None))

    def _choices(self, asked: Element) -> dict[str, str]:
        return {each.get("identifier", ""): self._label(each) for each in asked.iter("simpleChoice")}

    def _said_to(self, asked: Element, name: str) -> str:
        for each in asked.iter("simpleChoice"):
            inside = next((x for x in each.iter() if x.tag in {"feedbackInline", "feedbackBlock"}), None)
            if each.get("identifier") == name and inside is not None:
                return self.texts.html(inner(inside))
        return self.said.get(name, "")

    def choose(self, asked: Element) -> Body:
        """Choose one, several, or right and wrong."""
        response, texts = self._response(asked), self._choices(asked)
        shuffle = asked.get("shuffle", "false") == "true"
        if set(texts) == {"true", "false"}:
            said = (self._said_to(asked, "true"), self._said_to(asked, "false"))
            return Truth(response.one() == "true", *said)
        if response.cardinality == "single":
            shares = response.shares(texts, several=False)
            return Single(
                tuple(Choice(x, shares.get(n, NONE), self._said_to(asked, n)) for n, x in texts.items()),
                shuffle,
            )
        shares = response.shares(texts, several=True)
        choices = tuple(Choice(x, shares.get(n, NONE), self._said_to(asked, n)) for n, x in texts.items())
        return Multiple(choices, not response.mapped, shuffle)

    def order(self, asked: Element) -> Ordering:
        """Put in order."""
        response, texts = self._response(asked), self._choices(asked)
        if sorted(response.correct) != sorted(texts):
            raise Refused(_("正确顺序与排序项对不上。"))
        return Ordering(
            tuple(texts[name] for name in response.correct), exact(self.root.find("responseProcessing"))
        )

    def match(self, asked: Element) -> Matching:
        """Find what belongs together."""
        sets = asked.findall("simpleMatchSet")
        if len(sets) != 2:
            raise Refused(_("匹配题应有左右两组。"))
        lefts, rights = ({x.get("identifier", ""): self._label(x) for x in each} for each in sets)
        chosen = dict[str, str]()
        for pair in self._response(asked).pairs():
            left, _space, right = pair.partition(" ")
            if left not in lefts or right not in rights or left in chosen:
                raise Refused(_("匹配题只能是左边每项配右边一项。"))
            chosen[left] = right
        if set(chosen) != set(lefts):
            raise Refused(_("匹配题左边有的项没有答案。"))
        extra = tuple(text for name, text in rights.items() if name not in chosen.values())
        pairs = tuple(Pair(text, rights[chosen[name]]) for name, text in lefts.items())
        return Matching(
            pairs, extra, not self._response(asked).mapped, asked.get("shuffle", "false") == "true"
        )

    def write(self, asked: Element) -> Body:
        """A text of one's own; a few words where the place is marked so."""
        guides = [
            inner(x)
            for x in self.body.findall("rubricBlock")
            if x.get("view", "") in {"scorer", "author scorer"}
        ]
        guide = self.texts.html("".join(re.sub(r"</?contentBody>", "", each) for each in guides))
        return Short(guide=guide) if asked.get("class") == "short" else Long(guide)

    def _entries(self) -> Body:
        first = self._response(self.interactions[0])
        if len(self.interactions) == 1 and first.base in {"float", "integer"}:
            return Numeric(values_in(self.root.find("responseProcessing"), first))
        found = [self._response(each).accepted() for each in self.interactions]
        case = {strict for _accepted, _weight, strict in found}
        if len(case) > 1:
            raise Refused(_("同一题里有的空区分大小写、有的不区分，无法读入。"))
        spelling = Spelling(case=not case.pop())
        own = any(each.get("class") == "question-blanks" for each in self.body)
        if len(found) == 1 and self._lone() and not own:
            return Short(found[0][0], spelling)
        whole = all(
            weight == weight.to_integral_value() and 1 <= weight <= 100 for _accepted, weight, _case in found
        )
        weights = [int(weight) if whole else 1 for _accepted, weight, _case in found]
        if not whole and len({weight for _accepted, weight, _case in found}) > 1:
            self.notes.leave(_("各空不同的分值"))
        blanks = (Blank(accepted, weight) for (accepted, _w, _c), weight in zip(found, weights, strict=True))
        return Blanks(tuple(blanks), spelling)


_KINDS: Final[dict[str, Callable[[_Assessment, Element], Body]]] = {
    "choiceInteraction": _Assessment.choose,
    "orderInteraction": _Assessment.order,
    "matchInteraction": _Assessment.match,
    "extendedTextInteraction": _Assessment.write,
}
