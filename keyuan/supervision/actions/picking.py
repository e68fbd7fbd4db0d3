"""Things of other rooms made into items, many at once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from keyuan.kernel.access import Actor, require, visible
from keyuan.kernel.faults import Fault
from keyuan.orgs.models import Organisation
from keyuan.people.models import Person
from keyuan.supervision.actions.items import ItemFacts, open_items
from keyuan.supervision.models import Item
from keyuan.supervision.queries.naming import Units
from keyuan.supervision.queries.sources import Found, found_of


@dataclass(frozen=True)
class PickFacts:
    """What was ticked, and what holds of all that was (批量立项); blank owner and deadline are the thing's own."""

    refs: tuple[str, ...]
    owner: str = ""
    deadline: str = ""
    importance: str = ""
    every: str = ""
    issue: bool = False


@transaction.atomic
def open_picked(actor: Actor, *, kind: str, facts: PickFacts) -> list[Item]:
    """An item of each thing ticked; what has a living item by now is passed over. Raises Fault where something is missing."""
    require(actor, "supervision.manage")
    wanted = set(facts.refs)
    found = [one for one in found_of(actor, kind) if one.ref in wanted]
    if not found:
        raise Fault(_("请先勾选要立项的事；已立项的不会重复。"))
    owner = Units(actor).find(facts.owner) if facts.owner.strip() else None
    if facts.owner.strip() and owner is None:
        raise Fault(
            _("没有“%(name)s”这个单位，请写单位名单上的全称或简称。") % {"name": facts.owner}, "owner"
        )
    try:
        day = date.fromisoformat(facts.deadline) if facts.deadline else None
    except ValueError as wrong:
        raise Fault(_("办结期限不是有效的日期。"), "deadline") from wrong
    units, people = _known(actor, found)
    lines = []
    for one in found:
        unit, until = owner or units.get(one.owner_id or 0), day or one.deadline
        if unit is None or until is None:
            raise Fault(_("“%(title)s”没有责任单位或期限，请在下方统一填写。") % {"title": one.title})
        lines.append(
            ItemFacts(
                title=one.title, detail=one.note, owner=unit, deadline=until, kind=kind, source_ref=one.ref,
                source_title=one.title, source_day=one.day, source_link=one.link,
                owner_person=people.get(one.person_id or 0),
                importance=facts.importance if facts.importance in Item.Importance.values else "normal",
                report_every=int(facts.every) if facts.every in {"7", "14", "30"} else 0,
            )
        )  # fmt: skip
    return open_items(actor, lines=lines, issue=facts.issue)


def _known(actor: Actor, found: Iterable[Found]) -> tuple[dict[int, Organisation], dict[int, Person]]:
    rows = list(found)
    units = visible(actor, Organisation).in_bulk([one.owner_id for one in rows if one.owner_id])
    people = Person.objects.filter(school_id=actor.school_id or 0, erased_at=None)
    return units, people.in_bulk([one.person_id for one in rows if one.person_id])
