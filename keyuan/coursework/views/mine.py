"""The trainee's own pages: what the class was given, what is asked, and writing it on the phone."""

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from keyuan.coursework.actions import handing_in
from keyuan.coursework.forms import EncloseForm, WriteForm
from keyuan.coursework.models import Enclosure, Submission, Task
from keyuan.coursework.queries import mine as reads
from keyuan.kernel import navigation
from keyuan.kernel.access import actor_of, public, require, visible
from keyuan.kernel.downloads import kept
from keyuan.kernel.faults import Fault
from keyuan.kernel.models import StoredFile
from keyuan.kernel.pages import page
from keyuan.people.roles import Role
from keyuan.training.models import Nomination


@navigation.entry(
    gettext_noop("课业"), "coursework:mine", roles=(Role.TRAINEE,), order=44, icon="class", phone=False
)
@public
@never_cache
def mine(request: HttpRequest) -> HttpResponse:
    """What one is given and asked, class by class."""
    actor = actor_of(request)
    return page(request, "coursework/mine.html", classes=reads.mine(actor), known=actor.person_id is not None)


def _own(request: HttpRequest, pk: int) -> tuple[Task, Nomination]:
    """A task of a class one attends, and oneself in it."""
    actor = actor_of(request)
    task = get_object_or_404(visible(actor, Task).select_related("training_class"), pk=pk)
    row = get_object_or_404(reads.own_nominations(actor), training_class_id=task.training_class_id)
    return task, row


def _page(request: HttpRequest, task: Task, row: Nomination, form: WriteForm | None = None) -> HttpResponse:
    actor = actor_of(request)
    found = reads.work_of(actor, task, row)
    enclosing = EncloseForm()
    shown = form or WriteForm(initial={"text": found.text, "consent": found.consent})
    status = 422 if form is not None else 200
    return page(
        request,
        "coursework/write.html",
        work=found,
        task=task,
        form=shown,
        enclosing=enclosing,
        status=status,
    )


@public
@never_cache
def write(request: HttpRequest, pk: int) -> HttpResponse:
    """Write a work, keep it, hand it in."""
    task, row = _own(request, pk)
    if request.method != "POST":
        return _page(request, task, row)
    actor, form = actor_of(request), WriteForm(request.POST)
    if not form.is_valid():
        return _page(request, task, row, form)
    said = form.cleaned_data
    try:
        # Kept first and by itself: what is refused as too short is not lost.
        done = handing_in.save_draft(actor, task=task, nomination=row, **said)
        if request.POST.get("act") == "submit":
            done = handing_in.submit(actor, task=task, nomination=row, **said)
    except Fault as fault:
        form.add_error(fault.field if fault.field in form.fields else None, fault.message)
        return _page(request, task, row, form)
    handed_in = done.state == Submission.State.SUBMITTED
    messages.success(
        request, _("已提交第 %(n)s 稿。") % {"n": done.number} if handed_in else _("草稿已保存。")
    )
    return redirect("coursework:write", pk)


@require_POST
@public
def save(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep what has been typed so far; the answer says when."""
    task, row = _own(request, pk)
    form = WriteForm(request.POST)
    if not form.is_valid():
        return page(request, "coursework/saved.html", work=None, status=422)
    handing_in.save_draft(actor_of(request), task=task, nomination=row, **form.cleaned_data)
    return page(request, "coursework/saved.html", work=reads.work_of(actor_of(request), task, row))


@require_POST
@public
def enclose(request: HttpRequest, pk: int) -> HttpResponse:
    """Add files to what is written."""
    task, row = _own(request, pk)
    uploads = request.FILES.getlist("file")
    if not uploads:
        raise Fault(_("请选择要添加的文件。"))
    for upload in uploads:
        handing_in.enclose(actor_of(request), task=task, nomination=row, upload=upload)
    messages.success(request, _("附件已添加，提交后班主任才能看到。"))
    return redirect("coursework:write", pk)


@require_POST
@public
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a work back to change it."""
    task, row = _own(request, pk)
    work = get_object_or_404(
        visible(actor_of(request), Submission).select_related("task__training_class", "nomination__training_class"),
        task=task, nomination=row,
    )  # fmt: skip
    handing_in.reopen(actor_of(request), submission=work)
    messages.success(request, _("已收回，改好后请再次提交；原来一稿仍然保留。"))
    return redirect("coursework:write", pk)


@public
@never_cache
def enclosure(request: HttpRequest, pk: int) -> FileResponse:
    """One file that goes with a work, for its author and for who reads it."""
    actor = actor_of(request)
    row = get_object_or_404(visible(actor, Enclosure), pk=pk)
    return kept(get_object_or_404(visible(actor, StoredFile), pk=row.file_id or 0), shown=True)


@require_POST
@public
def unenclose(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a file out of what is written."""
    actor = actor_of(request)
    row = get_object_or_404(
        visible(actor, Enclosure).select_related("submission__nomination__training_class"), pk=pk
    )
    require(actor, "coursework.hand_in", row.submission)
    handing_in.unenclose(actor, enclosure=row)
    messages.success(request, _("附件已去掉。"))
    return redirect("coursework:write", row.submission.task_id)
