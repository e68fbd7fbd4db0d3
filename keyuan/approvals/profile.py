"""What a person's own page and own export show of approvals: delegations given and taken."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.approvals.models import Delegation
from keyuan.approvals.queries import delegations_of
from keyuan.approvals.rules import APPROVERS, kind_title
from keyuan.kernel.access import Actor
from keyuan.people import actions as people
from keyuan.people.models import Person
from keyuan.people.queries import ProfileLine, profile_card


def _line(actor: Actor, row: Delegation) -> ProfileLine:
    days = _("%(a)s 至 %(b)s") % {"a": f"{row.starts:%Y-%m-%d}", "b": f"{row.ends:%Y-%m-%d}"}
    if row.principal_id == actor.person_id:
        text = _("委托%(name)s审批%(kind)s") % {"name": row.delegate.name, "kind": kind_title(row.kind)}
    else:
        text = _("受%(name)s委托审批%(kind)s") % {"name": row.principal.name, "kind": kind_title(row.kind)}
    return ProfileLine(text, "/approvals/delegations/", days)


@profile_card
def my_delegations(actor: Actor) -> tuple[str, list[ProfileLine]] | None:
    """The delegations that hold or are to come."""
    if not actor.roles.intersection(APPROVERS):
        return None
    rows = delegations_of(actor).filter(ends__gte=timezone.localdate(), revoked_at=None)
    lines = [_line(actor, row) for row in rows]
    return _("审批委托"), lines or [
        ProfileLine(_("设立审批委托"), "/approvals/delegations/", _("外出期间请人代批"))
    ]


def held_of(actor: Actor, person: Person) -> list[dict[str, Any]]:
    """The person's delegations, for the own export (PIPL art. 45)."""
    return [
        {
            "事项": kind_title(row.kind),
            "委托人": row.principal.name,
            "受托人": row.delegate.name,
            "起止": str(row),
        }
        for row in delegations_of(actor)
        if person.pk in {row.principal_id, row.delegate_id}
    ]


people.exports("审批委托", held_of)
