"""Screens on the trainee's phone: today, one-tap check-in, own code, own word afterwards."""

import time
from datetime import UTC, datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from keyuan.attendance import actions, queries
from keyuan.attendance.forms import ClaimForm, GuestForm
from keyuan.attendance.models import CheckIn, Expected, Sitting
from keyuan.attendance.queries.grid import left_of
from keyuan.attendance.rules import codes, owner_title
from keyuan.kernel import navigation
from keyuan.kernel.access import Actor, actor_of, public, require, visible
from keyuan.kernel.faults import Fault
from keyuan.kernel.pages import page
from keyuan.people import guests

navigation.entry(_("签到"), "attendance:mine", ("trainee",), 10, "scan", phone=True)


@public
@never_cache
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """Today's sittings first, one's own code, leave and standing."""
    actor = actor_of(request)
    owners = queries.owners_of(actor.person_id or 0, actor.school_id or 0)
    series = [
        {
            "label": label,
            "id": owner_id,
            "title": owner_title(label, owner_id),
            "code": codes.personal_letters(label, owner_id, actor.person_id or 0),
            "standing": queries.standing(label, owner_id, actor.person_id or 0),
            "left": left_of(label, owner_id, actor.person_id or 0),
        }
        for label, owner_id in owners[:3]
    ]
    rows = queries.upcoming(actor, days=2) if actor.person_id else []
    return page(
        request, "attendance/mine.html", actor=actor, rows=rows, series=series,
        open_now=queries.open_now(row.sitting for row in rows),
        leaves=list(queries.leaves_for(actor).filter(person_id=actor.person_id or 0)[:10]),
    )  # fmt: skip


@public
@never_cache
@require_GET
def scan_room(request: HttpRequest, pk: int, token: str) -> HttpResponse:
    """The room's code opened on a phone: one button signs in. The code must be fresh; the ticket then outlives it."""
    sitting = Sitting.objects.filter(pk=pk).first()
    if sitting is None:
        raise Http404
    if not codes.room_token_holds(pk, token):
        return page(request, "attendance/stale.html", status=410, sitting=sitting)
    ticket = codes.ticket(pk, time.time())
    return _confirm(request, sitting, ticket, GuestForm())


def _confirm(
    request: HttpRequest, sitting: Sitting, ticket: str, form: GuestForm, fault: str = ""
) -> HttpResponse:
    actor = actor_of(request)
    mine = (
        Expected.objects.filter(sitting=sitting, person_id=actor.person_id or 0)
        .select_related("checkin")
        .first()
    )
    return page(
        request,
        "attendance/confirm.html",
        status=422 if fault or form.errors else 200,
        sitting=sitting,
        ticket=ticket,
        form=form,
        fault=fault,
        known="trainee" in actor.roles and mine is not None,
        done=getattr(mine, "checkin", None) if mine else None,
        label=actor.label,
    )


@public
@never_cache
@require_POST
def check_in(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign in by a ticket from the scanned code, or by the six letters on the screen."""
    actor = actor_of(request)
    sitting = get_object_or_404(visible(actor, Sitting), pk=pk)
    ticket = codes.read_ticket(request.POST.get("ticket", ""))
    at = datetime.fromtimestamp(ticket.seen, UTC) if ticket and ticket.sitting_id == pk else None
    if at is None and not codes.room_letters_hold(pk, request.POST.get("letters", "")):
        raise Fault(_("现场码已经换了。请看着屏幕重新扫码，或重新输入屏幕上的 6 位字符。"))
    receipt = actions.check_in(actor, sitting=sitting, at=at)
    return page(request, "attendance/signed.html", sitting=sitting, receipt=receipt)


@public
@never_cache
@require_POST
def check_in_as_guest(request: HttpRequest, pk: int) -> HttpResponse:
    """First time on this phone: name and own code; afterwards one tap is enough."""
    ticket = codes.read_ticket(request.POST.get("ticket", ""))
    if ticket is None or ticket.sitting_id != pk:
        raise Fault(_("扫码已过 10 分钟，请看着屏幕重新扫码。"))
    sitting = get_object_or_404(Sitting, pk=pk)
    form = GuestForm(request.POST)
    if not form.is_valid():
        return _confirm(request, sitting, request.POST["ticket"], form)
    person_id = queries.person_by_code(sitting, codes.normal(form.cleaned_data["code"]))
    if person_id is None or person_id not in queries.matching_people(
        sitting, form.cleaned_data["name"].strip()
    ):
        fault = _("姓名与本人码对不上，请核对；或请班主任在看板上点名。")
        return _confirm(request, sitting, request.POST["ticket"], form, fault)
    actor = Actor(person_id, sitting.school_id, None, frozenset({"trainee"}), label=form.cleaned_data["name"])
    receipt = actions.check_in(actor, sitting=sitting, at=datetime.fromtimestamp(ticket.seen, UTC))
    answer = page(request, "attendance/signed.html", sitting=sitting, receipt=receipt)
    guests.remember(answer, person_id)
    return answer


@public
@never_cache
def claim(request: HttpRequest, pk: int) -> HttpResponse:
    """One's own word that one was there."""
    actor = actor_of(request)
    expected = get_object_or_404(
        visible(actor, Expected).select_related("sitting"), sitting_id=pk, person_id=actor.person_id
    )
    require(actor, "attendance.claim", expected)
    start = timezone.localtime(expected.sitting.starts)
    form = ClaimForm(request.POST or None, initial={"arrived": f"{start:%H:%M}"})
    if request.method == "POST" and form.is_valid():
        try:
            actions.claim(
                actor, sitting=expected.sitting, stated_at=form.stated_at(expected.sitting),
                reason=form.cleaned_data["reason"],
            )  # fmt: skip
        except Fault as fault:
            form.add_error({"stated_at": "arrived"}.get(fault.field), fault.message)
        else:
            messages.success(request, _("补签申报已提交，等班主任核实。"))
            return redirect("attendance:mine")
    status = 422 if form.errors else 200
    return page(
        request, "attendance/claim.html", status=status, form=form, sitting=expected.sitting, How=CheckIn.How
    )
