"""Setting tasks, taking them back, and reminding those who have not handed in."""

from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.coursework.models import Task
from keyuan.coursework.queries.handins import missing
from keyuan.kernel import audit, notify
from keyuan.kernel.access import Actor, require
from keyuan.kernel.faults import Fault
from keyuan.training.models import Nomination, TrainingClass

FIELDS = ("kind", "title", "words", "least", "due_at", "required")

audit.sentence("coursework.task.set", "布置学习任务：{thing}")
audit.sentence("coursework.task.changed", "修改学习任务：{thing}")
audit.sentence("coursework.task.withdrawn", "撤回学习任务：{thing}")
audit.sentence("coursework.task.reminded", "提醒提交作业：{thing}，{count} 人")
notify.kind("coursework.set", title="新的学习任务", text="“{klass}”布置了{sort}“{title}”，请于{due}前提交。")
notify.kind("coursework.due", title="作业即将截止", text="“{title}”的截止时间是{due}，您还没有提交。")


def link_of(task: Task) -> str:
    """Where a trainee writes it."""
    return f"/coursework/tasks/{task.pk}/"


@transaction.atomic
def set_task(actor: Actor, *, training_class: TrainingClass, facts: dict[str, Any]) -> Task:
    """Set a task; the trainees of a published class are told. Raises Fault for a moment already gone."""
    held = TrainingClass.objects.select_for_update().get(pk=training_class.pk)
    require(actor, "coursework.manage", held)
    if facts["due_at"] <= timezone.now():
        raise Fault(_("截止时间已经过去，请改为以后的时间。"), "due_at")
    row = Task.objects.create(training_class=held, **{name: facts[name] for name in FIELDS})
    audit.record(actor, "coursework.task.set", row, training_class=held.pk, kind=row.kind)
    if held.state == TrainingClass.State.PUBLISHED:
        people = held.nominations.filter(state=Nomination.State.ADMITTED).values_list("person_id", flat=True)
        notify.tell(
            list(people), "coursework.set", link_of(row), school_id=held.school_id, klass=held.title,
            sort=str(row.get_kind_display()), title=row.title, due=row.due_at,
        )  # fmt: skip
    return row


@transaction.atomic
def change_task(actor: Actor, *, task: Task, facts: dict[str, Any]) -> None:
    """Change a task; a later moment lets the reminder go out anew."""
    held = Task.objects.select_for_update().get(pk=task.pk)
    require(actor, "coursework.manage", held)
    if held.due_at != facts["due_at"]:
        held.reminded_at = None
    for name in FIELDS:
        setattr(held, name, facts[name])
    held.save()
    audit.record(actor, "coursework.task.changed", held)


@transaction.atomic
def withdraw_task(actor: Actor, *, task: Task) -> None:
    """Take a task back: nobody is asked for it any more; what was handed in stays. Again changes nothing."""
    require(actor, "coursework.manage", task)
    if Task.objects.filter(pk=task.pk, withdrawn_at=None).update(withdrawn_at=timezone.now()):
        audit.record(actor, "coursework.task.withdrawn", task)


@transaction.atomic
def remind(actor: Actor, *, task: Task, only: Collection[int] | None = None) -> int:
    """Remind those who have not handed in (of `only` these nominations when given); how many."""
    held = Task.objects.select_for_update().get(pk=task.pk)
    require(actor, "coursework.manage", held)
    rows = missing(held)
    if only is not None:
        rows = rows.filter(pk__in=only)
    count = notify.tell(
        list(rows.values_list("person_id", flat=True)), "coursework.due", link_of(held),
        school_id=held.training_class.school_id, title=held.title, due=held.due_at,
    )  # fmt: skip
    Task.objects.filter(pk=held.pk).update(reminded_at=timezone.now())
    audit.record(actor, "coursework.task.reminded", held, count=count)
    return count
