"""Stated times as a sheet (可授课时间表): the template, the list out, and typed lists in."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from keyuan.kernel import batchjobs
from keyuan.kernel.access import Actor
from keyuan.kernel.codes import normal_name, tidy_text, tidy_title
from keyuan.kernel.models.batches import Batch
from keyuan.kernel.sheet import CellFault, Column, Reading, Row, Sheet, Unreadable, batches, readers
from keyuan.kernel.sheet.describe import Raw
from keyuan.people.actions import availability as actions
from keyuan.people.actions.availability import AvailabilityFacts
from keyuan.people.models import Availability, Person
from keyuan.people.queries import availability as queries
from keyuan.people.rules import availability as rules

PURPOSE = "people.availability"
KINDS = {"不便": "cannot", "方便": "prefers"}
HALVES = {"上午": "am", "下午": "pm", "晚上": "ev", "全天": ""}
Context = Mapping[str, Any]


def weekdays(raw: Raw) -> Reading:
    """Weekdays (星期) in one spelling; blank for every day."""
    text = tidy_text(readers.plain(raw))
    mask = rules.weekdays_read(text)
    if mask is None:
        raise Unreadable("weekdays_bad", _("读不出星期，请填“周一、周三”或“周一至周五”；每天可不填。"))
    names = (f"周{day}" for number, day in enumerate("一二三四五六日") if mask >> number & 1)
    return Reading("" if mask == Availability.EVERY_DAY else "、".join(names))


def settle_span(row: Row, columns: Mapping[str, Column]) -> None:
    """One day where no end is given; an end before the start, a span too long or without its weekdays is a fault."""
    starts, ends = row.values.get("starts", ""), row.values.get("ends", "")
    if starts and not ends and columns["ends"].title not in {fault.column for fault in row.faults}:
        row.values["ends"] = ends = starts
    if not starts or not ends:
        return
    facts = _facts(row)
    if facts.ends < facts.starts:
        row.blame(columns["ends"], "ends_first", _("结束日期早于开始日期，请改正。"))
    elif (facts.ends - facts.starts).days >= rules.LONGEST_DAYS:
        row.blame(columns["ends"], "too_long", _("一次最多登记两年，请核对年份。"))
    elif not rules.reaches(facts):
        row.blame(columns["weekdays"], "no_day", _("这段日期里没有所填的星期，请改日期或星期。"))


def _facts(row: Row) -> AvailabilityFacts:
    said = row.values
    return AvailabilityFacts(
        KINDS.get(said.get("kind", ""), "cannot"),
        date.fromisoformat(said["starts"]),
        date.fromisoformat(said["ends"]),
        rules.weekdays_read(said.get("weekdays", "")) or Availability.EVERY_DAY,
        HALVES.get(said.get("half", ""), ""),
        said.get("note", ""),
    )


AVAILABILITY = Sheet(
    key=PURPOSE,
    title="师资可授课时间",
    columns=(
        Column("name", "姓名", readers.name, required=True, aliases=("教师", "主讲", "教师姓名"), width=12, example="张三"),
        Column("unit", "单位", readers.title, aliases=("工作单位", "所在单位"), width=30),
        Column("kind", "类别", readers.choice(*KINDS), required=True, width=8, choices=tuple(KINDS), example="不便"),
        Column("starts", "开始日期", readers.day, required=True, aliases=("自", "开始"), width=13, example="2027-03-01"),
        Column("ends", "结束日期", readers.day, aliases=("至", "结束", "截止日期"), width=13, note="只有一天可不填"),
        Column("weekdays", "星期", weekdays, width=18, note="如“周一、周三”；每天可不填"),
        Column("half", "时段", readers.choice(*HALVES), width=8, choices=tuple(HALVES), note="全天可不填"),
        Column("note", "备注", readers.limited(Availability.NOTE), width=30, note="不必写原因"),
    ),
    notes=("一行填一段时间；同名教师请填写单位。", "备注最多 60 字，不必写原因，请不要写健康、家庭等个人情况。"),
    unique=(("name", "unit", "kind", "starts", "ends", "weekdays", "half"),),
    rules=(settle_span,),
)  # fmt: skip


def availability_file(rows: Iterable[Availability]) -> bytes:
    """Stated times (.xlsx) in the columns of the template, so that the file can be sent back."""
    return AVAILABILITY.export(_lines(rows))


def _lines(rows: Iterable[Availability]) -> Iterator[dict[str, str]]:
    kinds = {value: word for word, value in KINDS.items()}
    halves = {value: word for word, value in HALVES.items()}
    for row in rows:
        names = [f"周{day}" for number, day in enumerate("一二三四五六日") if row.weekdays >> number & 1]
        yield {
            "name": row.person.name, "unit": row.person.unit, "kind": kinds[row.kind], "starts": row.starts.isoformat(),
            "ends": row.ends.isoformat(), "weekdays": "" if len(names) == 7 else "、".join(names),
            "half": halves[row.half], "note": row.note,
        }  # fmt: skip


class _Teachers:
    """The school's teachers of the names that a sheet holds, told apart by unit."""

    def __init__(self, actor: Actor, rows: Sequence[Row]) -> None:
        names = sorted({row.values.get("name", "") for row in rows} - {""})
        self.by_name: dict[str, list[Person]] = {}
        for start in range(0, len(names), 500):
            for person in queries.teachers(actor).filter(name__in=names[start : start + 500]):
                self.by_name.setdefault(normal_name(person.name), []).append(person)

    def find(self, row: Row) -> Person | CellFault:
        """Whom a row speaks of, or what is wrong with it."""
        found = self.by_name.get(row.values.get("name", ""), [])
        unit = row.values.get("unit", "")
        if not found:
            return CellFault(
                "姓名", "no_teacher", _("本校师资里没有此人，请核对姓名，或先给此人授予师资身份。"), "room"
            )
        if len(found) > 1 and unit:
            found = [one for one in found if unit in _units(one)]
        if len(found) != 1:
            return CellFault("单位", "two_of_a_name", _("有同名教师，请填写单位全称以便区分。"), "room")
        return found[0]


def _units(person: Person) -> set[str]:
    held = person.organisation
    names = (person.organisation_text, *((held.name, held.short_name) if held else ()))
    return {tidy_title(name) for name in names if name}


@batches.purpose(PURPOSE, sheet=AVAILABILITY, rule="people.availabilities")
class AvailabilityRoom:
    """A typed list of stated times."""

    def thing(self, context: Context) -> None:
        """The right is asked over the school of the seat."""

    def judge(self, actor: Actor, context: Context, rows: Sequence[Row]) -> dict[int, list[CellFault]]:
        """Nobody of that name, or two of it."""
        teachers = _Teachers(actor, rows)
        named = {row.number: teachers.find(row) for row in rows if row.values.get("name")}
        return {number: [found] for number, found in named.items() if isinstance(found, CellFault)}

    def prepare(self, actor: Actor, context: Context, rows: Sequence[Row]) -> Sequence[Any]:
        """Each row with whom it means."""
        teachers = _Teachers(actor, rows)
        return [(row, teachers.find(row)) for row in rows]

    def apply(self, actor: Actor, context: Context, rows: Sequence[Any]) -> dict[int, batches.Outcome]:
        """All at once; whoever ceased to be a teacher meanwhile is refused."""
        meant = [(row, who) for row, who in rows if isinstance(who, Person)]
        keys = actions.state_many(actor, stated=[(who, _facts(row)) for row, who in meant])
        outcomes = {row.number: batches.Outcome(key) for (row, _who), key in zip(meant, keys, strict=True)}
        refused = {row.number: who.message for row, who in rows if isinstance(who, CellFault)}
        return outcomes | {number: batches.Outcome(refusal=words) for number, words in refused.items()}


@batchjobs.back(PURPOSE)
def _back(batch: Batch) -> str:
    """To the list of teachers."""
    return "/availability/"
