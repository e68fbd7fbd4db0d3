"""Sums of the ledger, of completed classes and of planned ones, by person: aggregates of the database, a query each."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, DecimalField, F, Max, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce

from keyuan.credits.models import Posting
from keyuan.rotation.models import Bucket, Requirement
from keyuan.rotation.rules.coverage import NOTHING, Tally
from keyuan.rotation.rules.windows import Window
from keyuan.training.models import Completion, Nomination, TrainingClass

SCHEME = "cadre"
COMING = (Nomination.State.SUBMITTED.value, Nomination.State.ADMITTED.value)
RUNNING = (TrainingClass.State.APPROVED.value, TrainingClass.State.PUBLISHED.value)
PARTS = tuple(Bucket.values)
_NONE = Value(Decimal(0), DecimalField(max_digits=9, decimal_places=2))


@dataclass(frozen=True)
class Held:
    """What somebody has in the window today, what of it lasts to the day forecast for, and the last completed class."""

    now: Tally = NOTHING
    then: Tally = NOTHING
    last_on: date | None = None


def sorted_classes(school_id: int) -> dict[str, list[int]]:
    """Which classes count as studied online, and which to each part of specialists' hours; one query."""
    found: dict[str, list[int]] = {name: [] for name in ("online", *PARTS)}
    rows = TrainingClass.objects.filter(school_id=school_id).filter(Q(kind="online") | Q(hour_sort__pk__gt=0))
    for pk, kind, bucket, online in rows.order_by().values_list(
        "pk", "kind", "hour_sort__bucket", "hour_sort__online"
    ):
        if online or (online is None and kind == TrainingClass.Kind.ONLINE):
            found["online"].append(pk)
        if bucket:
            found[bucket].append(pk)
    return found


def _asked_parts(asked: Tally) -> list[str]:
    return [name for name in ("online", *PARTS) if getattr(asked, name)]


def _sums(
    field: str, about: str, classes: Mapping[str, list[int]], parts: list[str], days: Q
) -> dict[str, Any]:
    """Aggregates: all hours of some days, and those of each part that is asked for."""
    found = {"hours": Coalesce(Sum(field, filter=days), _NONE)}
    for name in parts:
        found[name] = Coalesce(Sum(field, filter=days & Q(**{f"{about}__in": classes[name]})), _NONE)
    return found


def hours_held(
    school_id: int, asked: Tally, now: Window, then: Window, only: Collection[int] | None = None
) -> dict[int, Held]:
    """Person → hours banked, by the day they were earned; reversed ones cancel out. Two queries."""
    parts = _asked_parts(asked)
    classes = sorted_classes(school_id) if parts else {}
    rows = Posting.objects.filter(
        account__school_id=school_id, scheme=SCHEME, lot__earned_on__range=(now.first, now.last)
    )
    if only is not None:
        rows = rows.filter(account__person_id__in=only)
    inside = Q(lot__earned_on__gte=now.first)
    lasting = Q(lot__earned_on__gte=then.first)
    sums = _sums("amount", "lot__evidence__class", classes, parts, inside)
    sums |= {
        f"then_{name}": each
        for name, each in _sums("amount", "lot__evidence__class", classes, parts, lasting).items()
    }
    names = ["hours", *parts]
    found: dict[int, Held] = {}
    for pk, *values in rows.order_by().values_list("account__person_id").annotate(**sums):
        count = len(names)
        found[pk] = Held(
            Tally(**dict(zip(names, values[:count], strict=True))),
            Tally(**dict(zip(names, values[count:], strict=True))),
        )
    return found


def _counting(requirement: Requirement, prefix: str) -> Q:
    """Which classes count for a requirement of completed classes."""
    wanted = Q(**{f"{prefix}hours__gte": requirement.class_hours})
    if requirement.class_kinds:
        wanted &= Q(**{f"{prefix}kind__in": requirement.class_kinds})
    return wanted


def classes_held(
    requirement: Requirement, now: Window, then: Window, only: Collection[int] | None = None
) -> dict[int, Held]:
    """Person → classes completed by the last closing of each, and the day of the last one; one query."""
    about = "nomination__training_class__"
    rows = Completion.objects.filter(
        _counting(requirement, about),
        completed=True,
        closing=F("nomination__training_class__closings"),
        nomination__training_class__school_id=requirement.school_id,
        nomination__training_class__state="closed",
        nomination__training_class__ends__range=(now.first, now.last),
    )
    if only is not None:
        rows = rows.filter(nomination__person_id__in=only)
    lasting = Q(nomination__training_class__ends__gte=then.first)
    counted = (
        rows.order_by()
        .values_list("nomination__person_id")
        .annotate(n=Count("pk"), lasts=Count("pk", filter=lasting), last=Max(f"{about}ends"))
    )
    return {pk: Held(Tally(classes=n), Tally(classes=lasts), last) for pk, n, lasts, last in counted}


def coming(school_id: int, now: Window, then: Window) -> QuerySet[Nomination]:
    """Nominations and admissions for classes of the window that are not closed yet."""
    return Nomination.objects.filter(
        state__in=COMING,
        training_class__school_id=school_id,
        training_class__state__in=RUNNING,
        training_class__ends__range=(now.first, then.last),
    ).order_by()


def planned(
    requirement: Requirement, asked: Tally, now: Window, then: Window, only: Collection[int] | None = None
) -> dict[int, Tally]:
    """Person → what nominations and rosters still promise until the day forecast for; two queries at most."""
    rows = coming(requirement.school_id, now, then)
    if only is not None:
        rows = rows.filter(person_id__in=only)
    if asked.classes:
        counted = rows.filter(_counting(requirement, "training_class__")).values_list("person_id")
        return {pk: Tally(classes=n) for pk, n in counted.annotate(n=Count("pk"))}
    parts = _asked_parts(asked)
    classes = sorted_classes(requirement.school_id) if parts else {}
    sums = _sums("training_class__hours", "training_class_id", classes, parts, Q(pk__gt=0))
    names = ["hours", *parts]
    return {
        pk: Tally(**dict(zip(names, values, strict=True)))
        for pk, *values in rows.values_list("person_id").annotate(**sums)
    }


def counts_for(requirement: Requirement, rows: QuerySet[TrainingClass]) -> QuerySet[TrainingClass]:
    """Of some classes those that would count for a requirement."""
    if requirement.measure == Requirement.Measure.HOURS:
        return rows
    return rows.filter(_counting(requirement, ""))
