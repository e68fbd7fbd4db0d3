"""Reads of certificates."""

from dataclasses import dataclass

from django.db.models import Count, Max, Q, QuerySet

from keyuan.credits.models import Certificate
from keyuan.kernel.access import Actor, visible

State = Certificate.State


def certificates_of(actor: Actor, person_id: int) -> QuerySet[Certificate]:
    """A person's certificates as far as the actor sees them, the newest first."""
    return visible(actor, Certificate).filter(person_id=person_id).select_related("school")


def certificate_rows(actor: Actor) -> QuerySet[Certificate]:
    """All certificates the actor sees, for the list page."""
    return visible(actor, Certificate).select_related("person__organisation")


def certificates_of_owner(actor: Actor, owner_label: str, owner_id: int) -> QuerySet[Certificate]:
    """What was asked for under one owner, in the order of numbers."""
    rows = visible(actor, Certificate).filter(owner_label=owner_label, owner_id=owner_id)
    return rows.order_by("id")


@dataclass(frozen=True)
class Progress:
    """How far the issuing of one owner's certificates is."""

    waiting: int
    issued: int
    revoked: int


def progress_of_owner(owner_label: str, owner_id: int) -> Progress:
    """Waiting, issued and revoked certificates of an owner, in one query."""
    found = Certificate.objects.filter(owner_label=owner_label, owner_id=owner_id).aggregate(
        waiting=Count("pk", filter=Q(state=State.REQUESTED)),
        issued=Count("pk", filter=Q(state=State.ISSUED)),
        revoked=Count("pk", filter=Q(state=State.REVOKED)),
    )
    return Progress(**found)


def certificate_count(actor: Actor) -> dict[str, int]:
    """State → how many, for the figures over the list."""
    rows = visible(actor, Certificate).order_by().values("state").annotate(found=Count("pk"))
    return {row["state"]: row["found"] for row in rows}


def search(rows: QuerySet[Certificate], text: str) -> QuerySet[Certificate]:
    """Certificates whose holder, number, title or unit contains the text."""
    return rows.filter(
        Q(holder_name__icontains=text)
        | Q(person__pinyin__icontains=text)
        | Q(number__icontains=text)
        | Q(title__icontains=text)
        | Q(organisation_name__icontains=text)
    )


def certificate_titles(actor: Actor) -> list[tuple[str, str]]:
    """The titles certificates carry, as options of a filter; the newest two hundred."""
    rows = visible(actor, Certificate).order_by().values("title").annotate(last=Max("ends")).order_by("-last")
    return [(row["title"], row["title"]) for row in rows[:200]]


def certificate_years(actor: Actor) -> list[tuple[str, str]]:
    """The years certificates fall into, as options of a filter."""
    days = visible(actor, Certificate).order_by().dates("ends", "year", order="DESC")
    return [(str(day.year), f"{day.year}年") for day in days]


def may_be_reissued(row: Certificate) -> bool:
    """Whether it was revoked and neither it nor its holder has a newer one of the same owner."""
    if row.state != State.REVOKED:
        return False
    return not Certificate.objects.filter(
        owner_label=row.owner_label,
        owner_id=row.owner_id,
        person_id=row.person_id,
        state__in=Certificate.LIVE,
    ).exists()
