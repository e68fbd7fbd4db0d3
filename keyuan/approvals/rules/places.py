"""In whose place somebody may decide: one's own seat, and the seats of those who delegated to one."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce
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


# How a delegation finds what a request says: of the outer query for lists, of one request for itself.
Of = Callable[[str], Any]


def _handed(actor: Actor, of: Of, *, heads: bool) -> QuerySet[Delegation]:
    """The delegations to this actor whose principal the step asks: as lead head, or by role, name or post."""
    today = timezone.localdate()
    seat = Q(principal__seats__school_id=actor.school_id or 0, principal__seats__role__in=APPROVERS)
    seat &= Q(principal__seats__starts__lte=today)
    seat &= Q(principal__seats__ends=None) | Q(principal__seats__ends__gte=today)
    if heads:
        seat &= Q(
            principal__seats__role=Role.DEPARTMENT_HEAD,
            principal__seats__organisation_id=of("organisation_id"),
        )
    else:
        seat &= (
            Q(principal__seats__role=of("step__role"))
            | Q(principal_id=of("step__person_id"))
            | (Q(principal__post_title=of("step__post")) & ~Q(principal__post_title=""))
        )
    rows = delegations_on(today).filter(delegate_id=actor.person_id or 0, school_id=actor.school_id or 0)
    rows = rows.filter(Q(kind="") | Q(kind=of("kind"))).exclude(principal_id=of("submitted_by_id"))
    return rows.filter(seat)


def _unsaid(rows: QuerySet[Delegation], request: Any) -> QuerySet[Delegation]:
    """Those whose principal has not decided an earlier step of the request."""
    said = Decision.objects.filter(request=request).filter(
        Q(person_id=OuterRef("principal_id")) | Q(on_behalf_of_id=OuterRef("principal_id"))
    )
    return rows.filter(~Exists(said))


def _outer(name: str) -> Any:
    return Coalesce(OuterRef(name), Value(0)) if name == "submitted_by_id" else OuterRef(name)


def _in_own_place(actor: Actor) -> Q:
    posts = Person.objects.filter(pk=actor.person_id or 0).exclude(post_title="").values("post_title")
    wanted = Q(step__who=Step.Who.ROLE, step__role__in=sorted(actor.roles))
    wanted |= Q(step__who=Step.Who.PERSON, step__person_id=actor.person_id)
    wanted |= Q(step__who=Step.Who.POST, step__post__in=posts)
    if Role.DEPARTMENT_HEAD in actor.roles and actor.organisation_id:
        wanted |= Q(step__who=Step.Who.HEAD, organisation_id=actor.organisation_id)
    return wanted


def _in_anothers_place(actor: Actor) -> Q:
    found = Q(pk__in=())
    for heads, asks in ((True, Q(step__who=Step.Who.HEAD)), (False, ~Q(step__who=Step.Who.HEAD))):
        rows = _handed(actor, _outer, heads=heads)
        fresh = _unsaid(rows, OuterRef(OuterRef("pk")))
        found |= asks & ((Q(step__distinct=False) & Q(Exists(rows))) | Q(Exists(fresh)))
    return found


def _unbarred(actor: Actor) -> Q:
    """Nobody decides what they submitted, nor a step that wants another person than the earlier ones."""
    me = actor.person_id or 0
    earlier = Decision.objects.filter(request=OuterRef("pk")).filter(Q(person_id=me) | Q(on_behalf_of_id=me))
    return ~Q(submitted_by_id=me) & (Q(step__distinct=False) | Q(~Exists(earlier)))


def _decides(actor: Actor) -> bool:
    return actor.person_id is not None and bool(actor.roles.intersection(APPROVERS))


def waiting_for(actor: Actor) -> Q:
    """The filter for requests in progress that this actor may decide now; no query of its own."""
    if not _decides(actor):
        return Q(pk__in=())
    asked = _in_own_place(actor) | _in_anothers_place(actor)
    return asked & _unbarred(actor) & Q(state=Request.State.IN_PROGRESS, school_id=actor.school_id or 0)


def in_whose_place(actor: Actor, request: Request) -> Place | None:
    """From which place this actor may decide the step a request stands at, the own one first; None for none."""
    rows = Request.objects.filter(_unbarred(actor), pk=request.pk, school_id=actor.school_id or 0)
    if not _decides(actor) or not rows.filter(step_id=request.step_id).exists():
        return None
    role = next(iter(sorted(actor.roles.intersection(APPROVERS))))
    own = Place(actor.person_id or 0, role, actor.organisation_id, actor.seat_id)
    if rows.filter(_in_own_place(actor)).exists():
        return own
    step = request.step
    facts = {
        "kind": request.kind, "organisation_id": request.organisation_id, "submitted_by_id": request.submitted_by_id or 0,
        "step__role": step.role, "step__person_id": step.person_id or 0, "step__post": step.post,
    }  # fmt: skip
    handed = _handed(actor, lambda name: facts[name], heads=step.who == Step.Who.HEAD)
    if step.distinct:
        handed = _unsaid(handed, request.pk)
    given = handed.order_by("pk").first()
    if given is None:
        return None
    return Place(given.principal_id, role, None, actor.seat_id, given.pk, given.kind)
