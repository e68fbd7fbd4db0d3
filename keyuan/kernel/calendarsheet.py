"""The calendar of a year as a workbook: holidays and make-up days given out, and taken in after a preview."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from keyuan.kernel import batchjobs, calendar
from keyuan.kernel.access import Actor
from keyuan.kernel.models import Batch, CalendarDay
from keyuan.kernel.sheet import CellFault, Column, Row, Sheet, batches, readers

WORK, REST = "上班", "放假"
MOST = 60  # days of one line: no holiday is longer, and a slip of the year is found
PURPOSE = "kernel.calendar"

SHEET = Sheet(
    key=PURPOSE,
    title="放假安排",
    columns=(
        Column("day", "日期", readers.day, required=True, aliases=("起始日期", "开始日期", "自"), width=14, example="2026-10-01"),
        Column("until", "至", readers.day, aliases=("结束日期", "止"), width=14, example="2026-10-07", note="只有一天的不填。"),
        Column("kind", "安排", readers.choice(WORK, REST), required=True, width=8, example=REST, choices=(WORK, REST)),
        Column("note", "说明", readers.limited(80), width=30, example="国庆节"),
        Column("source", "来源", readers.text, width=14, note="只供查看，导入时不读。"),
    ),
    notes=("一行一天或一段：放假写“放假”，周末补班写“上班”。与国家公布相同的日子导入后不另记校正。",),
)  # fmt: skip


def year_file(year: int) -> bytes:
    """The days of a year that differ from Monday to Friday, and every correction (.xlsx)."""
    start, end = date(year, 1, 1), date(year, 12, 31)
    said = {row.day: row for row in CalendarDay.objects.filter(day__range=(start, end))}
    works = set(calendar.workdays(start, end))
    lines = []
    for day in calendar.days(start, end):
        row = said.get(day)
        if row is None and (day in works) == (day.weekday() < calendar.SATURDAY):
            continue
        lines.append({
            "day": day.isoformat(), "kind": WORK if day in works else REST, "note": row.note if row else "",
            "source": _("本单位校正") if row else _("国家公布"),
        })  # fmt: skip
    return SHEET.export(lines)


def _days(row: Row) -> list[date]:
    """The days of a line, both ends included; none where the line cannot be read."""
    try:
        first = date.fromisoformat(row.values.get("day", ""))
        last = date.fromisoformat(row.values.get("until") or row.values["day"])
    except (ValueError, KeyError):
        return []
    return list(calendar.days(first, last))


@batches.purpose(PURPOSE, sheet=SHEET, rule="kernel.calendar")
class CalendarRoom:
    """How the lines of a calendar are judged and taken in."""

    def thing(self, context: Mapping[str, Any]) -> None:
        """The right is asked over the calendar as a whole."""

    def judge(
        self, actor: Actor, context: Mapping[str, Any], rows: Sequence[Row]
    ) -> dict[int, list[CellFault]]:
        """An end before its beginning, a line too long, a day said twice."""
        found: dict[int, list[CellFault]] = {}
        seen: dict[date, int] = {}
        for row in rows:
            span = _days(row)
            if not span:
                words = _("结束日期早于开始日期，请核对。")
                found[row.number] = [CellFault("至", "ends_early", words, "room")]
            elif len(span) > MOST:
                words = _("一行最多 %(n)s 天，请核对年份。") % {"n": MOST}
                found[row.number] = [CellFault("至", "too_long", words, "room")]
            elif twice := [day for day in span if day in seen]:
                words = _("%(day)s 已在第 %(row)s 行，请删去一处。") % {
                    "day": twice[0],
                    "row": seen[twice[0]],
                }
                found[row.number] = [CellFault("日期", "twice", words, "room")]
            else:
                seen |= dict.fromkeys(span, row.number)
        return found

    def prepare(self, actor: Actor, context: Mapping[str, Any], rows: Sequence[Row]) -> Sequence[Row]:
        """The lines as they are."""
        return rows

    def apply(
        self, actor: Actor, context: Mapping[str, Any], rows: Sequence[Row]
    ) -> dict[int, batches.Outcome]:
        """Each line by itself; days that are so anyway are not written down."""

        def act(row: Row) -> int | None:
            for day in _days(row):
                working = row.values["kind"] == WORK
                note = row.values.get("note", "")
                if calendar.is_workday(day) != working or CalendarDay.objects.filter(day=day).exists():
                    calendar.correct(actor, day=day, working=working, note=note)
            return None

        return batches.one_by_one(rows, act)


@batchjobs.back(PURPOSE)
def _back(_batch: Batch) -> str:
    """To the calendar."""
    return "/calendar/"
