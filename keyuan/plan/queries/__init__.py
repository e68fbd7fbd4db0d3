"""What is asked of the plan: a year's table, progress, and how an imported annex differs from what stands.

Rooms above register here what they bring: progress of activities, acts on them, panels on their page.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.utils.translation import gettext as _

from keyuan.kernel import audit
from keyuan.kernel.access import Actor, can, visible
from keyuan.people.models import Person
from keyuan.plan.models import ActivityLead, ActivityType, AnnualPlan, KeyActivity, PlanChange
from keyuan.plan.rules import objection_to_removal as objection_to_removal
from keyuan.plan.rules import removal_check as removal_check
from keyuan.plan.rules.conflicts import Run as Run

if TYPE_CHECKING:
    from keyuan.orgs.models import Organisation


@dataclass(frozen=True)
class Progress:
    """How many classes an activity has (进度): planned, open for or in teaching, and done."""

    planned: int = 0
    open: int = 0
    done: int = 0

    @property
    def total(self) -> int:
        """All classes that count."""
        return self.planned + self.open + self.done

    def __add__(self, other: "Progress") -> "Progress":
        return Progress(self.planned + other.planned, self.open + other.open, self.done + other.done)


ProgressSource = Callable[[Sequence[int]], Mapping[int, Progress]]
PROGRESS_SOURCES: list[ProgressSource] = []


def progress_source(function: ProgressSource) -> ProgressSource:
    """Register a room's count of classes by activity id; asked once for all activities of a page."""
    PROGRESS_SOURCES.append(function)
    return function


def progress_of(activity_ids: Sequence[int]) -> dict[int, Progress]:
    """The progress of each activity, nought where nothing is held under it."""
    found = dict.fromkeys(activity_ids, Progress())
    for source in PROGRESS_SOURCES:
        for activity_id, progress in source(activity_ids).items():
            found[activity_id] += progress
    return found


@dataclass(frozen=True)
class ActivityAction:
    """An act on an activity that a room above offers (如“在此活动下开班”): label, right and address."""

    label: str
    rule: str
    link: Callable[[KeyActivity], str]


ACTIVITY_ACTIONS: list[ActivityAction] = []


def activity_action(
    label: str, *, rule: str
) -> Callable[[Callable[[KeyActivity], str]], Callable[[KeyActivity], str]]:
    """Register an act on activities; the function gives its address, the rule is asked with the activity."""

    def register(link: Callable[[KeyActivity], str]) -> Callable[[KeyActivity], str]:
        ACTIVITY_ACTIONS.append(ActivityAction(label, rule, link))
        return link

    return register


def actions_on(actor: Actor, activity: KeyActivity) -> list[tuple[str, str]]:
    """The acts open to this actor on this activity: label and address."""
    return [
        (str(act.label), act.link(activity)) for act in ACTIVITY_ACTIONS if can(actor, act.rule, activity)
    ]


@dataclass(frozen=True)
class PanelLine:
    """One line of a panel on an activity's page: what, where to, a note, and a state word with its tone."""

    title: str
    link: str
    note: str = ""
    state: str = ""
    tone: str = "neutral"


@dataclass(frozen=True)
class Panel:
    """A panel on an activity's page as a room above fills it (如“班次”)."""

    title: str
    lines: Sequence[PanelLine]
    empty: str = ""
    lead: str = ""


PanelSource = Callable[[Actor, KeyActivity], Panel | None]
ACTIVITY_PANELS: list[PanelSource] = []


def activity_panel(function: PanelSource) -> PanelSource:
    """Register a panel; the function shows only what `visible` gives the actor, or None to stay away."""
    ACTIVITY_PANELS.append(function)
    return function


def panels_for(actor: Actor, activity: KeyActivity) -> list[Panel]:
    """The panels of the rooms above for this actor."""
    return [panel for source in ACTIVITY_PANELS if (panel := source(actor, activity)) is not None]


@dataclass
class TypeBlock:
    """A type with its activities as they stand together in the table."""

    type: ActivityType
    lines: list["ActivityLine"] = field(default_factory=list)


@dataclass(frozen=True)
class ActivityLine:
    """An activity in the table with its leads and progress."""

    activity: KeyActivity
    leads: Sequence["Organisation"]
    progress: Progress


def with_leads(rows: QuerySet[KeyActivity]) -> QuerySet[KeyActivity]:
    """Activities with type and leads at hand, and whether each was called off: two queries whatever their number."""
    leads = ActivityLead.objects.select_related("organisation").order_by("order")
    gone = PlanChange.objects.filter(
        activity=OuterRef("pk"), kind=PlanChange.Kind.WITHDRAW, state=PlanChange.State.APPROVED
    )
    return (
        rows.select_related("type", "plan")
        .prefetch_related(Prefetch("leads", queryset=leads))
        .annotate(called_off=Exists(gone))
        .order_by("number")
    )


def leads_of(activity: KeyActivity) -> list["Organisation"]:
    """The leading departments in their order; free of queries after `with_leads`."""
    return [lead.organisation for lead in activity.leads.all()]


def plan_table(
    actor: Actor, plan: AnnualPlan, *, q: str = "", lead: str = "", kind: str = ""
) -> list[TypeBlock]:
    """The plan's blocks of activities, narrowed by words in the name, leading department and type."""
    rows = with_leads(visible(actor, KeyActivity).filter(plan=plan))
    if q:
        rows = rows.filter(number=int(q)) if q.isascii() and q.isdigit() else rows.filter(name__icontains=q)
    if lead.isascii() and lead.isdigit():
        rows = rows.filter(leads__organisation_id=int(lead))
    if kind.isascii() and kind.isdigit():
        rows = rows.filter(type_id=int(kind))
    activities = list(rows.order_by("type__order", "number"))
    progress = progress_of([activity.pk for activity in activities])
    blocks: dict[int, TypeBlock] = {}
    for activity in activities:
        block = blocks.setdefault(activity.type_id, TypeBlock(activity.type))
        block.lines.append(ActivityLine(activity, leads_of(activity), progress[activity.pk]))
    return list(blocks.values())


def lead_choices(actor: Actor, plan: AnnualPlan) -> list[tuple[int, str]]:
    """The departments that lead something in this plan, for the filter."""
    leads = visible(actor, ActivityLead).filter(activity__plan=plan).select_related("organisation")
    found = {
        lead.organisation_id: str(lead.organisation) for lead in leads.order_by("activity__number", "order")
    }
    return list(found.items())


def total_progress(blocks: Iterable[TypeBlock]) -> Progress:
    """The sum over the activities shown."""
    return sum((line.progress for block in blocks for line in block.lines), Progress())


# How work on an activity stands is told to those who follow it only.
FOLLOWED = ("plan.milestone.", "plan.lesson.")


def history_of(activity: KeyActivity, *, follows: bool) -> list[tuple[datetime, str, str, str]]:
    """What was done to the activity, newest first: when, who, what, and no note."""
    entries = [
        entry for entry in audit.timeline(activity) if follows or not entry.action.startswith(FOLLOWED)
    ]
    names = dict(
        Person.objects.filter(pk__in={entry.person_id for entry in entries if entry.person_id}).values_list(
            "pk", "name"
        )
    )
    return [
        (entry.at, names.get(entry.person_id or 0, _("系统")), audit.words(entry, activity.name), "")
        for entry in entries
    ]
