"""Journeys and vehicles: the board of one journey, the proposal, the list."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from keyuan.kernel.access import actor_of
from keyuan.kernel.downloads import attachment
from keyuan.kernel.faults import Fault
from keyuan.logistics.actions import riding
from keyuan.logistics.forms import LegForm, VehiclesForm
from keyuan.logistics.models import Leg
from keyuan.logistics.queries import boards
from keyuan.logistics.sheets import outgoing
from keyuan.logistics.views import frame
from keyuan.training.models import TrainingClass


def _leg(request: HttpRequest, klass: TrainingClass) -> Leg | None:
    """The journey that is looked at: the one named, else the first."""
    legs = boards.legs_of(actor_of(request), klass)
    wanted = frame.number(request, "leg")
    return next((leg for leg in legs if leg.pk == wanted), legs[0] if legs and wanted is None else None)


def _board(request: HttpRequest, klass: TrainingClass, form: VehiclesForm | None = None) -> HttpResponse:
    actor, leg = actor_of(request), _leg(request, klass)
    return frame.show(
        request, klass, "rides", part="board", legs=boards.legs_of(actor, klass), leg=leg, form=form or VehiclesForm(),
        board=boards.ride_board(actor, leg) if leg else None, status=422 if form else 200,
    )  # fmt: skip


def rides(request: HttpRequest, pk: int) -> HttpResponse:
    """The board of one journey."""
    return _board(request, frame.kept(request, pk))


def leg(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a journey down, change it or take it away."""
    klass, actor = frame.kept(request, pk, "logistics.arrange"), actor_of(request)
    wanted = frame.number(request, "leg")
    found = riding.leg_in(klass, wanted) if wanted else None
    if request.method == "POST" and wanted and request.POST.get("act") == "remove":
        riding.remove_leg(actor, training_class=klass, leg_id=wanted)
        messages.success(request, _("已撤销这个行程。"))
        return frame.back(request, klass, "rides")
    form = LegForm(request.POST or None, instance=found, initial={"date": klass.starts, "goal": klass.venue})
    if request.method == "POST" and form.is_valid():
        try:
            made = riding.save_leg(actor, training_class=klass, facts=form.cleaned_data, leg_id=wanted)
        except Fault as fault:
            form.add_error(fault.field if fault.field in form.fields else None, fault.message)
        else:
            return frame.back(request, klass, "rides", f"?leg={made.pk}")
    return frame.show(
        request, klass, "rides", template="form", form=form, title=found.title if found else _("添加行程"), submit=_("保存"),
        leave_to="rides", remove=_("撤销这个行程") if found else "", status=422 if form.is_bound else 200,
    )  # fmt: skip


@require_POST
def vehicles(request: HttpRequest, pk: int) -> HttpResponse:
    """Put vehicles down for a journey, or take one away."""
    klass, actor = frame.kept(request, pk, "logistics.arrange"), actor_of(request)
    leg_id = frame.number(request, "leg") or 0
    if request.POST.get("act") == "remove":
        gone = frame.number(request, "vehicle") or 0
        riding.remove_vehicle(actor, training_class=klass, vehicle_id=gone)
        return frame.back(request, klass, "rides", f"?leg={leg_id}")
    form = VehiclesForm(request.POST)
    if not form.is_valid():
        return _board(request, klass, form)
    riding.add_vehicles(actor, training_class=klass, leg_id=leg_id, **form.cleaned_data)
    return frame.back(request, klass, "rides", f"?leg={leg_id}")


@require_POST
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose, or move, lock and unlock the ticked people."""
    klass, actor = frame.kept(request, pk, "logistics.arrange"), actor_of(request)
    act, leg_id = request.POST.get("act", "move"), frame.number(request, "leg") or 0
    if act in {"propose", "new"}:
        left = riding.propose_rides(actor, training_class=klass, leg_id=leg_id, only_new=act == "new")
        words = (
            _("已按组排好，每人都有座位。")
            if not left
            else _("座位不够，还有 %(n)s 人没有车。") % {"n": left}
        )
        messages.add_message(request, messages.WARNING if left else messages.SUCCESS, words)
    elif act in {"lock", "unlock"}:
        ids = frame.ticked(request)
        riding.lock_riders(actor, training_class=klass, leg_id=leg_id, ids=ids, locked=act == "lock")
    else:
        riding.move_riders(
            actor, training_class=klass, leg_id=leg_id, ids=frame.ticked(request),
            vehicle_id=frame.number(request, "to"),
        )  # fmt: skip
    there = f"?leg={leg_id}"
    return _board(request, klass) if frame.is_part(request) else frame.back(request, klass, "rides", there)


def export(request: HttpRequest, pk: int) -> HttpResponse:
    """The transport list of one journey."""
    klass = frame.kept(request, pk)
    found = _leg(request, klass)
    if found is None:
        raise Fault(_("还没有登记行程。"))
    content = outgoing.ride_file(actor_of(request), found)
    return attachment(content, f"{klass.title}{found.title}{_('乘车名单')}.xlsx")
