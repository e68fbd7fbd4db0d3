"""Duties with their state read in the database, in the words of `rules.standing`; nothing of it is stored."""

from datetime import date
from typing import Any

from django.db.models import (
    Case,
    CharField,
    DateField,
    Exists,
    F,
    FilteredRelation,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Least

from keyuan.duty.models import Duty, DutyClaim
from keyuan.duty.rules import standing

UNTIL = Coalesce("term__extended_to", "term__due")


def live(rows: QuerySet[Duty]) -> QuerySet[Duty]:
    """The duties of terms that were not taken back."""
    return rows.filter(term__withdrawn_at=None)


def with_states(rows: QuerySet[Duty], on: date) -> QuerySet[Any]:
    """Each live duty with `state` on a day, `until`, `limit`, `plan_day` and `missed`, by left joins alone.

    The relations `plan`, `proof` and `waiver` may be named in values and filters.
    """
    joined = live(rows).annotate(
        plan=FilteredRelation("plans", condition=Q(plans__cancelled_at=None)),
        proof=FilteredRelation("proofs", condition=Q(proofs__standing=True)),
        waiver=FilteredRelation("exemptions", condition=Q(exemptions__revoked_at=None)),
    )
    told = joined.annotate(until=UNTIL).annotate(
        limit=Least(Coalesce("due", "until"), Coalesce("until", "due")),
        plan_day=Case(
            When(plan__training_class__state="cancelled", then=Value(None)),
            default=Coalesce("plan__session__date", "plan__training_class__ends", "plan__day"),
            output_field=DateField(),
        ),
    )
    stated: Any = told
    found: QuerySet[Any] = stated.annotate(
        state=Case(
            When(proof__isnull=False, then=Value(standing.PROVEN)),
            When(waiver__isnull=False, then=Value(standing.EXEMPT)),
            When(term__ends__lt=on, then=Value(standing.LAPSED)),
            When(limit__lt=on, then=Value(standing.OVERDUE)),
            When(plan_day__gte=on, then=Value(standing.PLANNED)),
            default=Value(standing.OPEN),
            output_field=CharField(),
        ),
    )
    return found


def detailed(rows: QuerySet[Duty], on: date) -> QuerySet[Any]:
    """Besides the state, what proves or plans it in words: one query for any number of duties."""
    found: QuerySet[Any] = with_states(rows, on).annotate(
        proof_title=F("proof__title"),
        proof_day=F("proof__held_on"),
        proof_how=F("proof__how"),
        proof_class=F("proof__training_class_id"),
        plan_id=F("plan__id"),
        plan_class=F("plan__training_class_id"),
        plan_title=Coalesce("plan__session__title", "plan__training_class__title", "plan__title"),
        plan_answer=F("plan__answer"),
        waived_for=F("waiver__reason"),
        waiting=Exists(DutyClaim.objects.filter(duty=OuterRef("pk"), state="waiting")),
    )
    return found


def outstanding(school_id: int, on: date) -> QuerySet[Any]:
    """The school's duties still to be done in running terms on a day: open, planned or overdue.

    With `state`, `limit` (to be done by), `until` (the term's end) and `plan_day`; term, holder, organisation and
    post come along. The caller has asked its own rights. Terms that begin later are left out.
    """
    rows = with_states(Duty.objects.filter(school_id=school_id, term__starts__lte=on), on)
    found = rows.filter(state__in=standing.OUTSTANDING).select_related(
        "term__holder", "term__organisation", "term__post"
    )
    return found.order_by(
        F("limit").asc(nulls_last=True), "term__organisation__kind", "term__organisation__order", "pk"
    )
