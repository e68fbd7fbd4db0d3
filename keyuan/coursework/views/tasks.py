"""Tasks of a class: set, changed, taken back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from keyuan.coursework.actions import setting
from keyuan.coursework.forms import TaskForm
from keyuan.coursework.queries import handins
from keyuan.coursework.views import frame
from keyuan.kernel.access import actor_of
from keyuan.kernel.faults import Fault


def tasks(request: HttpRequest, pk: int) -> HttpResponse:
    """The tasks of a class and how they stand."""
    klass = frame.kept(request, pk)
    return frame.show(request, klass, "tasks", "tasks", rows=handins.tasks_for(actor_of(request), klass))


def new(request: HttpRequest, pk: int) -> HttpResponse:
    """Set a task."""
    klass = frame.kept(request, pk, "coursework.manage")
    form = TaskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            setting.set_task(actor_of(request), training_class=klass, facts=form.cleaned_data)
        except Fault as fault:
            form.add_error(fault.field if fault.field in form.fields else None, fault.message)
        else:
            messages.success(request, _("已布置，并通知了学员。"))
            return redirect("coursework:tasks", pk)
    status = 422 if form.is_bound else 200
    return frame.show(request, klass, "tasks", "task", form=form, task=None, status=status)


def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a task."""
    task = frame.task_of(request, pk, "coursework.manage")
    form = TaskForm(request.POST or None, instance=task)
    if request.method == "POST" and form.is_valid():
        setting.change_task(actor_of(request), task=task, facts=form.cleaned_data)
        messages.success(request, _("已保存。"))
        return redirect("coursework:board", pk)
    status = 422 if form.is_bound else 200
    return frame.show(request, task.training_class, "tasks", "task", form=form, task=task, status=status)


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a task back."""
    task = frame.task_of(request, pk, "coursework.manage")
    setting.withdraw_task(actor_of(request), task=task)
    messages.success(request, _("任务已撤回；已交的作业仍然保留。"))
    return redirect("coursework:tasks", task.training_class_id)
