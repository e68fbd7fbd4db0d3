"""Items as spreadsheets: the list that is sent in, the ledger and the digest that go out."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from keyuan.kernel import batchjobs
from keyuan.kernel.access import Actor
from keyuan.kernel.chinese import in_chinese
from keyuan.kernel.faults import Fault
from keyuan.kernel.models.batches import Batch
from keyuan.kernel.sheet import CellFault, Column, Row, Sheet, batches, readers, told
from keyuan.supervision import actions
from keyuan.supervision.actions import ItemFacts
from keyuan.supervision.models import Item
from keyuan.supervision.queries.digests import LIGHT_WORDS, PARTS, light
from keyuan.supervision.queries.naming import Units, person_of
from keyuan.supervision.rules.lights import Light

Context = Mapping[str, Any]
PURPOSE = "supervision.list"
IMPORTANCE = {"一般": "normal", "重要": "high", "紧急": "urgent"}
EVERY = {"不要求": 0, "每周": 7, "每两周": 14, "每月": 30}
KINDS = {"会议决议": "meeting", "领导批示": "instruction", "文件部署": "document", "其他": "other"}

LIST = Sheet(
    key=PURPOSE,
    title="督办事项表",
    columns=(
        Column("title", "督办事项", readers.limited(200), required=True, aliases=("事项", "议定事项", "决议事项", "工作任务", "任务"), width=40, example="印发年度培训计划"),
        Column("detail", "工作要求", readers.limited(2000), aliases=("要求", "具体要求"), width=30),
        Column("owner", "责任单位", readers.title, required=True, aliases=("牵头单位", "主办单位", "责任部门", "承办单位"), width=28, example="组联部"),
        Column("person", "责任人", readers.name, aliases=("负责人",), width=12),
        Column("helpers", "协办单位", readers.limited(400), aliases=("配合单位",), width=28, note="多个用顿号隔开"),
        Column("deadline", "办结期限", readers.day, required=True, aliases=("完成时限", "期限", "截止日期", "完成时间"), width=12, example="2026-12-20"),
        Column("importance", "重要程度", readers.choice(*IMPORTANCE), width=10, choices=tuple(IMPORTANCE)),
        Column("every", "进展报送", readers.choice(*EVERY), width=10, choices=tuple(EVERY)),
        Column("kind", "来源", readers.choice(*KINDS), width=10, choices=tuple(KINDS), carried=True),
        Column("source", "会议或文件名称", readers.limited(200), aliases=("会议名称", "文件名称", "会议"), width=28, carried=True),
        Column("number", "文号", readers.limited(60), aliases=("文件号", "会议编号"), width=18, carried=True),
        Column("day", "日期", readers.day, aliases=("会议日期", "发文日期"), width=12, carried=True),
    ),
    notes=("一行一项。同一会议的多项，会议名称、文号、日期只填第一行即可。",),
    unique=(("title", "owner", "deadline"),),
    row_limit=500,
)  # fmt: skip


def _day(row: Row, key: str) -> date | None:
    text = row.values.get(key, "")
    return date.fromisoformat(text) if text else None


def _fault(column: str, code: str, message: str) -> CellFault:
    return CellFault(column, code, message, "room")


def _facts(units: Units, row: Row) -> tuple[ItemFacts | None, list[CellFault]]:
    """The item a row means, or what is wrong with its cells."""
    said, found = row.values, list[CellFault]()
    owner, deadline = units.find(said.get("owner", "")), _day(row, "deadline")
    if owner is None:
        found.append(_fault("责任单位", "unit_unknown", _("没有这个单位，请写单位名单上的全称或简称。")))
    helpers, fault = units.several(said.get("helpers", ""))
    if fault:
        found.append(_fault("协办单位", "unit_unknown", fault))
    elif owner in helpers:
        found.append(_fault("协办单位", "owner_helps", _("责任单位不必再列为协办单位。")))
    person, fault = person_of(owner, said.get("person", "")) if owner else (None, "")
    if fault:
        found.append(_fault("责任人", "person_unknown", fault))
    day = _day(row, "day")
    if deadline and day and deadline < day:
        found.append(_fault("办结期限", "days", _("办结期限早于会议或文件日期，请核对。")))
    if found or owner is None or deadline is None:
        return None, found
    return ItemFacts(
        title=said["title"], detail=said.get("detail", ""), owner=owner, owner_person=person, deadline=deadline,
        co_owners=tuple(helpers), importance=IMPORTANCE[said.get("importance") or "一般"],
        report_every=EVERY[said.get("every") or "不要求"], kind=KINDS[said.get("kind") or "会议决议"],
        source_title=said.get("source", ""), source_number=said.get("number", ""), source_day=day,
    ), []  # fmt: skip


class ListRoom:
    """What the room says to a list of items (督办事项表)."""

    def thing(self, _context: Context) -> None:
        """The right is asked over the school."""
        return

    def judge(self, actor: Actor, _context: Context, rows: Sequence[Row]) -> dict[int, list[CellFault]]:
        """Units and persons nobody knows, days that cannot be."""
        units = Units(actor)
        judged = {row.number: _facts(units, row)[1] for row in rows if row.ok}
        return {number: faults for number, faults in judged.items() if faults}

    def prepare(self, _actor: Actor, _context: Context, rows: Sequence[Row]) -> Sequence[Row]:
        """The rows as they are."""
        return rows

    def apply(self, actor: Actor, _context: Context, rows: Sequence[Row]) -> dict[int, batches.Outcome]:
        """Each row an item, not issued yet: they are looked through and issued together on the board."""
        units = Units(actor)

        def act(row: Row) -> int | None:
            facts, faults = _facts(units, row)
            if facts is None:
                raise Fault(faults[0].message if faults else _("这一行不完整。"))
            return actions.open_item(actor, facts=facts).pk

        return batches.one_by_one(rows, act)


batches.purpose(PURPOSE, sheet=LIST, rule="supervision.manage")(ListRoom)


@batchjobs.back(PURPOSE)
def _back(_batch: Batch) -> str:
    """To what waits to be issued."""
    return "/supervision/?state=draft"


LEDGER = Sheet(
    "supervision.ledger", "督办台账",
    (
        told("no", "序号", 6), told("number", "编号", 20), told("title", "督办事项", 44), told("kind", "来源"),
        told("source", "会议或文件", 28), told("owner", "责任单位", 26), told("person", "责任人"),
        told("helpers", "协办单位", 26), told("deadline", "办结期限"), told("first", "原定期限"),
        told("importance", "重要程度", 8), told("stage", "进度"), told("state", "状态"), told("light", "督办灯", 14),
        told("closed", "销号日期"), told("note", "最近说明", 30),
    ),
)  # fmt: skip


def ledger_rows(rows: Iterable[Item], today: date) -> Iterator[dict[str, str]]:
    """The items as the ledger has them; helpers were read with them."""
    for n, item in enumerate(rows, 1):
        first = item.first_deadline if item.first_deadline != item.deadline else None
        yield {
            "no": str(n), "number": item.number, "title": item.title, "kind": item.get_kind_display(),
            "source": " ".join(filter(None, (item.source_title, item.source_number))), "owner": item.owner.name,
            "person": item.owner_person.name if item.owner_person else "",
            "helpers": "、".join(row.organisation.name for row in item.co_owners.all()),
            "deadline": item.deadline.isoformat(), "first": first.isoformat() if first else "",
            "importance": item.get_importance_display(), "stage": item.get_stage_display(),
            "state": item.get_state_display(), "light": LIGHT_WORDS[light(item, today)],
            "closed": f"{item.closed_at:%Y-%m-%d}" if item.closed_at else "", "note": item.note,
        }  # fmt: skip


@in_chinese
def ledger_file(rows: Iterable[Item], today: date) -> bytes:
    """The ledger as a workbook."""
    return LEDGER.export(ledger_rows(rows, today))


DIGEST = Sheet(
    "supervision.digest", "每周督办通报",
    (
        told("part", "类别"), told("number", "编号", 20), told("title", "督办事项", 44), told("owner", "责任单位", 28),
        told("deadline", "办结期限"), told("stage", "进度"), told("state", "状态"), told("light", "督办灯", 14),
    ),
)  # fmt: skip


def digest_rows(facts: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    """A digest's lines, part by part."""
    for key, title in PARTS:
        for line in facts["parts"][key]:
            yield {
                "part": title, "number": line["number"], "title": line["title"], "owner": line["owner"],
                "deadline": line["deadline"], "stage": str(Item.Stage(line["stage"]).label),
                "state": str(Item.State(line["state"]).label), "light": LIGHT_WORDS[Light(line["light"])],
            }  # fmt: skip


@in_chinese
def digest_file(facts: Mapping[str, Any]) -> bytes:
    """A digest as a workbook."""
    return DIGEST.export(digest_rows(facts))
