"""Opening items, one or many, correcting them, and issuing them under a number."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.kernel import audit, bulk
from keyuan.kernel.access import Actor, require
from keyuan.kernel.faults import Conflict, Fault
from keyuan.orgs.models import Organisation, School
from keyuan.people.models import Person
from keyuan.people.roles import Role
from keyuan.supervision import flows
from keyuan.supervision.models import CoOwner, Item, Step
from keyuan.supervision.rules.lights import next_report

audit.sentence("supervision.opened", "登记了督办事项：{thing}")
audit.sentence("supervision.changed", "修改了督办事项：{thing}（{fields}）")
MOST = 500


@dataclass(frozen=True)
class ItemFacts:
    """What an item is about, as a form, a sheet or another room says it."""

    title: str
    owner: Organisation
    deadline: date
    detail: str = ""
    owner_person: Person | None = None
    co_owners: tuple[Organisation, ...] = ()
    importance: str = Item.Importance.NORMAL.value
    report_every: int = Item.Every.NEVER.value
    kind: str = Item.Kind.MEETING.value
    source_ref: str = ""
    source_title: str = ""
    source_number: str = ""
    source_day: date | None = None
    source_link: str = ""
    department: Organisation | None = None


def _fits(item: Item, co_owners: Sequence[Organisation]) -> None:
    """Raises Fault where facts do not go together."""
    if not item.title:
        raise Fault(_("请写明要办的事项。"), "title")
    if item.owner_person is not None and (
        item.owner_person.school_id != item.school_id or item.owner_person.erased_at is not None
    ):
        raise Fault(_("责任人须是本校登记的人员，请重新选择。"), "owner_person")
    if any(unit.school_id != item.school_id for unit in (item.owner, *co_owners)):
        raise Fault(_("责任单位和协办单位须在本校单位名单中。"), "owner")
    if item.owner in co_owners:
        raise Fault(_("责任单位不必再列为协办单位。"), "co_owners")
    if item.source_day and item.deadline < item.source_day:
        raise Fault(_("办结期限早于会议或文件日期，请核对。"), "deadline")


def _fill(item: Item, facts: ItemFacts) -> None:
    item.title, item.detail = facts.title.strip()[:200], facts.detail.strip()
    item.owner, item.owner_person = facts.owner, facts.owner_person
    item.deadline, item.importance, item.report_every = facts.deadline, facts.importance, facts.report_every
    item.source_title, item.source_number = facts.source_title.strip()[:200], facts.source_number.strip()[:60]
    item.source_day = facts.source_day
    item.kind = facts.kind
    _fits(item, facts.co_owners)


def _helped_by(item: Item, units: Iterable[Organisation]) -> None:
    CoOwner.objects.bulk_create(CoOwner(item=item, organisation=unit) for unit in dict.fromkeys(units))


@transaction.atomic
def open_item(actor: Actor, *, facts: ItemFacts, issue: bool = False) -> Item:
    """Put an item down, and issue it at once where asked. A department's head opens it for the own department.

    Raises Conflict when the thing it comes from has a living item already.
    """
    item = Item(
        school_id=actor.school_id or 0, department=facts.department, source_ref=facts.source_ref,
        source_link=facts.source_link[:200],
    )  # fmt: skip
    if item.department is None and Role.DEPARTMENT_HEAD in actor.roles:
        item.department_id = actor.organisation_id
    require(actor, "supervision.manage", item)
    _fill(item, facts)
    try:
        with transaction.atomic():
            item.save()
    except IntegrityError as clash:
        raise Conflict(_("“%(title)s”已经立项，不必重复。") % {"title": item.title}) from clash
    _helped_by(item, facts.co_owners)
    flows.put_down(item, actor, Step.Kind.OPENED)
    audit.record(actor, "supervision.opened", item)
    if issue:
        _issue(actor, [item])
    return item


@transaction.atomic
def open_items(actor: Actor, *, lines: Sequence[ItemFacts], issue: bool = False) -> list[Item]:
    """Several at once, all or none."""
    if not lines:
        raise Fault(_("请至少填写一项。"))
    if len(lines) > MOST:
        raise Fault(_("一次最多 %(n)s 项，请分批办理。") % {"n": MOST})
    items = [open_item(actor, facts=line) for line in lines]
    if issue:
        _issue(actor, items)
    return items


@transaction.atomic
def issue_many(actor: Actor, *, items: Iterable[int]) -> list[Item]:
    """Issue those of these that are not issued yet, each under its number; what is beyond the actor is refused."""
    rows = Item.objects.select_for_update(of=("self",)).filter(
        pk__in=list(items), school_id=actor.school_id or 0, state=Item.State.DRAFT
    )
    found = list(rows.select_related("owner", "owner_person").order_by("source_day", "pk"))
    for item in found:
        require(actor, "supervision.manage", item)
    _issue(actor, found)
    return found


def _issue(actor: Actor, items: Sequence[Item]) -> None:
    """Number the items one after another under a lock of the school, then move each."""
    now = timezone.now()
    today = timezone.localdate(now)
    School.objects.select_for_update().get(pk=actor.school_id or 0)
    rows = Item.objects.filter(school_id=actor.school_id or 0, year=today.year)
    seq = rows.aggregate(last=Max("seq"))["last"] or 0
    for item in items:
        if item.deadline < today:
            raise Fault(
                _("“%(title)s”的办结期限已过，请先改期限再交办。") % {"title": item.title}, "deadline"
            )
        seq += 1
        item.year, item.seq, item.number = today.year, seq, f"督办〔{today.year}〕{seq}号"
        item.first_deadline, item.issued_at = item.deadline, now
        item.next_report_on = next_report(today, item.report_every)
    bulk.update(items, ["year", "seq", "number", "first_deadline", "issued_at", "next_report_on"])
    for item in items:
        flows.ITEM.move(item, "issue", actor=actor)


# What may be corrected once the owner has it; deadlines change by postponement.
_LATER = ("title", "detail", "owner_person", "importance", "report_every")


@transaction.atomic
def change_item(actor: Actor, *, item: Item, facts: ItemFacts) -> Item:
    """Correct an item: all of it before it is issued; afterwards neither owner nor deadline. Ended ones stay."""
    one = Item.objects.select_for_update(of=("self",)).select_related("owner", "owner_person").get(pk=item.pk)
    require(actor, "supervision.manage", one)
    if one.state in {Item.State.CLOSED, Item.State.WITHDRAWN}:
        raise Fault(_("事项已经办结或撤销，不能再修改。"))
    draft = one.state == Item.State.DRAFT
    if not draft and (facts.owner != one.owner or facts.deadline != one.deadline):
        raise Fault(_("已经交办：期限请办“延期”；换责任单位请撤销后重新立项。"), "deadline")
    before = {name: getattr(one, name) for name in (*_LATER, "owner", "deadline")}
    helped = set(one.co_owners.values_list("organisation_id", flat=True))
    _fill(one, facts)
    if one.report_every != before["report_every"] and not draft:
        one.next_report_on = next_report(timezone.localdate(), one.report_every)
    one.save()
    changed = [name for name, old in before.items() if getattr(one, name) != old]
    if helped != {unit.pk for unit in facts.co_owners}:
        one.co_owners.all().delete()
        _helped_by(one, facts.co_owners)
        changed.append("co_owners")
    if changed:
        words = "、".join(FIELDS[name] for name in changed)
        flows.put_down(one, actor, Step.Kind.CHANGED, words)
        audit.record(actor, "supervision.changed", one, fields=words)
    return one


FIELDS = {
    "title": "事项", "detail": "工作要求", "owner_person": "责任人", "importance": "重要程度",
    "report_every": "进展报送", "owner": "责任单位", "deadline": "办结期限", "co_owners": "协办单位",
}  # fmt: skip
