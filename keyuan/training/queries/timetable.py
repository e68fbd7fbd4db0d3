"""The timetable read: clashes, the half-day grid, the sessions of a class."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from keyuan.kernel.access import Actor, visible
from keyuan.training.models import Session, TrainingClass


def clash_of(session: Session) -> Session | None:
    """Another session at an overlapping time with the same teacher, the same room, or of the same class."""
    same = Q(training_class_id=session.training_class_id)
    if session.teacher_id:
        same |= Q(teacher_id=session.teacher_id)
    if session.place:
        same |= Q(place=session.place, school_id=session.school_id)
    rows = Session.objects.filter(same, date=session.date, starts__lt=session.ends, ends__gt=session.starts)
    rows = rows.exclude(training_class__state="cancelled").exclude(pk=session.pk)
    return rows.select_related("training_class", "teacher").order_by("starts").first()


def same_teacher(session: Session, other: Session) -> bool:
    """Whether the clash is one of the teacher."""
    return session.teacher_id is not None and session.teacher_id == other.teacher_id


def clash_words(session: Session, other: Session) -> str:
    """The clash named, so that the registrar knows what to move."""
    when = f"{other.date:%m月%d日} {other.starts:%H:%M}—{other.ends:%H:%M}"
    where = f"“{other.training_class.title}”的“{other.title}”"
    if same_teacher(session, other):
        return _("主讲%(teacher)s在 %(when)s 已有安排：%(where)s。请换时间或换主讲。") % {
            "teacher": other.teacher,
            "when": when,
            "where": where,
        }
    if other.training_class_id == session.training_class_id:
        return _("本班在 %(when)s 已有课次“%(title)s”，请错开时间。") % {"when": when, "title": other.title}
    return _("场地“%(place)s”在 %(when)s 已被占用：%(where)s。请换时间或换场地。") % {
        "place": other.place,
        "when": when,
        "where": where,
    }


@dataclass
class Day:
    """One day of the timetable with its half-days."""

    date: date
    halves: dict[str, list[Session]] = field(default_factory=dict)


def grid(training_class: TrainingClass, sessions: Iterable[Session]) -> list[Day]:
    """Every day of the class with the sessions of each half-day."""
    count = (training_class.ends - training_class.starts).days + 1
    days = {d: Day(d) for d in (training_class.starts + timedelta(days=n) for n in range(count))}
    for session in sessions:
        days.setdefault(session.date, Day(session.date)).halves.setdefault(session.half, []).append(session)
    return [days[key] for key in sorted(days)]


def sessions_of(actor: Actor, training_class: TrainingClass) -> QuerySet[Session]:
    """The sessions of a class that the actor sees, in order."""
    rows = visible(actor, Session).filter(training_class=training_class)
    return rows.select_related("teacher__organisation").order_by("date", "starts")
