"""Screens of leave: asking, deciding, coming back."""

from decimal import Decimal

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from keyuan.attendance import actions, queries
from keyuan.attendance.flows import LEAVE
from keyuan.attendance.forms import LeaveForm
from keyuan.attendance.models import Leave
from keyuan.attendance.queries.grid import left_of
from keyuan.attendance.rules import owner_title
from keyuan.kernel import navigation
from keyuan.kernel.access import actor_of, public, visible
from keyuan.kernel.faults import Fault
from keyuan.kernel.pages import listing, page
from keyuan.people.roles import Role

navigation.entry(_("请假审批"), "attendance:leaves", ("registrar", "head_teacher", "leader"), 52, "calendar")


@public
@never_cache
def ask(request: HttpRequest, label: str, owner_id: int) -> HttpResponse:
    """The leave slip on the phone; a guest's personal link is enough."""
    actor = actor_of(request)
    if not queries.sittings_of(actor, label, owner_id).exists():
        raise Http404
    choices = list(queries.leave_choices(actor, label, owner_id, actor.person_id or 0))
    form = LeaveForm(request.POST or None, choices=choices)
    if request.method == "POST" and form.is_valid() and actor.person_id and actor.school_id:
        try:
            actions.request_leave(
                actor, school_id=actor.school_id, owner_label=label, owner_id=owner_id, person_id=actor.person_id,
                expected_ids=[int(pk) for pk in form.cleaned_data["sittings"]], reason=form.cleaned_data["reason"],
            )  # fmt: skip
        except Fault as fault:
            form.add_error(fault.field or None, fault.message)
        else:
            messages.success(request, _("请假已提交，批准后会显示在签到页。"))
            return redirect("attendance:mine")
    return page(
        request, "attendance/leave_ask.html", status=422 if form.errors else 200, form=form, choices=choices,
        title=owner_title(label, owner_id), standing=queries.standing(label, owner_id, actor.person_id or 0),
        left=left_of(label, owner_id, actor.person_id or 0),
    )  # fmt: skip


@require_GET
def leave_list(request: HttpRequest) -> HttpResponse:
    """Leaves this actor sees, those that wait first."""
    actor = actor_of(request)
    found = listing(
        request,
        queries.leaves_for(actor),
        search=lambda rows, text: rows.filter(person__name__icontains=text),
        filters={"state": "state", "due": lambda rows, _value: queries.unreturned(rows)},
        sorts={"asked": "requested_at", "person": "person__pinyin", "state": "state"},
        default="-asked",
    )
    rows = [(leave, dict(Role.choices).get(leave.approver_role, leave.approver_role)) for leave in found.rows]
    return page(request, "attendance/leaves.html", listing=found, rows=rows, states=Leave.State.choices)


@require_GET
def leave_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One leave with what it does to the person's share."""
    actor = actor_of(request)
    leave = get_object_or_404(visible(actor, Leave).select_related("person__organisation"), pk=pk)
    standing, hours = queries.leave_effect(leave)
    also = hours if leave.state == "requested" else Decimal(0)
    return page(
        request,
        "attendance/leave_detail.html",
        leave=leave,
        approver=dict(Role.choices).get(leave.approver_role, leave.approver_role),
        title=owner_title(leave.owner_label, leave.owner_id),
        sittings=[row.expected.sitting for row in leave.sittings.select_related("expected__sitting")],
        standing=standing,
        hours=hours,
        left=left_of(leave.owner_label, leave.owner_id, leave.person_id, also=also),
        light=standing.light_with(also),
        share=standing.share(standing.leave + also),
        moves=LEAVE.open_moves(leave, actor),
    )


@public
@require_POST
def leave_move(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve, decline, take back, or report back."""
    actor = actor_of(request)
    leave = get_object_or_404(visible(actor, Leave), pk=pk)
    name, note = request.POST.get("move", ""), request.POST.get("note", "")
    if name == "cancel":
        actions.cancel_leave(actor, leave=leave)
    elif name == "end":
        actions.end_leave(actor, leave=leave)
    elif name in {"approve", "decline"}:
        actions.decide_leave(
            actor, leave=leave, move="approve" if name == "approve" else "decline", note=note
        )
    else:
        raise Fault(_("没有这个操作，请刷新页面再试。"))
    messages.success(request, _("已办理。"))
    return redirect("attendance:mine" if leave.person_id == actor.person_id else "attendance:leaves")
