"""A class's budget: reckoned while it is typed, handed on, its versions; and the overview of all classes."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from keyuan.fees import flows, papers, sheets
from keyuan.fees.actions import budgets as actions
from keyuan.fees.forms import BudgetForm
from keyuan.fees.models import Budget, BudgetVersion
from keyuan.fees.queries import approving, lectures, standards
from keyuan.fees.queries import budgets as queries
from keyuan.fees.rules.access import READERS
from keyuan.kernel import audit, navigation
from keyuan.kernel.access import actor_of, can, require, visible
from keyuan.kernel.downloads import attachment
from keyuan.kernel.faults import Fault
from keyuan.kernel.pages import Listing, listing, page
from keyuan.training.models import TrainingClass
from keyuan.training.queries.classes import tabs_for

TONES = {"draft": "neutral", "submitted": "warn", "checked": "info", "approved": "good", "returned": "bad"}


def class_at(request: HttpRequest, pk: int) -> TrainingClass:
    """The class of an address, for those who may read its money."""
    actor = actor_of(request)
    rows = visible(actor, TrainingClass).select_related(
        "activity__plan", "department", "head_teacher", "school"
    )
    found = get_object_or_404(rows, pk=pk)
    require(actor, "fees.read", found)
    return found


def _listed(request: HttpRequest, per: int = 50) -> Listing:
    return listing(
        request, queries.budgets_seen(actor_of(request)), per=per, filters={"state": "state"},
        search=lambda rows, text: rows.filter(training_class__title__icontains=text),
        sorts={"starts": "training_class__starts", "total": "total"}, default="-starts",
    )  # fmt: skip


@navigation.entry("经费一览", "fees:overview", roles=READERS, order=60, icon="chart", group="经费")
def overview(request: HttpRequest) -> HttpResponse:
    """All budgets with what was spent, and classes that have none yet."""
    actor = actor_of(request)
    require(actor, "fees.read")
    found = _listed(request)
    rows = list(found.rows)
    return page(
        request, "fees/overview.html", found=found, actual=queries.actual_of(rows), tones=TONES,
        waits=approving.waiting_words(rows),
        settling=approving.waiting_words(row.settlement for row in rows if hasattr(row, "settlement")),
        lectures=lectures.paid_by_class([row.training_class_id for row in rows]), states=Budget.State.choices,
        missing=list(queries.without_budget(actor)[:20]) if can(actor, "fees.keep") else [],
        linked=can(actor, "training.dossier"),
    )  # fmt: skip


def overview_export(request: HttpRequest) -> HttpResponse:
    """The list as it is narrowed, all pages of it."""
    require(actor_of(request), "fees.read")
    rows = list(_listed(request, per=20_000).rows)
    return attachment(sheets.budgets_file(rows, queries.actual_of(rows)), _("经费一览.xlsx"))


def budget(request: HttpRequest, pk: int) -> HttpResponse:
    """The budget as it stands, its steps and versions; without one, how to begin."""
    actor, klass = actor_of(request), class_at(request, pk)
    found = queries.budget_of(klass)
    wanted = queries.wanted_of(found) if found else None
    return page(
        request, "fees/budget.html", klass=klass, tabs=tabs_for(actor, klass, "fees/"), one=found, tones=TONES,
        sums=queries.reckon(klass, wanted) if wanted else None, may=can(actor, "fees.keep", klass),
        moves=flows.own_moves(found, actor) if found else [],
        course=approving.course_of(actor, found) if found else None,
        versions=visible(actor, BudgetVersion).filter(budget=found).select_related("by") if found else [],
        entries=audit.timeline(found, 20) if found else [], words=audit.words,
    )  # fmt: skip


def budget_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Type a budget; the sums beside it follow."""
    actor, klass = actor_of(request), class_at(request, pk)
    require(actor, "fees.keep", klass)
    form, sums = _form(request, klass)
    if request.method == "POST" and form.is_valid():
        try:
            actions.save_budget(actor, training_class=klass, wanted=form.wanted())
        except Fault as fault:
            form.add_error(fault.field if fault.field in form.fields else None, fault.message)
        else:
            messages.success(request, _("已保存草稿。核对后提交部门审核。"))
            return redirect("fees:budget", pk)
    return page(
        request, "fees/budget_edit.html", klass=klass, tabs=tabs_for(actor, klass, "fees/"), form=form, sums=sums,
        status=422 if form.is_bound else 200,
    )  # fmt: skip


def _form(request: HttpRequest, klass: TrainingClass) -> tuple[BudgetForm, queries.Reckoning | None]:
    """The form with what is stored or suggested, or as typed, and its sums where it can be reckoned."""
    stored = queries.budget_of(klass)
    wanted = queries.wanted_of(stored) if stored else queries.suggested(klass)
    held = standards.standards_on(klass.school_id, klass.starts)
    if stored is not None and stored.standard not in held:
        held.append(stored.standard)
    typed = request.POST or (request.GET if "places" in request.GET else None)
    form = BudgetForm(held, wanted, typed or None)
    if form.is_bound:
        wanted = form.wanted() if form.is_valid() else None
    return form, queries.reckon(klass, wanted) if wanted else None


def budget_sums(request: HttpRequest, pk: int) -> HttpResponse:
    """The sums and warnings of what is being typed; writes nothing."""
    actor, klass = actor_of(request), class_at(request, pk)
    require(actor, "fees.keep", klass)
    _bound, sums = _form(request, klass)
    return page(request, "fees/sums.html", sums=sums)


@require_POST
def budget_move(request: HttpRequest, pk: int) -> HttpResponse:
    """One step of the budget's life."""
    actor, klass = actor_of(request), class_at(request, pk)
    one = get_object_or_404(visible(actor, Budget), training_class=klass)
    move, note = request.POST.get("move", ""), request.POST.get("note", "")
    actions.move_budget(actor, budget=one, move=move, note=note)
    messages.success(request, _("已办理：%(label)s。") % {"label": flows.BUDGET.moves[move].label})
    return redirect("fees:budget", pk)


def budget_version(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """A budget as it stood."""
    actor, klass = actor_of(request), class_at(request, pk)
    rows = visible(actor, BudgetVersion).filter(budget__training_class=klass).select_related("by")
    one = get_object_or_404(rows, number=number)
    return page(request, "fees/version.html", klass=klass, tabs=tabs_for(actor, klass, "fees/"), one=one)


def budget_file(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """The budget as .xlsx or .docx."""
    actor, klass = actor_of(request), class_at(request, pk)
    get_object_or_404(visible(actor, Budget), training_class=klass)
    one = queries.budget_of(klass)
    assert one is not None  # noqa: S101 - the line above found it
    if form == "docx":
        return attachment(papers.budget_docx(one), f"{klass.title}预算.docx")
    return attachment(sheets.budget_file(one), f"{klass.title}预算.xlsx")
