"""The answers of QTI 2 and 3: what is declared right, what a mapping weighs, what the processing compares."""

from collections.abc import Iterable
from decimal import Decimal
from xml.etree.ElementTree import Element

from django.utils.translation import gettext as _

from keyuan.questions.checking import SHARE_PLACES, SLACK
from keyuan.questions.formats.gathering import Refused, line, number
from keyuan.questions.items import NONE, ONE, Accepted, Value


def exact(processing: Element | None) -> bool:
    """Whether only the wholly right answer earns: no part of it is looked at by itself."""
    return processing is None or next(processing.iter("index"), None) is None


class Response:
    """One responseDeclaration (作答声明) and whether its mapping counts."""

    def __init__(self, declared: Element, processing: Element | None) -> None:
        self.cardinality = declared.get("cardinality", "single")
        self.base = declared.get("baseType", "identifier")
        self.correct = [" ".join((x.text or "").split()) for x in declared.findall("correctResponse/value")]
        mapping = declared.find("mapping")
        self.entries = [] if mapping is None else mapping.findall("mapEntry")
        self.mapped = bool(self.entries) and _maps(processing)
        self.unlisted = NONE if mapping is None else number(mapping.get("defaultValue") or "0")

    def _weights(self) -> dict[str, Decimal]:
        return (
            {x.get("mapKey", ""): number(x.get("mappedValue")) for x in self.entries} if self.mapped else {}
        )

    @property
    def most(self) -> Decimal:
        """What the mapping can earn at most."""
        good = [each for each in self._weights().values() if each > NONE]
        return (max(good) if self.cardinality == "single" else sum(good, NONE)) if good else NONE

    def one(self) -> str:
        """The one right answer."""
        weights = self._weights()
        if self.correct:
            return self.correct[0]
        if not weights:
            raise Refused(_("没有写正确答案。"))
        return max(weights, key=lambda name: weights[name])

    def shares(self, names: Iterable[str], *, several: bool) -> dict[str, Decimal]:
        """The share each of the named choices earns."""
        weights = self._weights()
        if not weights:
            if not self.correct:
                raise Refused(_("没有写正确答案。"))
            part = (ONE / len(self.correct)).quantize(SHARE_PLACES) if several else ONE
            return dict.fromkeys(self.correct, part)
        whole = self.most
        if whole <= NONE:
            raise Refused(_("没有得分的选项。"))
        if abs(whole - ONE) <= SLACK:
            whole = ONE
        found = {name: weights.get(name, self.unlisted) for name in names}
        return {name: max(-ONE, (weight / whole).quantize(SHARE_PLACES)) for name, weight in found.items()}

    def pairs(self) -> list[str]:
        """The right pairs."""
        return self.correct or [name for name, weight in self._weights().items() if weight > NONE]

    def accepted(self) -> tuple[tuple[Accepted, ...], Decimal, bool]:
        """The accepted answers of a blank, its weight, and whether capitals count."""
        weights = self._weights()
        strict = any(x.get("caseSensitive", "true") == "true" for x in self.entries) if self.mapped else False
        whole = max(weights.values(), default=ONE)
        if whole <= NONE:
            raise Refused(_("没有得分的答案。"))
        found = {
            line(key, 600): max((weight / whole).quantize(SHARE_PLACES), NONE)
            for key, weight in weights.items()
        }
        if not weights:
            found = {line(key, 600): ONE for key in self.correct}
        if not found:
            raise Refused(_("没有写正确答案。"))
        return tuple(Accepted(words, earned) for words, earned in found.items()), whole, strict


def _maps(processing: Element | None) -> bool:
    """Whether the processing looks at the mapping; where nothing is said, a mapping is there to be used."""
    if processing is None or (len(processing) == 0 and not processing.get("template")):
        return True
    if "map_response" in (processing.get("template") or ""):
        return True
    return next(processing.iter("mapResponse"), None) is not None


def values_in(processing: Element | None, response: Response) -> tuple[Value, ...]:
    """The accepted numbers with their tolerances."""
    found = list[Value]()
    for branch in [] if processing is None else processing.iter():
        if branch.tag not in {"responseIf", "responseElseIf"}:
            continue
        same = next(branch.iter("equal"), None)
        if same is not None:
            value = _number_in(same, response)
            found.append(Value(value, _room(same, value), _earned(branch)))
    if found:
        most = max(each.share for each in found)
        if most <= NONE:
            raise Refused(_("没有得分的答案。"))
        return tuple(
            Value(x.value, x.tolerance, max((x.share / most).quantize(SHARE_PLACES), NONE)) for x in found
        )
    if response.mapped:
        accepted, _whole, _strict = response.accepted()
        return tuple(Value(number(each.text), NONE, each.share) for each in accepted)
    if not response.correct:
        raise Refused(_("没有写正确答案。"))
    return tuple(Value(number(each)) for each in response.correct)


def _number_in(same: Element, response: Response) -> Decimal:
    written = same.findtext("baseValue")
    return number(written or next(iter(response.correct), ""))


def _room(same: Element, value: Decimal) -> Decimal:
    """How far from the value is still right; the wider side where two are given."""
    mode, given = same.get("toleranceMode", "exact"), (same.get("tolerance") or "0").split()
    room = max((abs(number(each)) for each in given[:2]), default=NONE)
    if mode == "relative":
        return abs(value) * room / 100
    return room if mode == "absolute" else NONE


def _earned(branch: Element) -> Decimal:
    for each in branch.findall("setOutcomeValue"):
        written = each.findtext("baseValue") or each.findtext("product/baseValue")
        if each.get("identifier") == "SCORE" and written:
            return number(written)
    return ONE
