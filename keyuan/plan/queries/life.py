"""An activity in its year and through the years: milestones, lessons, its line, whom it reached."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q, QuerySet

from keyuan.kernel.access import Actor, visible
from keyuan.people.models import Person
from keyuan.plan.models import ActivityLead, AnnualPlan, KeyActivity, Lesson, Milestone
from keyuan.plan.queries import Progress, leads_of, progress_of, with_leads
from keyuan.plan.rules.conflicts import Run

PeopleSource = Callable[[Sequence[int]], Mapping[int, Mapping[str, int]]]
RunSource = Callable[[Sequence[int]], Sequence[Run]]
PEOPLE_SOURCES: list[PeopleSource] = []
RUN_SOURCES: list[RunSource] = []


def people_source(function: PeopleSource) -> PeopleSource:
    """Register a room's count of people by activity id and cohort; asked once for all activities of a page."""
    PEOPLE_SOURCES.append(function)
    return function


def run_source(function: RunSource) -> RunSource:
    """Register what a room holds under activities, with its days; asked once for all activities of a page."""
    RUN_SOURCES.append(function)
    return function


def people_of(activity_ids: Sequence[int]) -> dict[int, Counter[str]]:
    """How many people each activity has reached, by cohort."""
    found: dict[int, Counter[str]] = {key: Counter() for key in activity_ids}
    for source in PEOPLE_SOURCES:
        for key, counted in source(activity_ids).items():
            found[key].update(counted)
    return found


def runs_of(activity_ids: Sequence[int]) -> list[Run]:
    """What is held under these activities, by day."""
    runs = [run for source in RUN_SOURCES for run in source(activity_ids)]
    return sorted(runs, key=lambda run: (run.starts, run.title))


def cohort_lines(counted: Mapping[str, int]) -> list[tuple[str, int]]:
    """Cohorts by name with their number, in the order of the three bodies of people."""
    return [(str(word), counted[key]) for key, word in Person.Cohort.choices if counted.get(key)]


def milestones_of(actor: Actor, activity: KeyActivity) -> QuerySet[Milestone]:
    """An activity's milestones, by day, for those who follow it."""
    return visible(actor, Milestone).filter(activity=activity).select_related("owner")


def open_milestones(actor: Actor, *, until: date | None = None) -> QuerySet[Milestone]:
    """What is not done yet of all activities the actor follows, by day; `until` leaves out what is due later."""
    rows = visible(actor, Milestone).filter(done_on=None).select_related("activity__plan", "owner")
    return (rows.filter(due__lte=until) if until else rows).order_by("due", "pk")


@dataclass(frozen=True)
class YearOfLine:
    """One year of an activity's line (沿革中的一年)."""

    activity: KeyActivity
    leads: Sequence[object]
    progress: Progress
    people: int
    budget: Decimal | None


def line_of(actor: Actor, activity: KeyActivity) -> list[YearOfLine]:
    """The activity through the years, newest first; nothing where it stands for itself."""
    if activity.series_id is None:
        return []
    rows = list(
        with_leads(visible(actor, KeyActivity).filter(series=activity.series_id)).order_by("-plan__year")
    )
    if len(rows) < 2:
        return []
    keys = [row.pk for row in rows]
    progress, people = progress_of(keys), people_of(keys)
    return [
        YearOfLine(row, leads_of(row), progress[row.pk], people[row.pk].total(), row.budget) for row in rows
    ]


def lessons_of(actor: Actor, activity: KeyActivity) -> QuerySet[Lesson]:
    """What was learnt in this year and in the years before it of the same line, newest first."""
    mine = Q(activity=activity)
    if activity.series_id:
        mine |= Q(activity__series=activity.series_id, activity__plan__year__lt=activity.plan.year)
    return visible(actor, Lesson).filter(mine).select_related("activity__plan", "by").order_by("-at", "-pk")


def linkable(actor: Actor, activity: KeyActivity) -> QuerySet[KeyActivity]:
    """Activities of other years that an activity may go on with: those whose line has no such year yet."""
    rows = visible(actor, KeyActivity).exclude(plan=activity.plan_id).select_related("plan")
    taken = KeyActivity.objects.filter(plan=activity.plan_id, series__isnull=False).exclude(pk=activity.pk)
    rows = rows.exclude(series__in=taken.values("series"))
    if activity.series_id:
        rows = rows.exclude(series=activity.series_id)
    return rows.order_by("-plan__year", "number")


def earlier_plan(actor: Actor, year: int) -> AnnualPlan | None:
    """The newest plan before a year, from which it may begin."""
    return visible(actor, AnnualPlan).filter(year__lt=year).order_by("-year").first()


def follows(actor: Actor, activity: KeyActivity) -> bool:
    """Whether the actor sees how work on the activity stands."""
    if actor.roles.intersection({"registrar", "leader"}):
        return activity.plan.school_id == actor.school_id
    leads = visible(actor, ActivityLead).filter(activity=activity, organisation=actor.organisation_id or 0)
    return "department_head" in actor.roles and leads.exists()
