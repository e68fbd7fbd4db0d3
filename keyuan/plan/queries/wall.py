"""The plan on a wall: activities against the months, put together by type, department or month, with conflicts."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from keyuan.kernel.access import Actor, visible
from keyuan.plan.models import AnnualPlan, KeyActivity
from keyuan.plan.queries import leads_of, with_leads
from keyuan.plan.queries.life import runs_of
from keyuan.plan.rules.conflicts import Conflict, Run, Span, conflicts

GROUPINGS = (
    ("type", gettext_lazy("按主要类型")),
    ("lead", gettext_lazy("按牵头部门")),
    ("month", gettext_lazy("按月份")),
)
MONTHS = range(1, 13)


@dataclass
class Bar:
    """An activity on the wall (墙上的一行): the months before it, its own, those after, and its runs by month."""

    activity: KeyActivity
    leads: str
    runs: Sequence[Run] = ()
    conflicts: int = 0

    @property
    def before(self) -> int:
        """How many months come before it."""
        return (self.activity.first_month or 1) - 1

    @property
    def length(self) -> int:
        """How many months it runs; nought where nobody has said."""
        first, last = self.activity.first_month, self.activity.last_month
        return last - first + 1 if first and last else 0

    @property
    def after(self) -> int:
        """How many months come after it."""
        return 12 - self.before - self.length if self.length else 0

    @property
    def run_words(self) -> str:
        """The runs with their days, short; the year where it is not the plan's."""
        year = self.activity.plan.year
        return "、".join(
            f"{run.starts:%m-%d}" if run.starts.year == year else f"{run.starts}" for run in self.runs
        )


@dataclass
class Group:
    """Rows that stand together on the wall (一组)."""

    title: str
    bars: list[Bar] = field(default_factory=list)


@dataclass
class Wall:
    """A year's plan on a wall (计划上墙): groups of bars, and what gets in each other's way."""

    plan: AnnualPlan
    by: str
    groups: list[Group]
    conflicts: list[Conflict]
    undated: int


def wall_of(actor: Actor, plan: AnnualPlan, *, by: str = "type", q: str = "", only: str = "") -> Wall:
    """The wall in three queries and the runs of the rooms above; `only` = "conflict" leaves what conflicts."""
    rows = list(
        with_leads(visible(actor, KeyActivity).filter(plan=plan)).select_related("owner", "type", "plan")
    )
    rows.sort(key=lambda row: (row.type.order, row.number))
    runs = runs_of([row.pk for row in rows])
    found = conflicts([span for row in rows if (span := _span(row))], runs)
    struck = [key for each in found for key in each.activities]
    bars = [
        Bar(row, "、".join(map(str, leads_of(row))), [run for run in runs if run.activity_id == row.pk], struck.count(row.pk))
        for row in rows
        if (not q or q in row.name) and (only != "conflict" or row.pk in struck)
    ]  # fmt: skip
    keys = dict(GROUPINGS)
    by = by if by in keys else "type"
    return Wall(plan, by, _grouped(bars, by), found, sum(not bar.length for bar in bars))


def _span(row: KeyActivity) -> Span | None:
    if getattr(row, "called_off", False) or not row.first_month or not row.last_month:
        return None
    words = str(dict(row._meta.get_field("audience").flatchoices).get(row.audience, ""))
    owner = row.owner.name if row.owner else ""
    return Span(row.pk, row.name, row.first_month, row.last_month, owner, row.owner_id, words)


def _grouped(bars: Sequence[Bar], by: str) -> list[Group]:
    groups: dict[object, Group] = {}
    for bar in bars:
        for key, title in _keys(bar, by):
            groups.setdefault(key, Group(title)).bars.append(bar)
    if by == "month":
        return [groups[key] for key in sorted(groups, key=lambda key: (key == 0, key))]
    return list(groups.values())


def _keys(bar: Bar, by: str) -> list[tuple[object, str]]:
    """Under what a bar stands: a department once for each it is led by, a month once for each it runs in."""
    row = bar.activity
    if by == "lead":
        return [(lead.pk, str(lead)) for lead in leads_of(row)] or [(0, _("未定牵头部门"))]
    if by == "month":
        if not row.first_month or not row.last_month:
            return [(0, _("未定时间"))]
        return [(month, _("%(a)s月") % {"a": month}) for month in range(row.first_month, row.last_month + 1)]
    return [(row.type_id, row.type.name)]
