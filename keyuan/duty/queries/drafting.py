"""A season as an instance for the engine: duties outstanding, terms, statements of time, distance, expertise, what is fixed."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.duty.models import (
    Duty,
    DutyPlan,
    Exemption,
    Expertise,
    Proof,
    Season,
    SeasonClass,
    SeasonSlot,
    Theme,
)
from keyuan.duty.rules import themes as theme_rules
from keyuan.duty.rules.cities import city_of_code, distances
from keyuan.duty.rules.instance import ATTEND, LECTURE, PRESIDENT, SECRETARY
from keyuan.duty.rules.plain import class_id, leader_id, slot_id
from keyuan.duty.rules.reading import FORMAT, read
from keyuan.duty.rules.scribe import InstanceFault
from keyuan.people.models import Availability
from keyuan.people.queries.availability import Stated, stated_of
from keyuan.terms.models import Post, Term

STEP_KM = 10
Span = tuple[date, date]


def outstanding(season: Season) -> QuerySet[Duty]:
    """Duties of living terms that nothing proves and nobody waived, and whose term reaches into the season."""
    proven = Proof.objects.filter(duty=OuterRef("pk"), standing=True)
    waived = Exemption.objects.filter(duty=OuterRef("pk"), revoked_at=None)
    rows = Duty.objects.filter(
        school_id=season.school_id, term__withdrawn_at=None, term__holder__erased_at=None
    )
    rows = rows.exclude(Exists(proven)).exclude(Exists(waived))
    rows = rows.filter(term__starts__lte=season.ends).exclude(term__ends__lt=season.starts)
    return rows.select_related("term__holder", "term__organisation", "term__post").order_by("term", "kind")


def last_day(term: Term, season: Season, today: date) -> date:
    """Until when a term counts: its real end, its deadline, or, past that and still held, the season's end."""
    if term.ends is not None:
        return term.ends
    if term.deadline is None:
        return date(season.ends.year + 5, 12, 31)
    return season.ends if term.deadline < today else term.deadline


@dataclass
class Given:
    """Everything of a season, read once (排期依据)."""

    season: Season
    classes: list[SeasonClass]
    slots: list[SeasonSlot]
    duties: list[Duty]
    themes: list[Theme]
    plans: dict[int, DutyPlan]
    busy: dict[int, list[Span]]
    stated: Stated
    own: dict[int, dict[int, int]]
    # What a proposal before this one arranged: (leader, kind) to a place; such plans may move.
    before: dict[tuple[str, str], str] = field(default_factory=dict)


def given(season: Season, before: dict[tuple[str, str], str] | None = None) -> Given:
    """Ten queries, however many people."""
    classes = season.classes.exclude(training_class__state="cancelled").select_related("training_class")
    slots = season.slots.select_related("session", "theme").filter(
        session__training_class__in=classes.values("training_class")
    )
    duties = [one for one in outstanding(season) if _reaches(one.term, season)]
    people = {one.term.holder_id for one in duties if one.term.holder_id}
    return Given(
        season, list(classes), list(slots), duties,
        list(Theme.objects.filter(school_id=season.school_id)),
        {one.duty_id: one for one in _plans(duties)},
        _busy(season, people), stated_of(people, season.starts, season.ends), _own(people), before or {},
    )  # fmt: skip


def _reaches(term: Term, season: Season) -> bool:
    return last_day(term, season, timezone.localdate()) >= season.starts


def _plans(duties: Iterable[Duty]) -> QuerySet[DutyPlan]:
    rows = DutyPlan.objects.filter(duty__in=[one.pk for one in duties], cancelled_at=None)
    return rows.select_related("training_class", "session")


def _busy(season: Season, people: set[int]) -> dict[int, list[Span]]:
    """The days on which people have done one of their duties in this season already."""
    found: dict[int, list[Span]] = defaultdict(list)
    rows = Proof.objects.filter(duty__term__holder__in=people, standing=True)
    for person, day in rows.filter(held_on__range=(season.starts, season.ends)).values_list(
        "duty__term__holder_id", "held_on"
    ):
        found[person].append((day, day))
    return found


def _own(people: set[int]) -> dict[int, dict[int, int]]:
    found: dict[int, dict[int, int]] = defaultdict(dict)
    for row in Expertise.objects.filter(person__in=people):
        found[row.person_id][row.theme_id] = row.worth
    return found


def instance_of(found: Given, cannot: Iterable[Sequence[str]] = ()) -> dict[str, Any]:
    """The instance (docs/duty-instance.md), without names; InstanceFault where it cannot be made.

    Plans that stand are fixed. Where that contradicts the rules (two in one month), they keep their places instead
    and the duties count as arranged. `cannot` adds days (leader, first, last) on which somebody is not to be had.
    """
    raw = _barred(Writer(found, fixing=True).raw(), cannot)
    try:
        read(raw)
    except InstanceFault:
        raw = _barred(Writer(found, fixing=False).raw(), cannot)
        read(raw)
    return raw


def _barred(raw: dict[str, Any], cannot: Iterable[Sequence[str]]) -> dict[str, Any]:
    rows = {row["id"]: row for row in raw["leaders"]}
    for leader, first, last in cannot:
        if leader in rows:
            rows[leader]["unavailable"].append([first, last])
    return raw


class Writer:
    """Writes one instance (算例)."""

    def __init__(self, found: Given, *, fixing: bool) -> None:
        self.found, self.season, self.fixing = found, found.season, fixing
        self.offered = {one.training_class_id: one for one in found.classes}
        self.today = timezone.localdate()
        self.held: Counter[tuple[str, int]] = Counter()  # places taken by plans that are not in the file
        self.slots = {one.session_id: one for one in found.slots if self._is_open(one)}

    def _is_open(self, slot: SeasonSlot) -> bool:
        """Whether the slot lies in its class and nobody else is named to teach it."""
        klass = self.offered[slot.session.training_class_id].training_class
        planned = {one.session_id for one in self.found.plans.values()}
        free = slot.session.teacher_id is None or slot.session_id in planned
        return free and klass.starts <= slot.session.date <= klass.ends

    def raw(self) -> dict[str, Any]:
        """The whole file."""
        leaders = self._leaders()
        return {
            "format": FORMAT,
            "title": self.season.title,
            "rules": {
                "once_a_month": self.season.once_a_month,
                "lecturers_per_class": max([one.lecturers for one in self.found.classes], default=0),
                "least_match": self.season.least_match,
                "farthest": self.season.farthest,
                "urgent_until": self.season.ends.isoformat(),
            },
            "distance": {"unit": "km", "step": STEP_KM, "between": distances()},
            "leaders": leaders,
            "classes": [self._class(one) for one in self.found.classes],
            "slots": [self._slot(one) for one in self.slots.values()],
        }

    def _class(self, one: SeasonClass) -> dict[str, Any]:
        klass = one.training_class
        titles = [
            slot.theme.name
            for slot in self.slots.values()
            if slot.theme and slot.session.training_class_id == klass.pk
        ]
        told = theme_rules.theme_in(klass.title + klass.content, self.found.themes)
        return {
            "id": class_id(klass.pk),
            "name": klass.title,
            "starts": klass.starts.isoformat(),
            "ends": klass.ends.isoformat(),
            "city": one.city,
            "places": max(0, one.places - self.held[ATTEND, klass.pk]),
            "lecturers": max(0, one.lecturers - self.held[LECTURE, klass.pk]),
            "themes": sorted({*titles, *([told.name] if told else [])}),
        }

    def _slot(self, one: SeasonSlot) -> dict[str, Any]:
        return {
            "id": slot_id(one.session_id),
            "class": class_id(one.session.training_class_id),
            "date": one.session.date.isoformat(),
            "theme": one.theme.name if one.theme else theme_rules.OPEN,
            "lecturers": max(0, 1 - self.held["slot", one.session_id]),
        }

    def _leaders(self) -> list[dict[str, Any]]:
        terms: dict[int, list[Duty]] = defaultdict(list)
        for duty in self.found.duties:
            terms[duty.term_id].append(duty)
        away = self._away()
        rows = [self._leader(duties, away) for duties in terms.values()]
        return [row for row in rows if any(row["needs"].values())]

    def _away(self) -> dict[int, list[Span]]:
        """When each person is not to be had: done already, planned outside this file."""
        found: dict[int, list[Span]] = defaultdict(list)
        for person, spans in self.found.busy.items():
            found[person] += [self._widened(span) for span in spans]
        for duty in self.found.duties:
            plan = self.found.plans.get(duty.pk)
            if plan is None or self._place(duty, plan):
                continue
            span = days_of(plan)
            if span:
                found[duty.term.holder_id or 0].append(self._widened(span))
            if plan.training_class_id:
                self.held[duty.kind, plan.training_class_id] += 1
            if plan.session_id:
                self.held["slot", plan.session_id] += 1
        return found

    def _widened(self, span: Span) -> Span:
        """A span over its whole months where a month may be asked for once only."""
        first, last = span
        if not self.season.once_a_month:
            return span
        following = date(last.year + last.month // 12, last.month % 12 + 1, 1)
        return first.replace(day=1), following - timedelta(days=1)

    def _place(self, duty: Duty, plan: DutyPlan) -> str:
        """Where a plan stands in this file: as it may move again, or as it is fixed; empty when it is outside."""
        place = place_of(duty, plan)
        known = (
            plan.training_class_id in self.offered if duty.kind == ATTEND else plan.session_id in self.slots
        )
        movable = self.found.before.get((leader_id(duty.term_id), duty.kind)) == place
        return place if known and (movable or self.fixing) else ""

    def _leader(self, duties: list[Duty], away: dict[int, list[Span]]) -> dict[str, Any]:
        term = duties[0].term
        person, unit = term.holder_id or 0, term.organisation
        secretary = term.post.duty == Post.Duty.PARTY_SECRETARY
        area = _("市科协") if unit.kind == "city_association" else unit.field_or_region or _("未分学科")
        known = theme_rules.worths(self.found.themes, unit.field_or_region, self.found.own.get(person, {}))
        key = leader_id(term.pk)
        row: dict[str, Any] = {
            "id": key,
            "person": f"P{person}",
            "role": SECRETARY if secretary else PRESIDENT,
            "field": area,
            "city": city_of_code(unit.city_code),
            "term": {"from": term.starts.isoformat(), "to": self._until(term).isoformat()},
            "needs": {},
            "expertise": {**known, theme_rules.OPEN: max(1, self.season.least_match)},
            "unavailable": [[a.isoformat(), b.isoformat()] for a, b in self._spans(person, away)],
            "fixed": {},
        }
        for duty in duties:
            plan = self.found.plans.get(duty.pk)
            place = self._place(duty, plan) if plan else ""
            row["needs"][duty.kind] = int(plan is None or bool(place))
            if place and self.found.before.get((key, duty.kind)) != place:
                row["fixed"][duty.kind] = place
        return row

    def _until(self, term: Term) -> date:
        return max(term.starts, last_day(term, self.season, self.today))

    def _spans(self, person: int, away: dict[int, list[Span]]) -> list[Span]:
        spans = {*away.get(person, ())}
        for row in self.found.stated.rows.get(person, ()):
            spans.update(_told(row, max(row.starts, self.season.starts), min(row.ends, self.season.ends)))
        return sorted(spans)


def _told(row: Availability, first: date, last: date) -> Iterable[Span]:
    """The days a statement covers, run together; half a day counts as the day."""
    alone, begun = Stated({0: [row]}), None
    for n in range((last - first).days + 2):
        day = first + timedelta(days=n)
        is_covered = day <= last and alone.cannot(0, day, row.half or Availability.Half.MORNING) is not None
        if is_covered and begun is None:
            begun = day
        elif not is_covered and begun is not None:
            yield begun, day - timedelta(days=1)
            begun = None


def days_of(plan: DutyPlan) -> Span | None:
    """When a plan takes place."""
    if plan.session is not None:
        return plan.session.date, plan.session.date
    if plan.training_class is not None:
        return plan.training_class.starts, plan.training_class.ends
    return (plan.day, plan.day) if plan.day else None


def place_of(duty: Duty, plan: DutyPlan) -> str:
    """A plan as an instance names it; empty for what is no class or session."""
    if duty.kind == ATTEND:
        return class_id(plan.training_class_id) if plan.training_class_id else ""
    return slot_id(plan.session_id) if plan.session_id else ""


def outstanding_count(season: Season) -> dict[str, int]:
    """How many duties of each kind the season could serve."""
    kinds = Counter(one.kind for one in outstanding(season) if _reaches(one.term, season))
    return {kind: kinds[kind] for kind in (ATTEND, LECTURE)}
