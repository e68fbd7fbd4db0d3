"""Delegations read, and to whom one may hand one's approvals."""

from django.db.models import Q, QuerySet

from keyuan.approvals.models import Delegation
from keyuan.approvals.rules.places import APPROVERS, live_on
from keyuan.kernel.access import Actor, visible
from keyuan.people.models import Person, Seat


def delegations_of(actor: Actor) -> QuerySet[Delegation]:
    """The delegations one gave or took, the latest first."""
    rows = visible(actor, Delegation).select_related("principal", "delegate")
    me = actor.person_id or 0
    return rows.filter(Q(principal_id=me) | Q(delegate_id=me))


def possible_delegates(actor: Actor) -> QuerySet[Person]:
    """Everybody else of the school in a seat that decides."""
    seats = Seat.objects.filter(live_on(), school_id=actor.school_id or 0, role__in=APPROVERS)
    rows = Person.objects.filter(pk__in=seats.values("person_id"), erased_at=None)
    return rows.exclude(pk=actor.person_id or 0).order_by("pinyin", "pk")
