"""Background work of this room: a reminder a day before a task is due."""

from datetime import timedelta

from django.utils import timezone

from keyuan.coursework.actions import setting
from keyuan.coursework.models import Task
from keyuan.kernel.access import system_of
from keyuan.kernel.tick import every

BEFORE = timedelta(days=1)


@every(minutes=30, title="提醒即将截止的作业")
def remind_due() -> None:
    """Remind those who owe, once a task, within the last day; a reminder by hand that day counts as it."""
    now = timezone.now()
    rows = Task.objects.filter(
        due_at__gt=now, due_at__lte=now + BEFORE, withdrawn_at=None, training_class__state="published"
    ).select_related("training_class")
    for task in rows:
        if task.reminded_at is None or task.reminded_at < task.due_at - BEFORE:
            setting.remind(system_of(task.training_class.school_id), task=task)
