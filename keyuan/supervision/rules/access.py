"""Who sees which item, who manages it, who answers for it and who verifies it."""

from typing import Any

from django.db.models import Q, QuerySet

from keyuan.kernel.access import Actor, rule, scope
from keyuan.people.roles import EVERYBODY, OFFICE, Role
from keyuan.supervision.models import (
    CoOwner,
    Digest,
    Evidence,
    Item,
    Ladder,
    Postponement,
    Report,
    ReportFile,
    Rung,
    Step,
)

SEERS = (*OFFICE, Role.LIAISON.value)
# Who acts for a unit.
FOR_A_UNIT = frozenset((Role.LIAISON.value, Role.DEPARTMENT_HEAD.value))
WHOLE = frozenset(("system", Role.REGISTRAR.value, Role.LEADER.value))


def _unit(actor: Actor) -> int:
    """The unit the actor acts for, 0 for none."""
    return (actor.organisation_id or 0) if actor.roles & FOR_A_UNIT else 0


@scope(Item)
def items_i_see(actor: Actor, rows: QuerySet[Item]) -> QuerySet[Item]:
    """Registrar and leader the school's; others what their unit owns, helps with or manages, and what they answer for.

    What is not issued yet is seen by those who manage it.
    """
    rows = rows.filter(school_id=actor.school_id or 0)
    if actor.roles & WHOLE:
        return rows
    mine = Q(owner_person_id=actor.person_id or 0)
    unit = _unit(actor)
    if unit:
        mine |= Q(owner_id=unit) | Q(pk__in=CoOwner.objects.filter(organisation_id=unit).values("item_id"))
    seen = mine & Q(seq__isnull=False)
    if unit and Role.DEPARTMENT_HEAD in actor.roles:
        seen |= Q(department_id=unit)
    return rows.filter(seen)


def _of_items(actor: Actor, path: str = "item") -> Q:
    return Q(**{f"{path}__in": items_i_see(actor, Item.objects.order_by()).values("pk")})


@scope(CoOwner)
def co_owners_i_see(actor: Actor, rows: QuerySet[CoOwner]) -> QuerySet[CoOwner]:
    """With their item."""
    return rows.filter(_of_items(actor))


@scope(Report)
def reports_i_see(actor: Actor, rows: QuerySet[Report]) -> QuerySet[Report]:
    """With their item."""
    return rows.filter(_of_items(actor))


@scope(ReportFile)
def report_files_i_see(actor: Actor, rows: QuerySet[ReportFile]) -> QuerySet[ReportFile]:
    """With their item."""
    return rows.filter(_of_items(actor, "report__item"))


@scope(Evidence)
def evidence_i_see(actor: Actor, rows: QuerySet[Evidence]) -> QuerySet[Evidence]:
    """With its item."""
    return rows.filter(_of_items(actor))


@scope(Postponement)
def postponements_i_see(actor: Actor, rows: QuerySet[Postponement]) -> QuerySet[Postponement]:
    """With their item."""
    return rows.filter(_of_items(actor))


@scope(Step)
def steps_i_see(actor: Actor, rows: QuerySet[Step]) -> QuerySet[Step]:
    """With their item."""
    return rows.filter(_of_items(actor))


@scope(Ladder)
def ladders_i_see(actor: Actor, rows: QuerySet[Ladder]) -> QuerySet[Ladder]:
    """The office its school's."""
    rows = rows.filter(school_id=actor.school_id or 0)
    return rows if actor.roles.intersection(("system", *OFFICE)) else rows.none()


@scope(Rung)
def rungs_i_see(actor: Actor, rows: QuerySet[Rung]) -> QuerySet[Rung]:
    """With their ladder."""
    return rows.filter(ladder__in=ladders_i_see(actor, Ladder.objects.order_by()).values("pk"))


@scope(Digest)
def digests_i_see(actor: Actor, rows: QuerySet[Digest]) -> QuerySet[Digest]:
    """Everybody the own; the registrar and the leader their school's."""
    rows = rows.filter(school_id=actor.school_id or 0)
    return rows if actor.roles & WHOLE else rows.filter(person_id=actor.person_id or 0)


def _item_of(thing: Any) -> Item | None:
    """The item itself, that of a row of it, or none where a thing of another room is asked about."""
    if thing is None or isinstance(thing, Item):
        return thing
    found: Item | None = getattr(thing, "item", None)
    return found


def _in_school(actor: Actor, item: Item | None) -> bool:
    return actor.school_id is not None and (item is None or item.school_id == actor.school_id)


def manages(actor: Actor, item: Item) -> bool:
    """Whether the actor follows the item up: registrar and leader, or the head of the department that issued it."""
    if not _in_school(actor, item):
        return False
    if actor.roles & WHOLE:
        return True
    heads = Role.DEPARTMENT_HEAD in actor.roles and actor.organisation_id is not None
    return heads and item.department_id == actor.organisation_id


def owns(actor: Actor, item: Item) -> bool:
    """Whether the actor answers for the item: acts for its owner, or is the person named."""
    if not _in_school(actor, item):
        return False
    named = actor.person_id is not None and item.owner_person_id == actor.person_id
    return named or item.owner_id == _unit(actor)


def _helps(actor: Actor, item: Item) -> bool:
    unit = _unit(actor)
    return bool(unit) and any(row.organisation_id == unit for row in item.co_owners.all())


@rule(
    "supervision.see",
    title="查看督办事项",
    roles=EVERYBODY,
    limits="本校；责任、协办单位和责任人限本单位、本人的事项",
)
def may_see(actor: Actor, thing: Any) -> bool:
    """Who manages, owns or helps; the list shows nobody more than that."""
    item = _item_of(thing)
    if item is None:
        return actor.school_id is not None
    return manages(actor, item) or (item.seq is not None and (owns(actor, item) or _helps(actor, item)))


@rule(
    "supervision.manage",
    title="立项交办和管理督办事项",
    roles=OFFICE,
    limits="本校；部门负责人限本部门督办的事项",
)
def may_manage(actor: Actor, thing: Any) -> bool:
    """Registrar and leader; a department's head what the department follows up."""
    item = _item_of(thing)
    return _in_school(actor, item) and (item is None or manages(actor, item))


@rule(
    "supervision.answer",
    title="签收和提交督办事项",
    roles=EVERYBODY,
    limits="本校；限责任单位、责任人，管理者可代办",
)
def may_answer(actor: Actor, thing: Any) -> bool:
    """Who acts for the owner or is named; who manages it may enter it for them."""
    item = _item_of(thing)
    return item is not None and (owns(actor, item) or manages(actor, item))


@rule(
    "supervision.report",
    title="报送督办进展和佐证",
    roles=EVERYBODY,
    limits="本校；限责任、协办单位和责任人，管理者可代办",
)
def may_report(actor: Actor, thing: Any) -> bool:
    """The same, and who acts for a unit that helps."""
    item = _item_of(thing)
    if item is None or not _in_school(actor, item):
        return False
    return owns(actor, item) or manages(actor, item) or _helps(actor, item)


@rule("supervision.verify", title="核验督办事项", roles=OFFICE, limits="本校；不得核验本人负责或提交的事项")
def may_verify(actor: Actor, thing: Any) -> bool:
    """Who manages it, unless the person owns it or handed it in."""
    item = _item_of(thing)
    if item is None or actor.person_id is None or not manages(actor, item):
        return False
    return actor.person_id not in (item.owner_person_id, item.submitted_by_id)


@rule("supervision.ladder", title="设置督办提醒规则", roles=(Role.REGISTRAR, Role.LEADER), limits="本校")
def may_set_ladder(actor: Actor, thing: Any) -> bool:
    """Registrar and leader, in the own school."""
    return actor.school_id is not None and (thing is None or thing.school_id == actor.school_id)


@rule("supervision.export", title="导出督办台账", roles=EVERYBODY, limits="限本人可见的事项")
def may_export(actor: Actor, _thing: Any) -> bool:
    """The items one sees anyway."""
    return actor.school_id is not None
