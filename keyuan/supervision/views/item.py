"""One item: its page, and each thing done on it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from keyuan.kernel.access import actor_of, can, require, visible
from keyuan.kernel.faults import Fault
from keyuan.kernel.pages import page
from keyuan.supervision import actions
from keyuan.supervision.flows import ITEM
from keyuan.supervision.forms import EvidenceForm, PostponeForm, ReportForm
from keyuan.supervision.models import Evidence, Item, Postponement
from keyuan.supervision.queries import board
from keyuan.supervision.queries.sources import proof_called, proofs_for
from keyuan.supervision.views.board import TONES

# Moves with a form or a page of their own.
APART = frozenset(("issue", "start", "close", "return"))


def item_of(request: HttpRequest, pk: int, right: str = "supervision.see") -> Item:
    """The item, if this actor sees it and holds the right over it."""
    actor = actor_of(request)
    rows = board.with_helpers(visible(actor, Item).select_related("owner", "owner_person", "department"))
    found = get_object_or_404(rows, pk=pk)
    require(actor, right, found)
    return found


def show(request: HttpRequest, item: Item, status: int = 200, **forms: Any) -> HttpResponse:
    """The page of an item; a refused form stands in place of an empty one."""
    actor, today = actor_of(request), timezone.localdate()
    whole, moves = board.whole_of(item, today), ITEM.open_moves(item, actor)
    works = item.state in actions.WORKED_ON and can(actor, "supervision.report", item)
    said = {
        "reporting": ReportForm(initial={"stage": item.stage}), "proving": EvidenceForm(), "postponing": PostponeForm(),
        **forms,
    }  # fmt: skip
    return page(
        request, "supervision/item.html", status=status, item=item, whole=whole, tones=TONES, works=works,
        moves=[move for move in moves if move.name not in APART], names={move.name for move in moves},
        may=can(actor, "supervision.manage", item), may_answer=can(actor, "supervision.answer", item),
        may_verify=item.state == "submitted" and can(actor, "supervision.verify", item),
        proofs=proofs_for(actor, item) if works else [], postponable=item.state in actions.POSTPONABLE, **said,
    )  # fmt: skip


@require_GET
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """All that is known of an item, and what may be done."""
    return show(request, item_of(request, pk))


@require_POST
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """One step by its name; issuing gives it a number."""
    item, actor, said = item_of(request, pk), actor_of(request), request.POST
    if said.get("move") == "issue":
        actions.issue_many(actor, items=[item.pk])
    else:
        actions.move_item(actor, item=item, move=said.get("move", ""), note=said.get("note", ""))
    messages.success(request, _("已办理。"))
    return redirect("supervision:item", pk)


@require_POST
def verify(request: HttpRequest, pk: int) -> HttpResponse:
    """Close it or send it back."""
    item, said = item_of(request, pk, "supervision.manage"), request.POST
    actions.verify(actor_of(request), item=item, verdict=said.get("verdict", ""), note=said.get("note", ""))
    messages.success(request, _("已核验销号。") if said.get("verdict") == "close" else _("已退回补办。"))
    return redirect("supervision:item", pk)


@require_POST
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """How far it is."""
    item, form = item_of(request, pk, "supervision.report"), ReportForm(request.POST, request.FILES)
    if form.is_valid():
        said = form.cleaned_data
        try:
            actions.report(
                actor_of(request), item=item, stage=said["stage"], text=said["text"], uploads=said["files"]
            )
        except Fault as fault:
            form.add_error(fault.field if fault.field in form.fields else None, fault.message)
        else:
            messages.success(request, _("进展已报送。"))
            return redirect("supervision:item", pk)
    return show(request, item, 422, reporting=form)


@require_POST
def evidence(request: HttpRequest, pk: int) -> HttpResponse:
    """A file, or a record of the system, as evidence."""
    item, actor = item_of(request, pk, "supervision.report"), actor_of(request)
    if request.POST.get("ref"):
        found = proof_called(actor, request.POST["ref"])
        if found is None:
            raise Fault(_("这条记录找不到或您看不到，请重新选择。"))
        actions.add_reference(actor, item=item, found=found)
        return redirect("supervision:item", pk)
    form = EvidenceForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            actions.add_file(
                actor, item=item, upload=form.cleaned_data["file"], title=form.cleaned_data["title"]
            )
        except Fault as fault:
            form.add_error(fault.field if fault.field in form.fields else None, fault.message)
        else:
            messages.success(request, _("佐证已上传。"))
            return redirect("supervision:item", pk)
    return show(request, item, 422, proving=form)


@require_POST
def evidence_drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a piece of evidence off."""
    actor = actor_of(request)
    found = get_object_or_404(visible(actor, Evidence).select_related("item"), pk=pk)
    actions.drop_evidence(actor, evidence=found)
    messages.success(request, _("已去掉这份佐证。"))
    return redirect("supervision:item", found.item_id)


@require_POST
def postpone(request: HttpRequest, pk: int) -> HttpResponse:
    """The owner asks for a later deadline; who follows it up gives one."""
    item, actor, form = (
        item_of(request, pk, "supervision.answer"),
        actor_of(request),
        PostponeForm(request.POST),
    )
    if form.is_valid():
        gives = request.POST.get("act") == "give"
        try:
            (actions.postpone if gives else actions.ask_postponement)(actor, item=item, **form.cleaned_data)
        except Fault as fault:
            form.add_error(fault.field if fault.field in form.fields else None, fault.message)
        else:
            messages.success(request, _("已延期。") if gives else _("已提交延期申请，批准前按原期限办理。"))
            return redirect("supervision:item", pk)
    return show(request, item, 422, postponing=form)


@require_POST
def postponement_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Grant or refuse a later deadline."""
    actor, said = actor_of(request), request.POST
    found = get_object_or_404(visible(actor, Postponement).select_related("item"), pk=pk)
    actions.decide_postponement(
        actor, postponement=found, grant=said.get("act") == "grant", note=said.get("note", "")
    )
    messages.success(request, _("已审批。"))
    return redirect("supervision:item", found.item_id)
