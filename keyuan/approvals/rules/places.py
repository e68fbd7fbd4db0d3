"""In whose place somebody may decide: one's own seat, and the seats of those who delegated to one."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from keyuan.approvals.models import Decision, Delegation, Request, Step
from keyuan.kernel.access import Actor
from keyuan.people.models import Person, Seat
from keyuan.people.roles import OFFICE, Role

# Who decides anything: the three administrators (三员分立), trainees and outside people never do.
APPROVERS = (*OFFICE, Role.HEAD_TEACHER.value)


@dataclass(frozen=True)
class Place:
    """One seat somebody decides from (审批身份): the own one, or a principal's by delegation."""

    person_id: int
    role: str
    organisation_id: int | None
    seat_id: int | None = None
    delegation_id: int | None = None
    kind: str = ""

    def actor(self, school_id: int) -> Actor:
        """The actor that this place is."""
        return Actor(self.person_id, school_id, self.organisation_id, frozenset({self.role}), self.seat_id)


def live_on(today: date | None = None) -> Q:
    """The filter for seats held on a day."""
    today = today or timezone.localdate()
    return Q(starts__lte=today) & (Q(ends=None) | Q(ends__gte=today))


def delegations_on(today: date | None = None) -> QuerySet[Delegation]:
    """The delegations in force on a day: they begin and end by their dates."""
    today = today or timezone.localdate()
    return Delegation.objects.filter(starts__lte=today, ends__gte=today, revoked_at=None)


def delegated_places(actor: Actor, kind: str = "") -> list[Place]:
    """The seats of those who handed their approvals to this person, narrowed to a kind when given."""
    if actor.person_id is None or not actor.roles.intersection(APPROVERS):
        return []
    rows = delegations_on().filter(delegate_id=actor.person_id, school_id=actor.school_id or 0)
    if kind:
        rows = rows.filter(kind__in=("", kind))
    given = list(rows)
    seats = Seat.objects.none()
    if given:
        seats = Seat.objects.filter(
            live_on(), person_id__in=[row.principal_id for row in given], role__in=APPROVERS,
            school_id=actor.school_id or 0,
        )  # fmt: skip
    return [
        Place(seat.person_id, seat.role, seat.organisation_id, seat.pk, row.pk, row.kind)
        for row in given
        for seat in seats
        if seat.person_id == row.principal_id
    ]


def stands_in_for(actor: Actor, kind: str) -> list[Place]:
    """For rooms with an approval table of their own: in whose place this actor may decide such a thing today."""
    return delegated_places(actor, kind)


def places_of(actor: Actor) -> list[Place]:
    """The own place first, then those delegated."""
    if actor.person_id is None or actor.school_id is None:
        return []
    own = [
        Place(actor.person_id, role, actor.organisation_id, actor.seat_id)
        for role in actor.roles.intersection(APPROVERS)
    ]
    return own + delegated_places(actor)


def asked(actor: Actor, place: Place) -> Q:
    """The filter for requests whose step asks this place, when this actor decides from it.

    Nobody decides what they or their principal submitted, nor a distinct step after an earlier one.
    """
    posts = Person.objects.filter(pk=place.person_id).exclude(post_title="").values("post_title")
    wanted = Q(step__who=Step.Who.ROLE, step__role=place.role)
    wanted |= Q(step__who=Step.Who.PERSON, step__person_id=place.person_id)
    wanted |= Q(step__who=Step.Who.POST, step__post__in=posts)
    if place.role == Role.DEPARTMENT_HEAD and place.organisation_id:
        wanted |= Q(step__who=Step.Who.HEAD, organisation_id=place.organisation_id)
    if place.kind:
        wanted &= Q(kind=place.kind)
    both = [actor.person_id, place.person_id]
    earlier = Decision.objects.filter(request=OuterRef("pk")).filter(
        Q(person_id__in=both) | Q(on_behalf_of_id__in=both)
    )
    wanted &= ~Q(submitted_by_id__in=both) & Q(school_id=actor.school_id or 0)
    return wanted & (Q(step__distinct=False) | Q(~Exists(earlier)))


def waiting_for(actor: Actor) -> Q:
    """The filter for requests in progress that this actor may decide now."""
    found = Q(pk__in=())
    for place in places_of(actor):
        found |= asked(actor, place)
    return found & Q(state=Request.State.IN_PROGRESS)


def in_whose_place(actor: Actor, request: Request) -> Place | None:
    """From which place this actor may decide the step a request stands at, the own one first; None for none."""
    for place in places_of(actor):
        if Request.objects.filter(asked(actor, place), pk=request.pk, step_id=request.step_id).exists():
            return place
    return None
