"""The inbox, one request with its course, and deciding."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from keyuan.approvals import actions, queries, sheets
from keyuan.approvals.flows import REQUEST
from keyuan.approvals.models import Request
from keyuan.approvals.queries import course, inbox
from keyuan.approvals.rules import APPROVERS, in_whose_place, kind_title
from keyuan.kernel import navigation
from keyuan.kernel.access import actor_of, can, require, visible
from keyuan.kernel.downloads import attachment
from keyuan.kernel.faults import Fault
from keyuan.kernel.pages import listing, page


@navigation.entry("审批", "approvals:inbox", roles=APPROVERS, order=15, icon="tick", phone=True)
@require_GET
def request_list(request: HttpRequest) -> HttpResponse:
    """What waits for one first, then what one sent and what one said."""
    actor = actor_of(request)
    current = inbox.tab_named(request.GET.get("tab", ""))
    found = listing(
        request, inbox.rows_of(actor, current), search=inbox.search, filters={"tab": lambda rows, _tab: rows, "kind": "kind", "state": "state"},
        sorts={"submitted": "submitted_at", "due": "due", "title": "title"},
        default="due" if current == "waiting" else "-submitted",
    )  # fmt: skip
    return page(
        request, "approvals/inbox.html", found=found, rows=inbox.lines(found.rows), tab=current,
        tabs=inbox.tabs(actor, current), kinds=inbox.kinds(), states=Request.State.choices,
        may_export=can(actor, "approvals.export"), may_delegate=can(actor, "approvals.delegate"),
    )  # fmt: skip


@require_GET
def decisions_export(request: HttpRequest) -> HttpResponse:
    """Every decision one sees, as .xlsx."""
    actor = actor_of(request)
    require(actor, "approvals.export")
    content = sheets.decisions_file(queries.decisions_of(actor)[:20_000])
    return attachment(content, _("审批意见.xlsx"))


def _shown(request: HttpRequest, found: Request, *, note: str = "", fault: str = "") -> HttpResponse:
    actor = actor_of(request)
    turns = queries.deciders(found) if found.state == Request.State.IN_PROGRESS else []
    moves = REQUEST.open_moves(found, actor)
    place = in_whose_place(actor, found) if moves else None
    return page(
        request, "approvals/request.html", found=found, facts=course.facts_of(found), kind=kind_title(found.kind),
        marks=queries.course_of(found, turns), timeline=course.timeline(found), turns=turns,
        moves=[move for move in moves if move.name != "withdraw"],
        may_withdraw=any(move.name == "withdraw" for move in moves),
        behalf=course.principal_of(place), note=note, fault=fault, status=422 if fault else 200,
    )  # fmt: skip


@require_GET
def request_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One request: its facts, its steps, its record, and the buttons of whoever decides now."""
    rows = queries.requests_seen(actor_of(request)).select_related("chain", "ended_by")
    return _shown(request, get_object_or_404(rows, pk=pk))


@require_POST
def request_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Yes, pass it up, or back with a reason; a refusal keeps what was typed."""
    actor = actor_of(request)
    found = get_object_or_404(queries.requests_seen(actor).select_related("chain"), pk=pk)
    note, step = request.POST.get("note", ""), request.POST.get("step", "")
    try:
        actions.decide(
            actor, request=found, verdict=actions.verdict(request.POST.get("verdict", "")), note=note,
            step_id=int(step) if step.isascii() and step.isdigit() else None,
        )  # fmt: skip
    except Fault as fault:
        if fault.status != 422:
            raise
        return _shown(request, found, note=note, fault=fault.message)
    messages.success(request, _("已办理：%(title)s。") % {"title": found.title})
    return redirect("approvals:inbox")


@require_POST
def request_many(request: HttpRequest) -> HttpResponse:
    """Agree to the ticked ones; each refusal is named."""
    actor = actor_of(request)
    require(actor, "approvals.decide")
    chosen = inbox.chosen(actor, request.POST.getlist("pk"))
    if not chosen:
        raise Fault(_("请先勾选要同意的审批单。"))
    outcome = actions.decide_many(actor, chosen=chosen, note=request.POST.get("note", ""))
    if outcome.done:
        messages.success(request, _("已同意 %(n)s 件。") % {"n": outcome.done})
    for title, why in outcome.refused:
        messages.warning(request, f"{title}：{why}")
    return redirect("approvals:inbox")


@require_POST
def request_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a request back."""
    actor = actor_of(request)
    found = get_object_or_404(visible(actor, Request).select_related("chain", "step"), pk=pk)
    actions.withdraw(actor, request=found, note=request.POST.get("note", ""))
    messages.success(request, _("已撤回：%(title)s。") % {"title": found.title})
    return redirect("approvals:request", pk)
