"""What trainees need, opened for those who may know."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone

from keyuan.kernel import cipher
from keyuan.kernel.access import Actor, visible
from keyuan.logistics.models import Answer, Arrangement
from keyuan.training.models import Nomination, TrainingClass


def bound(nomination_id: int, question: str) -> str:
    """What a sealed answer is bound to, so that moved to another row it does not open."""
    return f"logistics.answer:{nomination_id}:{question}"


cipher.sealed(Answer, "diet_sealed", lambda row: bound(row.nomination_id, "diet"))
cipher.sealed(Answer, "room_sealed", lambda row: bound(row.nomination_id, "room"))
cipher.sealed(Answer, "branch_sealed", lambda row: bound(row.nomination_id, "branch"))


@dataclass(frozen=True)
class Needs:
    """The answers of one trainee (学员需要), in clear."""

    nomination_id: int
    diet: str = ""
    room: str = ""
    branch: str = ""
    shows_phone: bool = False
    answered: bool = False

    @property
    def joins(self) -> bool:
        """Whether the trainee joins the class's temporary branch."""
        return self.branch == "yes"


def opened(answer: Answer) -> Needs:
    """The answer in clear; the caller has read it through `visible`."""
    pk = answer.nomination_id

    def clear(question: str) -> str:
        return cipher.open_sealed(getattr(answer, f"{question}_sealed"), bound(pk, question))

    return Needs(pk, clear("diet"), clear("room"), clear("branch"), answer.shows_phone, answered=True)


def arrangement_of(training_class: TrainingClass) -> Arrangement:
    """How the class is looked after; an unsaved one where nothing has been set yet."""
    found = Arrangement.objects.filter(training_class=training_class).first()
    return found or Arrangement(training_class=training_class)


def needs_of(actor: Actor, training_class: TrainingClass) -> dict[int, Needs]:
    """The answers of a class that this actor may know, by nomination."""
    rows = visible(actor, Answer).filter(
        nomination__training_class=training_class, nomination__state=Nomination.State.ADMITTED
    )
    return {row.nomination_id: opened(row) for row in rows}


def own_needs(actor: Actor, nomination: Nomination) -> Needs:
    """One trainee's answers; empty where nothing was answered."""
    row = visible(actor, Answer).filter(nomination=nomination).first()
    return opened(row) if row else Needs(nomination.pk)


def joined(training_class: TrainingClass) -> set[int]:
    """The nominations whose trainees join the temporary branch; for actions whose right was asked."""
    rows = Answer.objects.filter(
        nomination__training_class=training_class, nomination__state=Nomination.State.ADMITTED
    ).exclude(branch_sealed="")
    return {row.nomination_id for row in rows if opened(row).joins}


def phone_showers(training_class: TrainingClass) -> set[int]:
    """The nominations whose trainees let the class's contacts show their phone."""
    rows = Answer.objects.filter(nomination__training_class=training_class, shows_phone=True)
    return set(rows.values_list("nomination_id", flat=True))


def due_for_purge() -> QuerySet[Arrangement]:
    """Arrangements whose class was closed longer ago than answers are kept, or was cancelled; not purged yet."""
    now, due = timezone.now(), []
    rows = Arrangement.objects.filter(purged_at=None, training_class__state__in=("closed", "cancelled"))
    for row in rows.select_related("training_class"):
        klass = row.training_class
        shut = klass.closed_at if klass.state == TrainingClass.State.CLOSED else now - timedelta(days=999)
        if shut is not None and shut + timedelta(days=row.keep_days) <= now:
            due.append(row.pk)
    return Arrangement.objects.filter(pk__in=due)
