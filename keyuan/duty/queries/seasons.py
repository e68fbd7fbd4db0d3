"""What the screens of seasons show: seasons, their classes, the sessions that could be lectured in, who knows what."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from keyuan.duty.models import Acceptance, Duty, Expertise, Proposal, Season, SeasonClass, SeasonSlot, Theme
from keyuan.duty.rules.season_access import SCHEDULERS
from keyuan.kernel.access import Actor, require, visible
from keyuan.people.models import Person
from keyuan.people.queries import search_people
from keyuan.terms.models import Term
from keyuan.training.models import Session, TrainingClass

OPEN_STATES = ("draft", "submitted", "approved", "published")
ROLES = SCHEDULERS


def seasons_seen(actor: Actor) -> QuerySet[Season]:
    """The seasons of the school with how many classes and proposals they have."""
    return visible(actor, Season).annotate(
        class_count=Count("classes", distinct=True), proposal_count=Count("proposals", distinct=True)
    )


@dataclass(frozen=True)
class ClassLine:
    """A class of the span, and how it takes part (班次行)."""

    klass: TrainingClass
    row: SeasonClass | None
    slots: int


def classes_of(season: Season) -> QuerySet[TrainingClass]:
    """The classes that could take part, those in the season first of all, by date."""
    mine = SeasonClass.objects.filter(season=season, training_class=OuterRef("pk"))
    within = Q(starts__gte=season.starts, ends__lte=season.ends, state__in=OPEN_STATES)
    rows = TrainingClass.objects.filter(school_id=season.school_id).annotate(taking=Exists(mine))
    return rows.filter(Q(taking=True) | within).order_by("starts", "pk")


def class_lines(season: Season, classes: Sequence[TrainingClass]) -> list[ClassLine]:
    """Those classes as the season has them, in two queries."""
    rows = {one.training_class_id: one for one in season.classes.filter(training_class__in=classes)}
    found = season.slots.filter(session__training_class__in=classes)
    slots = dict(found.values_list("session__training_class").annotate(n=Count("pk")))
    return [ClassLine(klass, rows.get(klass.pk), slots.get(klass.pk, 0)) for klass in classes]


def sessions_of(season: Season) -> QuerySet[Session]:
    """The sessions of the classes taking part that nobody teaches yet or that are offered, by time."""
    offered = SeasonSlot.objects.filter(season=season, session=OuterRef("pk"))
    rows = Session.objects.filter(training_class__in=season.classes.values("training_class"))
    rows = rows.annotate(taking=Exists(offered)).filter(Q(taking=True) | Q(teacher=None))
    return rows.select_related("training_class", "teacher").order_by("date", "starts", "pk")


def slots_by_session(season: Season, sessions: Sequence[Session]) -> dict[int, SeasonSlot]:
    """Which of some sessions are offered, with their themes."""
    return {one.session_id: one for one in season.slots.filter(session__in=sessions)}


def themes_seen(actor: Actor) -> QuerySet[Theme]:
    """The school's themes with how many people have expertise in each."""
    return visible(actor, Theme).annotate(known=Count("experts"))


def leaders_seen(actor: Actor) -> QuerySet[Person]:
    """Everybody who holds a term that brings duties, with the unit, by name."""
    require(actor, "duty.schedule")
    owing = Duty.objects.filter(term__holder=OuterRef("pk"), term__withdrawn_at=None, term__ends=None)
    rows = Person.objects.filter(school_id=actor.school_id or 0, erased_at=None, merged_into=None)
    return rows.filter(Exists(owing)).select_related("organisation").order_by("pinyin", "pk")


def search_leaders(rows: QuerySet[Person], text: str) -> QuerySet[Person]:
    """By name, pinyin or unit."""
    return search_people(rows, text)


def offices_of(people: Sequence[Person]) -> dict[int, str]:
    """What each of some people leads, in words."""
    rows = Term.objects.filter(holder__in=people, withdrawn_at=None, ends=None)
    found: dict[int, list[str]] = {}
    for term in rows.select_related("organisation", "post"):
        found.setdefault(term.holder_id or 0, []).append(f"{term.organisation} {term.post}")
    return {pk: "、".join(words) for pk, words in found.items()}


def expertise_words(people: Sequence[Person]) -> dict[int, str]:
    """What was put down of each, as it is typed: 人工智能 9、先进制造 7."""
    found: dict[int, list[str]] = {}
    for row in Expertise.objects.filter(person__in=people).select_related("theme"):
        found.setdefault(row.person_id, []).append(f"{row.theme.name} {row.worth}")
    return {pk: "、".join(words) for pk, words in found.items()}


def latest_for(actor: Actor, duty: Duty) -> Proposal | None:
    """The newest worked-out proposal of the season whose acceptance planned this duty."""
    taken = Acceptance.objects.filter(lines__duty=duty, undone_at=None).values("proposal__season")
    rows = visible(actor, Proposal).filter(season__in=taken).exclude(solved_at=None)
    return rows.select_related("season").first()


def held_of(actor: Actor, person: Person) -> list[dict[str, Any]]:
    """What somebody was put down to know, for the person's own export (PIPL art. 45)."""
    require(actor, "people.self", person)
    rows = Expertise.objects.filter(person=person).select_related("theme")
    return [{"主题": row.theme.name, "分数": row.worth} for row in rows]
