"""What a trainee reads and writes in one class, as lines for the phone."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.coursework.models import Enclosure, Material, Submission, Task
from keyuan.coursework.queries.handins import Sent, current_of, versions_of
from keyuan.coursework.rules.access import attends
from keyuan.coursework.rules.writing import characters, is_late
from keyuan.kernel.access import Actor, visible
from keyuan.training.models import Nomination, TrainingClass

TONES = {"draft": "warn", "submitted": "info", "returned": "bad", "accepted": "good", "excused": "neutral"}
DONE = frozenset({"submitted", "accepted", "excused"})


@dataclass(frozen=True)
class MaterialLine:
    """One material as a list shows it (学习资料一行)."""

    title: str
    link: str
    kind: str
    size: int
    session: str = ""


@dataclass(frozen=True)
class TaskLine:
    """One task as its trainee sees it (学习任务一行): where it stands in words, until when, in which tone."""

    title: str
    link: str
    kind: str
    state: str
    tone: str
    due: datetime
    required: bool
    done: bool


def own_nominations(actor: Actor) -> QuerySet[Nomination]:
    """The classes one attends, the latest first, until thirty days after closing."""
    rows = visible(actor, Nomination).filter(
        person_id=actor.person_id or 0, state=Nomination.State.ADMITTED, training_class__in=attends(actor)
    )
    return rows.select_related("training_class", "person").order_by("-training_class__starts")


def given(actor: Actor, training_class: TrainingClass) -> QuerySet[Material]:
    """The materials of a class that are given out now and this actor sees."""
    rows = visible(actor, Material).filter(training_class=training_class, withdrawn_at=None)
    return rows.exclude(file_id=None).select_related("session")


def materials_of(actor: Actor, training_class: TrainingClass) -> list[MaterialLine]:
    """What the class was given, in its order; one query. Empty for who may not read it."""
    return [
        MaterialLine(
            row.title, reverse("coursework:open", args=[row.pk]), row.kind, row.size,
            row.session.title if row.session is not None else "",
        )
        for row in given(actor, training_class)
    ]  # fmt: skip


def tasks_of(actor: Actor, training_class: TrainingClass) -> list[TaskLine]:
    """The tasks of a class with one's own state in words, by deadline; two queries at most."""
    tasks = list(visible(actor, Task).filter(training_class=training_class, withdrawn_at=None))
    if not tasks:
        return []
    own = visible(actor, Submission).filter(
        task__training_class=training_class, nomination__person_id=actor.person_id or 0,
        nomination__state=Nomination.State.ADMITTED,
    )  # fmt: skip
    known = {row.task_id: row for row in own.defer("text")}
    return [line_of(task, known.get(task.pk)) for task in tasks]


def line_of(task: Task, row: Submission | None) -> TaskLine:
    """One task as a line."""
    state, tone = words_of(task, row)
    return TaskLine(
        task.title, reverse("coursework:write", args=[task.pk]), str(task.get_kind_display()), state, tone,
        task.due_at, task.required, row is not None and row.state in DONE,
    )  # fmt: skip


def words_of(task: Task, row: Submission | None) -> tuple[str, str]:
    """Where a trainee's work stands in words, and the tone of them."""
    over = timezone.now() > task.due_at
    if row is None or row.state == Submission.State.DRAFT:
        if over and (row is None or row.number == 0):
            return _("已过截止时间，仍可补交"), "bad"
        return (_("未交"), "warn") if row is None else (str(row.get_state_display()), "warn")
    words = str(row.get_state_display())
    return (
        _("%(state)s（迟交）") % {"state": words} if is_late(task.due_at, row.first_at) else words
    ), TONES[row.state]


@dataclass(frozen=True)
class InClass:
    """One class with what it gives and asks (我的课业)."""

    klass: TrainingClass
    materials: list[MaterialLine]
    tasks: list[TaskLine]


def mine(actor: Actor) -> list[InClass]:
    """What one is given and asked in each class one attends."""
    classes = [row.training_class for row in own_nominations(actor)]
    return [InClass(klass, materials_of(actor, klass), tasks_of(actor, klass)) for klass in classes]


@dataclass(frozen=True)
class Work:
    """One's own work on one task (我的作业)."""

    submission: Submission | None
    text: str
    consent: bool
    files: list[Enclosure]
    versions: list[Sent]
    state: str
    tone: str
    writable: bool
    reopens: bool

    @property
    def count(self) -> int:
        """Characters without blanks."""
        return characters(self.text)


def work_of(actor: Actor, task: Task, nomination: Nomination) -> Work:
    """One's own work with its files and versions; an empty one where nothing was written yet."""
    row = visible(actor, Submission).filter(task=task, nomination=nomination).first()
    running = nomination.training_class.state == TrainingClass.State.PUBLISHED
    state, tone = words_of(task, row)
    if row is None:
        return Work(None, "", False, [], [], state, tone, running, False)
    return Work(
        row, row.text, row.consent, list(current_of(row)), versions_of(row), state, tone,
        running and row.state in {"draft", "returned"}, running and row.state == Submission.State.SUBMITTED,
    )  # fmt: skip
