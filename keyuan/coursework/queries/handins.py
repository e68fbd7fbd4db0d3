"""How a task stands: who handed in, who has not, who was late, and what each wrote."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Case, CharField, Count, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.utils.translation import gettext as _

from keyuan.coursework.models import Enclosure, Submission, Task, Version
from keyuan.coursework.rules.writing import characters, is_late
from keyuan.kernel.access import Actor, visible
from keyuan.training.models import Nomination, TrainingClass

OPEN = ("draft", "returned")  # begun but not with the head teacher


def current_of(submission: Submission) -> QuerySet[Enclosure]:
    """The files that go with what is written now."""
    return Enclosure.objects.filter(submission=submission, until=None)


def enclosed_in(submission: Submission, number: int) -> QuerySet[Enclosure]:
    """The files that went with one version."""
    rows = Enclosure.objects.filter(submission=submission, since__lte=number)
    return rows.filter(Q(until=None) | Q(until__gt=number))


def trainees(training_class: TrainingClass) -> QuerySet[Nomination]:
    """Who is asked: the admitted of the class."""
    return training_class.nominations.filter(state=Nomination.State.ADMITTED)


def missing(task: Task) -> QuerySet[Nomination]:
    """The trainees who have not handed in: nothing there, a draft, or returned and not sent again."""
    settled = Submission.objects.filter(task=task, state__in=("submitted", "accepted", "excused"))
    return trainees(task.training_class).exclude(pk__in=settled.values("nomination_id"))


@dataclass(frozen=True)
class Tally:
    """How many of a class stand where with one task (完成情况)."""

    asked: int = 0
    waiting: int = 0
    accepted: int = 0
    returned: int = 0
    excused: int = 0
    late: int = 0

    @property
    def handed_in(self) -> int:
        """With the head teacher or accepted."""
        return self.waiting + self.accepted

    @property
    def missing(self) -> int:
        """Still owing."""
        return self.asked - self.handed_in - self.excused


def tasks_for(actor: Actor, training_class: TrainingClass) -> list[tuple[Task, Tally]]:
    """The tasks of a class with how they stand, in three queries."""
    tasks = list(visible(actor, Task).filter(training_class=training_class))
    asked = trainees(training_class).count()
    rows = Submission.objects.filter(
        task__training_class=training_class, nomination__state=Nomination.State.ADMITTED
    ).order_by()
    counted: dict[int, dict[str, int]] = {}
    found = rows.values("task_id").annotate(
        **{state: Count("pk", filter=Q(state=state)) for state in ("submitted", "accepted", "returned", "excused")},
        late=Count("pk", filter=Q(first_at__gt=F("task__due_at"))),
    )  # fmt: skip
    for row in found:
        counted[row["task_id"]] = row
    nothing: dict[str, int] = {}
    result = []
    for task in tasks:
        n = counted.get(task.pk, nothing)
        result.append(
            (task, Tally(asked, n.get("submitted", 0), n.get("accepted", 0), n.get("returned", 0), n.get("excused", 0), n.get("late", 0)))
        )  # fmt: skip
    return result


def board_rows(task: Task) -> QuerySet[Any]:
    """Every trainee with where the task stands, to be filtered: `stand` is the state, or "none", and `tardy`."""
    own = Submission.objects.filter(task=task, nomination=OuterRef("pk"))
    seen = own.exclude(state="draft", number=0)
    rows = trainees(task.training_class).select_related("person", "organisation")
    rows = rows.annotate(found=Subquery(seen.values("state")[:1]), first=Subquery(own.values("first_at")[:1]))
    return rows.annotate(
        stand=Case(When(found=None, then=Value("none")), default=F("found"), output_field=CharField()),
        tardy=Case(
            When(first__gt=task.due_at, then=Value("late")), default=Value(""), output_field=CharField()
        ),
    ).order_by("organisation__kind", "organisation__order", "organisation_id", "pk")


def states() -> list[tuple[str, str]]:
    """The states a list is filtered by; who owes is one of them."""
    words = dict(Submission.State.choices)
    return [
        ("none", _("未交")),
        *((key, str(words[key])) for key in ("submitted", "returned", "accepted", "excused")),
    ]


@dataclass(frozen=True)
class HandIn:
    """What one trainee handed in last, ready for lists and papers (作业)."""

    nomination: Nomination
    submission: Submission
    text: str
    files: tuple[Enclosure, ...]
    late: bool

    @property
    def count(self) -> int:
        """Characters without blanks."""
        return characters(self.text)


def hand_ins(actor: Actor, task: Task, only: Q | None = None) -> list[HandIn]:
    """The last version of everybody who handed in, in roster order; three queries."""
    rows = visible(actor, Submission).filter(task=task, number__gte=1, nomination__state="admitted")
    found = list(
        (rows.filter(only) if only is not None else rows)
        .select_related("nomination__person", "nomination__organisation")
        .order_by("nomination__organisation__kind", "nomination__organisation__order", "nomination_id")
    )
    texts = {
        version.submission_id: version.text
        for version in Version.objects.filter(submission__in=found, number=F("submission__number"))
    }
    kept: dict[int, list[Enclosure]] = {}
    for one in Enclosure.objects.filter(submission__in=found, since__lte=F("submission__number")):
        number = next(row.number for row in found if row.pk == one.submission_id)
        if one.until is None or one.until > number:
            kept.setdefault(one.submission_id, []).append(one)
    return [
        HandIn(row.nomination, row, texts.get(row.pk, ""), tuple(kept.get(row.pk, ())), is_late(task.due_at, row.first_at))
        for row in found
    ]  # fmt: skip


def for_compilation(actor: Actor, task: Task) -> list[HandIn]:
    """What may stand in the compilation: accepted, and its author agreed."""
    return hand_ins(actor, task, Q(state="accepted", consent=True))


@dataclass(frozen=True)
class Sent:
    """One version with its files and length (一稿)."""

    version: Version
    files: list[Enclosure]

    @property
    def count(self) -> int:
        """Characters without blanks."""
        return characters(self.version.text)


def versions_of(submission: Submission) -> list[Sent]:
    """All versions with their files, the latest first; two queries."""
    kept = list(Enclosure.objects.filter(submission=submission))
    return [
        Sent(version, [one for one in kept if one.since <= version.number and (one.until or 10**6) > version.number])
        for version in submission.versions.all()
    ]  # fmt: skip


def next_to_read(actor: Actor, submission: Submission) -> Submission | None:
    """The next of the same task that waits to be read, so that one reads on without going back."""
    rows = visible(actor, Submission).filter(
        task=submission.task_id, state="submitted", nomination__state="admitted"
    )
    rows = rows.exclude(pk=submission.pk).order_by("submitted_at", "pk")
    return rows.first()
