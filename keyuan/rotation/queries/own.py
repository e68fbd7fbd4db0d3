"""What one still owes oneself, and which open classes would count."""

from dataclasses import dataclass, field
from datetime import date

from keyuan.kernel.access import Actor, visible
from keyuan.rotation.models import Requirement
from keyuan.rotation.queries.coverage import Coverage, Line, coverage, requirements_seen
from keyuan.rotation.queries.tallies import COMING, RUNNING, counts_for
from keyuan.training.models import Nomination, TrainingClass


@dataclass
class Own:
    """One requirement that holds for oneself (本人应训)."""

    requirement: Requirement
    found: Coverage
    line: Line
    open_classes: list[TrainingClass] = field(default_factory=list)


def owed_by(actor: Actor, on: date) -> list[Own]:
    """The requirements that hold for the actor, what is still owed first; a few queries for each that holds."""
    mine: list[Own] = []
    for requirement in requirements_seen(actor):
        found = coverage(actor, requirement, on, only=[actor.person_id or 0], units={})
        if found.lines:
            mine.append(Own(requirement, found, found.lines[0]))
    due = [one for one in mine if one.line.standing.is_due]
    if due:
        seen = visible(actor, TrainingClass).filter(state="published", nominate_by__gte=on)
        for one in due:
            rows = counts_for(one.requirement, seen).filter(ends__lte=one.found.until)
            one.open_classes = list(rows.order_by("starts", "pk")[:10])
    return due + [one for one in mine if not one.line.standing.is_due]


def my_coming(actor: Actor) -> list[Nomination]:
    """One's own nominations for classes still to come, as a list to read."""
    rows = Nomination.objects.filter(
        person_id=actor.person_id or 0, state__in=COMING, training_class__state__in=RUNNING
    )
    return list(rows.select_related("training_class").order_by("training_class__starts"))
