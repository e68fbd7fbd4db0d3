"""Items as one document of QTI 1.2, with the question types of Canvas."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from decimal import Decimal
from math import gcd
from typing import Any, Final
from xml.etree.ElementTree import Element, SubElement, tostring

from django.utils.translation import gettext as _

from keyuan.questions.formats import qtiwriting
from keyuan.questions.formats.gathering import Notes
from keyuan.questions.formats.holding import usual
from keyuan.questions.formats.texts import readdressed
from keyuan.questions.items import (
    NONE,
    Blanks,
    Item,
    Kind,
    Long,
    Matching,
    Multiple,
    Numeric,
    Ordering,
    Short,
    Single,
    Truth,
)  # fmt: skip
from keyuan.questions.richtext import from_plain

_TYPES: Final = {
    Kind.SINGLE: "multiple_choice_question",
    Kind.MULTIPLE: "multiple_answers_question",
    Kind.TRUTH: "true_false_question",
    Kind.BLANKS: "fill_in_multiple_blanks_question",
    Kind.MATCHING: "matching_question",
    Kind.ORDERING: "ordering_question",
    Kind.NUMERIC: "numerical_question",
    Kind.SHORT: "short_answer_question",
    Kind.LONG: "essay_question",
}


def hold(item: Item, notes: Notes) -> Item:
    """What QTI 1.2 holds of an item."""
    item = qtiwriting.hold(item, notes)
    body = item.body
    if isinstance(body, Matching):
        return usual(item, notes, exact=False)
    if isinstance(body, Short) and not body.accepted:
        notes.leave(_("题型（按论述题写出）"))
        return replace(item, body=Long(body.guide))
    if isinstance(body, Blanks):
        common = gcd(*(blank.weight for blank in body.blanks))
        return replace(
            item, body=replace(body, blanks=tuple(replace(x, weight=x.weight // common) for x in body.blanks))
        )
    return item


def document(items: Iterable[Item]) -> bytes:
    """The XML of the items; pictures stand in folders beside it."""
    root = Element("questestinterop", xmlns="http://www.imsglobal.org/xsd/ims_qtiasiv1p2")
    section = SubElement(
        SubElement(root, "assessment", ident="questions", title=_("题库")), "section", ident="root_section"
    )
    for number, item in enumerate(items, 1):
        section.append(_Writer(item, number).root)
    found: bytes = tostring(root, encoding="UTF-8", xml_declaration=True)
    return found


def folder_of(number: int) -> str:
    """The folder of the pictures of the `number`th item."""
    return f"images/q{number}"


class _Writer:
    """Builds one item element."""

    def __init__(self, item: Item, number: int) -> None:
        self.item, self.body, self.folder = item, item.body, folder_of(number)
        self.root = Element("item", ident=f"q{number}", title=item.title)
        if item.code:
            self.root.set("label", item.code)
        self._fields()
        self.presentation = SubElement(self.root, "presentation")
        self.processing = SubElement(self.root, "resprocessing")
        self.outcome = SubElement(
            SubElement(self.processing, "outcomes"),
            "decvar",
            varname="SCORE",
            vartype="Decimal",
            minvalue="0",
            maxvalue="100",
        )
        self.said = dict[str, str]()
        text = item.text
        if isinstance(self.body, Blanks):
            for place in range(1, len(self.body.blanks) + 1):
                text = text.replace(f"[[{place}]]", f"[blank{place}]")
        self._material(self.presentation, text)
        for kind, write in _KINDS:
            if isinstance(self.body, kind):
                write(self, self.body)
        self._feedback()

    def _material(self, parent: Element, text: str) -> None:
        mattext = SubElement(SubElement(parent, "material"), "mattext", texttype="text/html")
        mattext.text = readdressed(text, lambda name: f"{self.folder}/{name}")

    def _fields(self) -> None:
        item = self.item
        into = SubElement(SubElement(self.root, "itemmetadata"), "qtimetadata")
        fields = {
            "question_type": _TYPES[item.kind],
            "points_possible": f"{item.points:f}",
            "keywords": ",".join(item.tags),
            "difficulty": str(item.difficulty or ""),
            "category": item.category,
        }
        for label, entry in fields.items():
            if entry:
                each = SubElement(into, "qtimetadatafield")
                SubElement(each, "fieldlabel").text = label
                SubElement(each, "fieldentry").text = entry

    def _feedback(self) -> None:
        for name, words in {
            **{f"{key}_fb": x for key, x in self.said.items()},
            "general_fb": self.item.feedback,
        }.items():
            if words:
                self._material(
                    SubElement(SubElement(self.root, "itemfeedback", ident=name), "flow_mat"), words
                )
        if isinstance(self.body, Long) and self.body.guide:
            solution = SubElement(SubElement(self.root, "itemfeedback", ident="guide"), "solution")
            self._material(SubElement(SubElement(solution, "solutionmaterial"), "flow_mat"), self.body.guide)

    def _when(self, amount: Decimal, *same: tuple[str, str], action: str = "Set", case: str = "") -> Element:
        """What earns an amount: the place and the value that is compared; several hold together."""
        condition = SubElement(self.processing, "respcondition", {"continue": "Yes"})
        variables = SubElement(condition, "conditionvar")
        into = SubElement(variables, "and") if len(same) > 1 else variables
        for place, value in same:
            compared = SubElement(into, "varequal", respident=place)
            compared.text = value
            if case:
                compared.set("case", case)
        SubElement(condition, "setvar", varname="SCORE", action=action).text = f"{amount:f}"
        return condition

    def _offer(
        self,
        place: str,
        labels: dict[str, str],
        *,
        many: str = "Single",
        shuffle: bool = False,
        text: str = "",
    ) -> None:
        response = SubElement(self.presentation, "response_lid", ident=place, rcardinality=many)
        if text:
            self._material(response, text)
        render = SubElement(response, "render_choice", shuffle="Yes" if shuffle else "No")
        for name, label in labels.items():
            self._material(SubElement(render, "response_label", ident=name), label)

    def choose(self, body: Single | Multiple) -> None:
        """Choose one or several."""
        named = {f"c{place}": choice for place, choice in enumerate(body.choices, 1)}
        several = isinstance(body, Multiple)
        many = "Multiple" if several else "Single"
        self._offer("response1", {name: x.text for name, x in named.items()}, many=many, shuffle=body.shuffle)
        self.said = {name: x.feedback for name, x in named.items() if x.feedback}
        if isinstance(body, Multiple) and body.exact:
            self._exactly(
                [n for n, x in named.items() if x.share > NONE],
                [n for n, x in named.items() if x.share <= NONE],
            )
            return
        for name, choice in named.items():
            if choice.share:
                self._when(choice.share * 100, ("response1", name), action="Add" if several else "Set")

    def _exactly(self, right: list[str], wrong: list[str]) -> None:
        condition = SubElement(self.processing, "respcondition", {"continue": "No"})
        both = SubElement(SubElement(condition, "conditionvar"), "and")
        for name in right:
            SubElement(both, "varequal", respident="response1").text = name
        for name in wrong:
            SubElement(SubElement(both, "not"), "varequal", respident="response1").text = name
        SubElement(condition, "setvar", varname="SCORE", action="Set").text = "100"

    def truth(self, body: Truth) -> None:
        """Right or wrong."""
        self._offer("response1", {"true": _("正确"), "false": _("错误")})
        self.said = {"true": body.feedback_true, "false": body.feedback_false}
        self._when(Decimal(100), ("response1", str(body.right).lower()))

    def order(self, body: Ordering) -> None:
        """Put in order."""
        labels = {f"c{place}": part for place, part in enumerate(body.parts, 1)}
        self._offer("response1", labels, many="Ordered", shuffle=True)
        if body.exact:
            condition = self._when(Decimal(100), *(("response1", name) for name in labels))
            for place, compared in enumerate(condition.iter("varequal"), 1):
                compared.set("index", str(place))
            return
        for place, name in enumerate(labels, 1):
            condition = self._when(Decimal(100) / len(labels), ("response1", name), action="Add")
            next(condition.iter("varequal")).set("index", str(place))

    def match(self, body: Matching) -> None:
        """Find what belongs together: one place per left."""
        options = {text: f"r{place}" for place, text in enumerate(body.options, 1)}
        labels = {name: text for text, name in options.items()}
        for place, pair in enumerate(body.pairs, 1):
            self._offer(f"response{place}", labels, shuffle=body.shuffle, text=pair.left)
            self._when(
                Decimal(100) / len(body.pairs), (f"response{place}", options[pair.right]), action="Add"
            )

    def fill(self, body: Blanks) -> None:
        """Blanks: the wordings of each as labels."""
        case = "No" if body.spelling.case else "Yes"
        self.outcome.set("maxvalue", str(sum(blank.weight for blank in body.blanks)))
        for number, blank in enumerate(body.blanks, 1):
            place = f"response_blank{number}"
            labels = {f"a{number}-{n}": each for n, each in enumerate(blank.accepted, 1)}
            response = SubElement(self.presentation, "response_lid", ident=place)
            SubElement(SubElement(response, "material"), "mattext").text = f"blank{number}"
            render = SubElement(response, "render_choice")
            for name, each in labels.items():
                mattext = SubElement(SubElement(render, "response_label", ident=name), "material")
                SubElement(mattext, "mattext", texttype="text/html").text = from_plain(each.text)
                self._when(each.share * blank.weight, (place, name), action="Add", case=case)

    def short(self, body: Short) -> None:
        """A few words."""
        self._write("String")
        for each in body.accepted:
            self._when(each.share * 100, ("response1", each.text), case="No" if body.spelling.case else "Yes")

    def _write(self, kind: str, rows: str = "1") -> None:
        response = SubElement(self.presentation, "response_str", ident="response1", rcardinality="Single")
        SubElement(response, "render_fib", fibtype=kind, rows=rows)

    def count(self, body: Numeric) -> None:
        """A number between two others."""
        self._write("Decimal")
        for value in body.values:
            condition = self._when(value.share * 100)
            condition.set("continue", "No")
            variables = next(condition.iter("conditionvar"))
            SubElement(variables, "vargte", respident="response1").text = f"{value.value - value.tolerance:f}"
            SubElement(variables, "varlte", respident="response1").text = f"{value.value + value.tolerance:f}"

    def long(self, _body: Long) -> None:
        """A text of one's own."""
        self._write("String", "15")


_KINDS: Final[tuple[tuple[Any, Callable[[Any, Any], None]], ...]] = (
    (Single | Multiple, _Writer.choose),
    (Truth, _Writer.truth),
    (Ordering, _Writer.order),
    (Matching, _Writer.match),
    (Blanks, _Writer.fill),
    (Short, _Writer.short),
    (Numeric, _Writer.count),
    (Long, _Writer.long),
)
