"""What the head teacher does with what was handed in: accept, return, excuse; one or many."""

from collections.abc import Collection

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from keyuan.coursework import flows
from keyuan.coursework.models import Submission, Task
from keyuan.kernel import audit
from keyuan.kernel.access import Actor, require
from keyuan.kernel.faults import Conflict, Fault
from keyuan.training.models import Nomination

audit.sentence("coursework.excused", "同意免交作业：{thing}")


@transaction.atomic
def decide(actor: Actor, *, submission: Submission, move: str, note: str = "") -> None:
    """One step of the table on one hand-in; the trainee is told."""
    rows = Submission.objects.select_related("task__training_class", "nomination__training_class")
    flows.SUBMISSION.move(rows.get(pk=submission.pk), move, actor=actor, note=note)


@transaction.atomic
def accept_many(actor: Actor, *, task: Task, nominations: Collection[int]) -> int:
    """Accept all of these that wait to be read; how many. Those in another state are passed over."""
    require(actor, "coursework.manage", task)
    rows = Submission.objects.filter(task=task, nomination__in=nominations, state=Submission.State.SUBMITTED)
    found = list(rows.select_related("task__training_class", "nomination__training_class"))
    for row in found:
        flows.SUBMISSION.move(row, "accept", actor=actor)
    return len(found)


@transaction.atomic
def excuse(actor: Actor, *, task: Task, nomination: Nomination, reason: str) -> Submission:
    """Let a trainee off a task, with the reason. Raises Conflict when it has been handed in meanwhile."""
    require(actor, "coursework.manage", task)
    if nomination.training_class_id != task.training_class_id:
        raise Fault(_("这位学员不在本班。"))
    if not reason.strip():
        raise Fault(_("请写明为什么免交。"), "note")
    row = Submission.objects.filter(task=task, nomination=nomination).first()
    if row is not None:
        decide(actor, submission=row, move="excuse", note=reason)
        return row
    try:
        with transaction.atomic():
            row = Submission.objects.create(
                task=task, nomination=nomination, state=Submission.State.EXCUSED, reason=reason.strip()[:200]
            )
    except IntegrityError as clash:
        raise Conflict(_("这位学员刚刚开始写，请刷新后再办。")) from clash
    audit.record(actor, "coursework.excused", row, task=task.pk, nomination=nomination.pk)
    return row
