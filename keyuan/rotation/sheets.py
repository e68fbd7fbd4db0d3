"""Coverage as a workbook, and lists of people that an office sends in: for a requirement, or for a label."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.kernel import batchjobs, cipher
from keyuan.kernel.access import Actor, visible
from keyuan.kernel.chinese import in_chinese
from keyuan.kernel.codes import normal_name
from keyuan.kernel.faults import Fault
from keyuan.kernel.hours import plain
from keyuan.kernel.models.batches import Batch
from keyuan.kernel.sheet import CellFault, Column, Row, Sheet, batches, readers, told
from keyuan.orgs.models import Organisation
from keyuan.people.models import Person
from keyuan.people.queries import people_by_id_index
from keyuan.rotation import actions
from keyuan.rotation.models import CohortLabel, Requirement
from keyuan.rotation.queries.board import Summary
from keyuan.rotation.queries.coverage import Line
from keyuan.rotation.rules.coverage import STATES, Tally
from keyuan.terms.queries.people import called

Context = Mapping[str, Any]
PURPOSE = "rotation.list"
PARTS = (
    ("hours", "学时"), ("online", "网络自学"), ("professional", "专业课"), ("public", "公需课"), ("personal", "个人选修"),
)  # fmt: skip

LIST = Sheet(
    PURPOSE,
    "应训人员名单",
    (
        Column("name", "姓名", readers.name, required=True, aliases=("人员姓名",), width=12, example="张三"),
        Column("organisation", "单位", readers.title, aliases=("单位名称", "工作单位", "单位全称"), width=30, carried=True, example="广东省数学会", note="有同名人员时用来分辨"),
        Column("id_number", "证件号码", readers.identity, aliases=("身份证号", "身份证号码"), width=22, secret=True, note="可不填；填了以此为准"),
        Column("since", "列入日期", readers.day, aliases=("自", "起始日期"), width=12, note="不填即为导入当天"),
        Column("note", "说明", readers.limited(100), aliases=("备注",), width=24),
    ),
    notes=("名单上的人须已在“人员”里登记。同一份名单再导一次不会改动。",),
    unique=(("id_number",), ("name", "organisation")),
    row_limit=5000,
)  # fmt: skip

COVERAGE = Sheet(
    "rotation.coverage",
    "轮训调训情况",
    (
        told("name", "姓名", 14), told("unit", "单位", 34), told("kind", "单位类别"), told("post", "职务", 20),
        told("cohorts", "对象", 24), told("joined", "进入日期"), told("state", "状态"), told("reason", "免训理由", 20),
        told("owed", "应完成", 20), told("held", "已完成", 20), told("planned", "已报名待参加", 20), told("missing", "还差", 24),
        told("forecast", "预计", 24), told("last", "最近结业"), told("valid", "有效至"),
    ),
)  # fmt: skip

SUMMARY = Sheet(
    "rotation.summary",
    "轮训调训汇总",
    (
        told("requirement", "要求", 30), told("group", "单位类别或地市", 20), told("all", "对象人数"), told("met", "已完成"),
        told("in_progress", "进行中"), told("not_begun", "未参训"), told("exempt", "免训"), told("new", "新进，暂不要求", 14),
        told("gap", "预计到期仍不够", 14), told("percent", "完成率（%）"),
    ),
)  # fmt: skip


def amount(tally: Tally) -> str:
    """An amount in words: classes, or hours with their parts."""
    if tally.classes:
        return _("%(n)s 次") % {"n": tally.classes}
    words = [f"{_(word)} {plain(getattr(tally, name))}" for name, word in PARTS if getattr(tally, name)]
    return "，".join(words)


def coverage_rows(lines: Iterable[Line]) -> Iterator[dict[str, str]]:
    """The lines as the board shows them."""
    words = {key: str(word) for key, word in STATES}
    for line in lines:
        standing = line.standing
        yield {
            "name": line.member.name, "unit": line.unit_name, "kind": line.unit.get_kind_display() if line.unit else "",
            "post": line.member.post_title, "cohorts": line.words, "joined": str(line.member.joined or ""),
            "state": words[standing.state], "reason": line.reason, "owed": amount(standing.owed),
            "held": amount(line.held), "planned": amount(line.planned), "missing": amount(standing.missing),
            "forecast": forecast(line), "last": str(line.last_on or ""), "valid": str(line.valid_until or ""),
        }  # fmt: skip


def forecast(line: Line) -> str:
    """What will be at the end, in words; nothing where nothing is asked."""
    if line.standing.state in {"exempt", "new"}:
        return ""
    return (
        _("可完成") if line.standing.will_meet else _("还差%(what)s") % {"what": amount(line.standing.left)}
    )


@in_chinese
def coverage_file(lines: Iterable[Line]) -> bytes:
    """The lines as a workbook."""
    return COVERAGE.export(coverage_rows(lines))


def summary_rows(found: Iterable[Summary]) -> Iterator[dict[str, str]]:
    """Each requirement as a whole, then by kind of unit, then by city."""
    for one in found:
        rows = [(_("全部"), one.whole), *((row.title, row) for row in (*one.kinds, *one.cities))]
        for word, row in rows:
            counts = {name: str(count) for name, count in row.counts.items() if name != "due"}
            yield {"requirement": one.requirement.title, "group": word, "percent": str(row.percent), **counts}


@in_chinese
def summary_file(found: Iterable[Summary]) -> bytes:
    """The summary as a workbook."""
    return SUMMARY.export(summary_rows(found))


class _Known:
    """Whom the rows mean: by identity number, else by name and unit."""

    def __init__(self, actor: Actor, rows: Sequence[Row]) -> None:
        numbers = [cipher.blind_index("id", found) for row in rows if (found := row.values.get("id_number"))]
        self.numbered = people_by_id_index(actor.school_id or 0, numbers) if numbers else {}
        self.named = called(actor, (row.values.get("name", "") for row in rows))
        self.units = {
            name: unit.pk
            for unit in visible(actor, Organisation)
            for name in (unit.short_name, unit.name)
            if name
        }

    def person(self, row: Row) -> Person | CellFault:
        """The one meant, or what is wrong with the row."""
        name, number = normal_name(row.values.get("name", "")), row.values.get("id_number", "")
        if number:
            found = self.numbered.get(cipher.blind_index("id", number))
            if found is None:
                return _fault(
                    "证件号码", "unknown", _("本校人员名单里没有这个证件号码，请核对，或先登记此人。")
                )
            if found.name != name:
                return _fault("姓名", "differs", _("这个证件号码登记的是另一个姓名，请核对。"))
            return found
        alike = self.named.get(name, [])
        written = row.values.get("organisation", "")
        if written:
            unit = self.units.get(written)
            alike = [
                one
                for one in alike
                if (unit is not None and one.organisation_id == unit) or one.organisation_text == written
            ]
        if not alike:
            return _fault("姓名", "unknown", _("该单位的人员名单里没有此人，请核对姓名和单位，或先登记。"))
        if len(alike) > 1:
            return _fault("证件号码", "alike", _("有多位同名人员，请补单位或证件号码。"))
        return alike[0]


def _fault(column: str, code: str, message: str) -> CellFault:
    return CellFault(column, code, message, "room")


class ListRoom:
    """What the room says to a list of people (应训名单、标签名单)."""

    def thing(self, context: Context) -> Any:
        """The requirement or the label the list is for."""
        if "label" in context:
            return CohortLabel.objects.get(pk=context["label"])
        return Requirement.objects.get(pk=context["requirement"])

    def judge(self, actor: Actor, _context: Context, rows: Sequence[Row]) -> dict[int, list[CellFault]]:
        """Who is not found, or cannot be told from others."""
        known = _Known(actor, rows)
        found = {row.number: known.person(row) for row in rows if row.ok}
        return {number: [one] for number, one in found.items() if isinstance(one, CellFault)}

    def prepare(self, _actor: Actor, _context: Context, rows: Sequence[Row]) -> Sequence[Row]:
        """The rows as they are."""
        return rows

    def apply(self, actor: Actor, context: Context, rows: Sequence[Row]) -> dict[int, batches.Outcome]:
        """Each row by itself; what the rules refuse is left with its reason."""
        known, thing = _Known(actor, rows), self.thing(context)

        def act(row: Row) -> int | None:
            person = known.person(row)
            if isinstance(person, CellFault):
                raise Fault(person.message)
            return _taken(actor, thing, person, row)

        return batches.one_by_one(rows, act)


def _taken(actor: Actor, thing: Any, person: Person, row: Row) -> int | None:
    """One row put on the list or given the label; who stands there already changes nothing."""
    text, note = row.values.get("since", ""), row.values.get("note", "")
    since = date.fromisoformat(text) if text else timezone.localdate()
    if isinstance(thing, Requirement):
        return actions.list_person(actor, requirement=thing, person=person, since=since, note=note).pk
    standing = thing.members.filter(person=person, ends=None).first()
    if standing is not None:
        return int(standing.pk)
    return actions.label_person(actor, label=thing, person=person, starts=since, note=note).pk


batches.purpose(PURPOSE, sheet=LIST, rule="rotation.keep")(ListRoom)


@batchjobs.back(PURPOSE)
def _back(batch: Batch) -> str:
    """To what the list was for."""
    if "label" in batch.context:
        return f"/rotation/labels/{batch.context['label']}/"
    return f"/rotation/requirements/{batch.context['requirement']}/"
