"""Groups: the board, the proposal and its reasons, names and leaders, the list in and out."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from keyuan.kernel.access import actor_of
from keyuan.kernel.downloads import attachment
from keyuan.kernel.faults import Fault
from keyuan.logistics.actions import grouping
from keyuan.logistics.forms import GroupForm
from keyuan.logistics.queries import boards
from keyuan.logistics.sheets import outgoing
from keyuan.logistics.views import frame
from keyuan.training.models import TrainingClass


def _board(request: HttpRequest, klass: TrainingClass, status: int = 200) -> HttpResponse:
    board = boards.group_board(actor_of(request), klass)
    return frame.show(
        request, klass, "groups", part="board", status=status, board=board,
        why=boards.explained(klass, len(board.columns)), usual=max(1, -(-board.total // 10)),
    )  # fmt: skip


def groups(request: HttpRequest, pk: int) -> HttpResponse:
    """The board of groups."""
    return _board(request, frame.kept(request, pk))


@require_POST
def propose(request: HttpRequest, pk: int) -> HttpResponse:
    """Divide the class anew, or only those in no group yet."""
    klass = frame.kept(request, pk, "logistics.arrange")
    count = frame.number(request, "count")
    if count is None:
        raise Fault(_("请填写组数。"), "count")
    moved = grouping.propose_groups(
        actor_of(request), training_class=klass, count=count, only_new=request.POST.get("act") == "new"
    )
    messages.success(request, _("已编成 %(g)s 组，%(n)s 人的组别有变化。") % {"g": count, "n": moved})
    return frame.back(request, klass, "groups")


@require_POST
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Move, lock or unlock the ticked people."""
    klass, actor = frame.kept(request, pk, "logistics.arrange"), actor_of(request)
    act, ids = request.POST.get("act", "move"), frame.ticked(request)
    if act in {"lock", "unlock"}:
        grouping.lock_members(actor, training_class=klass, ids=ids, locked=act == "lock")
    else:
        grouping.move_members(actor, training_class=klass, ids=ids, number=frame.number(request, "to"))
    return _board(request, klass) if frame.is_part(request) else frame.back(request, klass, "groups")


def one(request: HttpRequest, pk: int) -> HttpResponse:
    """A group's name, place and leader."""
    klass, actor = frame.kept(request, pk, "logistics.arrange"), actor_of(request)
    number = frame.number(request, "number") or 0
    group = next((group for group in boards.groups_of(actor, klass) if group.number == number), None)
    if group is None:
        raise Fault(_("没有这个组，请从分组页选择。"))
    members = [(row.pk, row.person.name) for row in boards.trainees(klass) if row.group == number]
    start = {"title": group.title, "place": group.place, "leader": group.leader_id}
    form = GroupForm(members, request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        grouping.name_group(actor, training_class=klass, number=number, **form.cleaned_data)
        messages.success(request, _("已保存。"))
        return frame.back(request, klass, "groups")
    return frame.show(
        request, klass, "groups", template="form", form=form, title=_("第 %(n)s 组") % {"n": number}, submit=_("保存"),
        leave_to="groups", status=422 if form.is_bound else 200,
    )  # fmt: skip


def export(request: HttpRequest, pk: int) -> HttpResponse:
    """The list of groups."""
    klass = frame.kept(request, pk)
    return attachment(outgoing.group_file(actor_of(request), klass), f"{klass.title}{_('分组名单')}.xlsx")


@require_POST
def upload(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a typed grouping in."""
    return frame.received(request, frame.kept(request, pk, "logistics.arrange"), "logistics.groups")
