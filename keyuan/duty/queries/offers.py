"""What a duty may be planned to: classes and sessions to come that count for it and lie within the term."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from keyuan.duty.models import Duty, Kind
from keyuan.duty.queries.counting import countable_sessions, counted_classes
from keyuan.training.models import Session, TrainingClass

COMING = ("approved", "published")


@dataclass(frozen=True)
class Offer:
    """One thing to choose (备选): its value in the form, its words, and the class it stands under."""

    value: str
    words: str
    group: str


def _classes(duty: Duty, on: date) -> QuerySet[TrainingClass]:
    rows = counted_classes(duty.school).filter(state__in=COMING, starts__gte=on)
    last = duty.term.ends or duty.term.deadline
    return (rows.filter(ends__lte=last) if last else rows).order_by("starts", "pk")


def _sessions(duty: Duty, on: date) -> QuerySet[Session]:
    rows = countable_sessions(duty.school).filter(training_class__state__in=COMING, date__gte=on)
    last = duty.term.ends or duty.term.deadline
    rows = rows.filter(date__lte=last) if last else rows
    return rows.select_related("training_class", "teacher").order_by(
        "training_class__starts", "training_class_id", "date", "starts", "pk"
    )


def offers(duty: Duty, on: date) -> list[Offer]:
    """The choices for a duty, the soonest first: for attending classes, for lecturing sessions; one query."""
    if duty.kind == Kind.ATTEND:
        return [
            Offer(f"class:{one.pk}", f"{one.starts:%Y-%m-%d} {one.title}（{one.taken}/{one.places}）", "班次")
            for one in _classes(duty, on)
        ]
    return [
        Offer(
            f"session:{one.pk}",
            f"{one.date:%m-%d} {one.get_half_display()} {one.title}"
            + (f"（{one.teacher.name}）" if one.teacher else ""),
            f"{one.training_class.starts:%Y-%m-%d} {one.training_class.title}",
        )
        for one in _sessions(duty, on)
    ]
