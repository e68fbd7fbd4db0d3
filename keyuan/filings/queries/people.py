"""Who is told about a unit's filing, and what is held of a person in it."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from keyuan.filings.models import Filing, Line, SubSchool
from keyuan.kernel import cipher
from keyuan.kernel.access import Actor, require
from keyuan.people.models import Person, Seat
from keyuan.people.roles import Role


def phone_bound(line: Line) -> str:
    """To what a line's phone is sealed."""
    return f"filing-line:{line.key}:phone"


def phone_of(line: Line) -> str:
    """The whole number; the caller has asked `filings.reveal` or works for the unit."""
    return cipher.open_sealed(line.phone_sealed, phone_bound(line)) if line.phone_sealed else ""


def receivers(filings: Iterable[Filing]) -> dict[int, list[int]]:
    """Filing id → persons: liaisons of the unit, and the registrars of the sub-school it is; two queries for all."""
    by_unit = {filing.organisation_id: filing.pk for filing in filings}
    schools = dict(
        SubSchool.objects.filter(organisation_id__in=by_unit).values_list("school_id", "organisation_id")
    )
    today = timezone.localdate()
    seats = Seat.objects.filter(
        Q(role=Role.LIAISON, organisation_id__in=by_unit) | Q(role=Role.REGISTRAR, school_id__in=schools),
        Q(ends=None) | Q(ends__gte=today),
        starts__lte=today,
    )
    found: dict[int, list[int]] = {}
    for role, unit, school, person in seats.values_list("role", "organisation_id", "school_id", "person_id"):
        at = unit if role == Role.LIAISON else schools[school]
        found.setdefault(by_unit[at], []).append(person)
    return found


def lines_with_phone_of(person: Person) -> QuerySet[Line]:
    """The lines that name a person as contact, known by the phone."""
    rows = Line.objects.filter(phone_index=person.phone_index) if person.phone_index else Line.objects.none()
    return rows.select_related("filing__frame", "filing__organisation").order_by("pk")


def held_of(actor: Actor, person: Person) -> list[dict[str, Any]]:
    """Where the person is named as contact of a unit's activity, for the own export (PIPL art. 45)."""
    require(actor, "people.self", person)
    return [
        {"统筹要求": str(line.filing.frame), "单位": line.filing.organisation.name, "活动": line.name, "联系人": line.contact_name}
        for line in lines_with_phone_of(person)
    ]  # fmt: skip
