"""IMS QTI 1.2: items as Canvas, Blackboard and others export them, with the question types of Canvas and Common Cartridge."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from math import gcd
from typing import Final
from xml.etree.ElementTree import Element

from django.utils.translation import gettext as _

from keyuan.questions.checking import SHARE_PLACES, SLACK, texts_of
from keyuan.questions.formats.gathering import Gathering, Notes, Refused, few, line, number, points, tag_words
from keyuan.questions.formats.texts import Texts
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
    Ordering,
    Pair,
    Short,
    Single,
    Spelling,
    Truth,
    Value,
)
from keyuan.questions.richtext import clean, to_plain

TITLE: Final = "QTI 1.2"
_STRANGE: Final = {
    "calculated_question": "calculated_question 公式计算题",
    "multiple_dropdowns_question": "multiple_dropdowns_question 下拉选择题",
    "file_upload_question": "file_upload_question 上传文件题",
    "text_only_question": "text_only_question 说明文字",
}
_RESPONSES: Final = {"response_lid", "response_str", "response_num", "response_xy", "response_grp"}


def looks(root: Element) -> bool:
    """Whether the XML is a document of QTI 1.2."""
    return root.tag == "questestinterop"


def gather(gathering: Gathering, root: Element, find: Callable[[str], bytes | None]) -> None:
    """Take the items of a document, whether they stand in an assessment, sections or a bank."""
    for element in root.iter("item"):

        def make(notes: Notes, element: Element = element) -> Item:
            return _Old(element, Texts(notes, find), notes).item()

        gathering.take(make, element.get("title") or element.get("ident") or "")


class _Condition:
    """One respcondition (判分条件): what it compares, and what it sets or adds."""

    def __init__(self, element: Element) -> None:
        self.element = element
        variables = element.find("conditionvar")
        self.variables = Element("conditionvar") if variables is None else variables
        denied = {id(x) for each in self.variables.iter("not") for x in each.iter()}
        self.same = [x for x in self.variables.iter("varequal") if id(x) not in denied]
        sets = [
            x
            for x in element.findall("setvar")
            if x.get("varname", "SCORE").upper() in {"SCORE", "QUE_SCORE"}
        ]
        self.value = sum((_amount(x) for x in sets), NONE)
        self.scores = bool(sets)
        self.links = [x.get("linkrefid", "") for x in element.findall("displayfeedback")]

    @property
    def together(self) -> bool:
        """Whether several comparisons must hold at once."""
        return next(self.variables.iter("and"), None) is not None or len(self.same) > 1


def _amount(each: Element) -> Decimal:
    amount = number(each.text)
    return -amount if each.get("action") == "Subtract" else amount


class _Old:
    """One item element that is being read."""

    def __init__(self, element: Element, texts: Texts, notes: Notes) -> None:
        self.element, self.texts, self.notes = element, texts, notes
        self.fields = {
            each.findtext("fieldlabel", "").strip(): each.findtext("fieldentry", "").strip()
            for each in element.iter("qtimetadatafield")
        }
        presentation = element.find("presentation")
        if presentation is None:
            raise Refused(_("没有题目内容（presentation）。"))
        self.presentation = presentation
        self.responses = [each for each in presentation.iter() if each.tag in _RESPONSES]
        few(self.responses)
        few(list(element.iter("respcondition")))
        few(max((list(each.iter("response_label")) for each in self.responses), key=len, default=[]))
        self.conditions = [_Condition(each) for each in element.iter("respcondition")]
        self.said = {x.get("ident", ""): self._material(x) for x in element.findall("itemfeedback")}
        self.kind = self.fields.get("question_type") or self.fields.get("cc_profile") or ""

    def item(self) -> Item:
        """The item."""
        if self.kind in _STRANGE:
            raise Refused(_("题型“%(kind)s”无法读入。") % {"kind": _STRANGE[self.kind]})
        body = self._body()
        worth = next(
            (
                self.fields[x]
                for x in ("points_possible", "cc_weighting", "qmd_weighting")
                if self.fields.get(x)
            ),
            "",
        )
        level = self.fields.get("difficulty", "")
        made = Item(
            self._words(body),
            body,
            code=line(self.element.get("label")),
            title=line(self.element.get("title")),
            points=points(worth, self.notes),
            category=line(self.fields.get("category")),
            tags=tag_words([self.fields.get("keywords", "")]),
            difficulty=int(level) if level in {"1", "2", "3", "4", "5"} else 0,
            feedback=self.said.get("general_fb", ""),
        )
        return replace(made, pictures=self.texts.pictures(*texts_of(made)))

    def _material(self, element: Element) -> str:
        """The texts of all material inside, pictures included."""
        words = list[str]()
        for each in element.iter():
            if each.tag in {"mattext", "matemtext"}:
                plain = each.get("texttype", "text/plain").lower() == "text/plain"
                given = each.text or ""
                words.append(
                    self.texts.plain(given) if plain and "<" not in given else self.texts.html(given)
                )
            elif each.tag == "matimage" and each.get("uri"):
                words.append(self.texts.html(f'<img src="{each.get("uri")}" alt="">'))
        return clean("".join(words) if len(words) < 2 else "".join(f"<p>{x}</p>" for x in words))

    def _words(self, body: Body) -> str:
        """What is asked: the material outside the answers; blanks of a flow stand where they are answered."""
        if isinstance(body, Blanks) and self.kind != "fill_in_multiple_blanks_question":
            return clean("".join(self._flow(self.presentation)))
        answers = {id(x) for response in self.responses for x in response.iter()}
        asked = Element("asked")
        outside = [x for x in self.presentation.iter("material") if id(x) not in answers]
        inside = [x for response in self.responses[:1] for x in response.findall("material")]
        asked.extend(outside or (inside if len(self.responses) == 1 else []))
        words = self._material(asked)
        if isinstance(body, Blanks):
            for place, response in enumerate(self.responses, 1):
                words = words.replace(f"[{to_plain(self._name(response))}]", f"[[{place}]]")
        return words

    def _flow(self, element: Element) -> list[str]:
        words = list[str]()
        for each in element:
            if each in self.responses:
                words.append(f" [[{self.responses.index(each) + 1}]] ")
            elif each.tag == "material":
                words.append(self._material(each))
            else:
                words += self._flow(each)
        return words

    def _own(self, response: Element) -> str:
        """The text that belongs to one answer place."""
        found = response.find("material")
        return "" if found is None else self._material(found)

    def _name(self, response: Element) -> str:
        return self._own(response) or response.get("ident", "").removeprefix("response_")

    def _body(self) -> Body:
        if not self.responses:
            raise Refused(_("没有作答区，是说明文字，不是试题。"))
        kinds = {each.tag for each in self.responses}
        if kinds == {"response_lid"}:
            if self.kind == "fill_in_multiple_blanks_question":
                return self._blanks()
            if len(self.responses) > 1:
                return self._matching()
            return self._chosen(self.responses[0])
        if not kinds <= {"response_str", "response_num"}:
            raise Refused(_("作答方式“%(kind)s”无法读入。") % {"kind": "、".join(sorted(kinds))})
        return self._typed()

    def _labels(self, response: Element) -> dict[str, str]:
        return {each.get("ident", ""): self._material(each) for each in response.iter("response_label")}

    def _feedback(self, name: str) -> str:
        """What is said to who chose a label."""
        for each in self.conditions:
            if [(x.text or "").strip() for x in each.same] == [name]:
                for link in each.links:
                    if self.said.get(link):
                        return self.said[link]
        return self.said.get(f"{name}_fb", "")

    def _chosen(self, response: Element) -> Body:
        labels = self._labels(response)
        ordered = response.get("rcardinality", "Single").lower()
        if ordered == "ordered":
            return self._ordering(labels)
        render = response.find("render_choice")
        shuffle = render is not None and render.get("shuffle", "No").lower() == "yes"
        words = {to_plain(text).strip().lower(): name for name, text in labels.items()}
        if set(labels) == {"true", "false"} or (
            "true_false" in self.kind and set(words) == {"true", "false"}
        ):
            yes = "true" if "true" in labels else words["true"]
            no = "false" if "false" in labels else words["false"]
            return Truth(
                self._shares(several=False).get(yes, NONE) == ONE, self._feedback(yes), self._feedback(no)
            )
        together = any(each.together and each.scores for each in self.conditions)
        several = ordered == "multiple"
        shares = self._together() if several and together else self._shares(several=several)
        choices = tuple(
            Choice(text, shares.get(name, NONE), self._feedback(name)) for name, text in labels.items()
        )
        return Multiple(choices, together, shuffle) if several else Single(choices, shuffle)

    def _together(self) -> dict[str, Decimal]:
        """Even shares of the choices that are right only together."""
        best = max((x for x in self.conditions if x.scores), key=lambda x: x.value)
        names = [(x.text or "").strip() for x in best.same]
        return dict.fromkeys(names, (ONE / max(len(names), 1)).quantize(SHARE_PLACES))

    def _earned(self) -> dict[str, Decimal]:
        """What each compared value earns, in the units of the file."""
        found = dict[str, Decimal]()
        for each in self.conditions:
            for same in each.same if each.scores else []:
                name = (same.text or "").strip()
                found[name] = max(found.get(name, each.value), each.value)
        return found

    def _shares(self, *, several: bool) -> dict[str, Decimal]:
        found = self._earned()
        good = [value for value in found.values() if value > NONE]
        if not good:
            raise Refused(_("没有写正确答案。"))
        declared = self._declared()
        whole = sum(good, NONE) if several else max(good)
        if several and declared and abs(whole / declared - ONE) <= SLACK:
            whole = declared
        return {name: max((value / whole).quantize(SHARE_PLACES), -ONE) for name, value in found.items()}

    def _declared(self) -> Decimal:
        """The most the outcome may be, 0 when the file does not say."""
        said = next((x.get("maxvalue") for x in self.element.iter("decvar") if x.get("maxvalue")), None)
        return number(said) if said else NONE

    def _ordering(self, labels: dict[str, str]) -> Ordering:
        scored = [each for each in self.conditions if each.scores and each.value > NONE]
        same = [x for each in scored for x in each.same]
        if all(x.get("index", "").isdigit() for x in same):
            same.sort(key=lambda x: int(x.get("index", "0")))
        names = [(x.text or "").strip() for x in same]
        if sorted(names) != sorted(labels):
            raise Refused(_("正确顺序与排序项对不上。"))
        return Ordering(tuple(labels[name] for name in names), len(scored) == 1)

    def _matching(self) -> Matching:
        right = {
            x.get("respident", ""): (x.text or "").strip()
            for each in self.conditions
            if each.scores
            for x in each.same
        }
        pairs, options = list[Pair](), list[str]()
        for response in self.responses:
            labels = self._labels(response)
            name = right.get(response.get("ident", ""), "")
            if name not in labels:
                raise Refused(_("匹配题左边有的项没有答案。"))
            pairs.append(Pair(self._own(response), labels[name]))
            options += labels.values()
        known = {pair.right for pair in pairs}
        render = self.responses[0].find("render_choice")
        shuffle = render is not None and render.get("shuffle", "Yes").lower() == "yes"
        return Matching(
            tuple(pairs), tuple(dict.fromkeys(x for x in options if x not in known)), shuffle=shuffle
        )

    def _blanks(self) -> Blanks:
        """Blanks of Canvas: every listed wording is right, unless the file weighs it otherwise."""
        found, weights = list[dict[str, Decimal]](), list[int]()
        for response in self.responses:
            name = response.get("ident", "")
            values = {
                (x.text or "").strip(): each.value
                for each in self.conditions
                for x in each.same
                if each.scores and x.get("respident") == name
            }
            most = max(values.values(), default=ONE)
            words = {line(to_plain(text), 600): key for key, text in self._labels(response).items()}
            found.append(
                {text: max(values.get(key, most) / (most or ONE), NONE) for text, key in words.items()}
            )
            weights.append(int(most) if most == int(most) and 1 <= most <= 100 else 1)
        common = gcd(*weights)
        blanks = (
            Blank(
                tuple(Accepted(text, share.quantize(SHARE_PLACES)) for text, share in each.items()),
                weight // common,
            )
            for each, weight in zip(found, weights, strict=True)
        )
        return Blanks(tuple(blanks), Spelling(case=not self._strict()))

    def _strict(self) -> bool:
        return any(x.get("case", "No").lower() == "yes" for each in self.conditions for x in each.same)

    def _typed(self) -> Body:
        numbers = [x for x in self.element.iter() if x.tag in {"vargte", "vargt", "varlte", "varlt"}]
        fib = next(self.presentation.iter("render_fib"), None)
        typed = "" if fib is None else fib.get("fibtype", "String").lower()
        if "numerical" in self.kind or numbers or typed in {"decimal", "integer"}:
            return Numeric(tuple(self._values()))
        scored = [x for each in self.conditions if each.scores for x in each.same]
        if not scored:
            guide = next((self._material(x) for x in self.element.iter("solution")), "")
            return Long(guide)
        if len(self.responses) == 1:
            shares = self._shares(several=False)
            found = (Accepted(line(words, 600), max(share, NONE)) for words, share in shares.items())
            return Short(tuple(found), Spelling(case=not self._strict()))
        blanks = list[Blank]()
        for response in self.responses:
            name = response.get("ident", "")
            words = dict.fromkeys(line(x.text, 600) for x in scored if x.get("respident") == name)
            blanks.append(Blank(tuple(Accepted(each) for each in words)))
        return Blanks(tuple(blanks), Spelling(case=not self._strict()))

    def _values(self) -> list[Value]:
        found = list[tuple[Decimal, Decimal, Decimal]]()
        for each in self.conditions:
            lows = [number(x.text) for x in each.variables.iter() if x.tag in {"vargte", "vargt"}]
            highs = [number(x.text) for x in each.variables.iter() if x.tag in {"varlte", "varlt"}]
            sames = [number(x.text) for x in each.same]
            if not each.scores or not (sames or (lows and highs)):
                continue
            value = sames[0] if sames else (lows[0] + highs[0]) / 2
            room = max((abs(x - value) for x in [*lows, *highs]), default=NONE)
            found.append((value, room, each.value))
        most = max((earned for _value, _room, earned in found), default=NONE)
        if most <= NONE:
            raise Refused(_("没有写正确答案。"))
        return [
            Value(value, room, max((earned / most).quantize(SHARE_PLACES), NONE))
            for value, room, earned in found
        ]
