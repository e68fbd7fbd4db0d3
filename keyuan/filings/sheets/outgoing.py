"""The lists of filings as workbooks: the board, sums, activities, reminders, one unit's own."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.filings.models import Filing, Frame, Line, Outcome, Reminder
from keyuan.filings.queries import totals
from keyuan.kernel.hours import plain
from keyuan.kernel.sheet import Sheet, told

BOARD = Sheet(
    key="filings.board",
    title="报送进度",
    columns=(
        told("unit", "单位", 34), told("kind", "类别"), told("field", "学科或片区"), told("plan", "计划"),
        told("plan_at", "计划报送日期"), told("lines", "计划活动数"), told("people", "计划人数"), told("result", "总结"),
        told("result_at", "总结报送日期"), told("outcomes", "举办活动数"), told("held", "参加人数"), told("reminded", "最近催报"),
    ),
)  # fmt: skip
LINES = Sheet(
    key="filings.lines",
    title="计划与结果",
    columns=(
        told("unit", "单位", 34), told("field", "学科或片区"), told("name", "活动名称", 34), told("type", "类型", 22),
        told("month", "计划月份"), told("days", "天数"), told("people", "计划人数"), told("cohort", "对象", 16),
        told("budget", "经费（元）"), told("activity", "对应省级重点活动", 26), told("follows", "对标示范班", 26), told("state", "完成情况"),
        told("times", "举办次数"), told("attended", "参加人数"),
    ),
)  # fmt: skip
TOTALS = Sheet(
    key="filings.totals",
    title="汇总",
    columns=(
        told("group", "口径", 16), told("name", "分组", 26), told("lines", "计划活动数"), told("days", "计划天数"),
        told("people", "计划人数"), told("budget", "经费（元）"), told("held", "举办活动数"), told("attended", "参加人数"),
        told("unplanned", "其中计划外"),
    ),
)  # fmt: skip
REMINDERS = Sheet(
    key="filings.reminders",
    title="催报记录",
    columns=(
        told("on", "日期"), told("at", "时间"), told("unit", "单位", 34), told("part", "事项"), told("by", "催报方式", 16),
        told("told", "通知人数"),
    ),
)  # fmt: skip
UNIT = Sheet(
    key="filings.unit",
    title="单位报备",
    columns=(
        told("part", "事项"), told("name", "活动名称", 34), told("type", "类型", 22), told("when", "月份或日期"), told("length", "天数或学时"),
        told("people", "人数"), told("cohort", "对象", 30), told("budget", "经费（元）"), told("contact", "联系人"), told("note", "说明", 40),
    ),
)  # fmt: skip


def _day(moment: Any) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d}" if moment else ""


def _figure(value: Any) -> str:
    return "" if value is None else plain(value)


def board_file(rows: Iterable[Any]) -> bytes:
    """The board as it is narrowed."""
    return BOARD.export(
        {
            "unit": row.organisation.name, "kind": str(row.organisation.get_kind_display()),
            "field": row.organisation.field_or_region, "plan": str(row.get_plan_state_display()),
            "plan_at": _day(row.plan_filed_at), "lines": str(row.lines_n), "people": str(row.people_n),
            "result": str(row.get_result_state_display()), "result_at": _day(row.result_filed_at),
            "outcomes": str(row.outcomes_n), "held": str(row.held_n), "reminded": str(row.reminded or ""),
        }
        for row in rows
    )  # fmt: skip


def lines_file(rows: Iterable[Any], frame: Frame, today: date) -> bytes:
    """The activities as they are narrowed, plan against result."""
    words = {key: str(word) for key, word in totals.STATES}
    return LINES.export(
        {
            "unit": row.filing.organisation.name, "field": row.filing.organisation.field_or_region, "name": row.name,
            "type": row.type.name, "month": str(row.month or ""), "days": _figure(row.days), "people": str(row.people or ""),
            "cohort": str(row.get_cohort_display()), "budget": _figure(row.budget), "activity": str(row.activity or ""),
            "follows": str(row.follows or ""), "state": words[totals.state_of(row, frame, today)],
            "times": str(row.times), "attended": str(row.attended),
        }
        for row in rows
    )  # fmt: skip


def _sums(found: totals.Totals) -> Iterator[dict[str, str]]:
    names = ("lines", "people", "held", "attended", "unplanned")
    for title, group in [*found.groups, ("", [found.whole])]:
        for one in group:
            figures = {name: str(getattr(one, name)) for name in names}
            yield figures | {
                "group": title,
                "name": one.name,
                "days": plain(one.days),
                "budget": plain(one.budget),
            }


def totals_file(found: totals.Totals) -> bytes:
    """The sums."""
    return TOTALS.export(_sums(found))


def reminders_file(rows: Iterable[Reminder]) -> bytes:
    """Who was reminded when, and by whom."""
    return REMINDERS.export(
        {
            "on": f"{row.on:%Y-%m-%d}", "at": f"{timezone.localtime(row.at):%H:%M}", "unit": row.filing.organisation.name,
            "part": str(row.get_part_display()), "by": row.by.name if row.by else _("自动"), "told": str(row.told),
        }
        for row in rows
    )  # fmt: skip


def unit_file(filing: Filing) -> bytes:
    """One unit's plan and results; the contact's phone is not in it."""
    return UNIT.export(_unit_rows(filing))


def _unit_rows(filing: Filing) -> Iterator[dict[str, str]]:
    for line in Line.objects.filter(filing=filing, withdrawn_at=None).select_related("type", "activity"):
        yield {
            "part": _("计划"), "name": line.name, "type": line.type.name, "when": _("%(n)s 月") % {"n": line.month or "—"},
            "length": _figure(line.days), "people": str(line.people or ""), "cohort": str(line.get_cohort_display()),
            "budget": _figure(line.budget), "contact": line.contact_name, "note": str(line.activity or ""),
        }  # fmt: skip
    for one in Outcome.objects.filter(filing=filing, withdrawn_at=None).select_related("type", "line"):
        counts = (
            ("科协系统干部", one.cadre),
            ("科技领军人才", one.leading_talent),
            ("海外科技人才", one.overseas_talent),
            ("其他", one.other),
        )
        yield {
            "part": _("总结"), "name": one.name, "type": one.type.name, "when": f"{one.held_on:%Y-%m-%d}",
            "length": _figure(one.hours), "people": str(one.people), "budget": "", "contact": "", "note": one.summary,
            "cohort": "、".join(f"{word} {count}" for word, count in counts if count),
        }  # fmt: skip
