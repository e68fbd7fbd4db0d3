"""A proposal, what differs between two, and what people know, as workbooks."""

from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import gettext as _

from keyuan.duty.queries.proposals import GONE, KINDS, PLACED, Line, Pair
from keyuan.kernel.sheet import Sheet, told
from keyuan.people.models import Person

PROPOSAL = Sheet(
    "duty.proposal",
    "听课讲课排期方案",
    (
        told("name", "姓名", 12), told("unit", "单位", 28), told("field", "学科或片区", 12), told("kind", "任务", 8),
        told("result", "结果", 10), told("day", "日期", 12), told("place", "班次或课次", 44), told("was", "原安排", 36),
        told("why", "理由", 70),
    ),
)  # fmt: skip
COMPARED = Sheet(
    "duty.compared",
    "两个排期方案的不同",
    (
        told("name", "姓名", 12), told("unit", "单位", 28), told("kind", "任务", 8), told("one", "前一个方案", 44),
        told("other", "后一个方案", 44), told("why", "理由", 70),
    ),
)  # fmt: skip
KNOWN = Sheet(
    "duty.expertise",
    "领导专长",
    (told("name", "姓名", 12), told("unit", "职务", 36), told("known", "专长", 60)),
)


def proposal_file(lines: Iterable[Line]) -> bytes:
    """The lines as they are narrowed."""
    kinds = {key: str(word) for key, word in KINDS}
    results = {PLACED: _("排上"), GONE: _("取消原安排")}
    return PROPOSAL.export(
        {
            "name": line.name, "unit": line.unit, "field": line.area, "kind": kinds[line.kind],
            "result": results.get(line.result, _("没有排上")), "day": f"{line.day:%Y-%m-%d}" if line.day else "",
            "place": line.place, "was": line.was, "why": line.change or line.why,
        }
        for line in lines
    )  # fmt: skip


def compared_file(pairs: Iterable[Pair]) -> bytes:
    """Every duty placed differently."""
    kinds = {key: str(word) for key, word in KINDS}
    return COMPARED.export(
        {"name": one.name, "unit": one.unit, "kind": kinds[one.kind], "one": one.one, "other": one.other, "why": one.why}
        for one in pairs
    )  # fmt: skip


def expertise_file(people: Sequence[Person], offices: Mapping[int, str], known: Mapping[int, str]) -> bytes:
    """Who leads what and knows what."""
    return KNOWN.export(
        {"name": one.name, "unit": offices.get(one.pk, ""), "known": known.get(one.pk, "")} for one in people
    )
