"""Tables of meals: the board, the proposal, the list, and what the kitchen is told."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from keyuan.kernel.access import actor_of
from keyuan.kernel.downloads import attachment
from keyuan.kernel.faults import Fault
from keyuan.logistics.actions import arranging, dining
from keyuan.logistics.forms import MealsForm, TableForm
from keyuan.logistics.models import MealTable
from keyuan.logistics.queries import dining as reads
from keyuan.logistics.queries.needs import arrangement_of
from keyuan.logistics.sheets import outgoing
from keyuan.logistics.views import frame
from keyuan.training.models import TrainingClass


def _board(request: HttpRequest, klass: TrainingClass) -> HttpResponse:
    actor = actor_of(request)
    kinds, servings = reads.kitchen(actor, klass)
    return frame.show(
        request, klass, "tables", part="board", board=reads.table_board(actor, klass), kinds=kinds,
        servings=servings, meal_words=reads.meal_words,
    )  # fmt: skip


def tables(request: HttpRequest, pk: int) -> HttpResponse:
    """The board of tables and the kitchen's numbers."""
    return _board(request, frame.kept(request, pk))


def meals(request: HttpRequest, pk: int) -> HttpResponse:
    """How many sit at a table, and which meals there are."""
    klass = frame.kept(request, pk, "logistics.arrange")
    form = MealsForm(request.POST or None, instance=arrangement_of(klass))
    if request.method == "POST" and form.is_valid():
        arranging.set_up(actor_of(request), training_class=klass, facts=form.cleaned_data)
        return frame.back(request, klass, "tables")
    return frame.show(
        request, klass, "tables", template="form", form=form, title=_("用餐设置"), submit=_("保存"),
        leave_to="tables", status=422 if form.is_bound else 200,
    )  # fmt: skip


def _typed(request: HttpRequest, klass: TrainingClass, form: TableForm, found: MealTable | None) -> None:
    actor, facts = actor_of(request), form.cleaned_data
    if found is None:
        dining.add_tables(
            actor, training_class=klass, count=facts["count"], capacity=facts["capacity"], head=facts["head"]
        )
    else:
        dining.change_table(
            actor, training_class=klass, table_id=found.pk, title=facts["title"], capacity=facts["capacity"],
            head=facts["head"],
        )  # fmt: skip


def table(request: HttpRequest, pk: int) -> HttpResponse:
    """Put tables down, change one or take it away."""
    klass = frame.kept(request, pk, "logistics.arrange")
    wanted = frame.number(request, "table")
    found = dining.table_in(klass, wanted) if wanted else None
    if request.method == "POST" and found is not None and request.POST.get("act") == "remove":
        dining.remove_table(actor_of(request), training_class=klass, table_id=found.pk)
        messages.success(request, _("已撤销这一桌，桌上的人待重新安排。"))
        return frame.back(request, klass, "tables")
    form = TableForm(found, arrangement_of(klass).table_size, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _typed(request, klass, form, found)
        except Fault as fault:
            form.add_error(fault.field if fault.field in form.fields else None, fault.message)
        else:
            return frame.back(request, klass, "tables")
    return frame.show(
        request, klass, "tables", template="form", form=form, title=str(found) if found else _("添加餐桌"), submit=_("保存"),
        leave_to="tables", remove=_("撤销这一桌") if found else "", status=422 if form.is_bound else 200,
    )  # fmt: skip


@require_POST
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose, or move, lock and unlock the ticked people."""
    klass, actor = frame.kept(request, pk, "logistics.arrange"), actor_of(request)
    act = request.POST.get("act", "move")
    if act in {"group", "unit", "new"}:
        together = act == "group"
        left = dining.propose_tables(actor, training_class=klass, together=together, only_new=act == "new")
        words = (
            _("已排好，每人都有座位。") if not left else _("座位不够，还有 %(n)s 人没有桌。") % {"n": left}
        )
        messages.add_message(request, messages.WARNING if left else messages.SUCCESS, words)
    elif act in {"lock", "unlock"}:
        dining.lock_diners(actor, training_class=klass, ids=frame.ticked(request), locked=act == "lock")
    else:
        dining.move_diners(
            actor, training_class=klass, ids=frame.ticked(request), table_id=frame.number(request, "to")
        )
    return _board(request, klass) if frame.is_part(request) else frame.back(request, klass, "tables")


def export(request: HttpRequest, pk: int) -> HttpResponse:
    """The list of tables."""
    klass = frame.kept(request, pk)
    content = outgoing.table_file(actor_of(request), klass)
    return attachment(content, f"{klass.title}{_('桌次名单')}.xlsx")


def kitchen(request: HttpRequest, pk: int) -> HttpResponse:
    """How many eat each meal, and how many have which need."""
    klass = frame.kept(request, pk)
    content = outgoing.kitchen_file(actor_of(request), klass)
    return attachment(content, f"{klass.title}{_('用餐人数')}.xlsx")
