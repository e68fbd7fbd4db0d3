"""Duties opened from terms by the dated rules: repeating changes nothing, and set dates follow corrected terms."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Q, QuerySet

from keyuan.duty.models import Duty, DutyRule
from keyuan.duty.rules.spans import set_date
from keyuan.kernel import audit, bulk
from keyuan.kernel.access import Actor, require
from keyuan.orgs.models import School
from keyuan.terms.models import Term


@dataclass(frozen=True)
class _Span:
    """The days in which one rule holds: from its own until the next of its sort."""

    rule: DutyRule
    until: date | None


def _spans(school: School) -> Iterator[_Span]:
    rows = list(
        DutyRule.objects.filter(school=school).order_by("kind", "organisation_kind", "post_duty", "since")
    )
    for at, rule in enumerate(rows):
        following = rows[at + 1] if at + 1 < len(rows) else None
        same = following is not None and _sort(following) == _sort(rule)
        yield _Span(rule, following.since if following is not None and same else None)


def _sort(rule: DutyRule) -> tuple[str, str, str]:
    return rule.kind, rule.organisation_kind, rule.post_duty


def _terms(span: _Span, on: date) -> QuerySet[Term]:
    """The terms held on any day of the span up to `on`, so that one entered late still owes what it owed."""
    rule = span.rule
    rows = Term.objects.filter(
        school_id=rule.school_id, organisation__kind=rule.organisation_kind, post__duty=rule.post_duty,
        holder__isnull=False, withdrawn_at=None, starts__lte=on,
    ).filter(Q(ends=None) | Q(ends__gte=rule.since))  # fmt: skip
    if span.until is not None:
        rows = rows.filter(starts__lt=span.until)
    return rows if rule.acting else rows.filter(acting=False)


@transaction.atomic
def open_duties(actor: Actor, *, school: School, on: date) -> int:
    """Open what terms owe by the rules in force in their days; the number opened. Repeating opens nothing more."""
    require(actor, "duty.keep", Duty(school=school))
    # One opener a school at a time: the unique key would refuse the second, this lets it find nothing to do.
    School.objects.select_for_update().get(pk=school.pk)
    there = {(row.term_id, row.kind): row for row in Duty.objects.filter(school=school)}
    fresh: list[Duty] = []
    seen: set[tuple[int, str]] = set()
    moved: list[Duty] = []
    for span in _spans(school):
        if not span.rule.owed or span.rule.since > on:
            continue
        for term in _terms(span, on).order_by("pk"):
            key = (term.pk, span.rule.kind)
            if key in seen:
                continue
            seen.add(key)
            due = set_date(term.starts, span.rule.since, span.rule.months)
            found = there.get(key)
            if found is None:
                fresh.append(Duty(school=school, term=term, kind=span.rule.kind, due=due))
            elif found.due != due:
                found.due = due
                moved.append(found)
    _write(actor, school, fresh, moved)
    return len(fresh)


def _write(actor: Actor, school: School, fresh: Sequence[Duty], moved: Sequence[Duty]) -> None:
    bulk.insert(fresh)
    bulk.update(moved, ["due"])
    if fresh:
        audit.record(actor, "duty.opened", school, n=len(fresh))
