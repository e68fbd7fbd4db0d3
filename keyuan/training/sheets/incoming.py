"""A typed timetable (课程表): its columns, how rows are judged against a class, and how they become sessions."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from keyuan.kernel import batchjobs, calendar, cipher
from keyuan.kernel.access import Actor
from keyuan.kernel.faults import Fault
from keyuan.kernel.models.batches import Batch
from keyuan.kernel.papers.timetable import WEEKDAYS
from keyuan.kernel.sheet import CellFault, Column, Option, Question, Row, Sheet, batches, readers
from keyuan.people import queries as people
from keyuan.people.models import Person
from keyuan.training.actions import importing as actions
from keyuan.training.actions.timetable import check_alone
from keyuan.training.models import Session, TrainingClass
from keyuan.training.queries import timetable, warnings
from keyuan.training.queries.importing import PURPOSE, Standing, Teachers
from keyuan.training.queries.policy import policy_on
from keyuan.training.sheets import written

Context = Mapping[str, Any]
NOBODY = "none"
PRESET_DAYS = 60


def settle(row: Row, columns: Mapping[str, Column]) -> None:
    """What follows from the other cells of a row: the end, the half-day, the kind and the hours, each said."""
    values = row.values
    begins, beside = values.get("starts", ""), values.get("starts_ends", "")
    if beside and values.get("ends", beside) not in {"", beside}:
        row.blame(columns["ends"], "two_ends", _("与“开始”格里写的结束时间不一致，请改成一致的。"))
    elif beside:
        values["ends"] = beside
    blamed = {fault.column for fault in row.faults}
    if begins and not values.get("ends") and columns["ends"].title not in blamed:
        words = _("请填写结束时间，或在“开始”格里写成 9:00-11:30。")
        row.blame(columns["ends"], "required", words)
    if begins and not values.get("half") and columns["half"].title not in blamed:
        values["half"] = written.half_at(begins)
    if values.get("title") and columns["kind"].title not in blamed:
        _fill(row, columns["kind"], written.kind_in(values["title"]), _("没有填课次类型，按“%(v)s”排入。"))
    if values.get("half") and columns["hours"].title not in blamed:
        usual = written.plain_hours(written.usual_hours(values["half"]))
        _fill(row, columns["hours"], usual, _("没有填学时，按 %(v)s 学时排入，请核对。"))


def _fill(row: Row, column: Column, value: str, words: str) -> None:
    """Put what is usual into a blank cell and say so, again each time the row is read anew."""
    mark = f"{column.key}_filled"
    if not row.values.get(column.key):
        row.values[column.key], row.values[mark] = value, "1"
    if row.values.get(mark):
        row.remark(column, "filled", words % {"v": row.values[column.key]})


TIMETABLE = Sheet(
    PURPOSE, "课程表",
    (
        Column("date", "日期", written.day, required=True, carried=True, width=14, example="3月5日、2026-03-05", aliases=("上课日期", "日期星期")),
        Column("half", "时段", written.half, width=8, aliases=("上下午", "午别", "半天"), choices=written.HALF_WORDS),
        Column("starts", "开始", written.starts, required=True, width=14, example="9:00，或 9:00-11:30", aliases=("时间", "开始时间", "上课时间", "起止时间", "具体时间", "授课时间")),
        Column("ends", "结束", written.ends, width=10, aliases=("结束时间", "下课时间", "截止时间")),
        Column("kind", "课次类型", written.kind, width=12, aliases=("类型", "形式", "教学形式", "授课形式", "课程类型", "教学方式"), choices=written.KIND_WORDS),
        Column("title", "题目", readers.limited(120), required=True, width=40, aliases=("内容", "课程名称", "课程", "授课题目", "授课内容", "培训内容", "教学内容", "专题", "课题", "主题", "课程内容")),
        Column("teacher", "教师", written.teacher, width=12, aliases=("主讲", "主讲人", "授课人", "授课教师", "主讲教师", "讲师", "老师", "授课老师", "主讲或主持", "授课专家", "专家")),
        Column("unit", "教师单位", readers.title, width=24, note="有同名教师时填，用来区分", aliases=("主讲单位", "单位", "工作单位", "授课人单位", "主讲人单位")),
        Column("phone", "教师手机", readers.phone, width=14, secret=True, note="有同名教师时填，用来区分", aliases=("手机", "联系电话", "电话")),
        Column("place", "教室", readers.limited(80), width=24, aliases=("地点", "上课地点", "教室/地点", "场地", "授课地点", "教学地点", "培训地点", "上课教室")),
        Column("hours", "学时", written.hours, width=8, example="3", aliases=("课时", "学时数", "课时数")),
    ),
    notes=(
        "一行一个课次；同一天的日期可以只写一次或合并单元格。",
        "教师须已登记为师资；同名的填教师单位或教师手机。不计学时的填 0。",
    ),
    rules=(settle,),
    row_limit=500,
    preset=("date", "half"),
)  # fmt: skip
# Which cell a refusal of the timetable belongs to.
CELLS = {name: TIMETABLE.column(name) for name in ("date", "half", "starts", "ends", "kind", "title", "teacher", "place", "hours")}  # fmt: skip


def free_rows(training_class: TrainingClass) -> Iterator[dict[str, str]]:
    """Morning and afternoon of each day of the class (of its first weeks when it is long), for the template."""
    days = min((training_class.ends - training_class.starts).days + 1, PRESET_DAYS)
    for number in range(days):
        day = training_class.starts + timedelta(days=number)
        said = f"{day:%Y-%m-%d} 周{WEEKDAYS[day.weekday()]}"
        for half in ("am", "pm"):
            yield {"date": said, "half": written.HALVES[half][0]}


def _class_of(context: Context) -> TrainingClass:
    return TrainingClass.objects.select_related("school").get(pk=context["class"])


def _unit_of(row: Row) -> str:
    return row.values.get("unit") or row.values.get("teacher_unit", "")


class _Sheet:
    """The rows of one sheet against one class: whom they mean, and the sessions they would be."""

    def __init__(self, actor: Actor, training_class: TrainingClass, rows: Sequence[Row]) -> None:
        self.training_class = training_class
        self.teachers = Teachers(actor, training_class, {row.values.get("teacher", "") for row in rows})

    def teacher(self, row: Row) -> tuple[Person | None, tuple[Person, ...]]:
        """The teacher of a row, or those of whom one has to be chosen."""
        phone = row.values.get("phone", "")
        index = cipher.blind_index("phone", phone) if phone else ""
        found = self.teachers.meant(row.values.get("teacher", ""), unit=_unit_of(row), phone_index=index)
        chosen = row.values.get("teacher_id", "")
        if found.maybe and chosen:
            return next((each for each in found.maybe if str(each.pk) == chosen), None), ()
        return found.sure, found.maybe

    def facts(self, row: Row) -> dict[str, Any]:
        """What `place_session` is told. Raises Fault for a day that no year has."""
        values, klass = row.values, self.training_class
        day = written.day_of(values["date"], klass.starts, klass.ends)
        if day is None:
            raise Fault(_("这一年没有这一天，请核对日期。"), "date")
        said = values.get("date_weekday", "")
        if said and (words := written.weekday_fault(day, said)):
            raise Fault(words, "date")
        return {
            "date": day, "half": written.HALF_OF[values["half"]], "starts": time.fromisoformat(values["starts"]),
            "ends": time.fromisoformat(values["ends"]), "kind": written.KIND_OF[values["kind"]], "title": values["title"],
            "teacher": self.teacher(row)[0], "place": values.get("place", ""), "hours": Decimal(values["hours"]),
        }  # fmt: skip

    def draft(self, row: Row) -> Session:
        """The session of a row, not stored; its key is below nought so that it is told from the stored ones."""
        klass = self.training_class
        return Session(pk=-row.number, training_class=klass, school_id=klass.school_id, **self.facts(row))


class TimetableRoom:
    """What a class says to a typed timetable."""

    def thing(self, context: Context) -> TrainingClass:
        """The right is asked over the class."""
        return _class_of(context)

    def ask(self, actor: Actor, context: Context, rows: Sequence[Row]) -> dict[int, list[Question]]:
        """Which of several teachers of a name is meant, or whether the only one is, when unit or phone differ."""
        sheet = _Sheet(actor, _class_of(context), rows)
        found = {}
        for row in rows:
            meant = sheet.teachers.meant(
                row.values.get("teacher", ""), unit=_unit_of(row),
                phone_index=cipher.blind_index("phone", row.values["phone"]) if row.values.get("phone") else "",
            )  # fmt: skip
            if meant.maybe:
                found[row.number] = [_question(row, meant.maybe)]
        return found

    def judge(self, actor: Actor, context: Context, rows: Sequence[Row]) -> dict[int, list[CellFault]]:
        """What the timetable would refuse, row by row in their order, and beside the good ones what to think of."""
        training_class = _class_of(context)
        sheet = _Sheet(actor, training_class, rows)
        found: dict[int, list[CellFault]] = {}
        drafts: dict[int, Session] = {}
        for row in rows:
            try:
                if row.ok and not row.open_questions:
                    _refuse_stranger(row, sheet)
                    drafts[row.number] = sheet.draft(row)
                    _say_day(row, drafts[row.number].date)
            except Fault as fault:
                found[row.number] = [_cell_fault(fault)]
        found |= _judge_drafts(training_class, drafts, {row.number: row for row in rows})
        return found

    def prepare(self, actor: Actor, context: Context, rows: Sequence[Row]) -> Sequence[Row]:
        """The rows as they are: what they need is looked up under the lock."""
        return rows

    def apply(self, actor: Actor, context: Context, rows: Sequence[Row]) -> dict[int, batches.Outcome]:
        """Each row by itself; one that no longer fits is refused with its reason, one already there changes nothing."""
        training_class = _class_of(context)
        sheet = _Sheet(actor, training_class, rows)

        def act(row: Row) -> int | None:
            _refuse_stranger(row, sheet)
            placed = actions.place_row(actor, training_class=training_class, facts=sheet.facts(row))
            return placed.pk if placed else None

        return batches.one_by_one(rows, act)


def _say_day(row: Row, day: date) -> None:
    """Where no year was written, which day was meant."""
    if row.values["date"] != day.isoformat():
        words = _("没有写年份，读作%(year)s年%(day)s。")
        row.remark(
            CELLS["date"], "year", words % {"year": day.year, "day": calendar.with_weekday(day)}, "room"
        )


def _refuse_stranger(row: Row, sheet: _Sheet) -> None:
    """A name without a teacher is not left out in silence."""
    name = row.values.get("teacher", "")
    if name and row.values.get("teacher_id") != NOBODY and sheet.teacher(row)[0] is None:
        words = _(
            "师资中没有“%(name)s”，请核对姓名；还没有登记的，先在“人员”里登记并授予师资身份，或先留空。"
        )
        raise Fault(words % {"name": name}, "teacher")


def _judge_drafts(
    training_class: TrainingClass, drafts: Mapping[int, Session], rows: Mapping[int, Row]
) -> dict[int, list[CellFault]]:
    standing = Standing.around(training_class, list(drafts.values()))
    short = {day: policy_on(training_class.school_id, day).short_days for day in _days(drafts)}
    found: dict[int, list[CellFault]] = {}
    placed: list[Session] = []
    for number, draft in drafts.items():
        same = standing.equal(draft)
        if same is not None:
            words = (
                _("课程表里已有完全相同的课次，不会重复排。")
                if same.pk > 0
                else _("与第 %(n)s 行完全相同，只排一次。")
            )
            rows[number].remark(CELLS["title"], "same", words % {"n": -same.pk}, "room")
            continue
        try:
            check_alone(draft, training_class, short[draft.date])
            _refuse_clash(draft, standing.clash(draft))
        except Fault as fault:
            found[number] = [_cell_fault(fault)]
            continue
        standing.rows.append(draft)
        placed.append(draft)
    for key, said in warnings.warnings_ahead(placed).items():
        for words in said:
            rows[-key].remark(CELLS["date"], "warning", words, "room")
    return found


def _days(drafts: Mapping[int, Session]) -> set[date]:
    return {draft.date for draft in drafts.values()}


def _refuse_clash(draft: Session, clash: Session | None) -> None:
    if clash is None:
        return
    if clash.pk > 0:
        field = "teacher" if timetable.same_teacher(draft, clash) else "place"
        raise Fault(timetable.clash_words(draft, clash), field)
    words = _("与第 %(n)s 行“%(title)s”时间重叠（%(when)s），请错开。")
    when = f"{calendar.with_weekday(clash.date)} {clash.starts:%H:%M}—{clash.ends:%H:%M}"
    raise Fault(words % {"n": -clash.pk, "title": clash.title, "when": when}, "starts")


def _cell_fault(fault: Fault) -> CellFault:
    column = CELLS.get(fault.field or "")
    return CellFault(column.title if column else _("整行"), "refused", fault.message, "room")


def _question(row: Row, maybe: Sequence[Person]) -> Question:
    name = row.values["teacher"]
    options = [Option(str(each.pk), _said(each, maybe), {"teacher_id": str(each.pk)}) for each in maybe]
    options.append(Option(NOBODY, _("都不是，先不填主讲"), {"teacher_id": NOBODY}))
    unit = _unit_of(row)
    words = (
        _("有 %(n)s 位同名教师，是哪一位？")
        if len(maybe) > 1
        else _("师资中的“%(name)s”单位或手机与表中不同，是同一人吗？")
    )
    key = f"teacher:{','.join(str(each.pk) for each in maybe)}"
    return Question(
        key, CELLS["teacher"].title, words % {"n": len(maybe), "name": name}, tuple(options), f"{name} {unit}".strip()
    )  # fmt: skip


def _said(person: Person, among: Sequence[Person]) -> str:
    """A teacher by unit and post; by the masked phone too where others are of the same unit."""
    parts = [person.name, person.unit, person.post_title]
    if sum(each.unit == person.unit for each in among) > 1:
        parts.append(people.masked(person)["phone"] or _("未登记手机"))
    return "，".join(part for part in parts if part)


batches.purpose(PURPOSE, sheet=TIMETABLE, rule="training.timetable", together=True)(TimetableRoom)


@batchjobs.back(PURPOSE)
def _back(batch: Batch) -> str:
    """To the page the sheet was sent from, where it can also be taken back."""
    return f"/classes/{batch.context['class']}/timetable/import/"
