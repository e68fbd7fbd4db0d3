"""What a timetable sheet is judged against: the teachers it may mean, the sessions already there, earlier imports."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from keyuan.kernel.access import Actor, can, visible
from keyuan.kernel.codes import tidy_title
from keyuan.kernel.models.batches import Batch, BatchRow
from keyuan.people.models import Person
from keyuan.training.models import Session, TrainingClass

PURPOSE = "training.timetable"
_SHORTEST = 4


def teachers_for(actor: Actor, training_class: TrainingClass) -> QuerySet[Person]:
    """Whom a session of the class may be given to."""
    teachers = Person.objects.filter(
        seats__role="teacher", school_id=training_class.school_id, erased_at=None
    )
    return (visible(actor, Person).filter(seats__role="teacher") | teachers).distinct().order_by("pinyin")


@dataclass(frozen=True)
class Meant:
    """Whom a name stands for (所指教师): one for certain, or several of whom a person must choose."""

    sure: Person | None = None
    maybe: tuple[Person, ...] = ()


class Teachers:
    """The teachers a sheet names, found by name and told apart by unit and phone."""

    def __init__(self, actor: Actor, training_class: TrainingClass, names: Iterable[str]) -> None:
        wanted = {name for name in names if name}
        rows = teachers_for(actor, training_class).filter(name__in=wanted).select_related("organisation")
        self.by_name: dict[str, list[Person]] = {}
        for person in rows if wanted else ():
            self.by_name.setdefault(person.name, []).append(person)

    def meant(self, name: str, *, unit: str = "", phone_index: str = "") -> Meant:
        """Who is meant. Nobody is certain while two fit, or where the unit or the phone says otherwise."""
        found = self.by_name.get(name, [])
        by_phone = [each for each in found if phone_index and each.phone_index == phone_index]
        if len(by_phone) == 1:
            return Meant(by_phone[0])
        pool = by_phone or found
        by_unit = [each for each in pool if unit and is_of(each, unit)]
        fits = [each for each in by_unit if not phone_index or not each.phone_index or by_phone]
        if len(fits) == 1:
            return Meant(fits[0])
        if len(pool) == 1 and not unit and not (phone_index and pool[0].phone_index and not by_phone):
            return Meant(pool[0])
        return Meant(None, tuple(by_unit if len(by_unit) > 1 else pool))


def is_of(person: Person, unit: str) -> bool:
    """Whether a unit as written is the person's own, or one of the two names holds the other."""
    written = tidy_title(unit)
    names = [person.organisation_text]
    if person.organisation is not None:
        names += [person.organisation.name, person.organisation.short_name]
    return any(
        name and (name == written or (min(len(name), len(written)) >= _SHORTEST and (name in written or written in name)))
        for name in names
    )  # fmt: skip


FACTS = ("kind", "title", "date", "half", "starts", "ends", "teacher_id", "place", "hours")


@dataclass
class Standing:
    """The sessions that stand where a sheet wants to put its own (已排课次), read once for all rows."""

    training_class: TrainingClass
    rows: list[Session] = field(default_factory=list)

    @classmethod
    def around(cls, training_class: TrainingClass, drafts: Sequence[Session]) -> "Standing":
        """Those of the class, and those with the same teachers and rooms on the same days, in one query."""
        days: set[date] = {each.date for each in drafts}
        same = Q(training_class=training_class)
        same |= Q(teacher__in={each.teacher_id for each in drafts if each.teacher_id}, date__in=days)
        places = {each.place for each in drafts if each.place}
        same |= Q(place__in=places, school_id=training_class.school_id, date__in=days)
        rows = Session.objects.filter(same).exclude(training_class__state="cancelled")
        return cls(
            training_class, list(rows.select_related("training_class", "teacher").order_by("date", "starts"))
        )

    def equal(self, draft: Session) -> Session | None:
        """The session of the class that is the same in every fact."""
        wanted = facts_of(draft)
        own = (row for row in self.rows if row.training_class_id == self.training_class.pk)
        return next((row for row in own if facts_of(row) == wanted), None)

    def clash(self, draft: Session) -> Session | None:
        """One that overlaps with the same class, teacher or room, as `timetable.clash_of` asks the database."""
        return next((row for row in self.rows if _clashes(row, draft)), None)


def _clashes(row: Session, draft: Session) -> bool:
    if row.date != draft.date or row.starts >= draft.ends or row.ends <= draft.starts:
        return False
    return (
        row.training_class_id == draft.training_class_id
        or (draft.teacher_id is not None and row.teacher_id == draft.teacher_id)
        or (bool(draft.place) and row.place == draft.place and row.school_id == draft.school_id)
    )


def facts_of(session: Session) -> tuple[Any, ...]:
    """All that a row of a sheet says of a session."""
    return tuple(getattr(session, name) for name in FACTS)


@dataclass(frozen=True)
class Import:
    """One sheet that went into the timetable of a class (课程表导入), with those of its sessions still there."""

    batch: Batch
    made: int
    sessions: list[Session]
    sender: str

    @property
    def seen(self) -> str:
        """What was shown before removal was confirmed."""
        return ",".join(str(session.pk) for session in self.sessions)


def imports_of(actor: Actor, training_class: TrainingClass) -> list[Import]:
    """The sheets that placed something in a class whose timetable the actor keeps, by whomever they were sent.

    The newest first, in four queries. What a sheet held stays with its sender: only the sessions are shown.
    """
    if not can(actor, "training.timetable", training_class):
        return []
    rows = Batch.objects.filter(
        purpose=PURPOSE,
        context__class=training_class.pk,
        state=Batch.State.DONE,
        school_id=training_class.school_id,
    )
    batches = list(rows.order_by("-pk"))
    made: dict[int, list[int]] = {}
    applied = BatchRow.objects.filter(batch__in=batches, state="applied", result_id__isnull=False)
    for batch_id, session_id in applied.values_list("batch_id", "result_id"):
        made.setdefault(batch_id, []).append(session_id or 0)
    ids = {pk for found in made.values() for pk in found}
    stored = training_class.sessions.filter(pk__in=ids).select_related("teacher").order_by("date", "starts")
    there = {session.pk: session for session in stored} if ids else {}
    senders = {batch.person_id for batch in batches if batch.pk in made} - {None}
    names = dict(Person.objects.filter(pk__in=senders).values_list("pk", "name")) if senders else {}
    return [
        Import(
            batch, len(made[batch.pk]), [there[pk] for pk in there if pk in set(made[batch.pk])],
            names.get(batch.person_id or 0, ""),
        )
        for batch in batches
        if batch.pk in made
    ]  # fmt: skip


def sent_for(actor: Actor, batch_id: int) -> tuple[Batch, TrainingClass] | None:
    """A timetable sheet and its class, for who sees the class; None for everybody else."""
    batch = Batch.objects.filter(pk=batch_id, purpose=PURPOSE).first()
    seen = visible(actor, TrainingClass).select_related("school")
    found = seen.filter(pk=batch.context.get("class") or 0).first() if batch is not None else None
    return None if batch is None or found is None else (batch, found)


def import_of(actor: Actor, training_class: TrainingClass, batch: Batch) -> Import | None:
    """One of them."""
    return next((each for each in imports_of(actor, training_class) if each.batch.pk == batch.pk), None)
