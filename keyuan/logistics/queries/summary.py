"""How far a class is arranged, in figures."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, Sum

from keyuan.kernel.access import Actor, visible
from keyuan.kernel.models import StoredFile
from keyuan.logistics.models import PARTS, Answer, Diner, Group, Hall, Leg, MealTable, Ride, Room, Seat
from keyuan.logistics.queries.needs import arrangement_of
from keyuan.training.models import TrainingClass


@dataclass(frozen=True)
class Figures:
    """The figures at the head of the page (会务概况)."""

    trainees: int
    groups: int
    grouped: int
    lodgers: int
    rooms: int
    beds: int
    housed: int
    legs: int
    riding: int
    halls: int
    seated: int
    tables: int
    dining: int
    answered: int
    handbook: StoredFile | None


def figures_of(actor: Actor, training_class: TrainingClass) -> Figures:
    """All of them in some eight queries; the caller has asked for the right over the class."""
    admitted = training_class.nominations.filter(state="admitted").aggregate(
        every=Count("pk"),
        grouped=Count("pk", filter=Q(group__isnull=False)),
        lodgers=Count("pk", filter=Q(lodging=True)),
        housed=Count("pk", filter=Q(stay__isnull=False)),
    )
    rooms = visible(actor, Room).filter(training_class=training_class).order_by()
    room = rooms.aggregate(every=Count("pk"), beds=Sum("capacity"))
    still = Q(nomination__state="admitted")
    handbook = arrangement_of(training_class).handbook_id
    return Figures(
        trainees=admitted["every"],
        groups=visible(actor, Group).filter(training_class=training_class).count(),
        grouped=admitted["grouped"],
        lodgers=admitted["lodgers"],
        rooms=room["every"],
        beds=room["beds"] or 0,
        housed=admitted["housed"],
        legs=visible(actor, Leg).filter(training_class=training_class).count(),
        riding=visible(actor, Ride).filter(still, leg__training_class=training_class).count(),
        halls=visible(actor, Hall).filter(training_class=training_class).count(),
        seated=visible(actor, Seat).filter(still, hall__training_class=training_class).count(),
        tables=visible(actor, MealTable).filter(training_class=training_class).count(),
        dining=visible(actor, Diner).filter(still, table__training_class=training_class).count(),
        answered=visible(actor, Answer).filter(still, nomination__training_class=training_class).count(),
        handbook=visible(actor, StoredFile).filter(pk=handbook).first() if handbook else None,
    )


def parts_of(training_class: TrainingClass) -> list[tuple[str, str, datetime | None]]:
    """What can be told: its name, its words, since when the trainees see it."""
    found = arrangement_of(training_class)
    return [(part, str(words), getattr(found, f"{part}_told_at")) for part, words in PARTS]
