"""A season put down: its span and rules, the classes and slots that take part, themes and expertise."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from keyuan.duty.models import Expertise, Season, SeasonClass, SeasonSlot, Theme
from keyuan.duty.queries.seasons import held_of
from keyuan.duty.rules import themes as rules
from keyuan.duty.rules.cities import NAMES, city_in
from keyuan.kernel import audit, bulk, erasure
from keyuan.kernel.access import Actor, require
from keyuan.kernel.faults import Conflict, Fault
from keyuan.people import actions as people_actions
from keyuan.people.models import Person
from keyuan.training.models import Session, TrainingClass

audit.sentence("duty.season_added", "建立了排期：{thing}")
audit.sentence("duty.season_changed", "修改了排期：{thing}")
audit.sentence("duty.season_filled", "按课程表更新了排期：{thing}，新增班次 {classes} 个、课次 {slots} 个")
audit.sentence("duty.season_classes", "调整了排期的班次：{thing}，参加 {n} 个")
audit.sentence("duty.season_slots", "调整了排期的课次：{thing}，可讲 {n} 个")
audit.sentence("duty.theme_saved", "保存了讲课主题：{thing}")
audit.sentence("duty.theme_removed", "删除了讲课主题“{name}”")
audit.sentence("duty.themes_loaded", "载入常用讲课主题：新增 {n} 个")
audit.sentence("duty.expertise_set", "登记了专长：{n} 人")

people_actions.exports("专长", held_of)

# Sessions that a leader may take over, and from which slots are offered while they have no teacher.
TAUGHT = ("lecture", "case", "forum", "interview")
OPEN_STATES = ("draft", "submitted", "approved", "published")
LECTURERS = 9
LONGEST_DAYS = 1100


@transaction.atomic
def save_season(actor: Actor, *, season: Season | None, facts: Mapping[str, Any]) -> Season:
    """Put a season down and take in its classes and open slots, or correct its span and rules."""
    one = season or Season(school_id=actor.school_id or 0, made_by_id=actor.person_id)
    require(actor, "duty.schedule", one)
    for name, value in facts.items():
        setattr(one, name, value)
    if one.ends < one.starts:
        raise Fault(_("结束日期早于开始日期，请改正。"), "ends")
    if (one.ends - one.starts).days > LONGEST_DAYS:
        raise Fault(_("一次排期最长三年，请缩短。"), "ends")
    fresh = one.pk is None
    one.save()
    audit.record(actor, "duty.season_added" if fresh else "duty.season_changed", one)
    if fresh:
        fill(actor, season=one)
    return one


@transaction.atomic
def fill(actor: Actor, *, season: Season) -> tuple[int, int]:
    """Take in the classes of the span that are missing, and the sessions nobody teaches yet; what is there stays."""
    require(actor, "duty.schedule", season)
    known = set(season.classes.values_list("training_class_id", flat=True))
    classes = TrainingClass.objects.filter(
        school_id=season.school_id, state__in=OPEN_STATES, starts__gte=season.starts, ends__lte=season.ends
    ).exclude(pk__in=known)
    fresh = [
        SeasonClass(
            season=season, training_class=one, places=min(max(0, one.places - one.taken), 500), lecturers=LECTURERS,
            city=city_in(one.venue),
        )
        for one in classes.order_by("starts", "pk")
    ]  # fmt: skip
    bulk.insert(fresh)
    slots = _open_slots(season, {one.training_class_id for one in fresh} | known)
    bulk.insert(slots)
    if fresh or slots:
        audit.record(actor, "duty.season_filled", season, classes=len(fresh), slots=len(slots))
    return len(fresh), len(slots)


def _open_slots(season: Season, classes: set[int]) -> list[SeasonSlot]:
    themes = list(Theme.objects.filter(school_id=season.school_id))
    rows = Session.objects.filter(training_class__in=classes, kind__in=TAUGHT, teacher=None)
    rows = rows.exclude(pk__in=season.slots.values("session"))
    return [
        SeasonSlot(season=season, session=row, theme=rules.theme_in(row.title, themes))
        for row in rows.order_by("date", "starts", "pk")
    ]


@dataclass(frozen=True)
class ClassFacts:
    """What a class offers in a season (班次参加排期的数)."""

    places: int
    lecturers: int
    city: str


@transaction.atomic
def set_classes(
    actor: Actor, *, season: Season, shown: Iterable[int], given: Mapping[int, ClassFacts]
) -> int:
    """Of the classes shown those given take part with their figures, the others do not; how many take part in all."""
    require(actor, "duty.schedule", season)
    for facts in given.values():
        if facts.city not in NAMES:
            raise Fault(_("请从列表中选择城市。"))
    rows = {one.training_class_id: one for one in season.classes.select_for_update()}
    season.classes.filter(training_class__in=set(shown) - given.keys()).delete()
    season.slots.filter(session__training_class__in=set(shown) - given.keys()).delete()
    wanted = TrainingClass.objects.filter(school_id=season.school_id, pk__in=given).values_list(
        "pk", flat=True
    )
    fresh: list[SeasonClass] = []
    kept: list[SeasonClass] = []
    for pk in wanted:
        facts = given[pk]
        one = rows.get(pk) or SeasonClass(season=season, training_class_id=pk)
        one.places, one.lecturers, one.city = facts.places, facts.lecturers, facts.city
        (kept if one.pk else fresh).append(one)
    bulk.insert(fresh)
    bulk.update(kept, ("places", "lecturers", "city"))
    bulk.insert(_open_slots(season, {one.training_class_id for one in fresh}))
    count = season.classes.count()
    audit.record(actor, "duty.season_classes", season, n=count)
    return count


@transaction.atomic
def set_slots(actor: Actor, *, season: Season, shown: Iterable[int], given: Mapping[int, int | None]) -> int:
    """Of the sessions shown those given (with a theme's number) may be lectured in; how many may in all."""
    require(actor, "duty.schedule", season)
    themes = set(Theme.objects.filter(school_id=season.school_id).values_list("pk", flat=True))
    classes = season.classes.values("training_class")
    wanted = Session.objects.filter(pk__in=given, training_class__in=classes).values_list("pk", flat=True)
    rows = {one.session_id: one for one in season.slots.select_for_update()}
    season.slots.filter(session__in=set(shown) - given.keys()).delete()
    fresh: list[SeasonSlot] = []
    kept: list[SeasonSlot] = []
    for pk in wanted:
        theme = given[pk] if given[pk] in themes else None
        one = rows.get(pk) or SeasonSlot(season=season, session_id=pk)
        one.theme_id = theme
        (kept if one.pk else fresh).append(one)
    bulk.insert(fresh)
    bulk.update(kept, ("theme",))
    count = season.slots.count()
    audit.record(actor, "duty.season_slots", season, n=count)
    return count


@transaction.atomic
def save_theme(actor: Actor, *, theme: Theme | None, facts: Mapping[str, Any]) -> Theme:
    """Put a theme down or correct it; its name stands once in a school."""
    one = theme or Theme(school_id=actor.school_id or 0)
    require(actor, "duty.schedule", one)
    for name in ("name", "words", "fields", "base"):
        setattr(one, name, facts[name])
    try:
        with transaction.atomic():
            one.save()
    except IntegrityError as clash:
        raise Conflict(_("已有同名的主题，请另取名称。"), "name") from clash
    audit.record(actor, "duty.theme_saved", one)
    return one


@transaction.atomic
def remove_theme(actor: Actor, *, theme: Theme) -> None:
    """Take a theme away with the expertise in it; slots of it have no theme then."""
    require(actor, "duty.schedule", theme)
    audit.record(actor, "duty.theme_removed", theme, name=theme.name)
    theme.delete()


@transaction.atomic
def load_themes(actor: Actor) -> int:
    """The usual themes where they are missing; what the office has stays. How many are new."""
    require(actor, "duty.schedule")
    school = actor.school_id or 0
    known = set(Theme.objects.filter(school_id=school).values_list("name", flat=True))
    fresh = [
        Theme(school_id=school, name=name, words=words, fields=fields, base=base)
        for name, words, fields, base in rules.USUAL
        if name not in known
    ]
    bulk.insert(fresh)
    if fresh:
        audit.record(actor, "duty.themes_loaded", n=len(fresh))
    return len(fresh)


@transaction.atomic
def set_expertise(actor: Actor, *, told: Mapping[int, Mapping[int, int]]) -> int:
    """By person all themes with their points, in place of what was put down before; how many persons changed."""
    require(actor, "duty.schedule")
    people = Person.objects.filter(school_id=actor.school_id or 0, pk__in=told, erased_at=None)
    before: dict[int, dict[int, int]] = {pk: {} for pk in people.values_list("pk", flat=True)}
    for row in Expertise.objects.select_for_update().filter(person__in=list(before)):
        before[row.person_id][row.theme_id] = row.worth
    changed = [pk for pk, had in before.items() if dict(told[pk]) != had]
    Expertise.objects.filter(person__in=changed).delete()
    bulk.insert(
        [
            Expertise(person_id=pk, theme_id=theme, worth=worth)
            for pk in changed
            for theme, worth in told[pk].items()
        ]
    )
    if changed:
        audit.record(actor, "duty.expertise_set", n=len(changed), ids=changed)
    return len(changed)


@erasure.eraser
def forget_expertise(person_id: int) -> None:
    """What somebody could speak of goes with the person."""
    Expertise.objects.filter(person_id=person_id).delete()
