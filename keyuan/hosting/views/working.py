"""What a host does for its turn: the event, lecturers, tasks, files, the report; the office judges it."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from keyuan.hosting import actions, papers
from keyuan.hosting.forms import EventForm, FileForm, LecturerForm, ReportForm
from keyuan.hosting.models import Lecturer, Report, Task, Turn
from keyuan.hosting.queries.turns import called, whole_of
from keyuan.hosting.views.frame import turn_of
from keyuan.hosting.views.turn import show
from keyuan.kernel.access import actor_of, require, visible
from keyuan.kernel.downloads import attachment
from keyuan.kernel.faults import Fault
from keyuan.people.models import Person


def _act(
    request: HttpRequest, turn: Turn, put: tuple[str, forms.Form], step: Callable[[], Any], *, said: str
) -> HttpResponse:
    """Act on a valid form; a refused one stands on the turn's page in its slot."""
    slot, form = put
    if form.is_valid():
        try:
            step()
        except Fault as fault:
            form.add_error(fault.field if fault.field in form.fields else None, fault.message)
        else:
            messages.success(request, said)
            return redirect("hosting:turn", turn.pk)
    return show(request, turn, 422, **{slot: form})


@require_POST
def event(request: HttpRequest, pk: int) -> HttpResponse:
    """Where, when and what."""
    turn, form = turn_of(request, pk, "hosting.work"), EventForm({}, request.POST)

    def step() -> None:
        said = {name: form.cleaned_data[name] for name in ("title", "held_on", "place", "agenda")}
        actions.set_event(
            actor_of(request), turn=turn, facts=actions.EventFacts(**said, expected=form.expected())
        )

    return _act(request, turn, ("planning", form), step, said=_("活动安排已保存。"))


@require_POST
def lecturer(request: HttpRequest, pk: int) -> HttpResponse:
    """Who lectures, by name."""
    turn, form = turn_of(request, pk, "hosting.work"), LecturerForm(request.POST)

    def step() -> None:
        said = form.cleaned_data
        actions.add_lecturer(
            actor_of(request),
            turn=turn,
            person=_person(request, said["name"], said["unit"]),
            topic=said["topic"],
        )

    return _act(request, turn, ("lecturing", form), step, said=_("授课人已登记。"))


def _person(request: HttpRequest, name: str, unit: str) -> Person:
    found = called(actor_of(request), name, unit)
    if not found:
        raise Fault(_("人员名单里没有您能看到的这个人，请先登记，或请教务办理。"), "name")
    if len(found) > 1:
        units = "、".join(str(one.organisation or _("未填单位")) for one in found)
        raise Fault(_("有同名的人员，请填写单位：%(units)s") % {"units": units}, "unit")
    return found[0]


@require_POST
def lecturer_drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody does not lecture after all."""
    found = get_object_or_404(visible(actor_of(request), Lecturer).select_related("turn__rota"), pk=pk)
    actions.drop_lecturer(actor_of(request), lecturer=found)
    messages.success(request, _("已取消这位授课人。"))
    return redirect("hosting:turn", found.turn_id)


@require_POST
def task(request: HttpRequest, pk: int) -> HttpResponse:
    """A task done, or not done after all."""
    actor = actor_of(request)
    found = get_object_or_404(visible(actor, Task).select_related("turn__rota"), pk=pk)
    require(actor, "hosting.work", found.turn)
    if request.POST.get("act") == "reopen":
        actions.reopen_task(actor, task=found)
    else:
        actions.finish_task(
            actor, task=found, note=request.POST.get("note", ""), upload=request.FILES.get("file")
        )
    messages.success(request, _("已办理。"))
    return redirect("hosting:turn", found.turn_id)


@require_POST
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """A photo or a document of the event."""
    turn, form = turn_of(request, pk, "hosting.work"), FileForm(request.POST, request.FILES)
    return _act(
        request, turn, ("filing", form),
        lambda: actions.add_file(actor_of(request), turn=turn, upload=form.cleaned_data["file"]), said=_("材料已上传。"),
    )  # fmt: skip


@require_POST
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the report, or hand it in."""
    turn, form = turn_of(request, pk, "hosting.work"), ReportForm(request.POST)
    hand_in = request.POST.get("act") == "submit"
    said = _("总结已报送。") if hand_in else _("总结已保存，还没有报送。")
    return _act(
        request, turn, ("reporting", form),
        lambda: actions.write_report(actor_of(request), turn=turn, hand_in=hand_in, **form.cleaned_data), said=said,
    )  # fmt: skip


@require_POST
def judge(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept the report or return it."""
    turn, actor = turn_of(request, pk, "hosting.keep"), actor_of(request)
    found = get_object_or_404(visible(actor, Report).select_related("turn__rota"), turn=turn)
    actions.judge_report(
        actor, report=found, accept=request.POST.get("act") == "accept", note=request.POST.get("note", "")
    )
    messages.success(request, _("已审核。"))
    return redirect("hosting:turn", pk)


def _reported(request: HttpRequest, pk: int) -> Turn:
    """The turn, if it has a report."""
    turn = turn_of(request, pk, "hosting.work")
    get_object_or_404(visible(actor_of(request), Report), turn=turn)
    return turn


@require_GET
def report_docx(request: HttpRequest, pk: int) -> HttpResponse:
    """The report as a document."""
    turn = _reported(request, pk)
    return attachment(
        papers.report_docx(turn, whole_of(actor_of(request), turn)),
        _("活动总结 %(turn)s.docx") % {"turn": turn},
    )


@require_GET
def report_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The report as a form for print."""
    turn = _reported(request, pk)
    return attachment(
        papers.report_pdf(turn, whole_of(actor_of(request), turn)),
        _("活动总结 %(turn)s.pdf") % {"turn": turn},
    )
