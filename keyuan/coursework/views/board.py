"""One task as the head teacher reads it: who handed in, what they wrote, lists and papers of it."""

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from keyuan.coursework import papers, sheets
from keyuan.coursework.actions import reading, setting
from keyuan.coursework.flows import SUBMISSION
from keyuan.coursework.forms import ExcuseForm
from keyuan.coursework.models import Submission
from keyuan.coursework.queries import handins
from keyuan.coursework.rules.writing import is_late
from keyuan.coursework.views import frame
from keyuan.kernel.access import actor_of, require, visible
from keyuan.kernel.downloads import archive, attachment
from keyuan.kernel.faults import Fault
from keyuan.kernel.pages import listing
from keyuan.training.models import Nomination
from keyuan.training.queries.nominations import search_nominations


def board(request: HttpRequest, pk: int) -> HttpResponse:
    """Everybody with where the task stands."""
    task, actor = frame.task_of(request, pk), actor_of(request)
    found = listing(
        request,
        handins.board_rows(task),
        search=search_nominations,
        filters={"stand": "stand", "tardy": "tardy"},
    )
    own = visible(actor, Submission).filter(task=task, nomination__in=[row.pk for row in found.rows])
    tallies = {row.pk: tally for row, tally in handins.tasks_for(actor, task.training_class)}
    return frame.show(
        request, task.training_class, "tasks", "board", task=task, found=found, states=handins.states(),
        own={row.nomination_id: row for row in own.defer("text")}, tally=tallies[task.pk],
        ready=handins.for_compilation(actor, task),
    )  # fmt: skip


@require_POST
def bulk(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept the ticked, or remind those of the ticked (of all when none is) who owe."""
    task, actor = frame.task_of(request, pk, "coursework.manage"), actor_of(request)
    ticked = [int(text) for text in request.POST.getlist("pk") if text.isdecimal() and len(text) < 19]
    if request.POST.get("act") == "accept":
        if not ticked:
            raise Fault(_("请先勾选要通过的学员。"))
        count = reading.accept_many(actor, task=task, nominations=ticked)
        messages.success(request, _("已通过 %(n)s 份。") % {"n": count})
    else:
        count = setting.remind(actor, task=task, only=ticked or None)
        messages.success(request, _("已提醒 %(n)s 位未交的学员。") % {"n": count})
    return redirect("coursework:board", pk)


def read(request: HttpRequest, pk: int) -> HttpResponse:
    """One trainee's work with all its versions, and what to do with it."""
    actor = actor_of(request)
    rows = visible(actor, Submission).select_related(
        "task__training_class__activity", "task__training_class__department", "nomination__training_class",
        "nomination__person", "nomination__organisation",
    )  # fmt: skip
    row = get_object_or_404(rows, pk=pk)
    require(actor, "coursework.see", row)
    if request.method == "POST":
        said = request.POST
        reading.decide(actor, submission=row, move=said.get("move", ""), note=said.get("note", ""))
        messages.success(request, _("已办理。"))
        return redirect("coursework:board", row.task_id)
    return frame.show(
        request, row.training_class, "tasks", "read", row=row, task=row.task, moves=SUBMISSION.open_moves(row, actor),
        versions=handins.versions_of(row), late=is_late(row.task.due_at, row.first_at),
        following=handins.next_to_read(actor, row),
    )  # fmt: skip


def excuse(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a trainee off."""
    task, actor = frame.task_of(request, pk, "coursework.manage"), actor_of(request)
    number = request.POST.get("trainee") or request.GET.get("trainee") or ""
    rows = visible(actor, Nomination).filter(
        training_class=task.training_class, state=Nomination.State.ADMITTED
    )
    row = get_object_or_404(rows.select_related("person"), pk=int(number) if number.isdecimal() else 0)
    form = ExcuseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reading.excuse(actor, task=task, nomination=row, reason=form.cleaned_data["note"])
        messages.success(request, _("%(name)s免交这项任务。") % {"name": row.person.name})
        return redirect("coursework:board", pk)
    status = 422 if form.is_bound else 200
    return frame.show(
        request, task.training_class, "tasks", "excuse", task=task, row=row, form=form, status=status
    )


def export(request: HttpRequest, pk: int) -> HttpResponse:
    """Who handed in what and when, as a workbook."""
    task = frame.task_of(request, pk)
    name = f"{task.training_class.title}_{task.title}_{_('提交情况')}.xlsx"
    return attachment(sheets.list_file(actor_of(request), task), name)


def pack(request: HttpRequest, pk: int) -> FileResponse:
    """All that was handed in, each as 单位_姓名_题目."""
    task = frame.task_of(request, pk)
    found = handins.hand_ins(actor_of(request), task)
    if not found:
        raise Fault(_("还没有人提交。"))
    name = f"{task.training_class.title}_{task.title}.zip"
    return archive(papers.packed(papers.entries(task, found)), name)


def compilation(request: HttpRequest, pk: int) -> HttpResponse:
    """The accepted works whose authors agreed, as one document."""
    task, actor = frame.task_of(request, pk), actor_of(request)
    found = handins.for_compilation(actor, task)
    if not found:
        raise Fault(_("还没有已通过且同意收入汇编的作业。"))
    name = f"{task.training_class.title}{papers.name_of(task)}.docx"
    return attachment(papers.compilation_docx(task, found), name)
