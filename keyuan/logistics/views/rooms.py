"""Rooms: the board, putting rooms down, the proposal, the list in and out."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from keyuan.kernel.access import actor_of
from keyuan.kernel.downloads import attachment
from keyuan.kernel.faults import Fault
from keyuan.logistics.actions import lodging
from keyuan.logistics.forms import RoomForm, RoomsForm
from keyuan.logistics.queries import boards
from keyuan.logistics.sheets import outgoing
from keyuan.logistics.views import frame
from keyuan.training.models import TrainingClass


def _board(request: HttpRequest, klass: TrainingClass) -> HttpResponse:
    actor = actor_of(request)
    board = boards.room_board(actor, klass)
    shown = {card.pk for card in board.waiting} | {
        card.pk for column in board.columns for card in column.cards
    }
    at_home = [boards.card(row) for row in boards.trainees(klass) if row.pk not in shown]
    return frame.show(request, klass, "rooms", part="board", board=board, at_home=at_home)


def rooms(request: HttpRequest, pk: int) -> HttpResponse:
    """The board of rooms."""
    return _board(request, frame.kept(request, pk))


def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Put rooms down."""
    klass = frame.kept(request, pk, "logistics.arrange")
    form = RoomsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            count = lodging.add_rooms(actor_of(request), training_class=klass, rooms=form.rooms())
        except Fault as fault:
            form.add_error(fault.field if fault.field in form.fields else None, fault.message)
        else:
            messages.success(request, _("已添加 %(n)s 间。") % {"n": count})
            return frame.back(request, klass, "rooms")
    return frame.show(
        request, klass, "rooms", template="form", form=form, title=_("添加客房"), submit=_("添加"), leave_to="rooms",
        status=422 if form.is_bound else 200,
    )  # fmt: skip


def one(request: HttpRequest, pk: int) -> HttpResponse:
    """Change one room, or take it away."""
    klass, actor = frame.kept(request, pk, "logistics.arrange"), actor_of(request)
    room = lodging.room_in(klass, frame.number(request, "room") or 0)
    if request.method == "POST" and request.POST.get("act") == "remove":
        lodging.remove_rooms(actor, training_class=klass, ids=[room.pk])
        messages.success(request, _("已撤销 %(room)s。") % {"room": room})
        return frame.back(request, klass, "rooms")
    form = RoomForm(request.POST or None, initial={"capacity": room.capacity, "sex": room.sex})
    if request.method == "POST" and form.is_valid():
        try:
            lodging.change_room(actor, training_class=klass, room_id=room.pk, **form.cleaned_data)
        except Fault as fault:
            form.add_error("capacity", fault.message)
        else:
            return frame.back(request, klass, "rooms")
    return frame.show(
        request, klass, "rooms", template="form", form=form, title=str(room), submit=_("保存"), leave_to="rooms",
        remove=_("撤销这间房"), status=422 if form.is_bound else 200,
    )  # fmt: skip


@require_POST
def propose(request: HttpRequest, pk: int) -> HttpResponse:
    """A bed for everybody, or only for those without one; what could not be done is said."""
    klass = frame.kept(request, pk, "logistics.arrange")
    found = lodging.propose_rooms(
        actor_of(request), training_class=klass, only_new=request.POST.get("act") == "new"
    )
    messages.success(request, _("已排好 %(n)s 人的床位。") % {"n": len(found.beds)})
    for words, count in (
        (_("%(n)s 人没有床位，请添加客房后再排。"), len(found.no_bed)),
        (_("%(n)s 人的性别没有登记，请补全后再排。"), len(found.unknown_sex)),
        (_("%(n)s 对同住意愿没能满足，可在页面上手工调整。"), len(found.unmet)),
    ):
        if count:
            messages.warning(request, words % {"n": count})
    return frame.back(request, klass, "rooms")


@require_POST
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Move, lock, unlock the ticked people, or note who needs a bed."""
    klass, actor = frame.kept(request, pk, "logistics.arrange"), actor_of(request)
    act, ids = request.POST.get("act", "move"), frame.ticked(request)
    if act in {"lock", "unlock"}:
        lodging.lock_guests(actor, training_class=klass, ids=ids, locked=act == "lock")
    elif act in {"need", "unneed"}:
        lodging.set_lodging(actor, training_class=klass, ids=ids, needed=act == "need")
    elif act == "empty":
        lodging.remove_rooms(actor, training_class=klass)
    else:
        lodging.move_guests(actor, training_class=klass, ids=ids, room_id=frame.number(request, "to"))
    return _board(request, klass) if frame.is_part(request) else frame.back(request, klass, "rooms")


def export(request: HttpRequest, pk: int) -> HttpResponse:
    """The lodging list."""
    klass = frame.kept(request, pk)
    return attachment(outgoing.room_file(actor_of(request), klass), f"{klass.title}{_('住宿名单')}.xlsx")


@require_POST
def upload(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a typed lodging list in."""
    return frame.received(request, frame.kept(request, pk, "logistics.arrange"), "logistics.rooms")
