"""What waits for somebody here: work to write, work to read."""

from collections.abc import Iterator

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.coursework.models import Submission, Task
from keyuan.coursework.queries.mine import DONE, own_nominations
from keyuan.coursework.rules import keeps
from keyuan.kernel import todos
from keyuan.kernel.access import Actor
from keyuan.people.roles import Role

GROUP = "课业"


@todos.source
def tasks_to_write(actor: Actor) -> Iterator[todos.ToDo]:
    """A trainee has not handed in, or was asked to change something; one query."""
    if Role.TRAINEE not in actor.roles:
        return
    own = own_nominations(actor).filter(training_class__state="published")
    done = Submission.objects.filter(nomination__in=own, state__in=DONE)
    rows = Task.objects.filter(training_class__in=own.values("training_class"), withdrawn_at=None)
    now = timezone.now()
    for pk, title, due in rows.exclude(pk__in=done.values("task_id")).values_list("pk", "title", "due_at"):
        yield todos.ToDo(
            _("提交作业：%(title)s") % {"title": title}, f"/coursework/tasks/{pk}/",
            due=timezone.localdate(due), urgent=due < now, group=GROUP,
        )  # fmt: skip


@todos.source
def work_to_read(actor: Actor) -> Iterator[todos.ToDo]:
    """Hand-ins wait for the head teacher, task by task; one query."""
    if Role.HEAD_TEACHER not in actor.roles:
        return
    own = keeps(actor).filter(head_teacher_id=actor.person_id or 0, state="published")
    rows = Submission.objects.filter(task__training_class__in=own, state="submitted").order_by()
    counted = rows.values_list("task_id", "task__title", "task__training_class__title").annotate(Count("pk"))
    for pk, title, klass, count in counted:
        yield todos.ToDo(
            _("待阅作业：%(klass)s“%(title)s”") % {"klass": klass, "title": title},
            f"/coursework/tasks/{pk}/board/?stand=submitted",
            count=count,
            group=GROUP,
        )
