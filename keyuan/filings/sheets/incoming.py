"""A unit's plan or results as a sheet: how its rows are judged against the frame and taken in."""

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.filings.actions import filing as entering
from keyuan.filings.actions.filing import LineFacts, OutcomeFacts
from keyuan.filings.models import Cohort, Filing, FrameType, Line, Outcome, Part
from keyuan.kernel import batchjobs
from keyuan.kernel.access import Actor
from keyuan.kernel.codes import normal_text, tidy_title
from keyuan.kernel.faults import Fault
from keyuan.kernel.models.batches import Batch
from keyuan.kernel.sheet import CellFault, Column, Reading, Row, Sheet, Unreadable, batches, readers
from keyuan.kernel.sheet.describe import Raw
from keyuan.plan.models import KeyActivity

Context = Mapping[str, Any]
COHORTS = {str(word): value for value, word in Cohort.choices}
PURPOSES = {Part.PLAN.value: "filings.plan", Part.RESULT.value: "filings.result"}
UNPLANNED = "计划外"


def month(raw: Raw) -> Reading:
    """A month: 3, 3月, 2026年3月, 2026-03 or a date in it."""
    if isinstance(raw, date):
        return Reading(str(raw.month))
    given = re.sub(r"\s", "", normal_text(readers.plain(raw)))
    found = re.fullmatch(r"(?:\d{4}[年.\-/])?0?(\d{1,2})月?(?:份)?", given)
    if not given:
        return Reading("")
    if not found or not 1 <= int(found[1]) <= 12:
        raise Unreadable("month_bad", _("月份请填 1—12。"))
    return Reading(found[1])


PLAN = Sheet(
    key="filings.plan",
    title="计划活动",
    columns=(
        Column("name", "活动名称", readers.title, required=True, aliases=("名称", "活动", "班次名称"), width=34, example="会员能力提升培训班"),
        Column("type", "类型", readers.title, required=True, aliases=("活动类型", "类别"), width=22, carried=True),
        Column("month", "计划月份", month, required=True, aliases=("月份", "时间", "举办月份"), example="5"),
        Column("days", "天数", readers.number(Decimal("0.5"), 366, 1), required=True, aliases=("计划天数",), example="2"),
        Column("people", "人数", readers.number(1), required=True, aliases=("计划人数", "规模"), example="60"),
        Column("cohort", "对象", readers.choice(*COHORTS), required=True, aliases=("培训对象", "队伍"), width=18, choices=tuple(COHORTS), example="科协系统干部"),
        Column("budget", "经费（元）", readers.number(0, 999_999_999, 2), aliases=("经费", "预算", "预算（元）"), example="30000"),
        Column("contact", "联系人", readers.name, aliases=("联系人姓名",)),
        Column("phone", "联系电话", readers.phone, aliases=("电话", "手机"), width=16, secret=True),
        Column("activity", "对应省级重点活动", readers.text, aliases=("省级重点活动", "对应活动"), width=26, note="填省级计划的编号或名称，没有则留空"),
    ),
    notes=("一行一项活动；经费单位为元。", "联系电话加密保存，只用于联系这项活动。"),
    unique=(("name", "month"),),
    row_limit=500,
)  # fmt: skip
RESULT = Sheet(
    key="filings.result",
    title="活动结果",
    columns=(
        Column("name", "活动名称", readers.title, required=True, aliases=("名称", "活动", "班次名称"), width=34, example="会员能力提升培训班"),
        Column("line", "对应计划活动", readers.title, aliases=("计划活动",), width=34, note="留空则按同名计划活动对应；计划外的填“计划外”"),
        Column("type", "类型", readers.title, aliases=("活动类型", "类别"), width=22, note="对应计划活动的可留空"),
        Column("held_on", "举办日期", readers.day, required=True, aliases=("日期", "时间"), example="2026-05-12"),
        Column("hours", "学时", readers.number(Decimal("0.5"), 9999, 1), required=True, example="16"),
        *(Column(value, f"{word}人数", readers.number(0), aliases=(word,), width=16, example="10") for word, value in COHORTS.items()),
        Column("summary", "简要总结", readers.limited(500), aliases=("总结", "成效"), width=40),
    ),
    notes=("一行一次活动；人数按三支队伍分别填写。", "简要总结请勿填写个人信息。"),
    unique=(("name", "held_on"),),
    row_limit=500,
)  # fmt: skip
SHEETS = {Part.PLAN.value: PLAN, Part.RESULT.value: RESULT}


class _Books:
    """What rows of one filing are matched against."""

    def __init__(self, context: Context) -> None:
        self.filing = Filing.objects.select_related("frame", "organisation").get(pk=context["filing"])

    @cached_property
    def types(self) -> dict[str, FrameType]:
        """By name."""
        return {tidy_title(one.name): one for one in self.filing.frame.types.all()}

    @cached_property
    def lines(self) -> dict[str, list[Line]]:
        """The planned activities by name."""
        found: dict[str, list[Line]] = {}
        for line in Line.objects.filter(filing=self.filing, withdrawn_at=None).select_related("type"):
            found.setdefault(tidy_title(line.name), []).append(line)
        return found

    @cached_property
    def activities(self) -> dict[str, KeyActivity]:
        """The province's activities of the year by number and by name."""
        frame = self.filing.frame
        rows = list(
            KeyActivity.objects.filter(plan__school_id=frame.school_id, plan__year=frame.year).select_related(
                "plan"
            )
        )
        return {str(one.number): one for one in rows} | {tidy_title(one.name): one for one in rows}

    def type_of(self, row: Row) -> FrameType | CellFault:
        """The type a row names."""
        found = self.types.get(tidy_title(row.values.get("type", "")))
        words = "类型应为以下之一：" + "、".join(one.name for one in self.types.values()) + "。"
        return found or CellFault("类型", "type_unknown", words, "room")


class _Filed(ABC):
    """What both sheets have in common: the filing, the faults, one action a row."""

    def thing(self, context: Context) -> Filing:
        """The right is asked over the filing."""
        return _Books(context).filing

    def judge(self, actor: Actor, context: Context, rows: Sequence[Row]) -> dict[int, list[CellFault]]:
        """What the frame does not know, and what stands already."""
        books = _Books(context)
        found: dict[int, list[CellFault]] = {}
        for row in rows:
            if row.ok and isinstance(fault := self.facts(books, row), CellFault):
                found[row.number] = [fault]
        return found

    @abstractmethod
    def facts(self, books: _Books, row: Row) -> LineFacts | OutcomeFacts | CellFault:
        """What a row says, or what is wrong with it."""

    def prepare(self, actor: Actor, context: Context, rows: Sequence[Row]) -> Sequence[Row]:
        """The rows as they are: what they name is looked up under the lock."""
        return rows

    def apply(self, actor: Actor, context: Context, rows: Sequence[Row]) -> dict[int, batches.Outcome]:
        """Each row by itself; one that no longer fits is refused with its reason."""
        books = _Books(context)

        def act(row: Row) -> int:
            facts = self.facts(books, row)
            if isinstance(facts, CellFault):
                raise Fault(facts.message)
            if isinstance(facts, LineFacts):
                return entering.save_line(actor, filing=books.filing, facts=facts).pk
            return entering.save_outcome(actor, filing=books.filing, facts=facts).pk

        return batches.one_by_one(rows, act)


def _decimal(text: str) -> Decimal | None:
    return Decimal(text) if text else None


class PlanRoom(_Filed):
    """A unit's plan (计划表)."""

    def facts(self, books: _Books, row: Row) -> LineFacts | CellFault:
        """Type and activity must be known; a name stands once a month."""
        values, kind = row.values, books.type_of(row)
        if isinstance(kind, CellFault):
            return kind
        given = tidy_title(values.get("activity", ""))
        activity = books.activities.get(given)
        if given and activity is None:
            return CellFault(
                "对应省级重点活动",
                "activity_unknown",
                "省级年度计划中没有这项活动，请填编号或全称，或留空。",
                "room",
            )
        if any(
            str(line.month) == values["month"] for line in books.lines.get(tidy_title(values["name"]), ())
        ):
            return CellFault(
                "活动名称", "line_there", "这个月的同名活动已在计划中，请删去这一行或改名称。", "room"
            )
        return LineFacts(
            values["name"], kind, int(values["month"]), Decimal(values["days"]), int(values["people"]),
            COHORTS[values["cohort"]], _decimal(values.get("budget", "")), values.get("contact", ""),
            values.get("phone", "") or values.get("phone_other", "").split("/")[0], activity,
        )  # fmt: skip


class ResultRoom(_Filed):
    """A unit's results (总结表)."""

    def facts(self, books: _Books, row: Row) -> OutcomeFacts | CellFault:
        """The planned activity is found by name; somebody was there; the day lies in the year."""
        values, line = row.values, self._line(books, row)
        if isinstance(line, CellFault):
            return line
        kind = line.type if line and not values.get("type") else books.type_of(row)
        if isinstance(kind, CellFault):
            return kind
        day, counts = (
            date.fromisoformat(values["held_on"]),
            {key: int(values.get(key) or 0) for key in Cohort.values},
        )
        if day.year != books.filing.frame.year:
            return CellFault(
                "举办日期", "other_year", f"举办日期应在 {books.filing.frame.year} 年内。", "room"
            )
        if day > timezone.localdate():
            return CellFault("举办日期", "later", "举办日期晚于今天：办完后再填。", "room")
        if not sum(counts.values()):
            return CellFault("科协系统干部人数", "nobody", "请填写参加人数，至少一类大于 0。", "room")
        if Outcome.objects.filter(
            filing=books.filing, name=values["name"], held_on=day, withdrawn_at=None
        ).exists():
            return CellFault("活动名称", "outcome_there", "这一天的同名活动已填过，请删去这一行。", "room")
        return OutcomeFacts(
            values["name"],
            kind,
            day,
            Decimal(values["hours"]),
            **counts,
            summary=values.get("summary", ""),
            line=line,
        )

    def _line(self, books: _Books, row: Row) -> Line | CellFault | None:
        said = row.values.get("line", "")
        if said == UNPLANNED:
            return None
        found = books.lines.get(tidy_title(said or row.values["name"]), [])
        near = [line for line in found if line.month == date.fromisoformat(row.values["held_on"]).month]
        if said and not found:
            return CellFault(
                "对应计划活动", "line_unknown", "计划中没有这项活动；计划外的请填“计划外”。", "room"
            )
        return next(iter(near or found), None)


batches.purpose("filings.plan", sheet=PLAN, rule="filings.file")(PlanRoom)
batches.purpose("filings.result", sheet=RESULT, rule="filings.file")(ResultRoom)


@batchjobs.back("filings.plan")
@batchjobs.back("filings.result")
def _back(batch: Batch) -> str:
    """To the unit's filing."""
    return f"/filings/units/{batch.context['filing']}/"


def template(filing: Filing, part: str) -> bytes:
    """An empty sheet with the frame's types to choose from; for results the planned activities stand in it."""
    sheet = SHEETS[part]
    types = tuple(filing.frame.types.values_list("name", flat=True))
    columns = tuple(
        replace(one, choices=types, example=types[0]) if one.key == "type" else one for one in sheet.columns
    )
    made = replace(sheet, columns=columns, preset=("name", "line", "type"))
    rows: list[dict[str, str]] = []
    if part == Part.RESULT:
        lines = Line.objects.filter(filing=filing, withdrawn_at=None).select_related("type")
        rows = [{"name": line.name, "line": line.name, "type": line.type.name} for line in lines]
    return made.template(rows)
