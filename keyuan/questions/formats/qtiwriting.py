"""One item as QTI 2.1, 2.2 or 3.0: built with the names of 2.x; those of 3.0 are spelt from them."""

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final
from xml.etree.ElementTree import Element, SubElement, tostring

from django.utils.translation import gettext as _

from keyuan.questions.checking import SHARE_PLACES
from keyuan.questions.formats.gathering import Notes, Refused
from keyuan.questions.formats.holding import usual
from keyuan.questions.formats.markup import element
from keyuan.questions.formats.texts import readdressed
from keyuan.questions.items import (
    NONE,
    ONE,
    Accepted,
    Blank,
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
    Spelling,
    Truth,
    Value,
)  # fmt: skip

SPACES: Final = {
    "2.1": "http://www.imsglobal.org/xsd/imsqti_v2p1",
    "2.2": "http://www.imsglobal.org/xsd/imsqti_v2p2",
    "3.0": "http://www.imsglobal.org/xsd/imsqtiasi_v3p0",
}
_HTML: Final = {
    "p", "div", "br", "strong", "em", "b", "i", "u", "s", "sub", "sup", "ul", "ol", "li", "table", "caption", "thead",
    "tbody", "tr", "th", "td", "code", "pre", "blockquote", "ruby", "rt", "rp", "img",
}  # fmt: skip


def hold(item: Item, notes: Notes) -> Item:
    """What QTI 2 and 3 hold of an item."""
    body = item.body
    if isinstance(body, Blanks):
        item = usual(item, notes, spelling=Spelling(case=body.spelling.case))
        blanks = tuple(replace(blank, accepted=_plain(blank.accepted, notes)) for blank in body.blanks)
        return replace(item, body=Blanks(blanks, Spelling(case=body.spelling.case)))
    if isinstance(body, Short):
        item = usual(item, notes, spelling=Spelling(case=body.spelling.case))
        if not body.accepted:
            return replace(item, body=Short(guide=body.guide))
        item = usual(item, notes, guide="")
        return replace(item, body=Short(_plain(body.accepted, notes), Spelling(case=body.spelling.case)))
    if isinstance(body, Numeric):
        item = usual(item, notes, units=(), unit_needed=False)
        if any(each.feedback for each in body.values):
            notes.leave(_("答案反馈"))
        return replace(item, body=Numeric(_best_first(body)))
    if isinstance(body, Multiple) and body.exact:
        right = sum(choice.share > NONE for choice in body.choices)
        part = (ONE / right).quantize(SHARE_PLACES)
        return replace(
            item, body=replace(body, choices=tuple(_evenly(choice, part) for choice in body.choices))
        )
    return usual(item, notes, template="")


def _best_first(body: Numeric) -> tuple[Value, ...]:
    """Where two values hold a number the better counts; these formats take the first that does."""
    return tuple(replace(each, feedback="") for each in sorted(body.values, key=lambda each: -each.share))


def _evenly(choice: Choice, part: Decimal) -> Choice:
    return replace(choice, share=part if choice.share > NONE else NONE)


def _plain(accepted: tuple[Accepted, ...], notes: Notes) -> tuple[Accepted, ...]:
    if any(each.wild for each in accepted):
        raise Refused(_("答案里有代表任意文字的 *，无法写入 QTI。"))
    if any(each.feedback for each in accepted):
        notes.leave(_("答案反馈"))
    return tuple(replace(each, feedback="") for each in accepted)


def document(item: Item, number: int, version: str) -> bytes:
    """The XML of one item, as the `number`th of its package; pictures stand in the folder `images` beside it."""
    root = _Writer(item, number).root
    if version == "3.0":
        _spell(root)
    root.set("xmlns", SPACES[version])
    found: bytes = tostring(root, encoding="UTF-8", xml_declaration=True)
    return found


def _spell(root: Element) -> None:
    """Change names to those of 3.0, in place; what is said to people stands in a content body there."""
    for each in [*root.iter("modalFeedback"), *root.iter("rubricBlock")]:
        within = Element("contentBody")
        within.text, within[:] = each.text, list(each)
        each.text, each[:] = None, [within]
    for each in root.iter():
        if each.tag in _HTML:
            continue
        each.tag = "qti-" + _kebab(each.tag)
        attributes = {_kebab(name): value for name, value in each.attrib.items()}
        each.attrib.clear()
        each.attrib.update(attributes)


def _kebab(name: str) -> str:
    return re.sub("([A-Z])", lambda found: f"-{found[1].lower()}", name)


class _Writer:
    """Builds the elements of one item in the order the schema wants them."""

    def __init__(self, item: Item, number: int) -> None:
        self.item = item
        self.root = Element(
            "assessmentItem",
            identifier=f"q{number}", title=item.title, adaptive="false", timeDependent="false",
        )  # fmt: skip
        if item.code:
            self.root.set("label", item.code)
        self.declared, self.body = list[Element](), Element("itemBody")
        self.processing = Element("responseProcessing")
        self.said = dict[str, str]()
        body = item.body
        self._ask("question-blanks" if isinstance(body, Blanks) else "question-text", body)
        for kind, write in _KINDS:
            if isinstance(body, kind):
                write(self, body)
        self._put()

    def _put(self) -> None:
        self.root.extend(self.declared)
        self._outcome("SCORE", "0")
        self._outcome("MAXSCORE", f"{self.item.points:f}")
        if self.said:
            SubElement(
                self.root,
                "outcomeDeclaration",
                identifier="FEEDBACK",
                cardinality=self._many(),
                baseType="identifier",
            )
        if self.item.feedback:
            general = SubElement(
                self.root,
                "outcomeDeclaration",
                identifier="GENERAL",
                cardinality="single",
                baseType="identifier",
            )
            SubElement(SubElement(general, "defaultValue"), "value").text = "general"
        self.root.append(self.body)
        if len(self.processing):
            self._scaled()
        if self.said:
            said = SubElement(self.processing, "setOutcomeValue", identifier="FEEDBACK")
            SubElement(said, "variable", identifier="RESPONSE1")
        self.root.append(self.processing)
        for name, words in self.said.items():
            self._modal("FEEDBACK", name, words)
        if self.item.feedback:
            self._modal("GENERAL", "general", self.item.feedback)

    def _many(self) -> str:
        return "multiple" if isinstance(self.item.body, Multiple) else "single"

    def _outcome(self, name: str, value: str) -> None:
        outcome = SubElement(
            self.root, "outcomeDeclaration", identifier=name, cardinality="single", baseType="float"
        )
        SubElement(SubElement(outcome, "defaultValue"), "value").text = value

    def _modal(self, outcome: str, name: str, words: str) -> None:
        modal = SubElement(
            self.root, "modalFeedback", outcomeIdentifier=outcome, identifier=name, showHide="show"
        )
        modal.append(self._html("div", words)) if words else None

    def _html(self, tag: str, text: str, **attributes: str) -> Element:
        return element(tag, readdressed(text, lambda name: f"images/{name}"), **attributes)

    def _ask(self, place: str, body: object) -> None:
        if not isinstance(body, Blanks):
            self.body.append(self._html("div", self.item.text, **{"class": place}))
            return
        marked = re.sub(r"\[\[(\d+)\]\]", r"<textEntryInteraction>\1</textEntryInteraction>", self.item.text)
        asked = self._html("div", marked, **{"class": place})
        for entry in asked.iter("textEntryInteraction"):
            entry.set("responseIdentifier", f"RESPONSE{entry.text}")
            entry.text = None
        self.body.append(asked)

    def _declare(
        self,
        cardinality: str,
        base: str,
        correct: Iterable[str],
        mapping: Iterable[tuple[str, Decimal]] = (),
        **more: str,
    ) -> None:
        name = f"RESPONSE{len(self.declared) + 1}"
        declared = Element("responseDeclaration", identifier=name, cardinality=cardinality, baseType=base)
        values = list(correct)
        right = SubElement(declared, "correctResponse") if values else declared
        for each in values:
            SubElement(right, "value").text = each
        entries = list(mapping)
        if entries:
            mapped = SubElement(declared, "mapping", defaultValue="0")
            if cardinality == "multiple":
                mapped.set("lowerBound", "0")
            for key, value in entries:
                SubElement(mapped, "mapEntry", {"mapKey": key, "mappedValue": f"{value:f}", **more})
        self.declared.append(declared)

    def _scaled(self) -> None:
        """At the end the share that was reached is brought to points."""
        scaled = SubElement(self.processing, "setOutcomeValue", identifier="SCORE")
        product = SubElement(scaled, "product")
        SubElement(product, "variable", identifier="SCORE")
        SubElement(product, "variable", identifier="MAXSCORE")

    def _map(self, total: int = 1) -> None:
        """The share is what the mappings of all responses add up to, out of a total."""
        scored = SubElement(self.processing, "setOutcomeValue", identifier="SCORE")
        divided = SubElement(scored, "divide")
        added = SubElement(divided, "sum")
        for each in self.declared:
            SubElement(added, "mapResponse", identifier=each.get("identifier", ""))
        SubElement(divided, "baseValue", baseType="float").text = str(total)

    def _when(self, share: Decimal, condition: Element, *, adding: bool = False) -> None:
        """A share for what a condition says."""
        branch = SubElement(SubElement(self.processing, "responseCondition"), "responseIf")
        branch.append(condition)
        scored = SubElement(branch, "setOutcomeValue", identifier="SCORE")
        into = SubElement(scored, "sum") if adding else scored
        SubElement(into, "baseValue", baseType="float").text = f"{share:f}"
        if adding:
            SubElement(into, "variable", identifier="SCORE")

    def _all_right(self) -> None:
        same = Element("match")
        SubElement(same, "variable", identifier="RESPONSE1")
        SubElement(same, "correct", identifier="RESPONSE1")
        self._when(ONE, same)

    def choose(self, body: Single | Multiple) -> None:
        """Choose one or several."""
        several = isinstance(body, Multiple)
        named = {f"c{place}": choice for place, choice in enumerate(body.choices, 1)}
        full = [
            name
            for name, choice in named.items()
            if (choice.share > NONE if several else choice.share == ONE)
        ]
        exact = isinstance(body, Multiple) and body.exact
        weights = [] if exact else [(name, choice.share) for name, choice in named.items() if choice.share]
        self._declare(
            "multiple" if several else "single", "identifier", full if several else full[:1], weights
        )
        self._offer(
            "choiceInteraction",
            {name: x.text for name, x in named.items()},
            shuffle=body.shuffle,
            most=0 if several else 1,
        )
        self.said = {name: choice.feedback for name, choice in named.items() if choice.feedback}
        self._all_right() if exact else self._map()

    def _offer(self, tag: str, texts: dict[str, str], *, shuffle: bool, most: int | None = None) -> None:
        asked = SubElement(self.body, tag, responseIdentifier="RESPONSE1", shuffle=str(shuffle).lower())
        if most is not None:
            asked.set("maxChoices", str(most))
        for name, text in texts.items():
            asked.append(self._html("simpleChoice", text, identifier=name))

    def truth(self, body: Truth) -> None:
        """Right or wrong."""
        self._declare("single", "identifier", [str(body.right).lower()])
        self._offer("choiceInteraction", {"true": _("正确"), "false": _("错误")}, shuffle=False, most=1)
        self.said = {k: v for k, v in (("true", body.feedback_true), ("false", body.feedback_false)) if v}
        self._all_right()

    def order(self, body: Ordering) -> None:
        """Put in order."""
        texts = {f"c{place}": part for place, part in enumerate(body.parts, 1)}
        self._declare("ordered", "identifier", texts)
        self._offer("orderInteraction", texts, shuffle=True)
        if body.exact:
            self._all_right()
            return
        for place in range(1, len(texts) + 1):
            same = Element("match")
            for source in ("variable", "correct"):
                SubElement(SubElement(same, "index", n=str(place)), source, identifier="RESPONSE1")
            self._when(ONE / len(texts), same, adding=True)

    def match(self, body: Matching) -> None:
        """Find what belongs together."""
        options = {text: f"r{place}" for place, text in enumerate(body.options, 1)}
        pairs = [f"l{place} {options[pair.right]}" for place, pair in enumerate(body.pairs, 1)]
        self._declare(
            "multiple", "directedPair", pairs, [] if body.exact else [(pair, ONE) for pair in pairs]
        )
        asked = SubElement(
            self.body, "matchInteraction",
            responseIdentifier="RESPONSE1", shuffle=str(body.shuffle).lower(), maxAssociations=str(len(pairs)),
        )  # fmt: skip
        lefts, rights = SubElement(asked, "simpleMatchSet"), SubElement(asked, "simpleMatchSet")
        for place, pair in enumerate(body.pairs, 1):
            lefts.append(
                self._html("simpleAssociableChoice", pair.left, identifier=f"l{place}", matchMax="1")
            )
        for text, name in options.items():
            rights.append(
                self._html("simpleAssociableChoice", text, identifier=name, matchMax=str(len(pairs)))
            )
        self._all_right() if body.exact else self._map(len(pairs))

    def fill(self, body: Blanks | Short) -> None:
        """Blanks, or a few words of one's own."""
        if isinstance(body, Short) and not body.accepted:
            self.write(body)
            return
        blanks = body.blanks if isinstance(body, Blanks) else (Blank(body.accepted),)
        strict = str(not body.spelling.case).lower()
        for blank in blanks:
            full = next(each.text for each in blank.accepted if each.share == ONE)
            weights = [(each.text, each.share * blank.weight) for each in blank.accepted]
            self._declare("single", "string", [full], weights, caseSensitive=strict)
        if isinstance(body, Short):
            SubElement(SubElement(self.body, "p"), "textEntryInteraction", responseIdentifier="RESPONSE1")
        self._map(sum(blank.weight for blank in blanks))

    def count(self, body: Numeric) -> None:
        """A number."""
        full = next(each for each in body.values if each.share == ONE)
        self._declare("single", "float", [f"{full.value:f}"])
        SubElement(SubElement(self.body, "p"), "textEntryInteraction", responseIdentifier="RESPONSE1")
        condition = SubElement(self.processing, "responseCondition")
        for place, value in enumerate(body.values):
            room = f"{value.tolerance:f}"
            same = Element("equal", toleranceMode="absolute", tolerance=f"{room} {room}")
            SubElement(same, "variable", identifier="RESPONSE1")
            SubElement(same, "baseValue", baseType="float").text = f"{value.value:f}"
            branch = SubElement(condition, "responseElseIf" if place else "responseIf")
            branch.append(same)
            scored = SubElement(branch, "setOutcomeValue", identifier="SCORE")
            SubElement(scored, "baseValue", baseType="float").text = f"{value.share:f}"

    def write(self, body: Short | Long) -> None:
        """A text that a person marks."""
        self._declare("single", "string", [])
        if body.guide:
            self.body.append(self._html("rubricBlock", body.guide, view="scorer"))
        asked = SubElement(self.body, "extendedTextInteraction", responseIdentifier="RESPONSE1")
        if isinstance(body, Short):
            asked.set("class", "short")


_KINDS: Final[tuple[tuple[Any, Callable[[Any, Any], None]], ...]] = (
    (Single | Multiple, _Writer.choose),
    (Truth, _Writer.truth),
    (Ordering, _Writer.order),
    (Matching, _Writer.match),
    (Blanks | Short, _Writer.fill),
    (Numeric, _Writer.count),
    (Long, _Writer.write),
)
