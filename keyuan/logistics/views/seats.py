"""Seats: the plan of one hall, the proposal, the list."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from keyuan.kernel.access import actor_of
from keyuan.kernel.downloads import attachment
from keyuan.kernel.faults import Fault
from keyuan.logistics.actions import seating
from keyuan.logistics.forms import HallForm
from keyuan.logistics.models import Hall
from keyuan.logistics.queries import boards
from keyuan.logistics.queries import seating as reads
from keyuan.logistics.sheets import outgoing
from keyuan.logistics.views import frame
from keyuan.training.models import TrainingClass


def _hall(request: HttpRequest, klass: TrainingClass) -> Hall | None:
    """The hall that is looked at: the one named, else the first."""
    halls = reads.halls_of(actor_of(request), klass)
    wanted = frame.number(request, "hall")
    return next((hall for hall in halls if hall.pk == wanted), halls[0] if halls and wanted is None else None)


def _plan(request: HttpRequest, klass: TrainingClass) -> HttpResponse:
    actor, hall = actor_of(request), _hall(request, klass)
    return frame.show(
        request, klass, "seats", part="board", halls=reads.halls_of(actor, klass), hall=hall, ways=Hall.Way.choices,
        plan=reads.plan_of(actor, hall) if hall else None, groups=len(boards.groups_of(actor, klass)),
    )  # fmt: skip


def seats(request: HttpRequest, pk: int) -> HttpResponse:
    """The plan of one hall."""
    return _plan(request, frame.kept(request, pk))


def hall(request: HttpRequest, pk: int) -> HttpResponse:
    """Lay a hall out, change it or take it away."""
    klass, actor = frame.kept(request, pk, "logistics.arrange"), actor_of(request)
    wanted = frame.number(request, "hall")
    found = seating.hall_in(klass, wanted) if wanted else None
    if request.method == "POST" and wanted and request.POST.get("act") == "remove":
        seating.remove_hall(actor, training_class=klass, hall_id=wanted)
        messages.success(request, _("已撤销这个会场。"))
        return frame.back(request, klass, "seats")
    start = {"aisles": "，".join(map(str, found.aisles)) if found else "", "title": _("开班式")}
    form = HallForm(
        request.POST or None, instance=found, initial=start if not found else {"aisles": start["aisles"]}
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = seating.save_hall(actor, training_class=klass, facts=form.cleaned_data, hall_id=wanted)
        except Fault as fault:
            form.add_error(fault.field if fault.field in form.fields else None, fault.message)
        else:
            return frame.back(request, klass, "seats", f"?hall={made.pk}")
    return frame.show(
        request, klass, "seats", template="form", form=form, title=found.title if found else _("添加会场"), submit=_("保存"),
        leave_to="seats", remove=_("撤销这个会场") if found else "", status=422 if form.is_bound else 200,
    )  # fmt: skip


@require_POST
def propose(request: HttpRequest, pk: int) -> HttpResponse:
    """Seat everybody in an order."""
    klass = frame.kept(request, pk, "logistics.arrange")
    hall_id = frame.number(request, "hall") or 0
    left = seating.propose_seats(
        actor_of(request), training_class=klass, hall_id=hall_id, way=request.POST.get("way", ""),
        turn=(frame.number(request, "front") or 1) - 1,
    )  # fmt: skip
    words = _("已排好，每人都有座位。") if not left else _("座位不够，还有 %(n)s 人没有座位。") % {"n": left}
    messages.add_message(request, messages.WARNING if left else messages.SUCCESS, words)
    return frame.back(request, klass, "seats", f"?hall={hall_id}")


def _place(text: str) -> tuple[int, int]:
    """`3-5`, `3排5座` as row and seat."""
    parts = text.replace("排", "-").replace("座", "").replace("，", "-").replace(",", "-").split("-")
    if len(parts) != 2 or not all(part.strip().isdecimal() for part in parts):
        raise Fault(_("请填写排和座，如“3-5”。"), "to")
    return int(parts[0]), int(parts[1])


@require_POST
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Seat one person, take the ticked off their seats, lock or unlock them."""
    klass, actor = frame.kept(request, pk, "logistics.arrange"), actor_of(request)
    act, hall_id = request.POST.get("act", "move"), frame.number(request, "hall") or 0
    ids = frame.ticked(request)
    if act in {"lock", "unlock"}:
        seating.lock_seats(actor, training_class=klass, hall_id=hall_id, ids=ids, locked=act == "lock")
    elif act == "clear":
        seating.clear_seats(actor, training_class=klass, hall_id=hall_id, ids=ids)
    elif len(ids) == 1:
        place = _place(request.POST.get("to", ""))
        seating.move_to_seat(actor, training_class=klass, hall_id=hall_id, nomination_id=ids[0], place=place)
    else:
        raise Fault(_("请勾选一位学员，再填写要坐的座位。"))
    there = f"?hall={hall_id}"
    return _plan(request, klass) if frame.is_part(request) else frame.back(request, klass, "seats", there)


def export(request: HttpRequest, pk: int) -> HttpResponse:
    """The seat list of one hall."""
    klass = frame.kept(request, pk)
    found = _hall(request, klass)
    if found is None:
        raise Fault(_("还没有登记会场。"))
    content = outgoing.seat_file(actor_of(request), found)
    return attachment(content, f"{klass.title}{found.title}{_('座次名单')}.xlsx")
