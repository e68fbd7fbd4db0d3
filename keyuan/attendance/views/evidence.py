"""Screens beside the board: the paper sheet, a meeting's list, one person's history, telephone numbers."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from keyuan.attendance import actions, queries, sheets
from keyuan.attendance.forms import CorrectionForm, MeetingForm
from keyuan.attendance.models import Expected, SheetPhoto, Sitting
from keyuan.attendance.queries import history
from keyuan.attendance.queries.meeting import sittings_together
from keyuan.attendance.rules import owner_title
from keyuan.kernel import files
from keyuan.kernel.access import actor_of, can, public, require, visible
from keyuan.kernel.faults import Fault
from keyuan.kernel.pages import page


def _sitting(request: HttpRequest, pk: int) -> Sitting:
    actor = actor_of(request)
    sitting = get_object_or_404(visible(actor, Sitting), pk=pk)
    require(actor, "attendance.mark", sitting)
    return sitting


@never_cache
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The photos of a sitting's signed sheet: add some, go on to copy one."""
    sitting, actor = _sitting(request, pk), actor_of(request)
    fault = ""
    if request.method == "POST":
        try:
            made = actions.add_photos(actor, sitting=sitting, uploads=request.FILES.getlist("photos"))
        except Fault as refused:
            fault = refused.message
        else:
            messages.success(request, _("已收下 %(n)s 张照片，请对着照片补登。") % {"n": len(made)})
            return redirect("attendance:photo", pk=made[0].pk)
    photos = visible(actor, SheetPhoto).filter(sitting=sitting).select_related("by")
    return page(
        request,
        "attendance/paper.html",
        status=422 if fault else 200,
        sitting=sitting,
        photos=photos,
        fault=fault,
    )


@never_cache
def photo(request: HttpRequest, pk: int) -> HttpResponse:
    """One photo beside the list: tick who signed."""
    actor = actor_of(request)
    found = get_object_or_404(visible(actor, SheetPhoto).select_related("sitting"), pk=pk)
    require(actor, "attendance.paper", found)
    if request.method == "POST":
        ids = [int(value) for value in request.POST.getlist("pk") if value.isdigit()]
        rest = request.POST.get("rest") == "1"
        done = actions.copy_sheet(actor, photo=found, person_ids=ids, rest_absent=rest)
        messages.success(
            request, _("已补登到场 %(a)s 人，登记缺勤 %(b)s 人。") % {"a": done[0], "b": done[1]}
        )
        return redirect("attendance:paper", pk=found.sitting_id)
    board = queries.board(actor, found.sitting)
    lines = sorted(board.lines, key=lambda line: line.name_key)
    stored = files.of("attendance.SheetPhoto", found.pk).first()
    return page(
        request,
        "attendance/photo.html",
        photo=found,
        sitting=found.sitting,
        lines=lines,
        stored=stored,
        board=board,
    )


@require_POST
def photo_drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Take away a photo sent by mistake."""
    actor = actor_of(request)
    found = get_object_or_404(visible(actor, SheetPhoto).select_related("sitting"), pk=pk)
    actions.drop_photo(actor, photo=found)
    messages.success(request, _("已删除这张照片。"))
    return redirect("attendance:paper", pk=found.sitting_id)


def meeting(request: HttpRequest, pk: int) -> HttpResponse:
    """A meeting platform's list for this sitting and others of the day."""
    sitting, actor = _sitting(request, pk), actor_of(request)
    together = sittings_together(actor, sitting)
    form = MeetingForm(
        request.POST or None, request.FILES or None, sittings=together, initial={"sittings": [pk]}
    )
    if request.method == "POST" and form.is_valid():
        chosen = [each for each in together if str(each.pk) in form.cleaned_data["sittings"]]
        try:
            batch = sheets.received(actor, sittings=chosen, upload=form.cleaned_data["file"])
        except Fault as fault:
            form.add_error("file", fault.message)
        else:
            return redirect("kernel:batch", batch.pk)
    share = queries.limits_on(sitting.school_id, sitting.date).online_share
    status = 422 if form.errors else 200
    return page(request, "attendance/meeting.html", status=status, form=form, sitting=sitting, share=share)


@public
@never_cache
def line(request: HttpRequest, pk: int) -> HttpResponse:
    """One person at one sitting: what stands, how it came about, and a correction with its reason."""
    actor = actor_of(request)
    rows = visible(actor, Expected).select_related("sitting", "person__organisation")
    found = get_object_or_404(rows, pk=pk)
    may_correct = can(actor, "attendance.correct", found)
    form = CorrectionForm(request.POST or None)
    if request.method == "POST":
        require(actor, "attendance.correct", found)
        if form.is_valid():
            to = cast("actions.Correction", form.cleaned_data["to"])
            changed = actions.correct(actor, expected=found, to=to, reason=form.cleaned_data["reason"])
            messages.success(request, _("已更正。") if changed else _("与现登记相同，没有改动。"))
            return redirect("attendance:line", pk=pk)
    return page(
        request, "attendance/line.html", status=422 if form.errors else 200, row=found, form=form, may=may_correct,
        lines=history.lines_of(actor, found), events=history.events(found),
        title=owner_title(found.sitting.owner_label, found.sitting.owner_id),
    )  # fmt: skip


@never_cache
@require_POST
def phones(request: HttpRequest, pk: int) -> HttpResponse:
    """Telephone numbers of those not here yet, shown once and written down."""
    actor = actor_of(request)
    sitting = get_object_or_404(visible(actor, Sitting), pk=pk)
    numbers = actions.phones_of_missing(actor, sitting=sitting)
    missing = queries.board(actor, sitting).missing
    return page(
        request, "attendance/phones.html", part="list", sitting=sitting,
        rows=[(each, numbers.get(each.person_id, "")) for each in missing],
    )  # fmt: skip
