"""Which chain holds on a day, and who sits where its steps ask."""

from dataclasses import asdict
from datetime import date

from django.db.models import QuerySet
from django.utils import timezone

from keyuan.approvals.models import Chain, Step
from keyuan.approvals.rules import KINDS
from keyuan.approvals.rules.places import APPROVERS, live_on
from keyuan.kernel.access import Actor, visible
from keyuan.orgs.models import Organisation
from keyuan.people.models import Seat
from keyuan.people.roles import Role


def chain_in_force(school_id: int, kind: str, day: date | None = None) -> Chain | None:
    """The version that holds on a day: the latest begun, and of one day the last made; None before any."""
    rows = Chain.objects.filter(school_id=school_id, kind=kind, starts__lte=day or timezone.localdate())
    return rows.order_by("-starts", "-version").first()


def steps_in_force(school_id: int, kind: str, day: date | None = None) -> list[Step]:
    """The steps that hold on a day; the shipped ones, not yet stored, where the school laid down none."""
    chain = chain_in_force(school_id, kind, day)
    if chain is not None:
        return list(chain.steps.select_related("person"))
    return [Step(order=number, **asdict(facts)) for number, facts in enumerate(KINDS[kind].steps, 1)]


def versions_of(actor: Actor, kind: str) -> QuerySet[Chain]:
    """The versions of a kind's chain that the actor sees, the newest first."""
    return visible(actor, Chain).filter(kind=kind).select_related("made_by").prefetch_related("steps__person")


def seats_asked(step: Step, school_id: int, organisation_id: int | None) -> QuerySet[Seat]:
    """The seats held today that a step asks, before anybody is excluded."""
    rows = Seat.objects.filter(live_on(), school_id=school_id, role__in=APPROVERS, person__erased_at=None)
    rows = rows.select_related("person").order_by("pk")
    if step.who == Step.Who.ROLE:
        return rows.filter(role=step.role)
    if step.who == Step.Who.PERSON:
        return rows.filter(person_id=step.person_id or 0)
    if step.who == Step.Who.POST:
        return rows.filter(person__post_title=step.post).exclude(person__post_title="")
    return rows.filter(role=Role.DEPARTMENT_HEAD, organisation_id=organisation_id or 0)


def heads_by_department(actor: Actor) -> list[tuple[Organisation, list[str]]]:
    """Every department that may lead something, with the names of its heads today; empty where it has none."""
    units = visible(actor, Organisation).filter(
        active=True, kind__in=(Organisation.Kind.DEPARTMENT, Organisation.Kind.AFFILIATE)
    )
    seats = Seat.objects.filter(live_on(), role=Role.DEPARTMENT_HEAD, school_id=actor.school_id or 0)
    names: dict[int, list[str]] = {}
    for seat in seats.select_related("person"):
        names.setdefault(seat.organisation_id or 0, []).append(seat.person.name)
    return [(unit, names.get(unit.pk, [])) for unit in units.order_by("kind", "order", "pk")]
