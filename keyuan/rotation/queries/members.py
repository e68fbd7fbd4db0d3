"""Who belongs to a requirement on a day, since when, for which unit, and by what."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Min, Q, QuerySet

from keyuan.kernel.access import Actor, visible
from keyuan.people.models import Person
from keyuan.people.roles import OFFICE, Role
from keyuan.rotation.models import ListedPerson, Requirement, RequirementGroup

_READ = ("pk", "name", "pinyin", "organisation_id", "organisation_text", "post_title")


@dataclass
class Member:
    """Somebody a requirement holds for (应训人员), with the unit that answers for it."""

    person_id: int
    name: str
    pinyin: str
    organisation_id: int | None
    unit_text: str
    post_title: str
    joined: date | None
    cohorts: tuple[str, ...]


def people_seen(actor: Actor) -> QuerySet[Person]:
    """The persons whose coverage an actor sees: the office all, a liaison the unit's own, others themselves."""
    rows = visible(actor, Person).filter(erased_at=None, merged_into=None)
    if actor.roles.intersection(("system", *OFFICE)):
        return rows
    if Role.LIAISON in actor.roles and actor.organisation_id:
        return rows.filter(organisation_id=actor.organisation_id)
    return rows.filter(pk=actor.person_id or 0)


def _held(prefix: str, on: date) -> Q:
    return Q(**{f"{prefix}starts__lte": on}) & (
        Q(**{f"{prefix}ends": None}) | Q(**{f"{prefix}ends__gte": on})
    )


def _in_group(rows: QuerySet[Person], group: RequirementGroup, on: date) -> Iterator[tuple[Any, ...]]:
    """Rows of `_READ`, the day of joining, and the unit of the post where one is asked for; one query."""
    wanted, joined, unit = Q(), "", "organisation_id"
    if group.duty:
        wanted &= Q(terms__post__duty=group.duty, terms__withdrawn_at=None) & _held("terms__", on)
        wanted &= Q(terms__post__kind=group.organisation_kind) if group.organisation_kind else Q()
        joined, unit = "terms__starts", "terms__organisation_id"
    elif group.organisation_kind:
        wanted &= Q(organisation__kind=group.organisation_kind)
    if group.label_id:
        wanted &= Q(cohort_labels__label_id=group.label_id) & _held("cohort_labels__", on)
        joined = joined or "cohort_labels__starts"
    if group.cohort:
        wanted &= Q(cohort=group.cohort)
    found = rows.filter(wanted).order_by()
    if not joined:
        for row in found.values_list(*_READ):
            yield (*row, None, row[3])
        return
    yield from found.values_list(*_READ).annotate(since=Min(joined), at=Min(unit))


def _listed(
    actor: Actor, rows: QuerySet[Person], requirement: Requirement, on: date
) -> Iterator[tuple[Any, ...]]:
    """Who is named owes from that day on and in full: a list is the call itself, nobody on it has just joined."""
    named = visible(actor, ListedPerson).filter(requirement=requirement, removed_at=None, since__lte=on)
    fields = [f"person__{name}" for name in _READ]
    for row in named.filter(person__in=rows).values_list(*fields).order_by("since"):
        yield (*row, None, row[3])


def members(
    actor: Actor, requirement: Requirement, on: date, *, only: Iterable[int] | None = None
) -> dict[int, Member]:
    """Person → member, everybody once however many groups they are in; a query a group and one for the list.

    Joined is the first day of any post, label or entry by which somebody belongs today; None where none is recorded.
    """
    rows = people_seen(actor)
    if only is not None:
        rows = rows.filter(pk__in=list(only))
    found: dict[int, Member] = {}
    groups: Sequence[RequirementGroup] = list(requirement.groups.all())
    for group in groups:
        _take(found, _in_group(rows, group, on), str(group))
    if requirement.kind == Requirement.Kind.TARGETED:
        _take(found, _listed(actor, rows, requirement, on), "名单")
    return found


def _take(found: dict[int, Member], rows: Iterable[tuple[Any, ...]], word: str) -> None:
    for pk, name, pinyin, own, text, post, since, unit in rows:
        known = found.get(pk)
        if known is None:
            found[pk] = Member(pk, name, pinyin, unit or own, text, post, since, (word,))
            continue
        if word not in known.cohorts:
            known.cohorts += (word,)
        # Who belongs since ever by one group joined by no later one.
        known.joined = min(known.joined, since) if known.joined and since else None
