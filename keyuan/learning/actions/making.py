"""Making a course, filling its open edition, and bringing it through three reviews."""

from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from keyuan.kernel import audit
from keyuan.kernel.access import Actor, require
from keyuan.kernel.faults import Conflict, Fault
from keyuan.learning.flows import EDITION
from keyuan.learning.models import Course, Edition, Item, Unit

audit.sentence("learning.course.made", "新建网络课程：{thing}")
audit.sentence("learning.edition.begun", "开始编写新版次：{thing}")
audit.sentence("learning.unit.added", "网络课程增加单元：{thing}")
audit.sentence("learning.item.added", "网络课程增加内容：{thing}")
audit.sentence("learning.unit.renamed", "网络课程单元改名：{thing}")
audit.sentence("learning.item.changed", "修改网络课程内容：{thing}")
audit.sentence("learning.removed", "从{thing}删去“{title}”")
audit.sentence("learning.shifted", "调整网络课程顺序：{thing}")
REVIEWS = {"first": "first_by_id", "second": "second_by_id", "final": "final_by_id"}


def _held(edition_id: int) -> Edition:
    rows = Edition.objects.select_for_update(of=("self",)).select_related("course")
    return rows.get(pk=edition_id)


def _drafted(actor: Actor, edition_id: int) -> Edition:
    """The edition, locked, while it is being written. Raises Conflict once it is not: what is published stays."""
    held = _held(edition_id)
    require(actor, "learning.make", held)
    if held.state != Edition.State.DRAFT:
        raise Conflict(_("这一版已提交审核或已发布，不能再改；请退回后修改，或编写新的一版。"))
    return held


@transaction.atomic
def make_course(actor: Actor, *, facts: dict[str, Any]) -> Edition:
    """A new course of the actor's school with its first edition. Raises Fault for a title already taken."""
    require(actor, "learning.make")
    if Course.objects.filter(school_id=actor.school_id or 0, title=facts["title"]).exists():
        raise Fault(_("本校已有同名课程，请换一个名称，或为那门课程编写新版。"), "title")
    course = Course.objects.create(school_id=actor.school_id or 0, **facts)
    audit.record(actor, "learning.course.made", course)
    return Edition.objects.create(course=course, made_by_id=actor.person_id or 0)


@transaction.atomic
def add_unit(actor: Actor, *, edition: Edition, title: str) -> Unit:
    """One more unit, the last."""
    held = _drafted(actor, edition.pk)
    last = held.units.aggregate(last=Max("order"))["last"] or 0
    row = Unit.objects.create(edition=held, title=title, order=last + 1)
    audit.record(actor, "learning.unit.added", row, edition=held.pk)
    return row


def _check(edition: Edition, facts: dict[str, Any]) -> None:
    if facts["unit"].edition_id != edition.pk:
        raise Fault(_("请选择本版次的单元。"), "unit")
    needed = "text" if facts["kind"] == Item.Kind.TEXT else "address"
    if not facts[needed]:
        raise Fault(_("请填写正文。") if needed == "text" else _("请填写链接。"), needed)


def _after_last(unit: Unit) -> int:
    return int(unit.items.aggregate(last=Max("order"))["last"] or 0) + 1


@transaction.atomic
def add_item(actor: Actor, *, edition: Edition, facts: dict[str, Any]) -> Item:
    """One more item, the last of its unit. Raises Fault where its kind lacks words or address."""
    held = _drafted(actor, edition.pk)
    _check(held, facts)
    row = Item.objects.create(order=_after_last(facts["unit"]), **facts)
    audit.record(actor, "learning.item.added", row, edition=held.pk)
    return row


@transaction.atomic
def rename_unit(actor: Actor, *, unit: Unit, title: str) -> Unit:
    """Another title for a unit of an edition that is being written."""
    held = _drafted(actor, unit.edition_id)
    unit.title = title
    unit.save(update_fields=["title"])
    audit.record(actor, "learning.unit.renamed", unit, edition=held.pk)
    return unit


@transaction.atomic
def change_item(actor: Actor, *, item: Item, facts: dict[str, Any]) -> Item:
    """Correct an item, or put it into another unit, where it is the last. Raises Fault as `add_item` does."""
    held = _drafted(actor, item.unit.edition_id)
    _check(held, facts)
    if facts["unit"].pk != item.unit_id:
        item.order = _after_last(facts["unit"])
    for name in ("unit", "kind", "title", "text", "address"):
        setattr(item, name, facts[name])
    item.save()
    audit.record(actor, "learning.item.changed", item, edition=held.pk)
    return item


@transaction.atomic
def remove(actor: Actor, *, thing: Unit | Item) -> None:
    """Take an item, or a unit with nothing in it, out of an edition that is being written."""
    unit = thing if isinstance(thing, Unit) else thing.unit
    held = _drafted(actor, unit.edition_id)
    if isinstance(thing, Unit) and thing.items.exists():
        raise Fault(_("单元里还有内容，请先删去或移到别的单元。"))
    audit.record(actor, "learning.removed", held, title=thing.title)
    thing.delete()


@transaction.atomic
def shift(actor: Actor, *, thing: Unit | Item, up: bool) -> None:
    """Change places with the one before or after; the first and the last stay where they are."""
    unit = thing if isinstance(thing, Unit) else thing.unit
    held = _drafted(actor, unit.edition_id)
    rows: list[Any] = list(held.units.all() if isinstance(thing, Unit) else unit.items.all())
    at = [row.pk for row in rows].index(thing.pk)
    to = at - 1 if up else at + 1
    if not 0 <= to < len(rows):
        return
    rows[at], rows[to] = rows[to], rows[at]
    for order, row in enumerate(rows, 1):
        row.order = order
    type(thing)._default_manager.bulk_update(rows, ["order"])
    audit.record(actor, "learning.shifted", thing, edition=held.pk)


@transaction.atomic
def move(actor: Actor, *, edition: Edition, name: str, note: str = "") -> None:
    """Submit, review, return or withdraw. Raises Fault for an edition with nothing to learn."""
    held = _held(edition.pk)
    if name == "submit" and not Item.objects.filter(unit__edition=held).exists():
        raise Fault(_("还没有学习内容，请先添加单元和内容。"))
    require(actor, EDITION.moves[name].rule, held)
    if name in REVIEWS and held.state == name:
        Edition.objects.filter(pk=held.pk).update(**{REVIEWS[name]: actor.person_id})
    EDITION.move(held, name, actor=actor, note=note)


@transaction.atomic
def begin_edition(actor: Actor, *, course: Course) -> Edition:
    """A new edition to write in, with everything of the latest; learners stay on theirs. Raises Conflict for a second one."""
    held = Course.objects.select_for_update().get(pk=course.pk)
    require(actor, "learning.make", held)
    latest = held.editions.order_by("-number").first()
    if latest is None or latest.state not in {Edition.State.PUBLISHED, Edition.State.WITHDRAWN}:
        raise Conflict(_("这门课程已有一版正在编写或审核。"))
    row = Edition.objects.create(course=held, number=latest.number + 1, made_by_id=actor.person_id or 0)
    for unit in latest.units.prefetch_related("items"):
        copy = Unit.objects.create(edition=row, title=unit.title, order=unit.order)
        Item.objects.bulk_create(
            Item(
                unit=copy, kind=one.kind, title=one.title, text=one.text, address=one.address, order=one.order
            )
            for one in unit.items.all()
        )
    audit.record(actor, "learning.edition.begun", row)
    return row
