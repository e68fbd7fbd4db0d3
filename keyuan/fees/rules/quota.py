"""The comprehensive quota of a class and what breaks it, each warning with its rule and source; pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal

from django.utils.translation import gettext as _

from keyuan.fees.rules.money import cents, plain, short

ZERO = Decimal(0)
# What 培训费办法 (财行〔2016〕540号) never lets training money pay for; the article is still to be checked.
FORBIDDEN = ("礼品", "纪念品", "烟酒", "宴请", "旅游", "土特产", "娱乐", "健身", "景点")
NEVER_PAID = "财行〔2016〕540号关于禁止列支的规定"


@dataclass(frozen=True)
class Parameters:
    """The parameters of a standard (费用标准参数)."""

    full_days: int
    beyond_share: Decimal
    travel_days: int
    staff_share: Decimal
    staff_cap: int | None
    source: str


@dataclass(frozen=True)
class Plan:
    """What is asked for: heads, days, amounts by item, lecture fees, other lines by title."""

    places: int
    staff: int
    days: int
    arrive_days: int
    leave_days: int
    items: Mapping[str, Decimal]
    lecture: Decimal
    lecture_limit: Decimal
    extras: tuple[tuple[str, Decimal], ...] = ()
    lodging: bool = True
    unranked: int = 0


@dataclass(frozen=True)
class Finding:
    """One remark on a budget (超标提示): tone `bad` must be explained, `warn` looked at, `info` known."""

    tone: str
    text: str
    source: str


def weighted_days(days: int, full_days: int, share: Decimal) -> Decimal:
    """Days counted in full, those beyond by the share (财行〔2016〕540号: 70 % beyond 30 days)."""
    return Decimal(min(days, full_days)) + max(days - full_days, 0) * share


def counted_days(plan: Plan, given: Parameters) -> Decimal:
    """The days of a budget with arrival and departure, weighted."""
    travel = min(plan.arrive_days, given.travel_days) + min(plan.leave_days, given.travel_days)
    return weighted_days(plan.days + travel, given.full_days, given.beyond_share)


def staff_limit(places: int, given: Parameters) -> int:
    """How many staff may be counted: a share of the trainees, rounded down, and never above the cap."""
    found = int((places * given.staff_share).to_integral_value(ROUND_FLOOR))
    return found if given.staff_cap is None else min(found, given.staff_cap)


def item_limits(rates: Mapping[str, Decimal], plan: Plan, given: Parameters) -> dict[str, Decimal]:
    """What each item may cost: rate × (trainees + permitted staff) × weighted days."""
    heads = plan.places + min(plan.staff, staff_limit(plan.places, given))
    days = counted_days(plan, given)
    return {
        item: ZERO if item == "lodging" and not plan.lodging else cents(rate * heads * days)
        for item, rate in rates.items()
    }


def findings(rates: Mapping[str, Decimal], plan: Plan, given: Parameters) -> list[Finding]:
    """Everything to be said of a plan; over the limits first."""
    return sorted(
        [*_on_quota(rates, plan, given), *_on_people_and_days(plan, given), *_on_other_lines(plan, given)],
        key=lambda one: ("bad", "warn", "info").index(one.tone),
    )


def _on_quota(rates: Mapping[str, Decimal], plan: Plan, given: Parameters) -> list[Finding]:
    limits = item_limits(rates, plan, given)
    asked, limit = sum(plan.items.values(), ZERO), sum(limits.values(), ZERO)
    if asked > limit:
        words = _("综合定额合计 %(asked)s 元，限额 %(limit)s 元，超出 %(over)s 元。")
        figures = {"asked": plain(asked), "limit": plain(limit), "over": plain(asked - limit)}
        return [Finding("bad", words % figures, given.source)]
    over = [item for item, amount in plan.items.items() if amount > limits.get(item, ZERO)]
    if over:
        words = _("有 %(n)s 个分项高于分项定额，合计未超；分项之间可以调剂，总额控制。")
        return [Finding("info", words % {"n": len(over)}, given.source)]
    return []


def _on_people_and_days(plan: Plan, given: Parameters) -> list[Finding]:
    found = []
    most = staff_limit(plan.places, given)
    if plan.staff > most:
        share = f"{short(given.staff_share * 100)}%"
        cap = "" if given.staff_cap is None else _("且不超过 %(n)s 人") % {"n": given.staff_cap}
        words = _("工作人员 %(n)s 人，最多可计 %(most)s 人（不超过学员人数的 %(share)s%(cap)s）。")
        figures = {"n": plan.staff, "most": most, "share": share, "cap": cap}
        found.append(Finding("bad", words % figures, given.source))
    if max(plan.arrive_days, plan.leave_days) > given.travel_days:
        words = _("报到、撤离各不超过 %(n)s 天。") % {"n": given.travel_days}
        found.append(Finding("bad", words, given.source))
    beyond = plan.days + plan.arrive_days + plan.leave_days - given.full_days
    if beyond > 0:
        words = _("超过 %(full)s 天的 %(beyond)s 天按定额的 %(share)s 计算。")
        figures = {"full": given.full_days, "beyond": beyond, "share": f"{short(given.beyond_share * 100)}%"}
        found.append(Finding("info", words % figures, given.source))
    return found


def _on_other_lines(plan: Plan, given: Parameters) -> list[Finding]:
    found = []
    if plan.lecture > plan.lecture_limit:
        words = _("讲课费 %(asked)s 元，高于按课程表和职称标准算出的 %(limit)s 元。")
        figures = {"asked": plain(plan.lecture), "limit": plain(plan.lecture_limit)}
        found.append(Finding("bad", words % figures, given.source))
    if plan.unranked:
        words = _("有 %(n)s 位老师还没有职称等级，讲课费未计入；请在“讲课费”页确认。")
        found.append(Finding("warn", words % {"n": plan.unranked}, given.source))
    for title, _amount in plan.extras:
        word = next((word for word in FORBIDDEN if word in title), "")
        if word:
            words = _("“%(title)s”含有“%(word)s”，培训费中不得列支。") % {"title": title, "word": word}
            found.append(Finding("bad", words, NEVER_PAID))
    if not plan.lodging and plan.items.get("lodging"):
        found.append(Finding("warn", _("本班不安排住宿，却列了住宿费。"), _("班次设置")))
    return found
