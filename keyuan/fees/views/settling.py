"""A class's settlement against its budget, and the papers of its reimbursement."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from keyuan.fees import flows, sheets
from keyuan.fees.actions import settling as actions
from keyuan.fees.forms import SettlementForm
from keyuan.fees.models import Settlement
from keyuan.fees.queries import approving, budgets, settling
from keyuan.fees.rules import bundle
from keyuan.fees.views.budgets import TONES, class_at
from keyuan.kernel import audit
from keyuan.kernel.access import actor_of, can, require, visible
from keyuan.kernel.downloads import attachment
from keyuan.kernel.faults import Fault
from keyuan.kernel.pages import page
from keyuan.training.models import TrainingClass
from keyuan.training.queries.classes import tabs_for


def settlement(request: HttpRequest, pk: int) -> HttpResponse:
    """What was spent beside what was planned, the steps, and the bundle."""
    actor, klass = actor_of(request), class_at(request, pk)
    budget = budgets.budget_of(klass)
    one = settling.settlement_of(budget) if budget else None
    papers = settling.bundle_of(klass)
    return page(
        request, "fees/settlement.html", klass=klass, tabs=tabs_for(actor, klass, "fees/"), budget=budget, one=one,
        tones=TONES, may=can(actor, "fees.keep", klass), papers=papers, source=bundle.SOURCE,
        ready=sum(line.ok for line in papers if line.paper.needed), needed=sum(line.paper.needed for line in papers),
        moves=flows.own_moves(one, actor) if one else [],
        course=approving.course_of(actor, one) if one else None, entries=audit.timeline(one, 20) if one else [],
        words=audit.words, **_figures(klass, one),
    )  # fmt: skip


def _figures(klass: TrainingClass, one: Settlement | None) -> dict[str, Any]:
    lines = settling.compared(one) if one else []
    asked = [line.actual for line in lines if line.kind in settling.QUOTA]
    return {
        "lines": lines, "planned": sum(line.planned for line in lines), "actual": sum(line.actual for line in lines),
        "quota": sum(asked), "came": settling.came(klass),
        "limit": settling.quota_for(one.budget, places=one.places, staff=one.staff, days=one.days) if one else None,
    }  # fmt: skip


def settlement_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Type what was spent."""
    actor, klass = actor_of(request), class_at(request, pk)
    require(actor, "fees.keep", klass)
    budget = budgets.budget_of(klass)
    if budget is None or budget.state != "approved":
        raise Fault(_("预算批准后才能编制决算。"))
    one = settling.settlement_of(budget)
    came = settling.came(klass) or klass.taken
    start = one or Settlement(places=came, staff=budget.staff, days=budget.days)
    initial = {name: getattr(start, name) for name in ("places", "staff", "days", "explanation")}
    lines = settling.compared(one) if one else settling.suggested_lines(budget)
    form = SettlementForm(lines, request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        facts = {name: form.cleaned_data[name] for name in ("places", "staff", "days", "explanation")}
        actions.save_settlement(actor, budget=budget, lines=form.typed_lines(), **facts)
        messages.success(request, _("已保存决算草稿。"))
        return redirect("fees:settlement", pk)
    return page(
        request, "fees/settlement_edit.html", klass=klass, tabs=tabs_for(actor, klass, "fees/"), form=form,
        came=came, status=422 if form.is_bound else 200,
    )  # fmt: skip


@require_POST
def settlement_move(request: HttpRequest, pk: int) -> HttpResponse:
    """One step of the settlement's life."""
    actor, klass = actor_of(request), class_at(request, pk)
    one = get_object_or_404(visible(actor, Settlement), budget__training_class=klass)
    move, note = request.POST.get("move", ""), request.POST.get("note", "")
    actions.move_settlement(actor, settlement=one, move=move, note=note)
    messages.success(request, _("已办理：%(label)s。") % {"label": flows.SETTLEMENT.moves[move].label})
    return redirect("fees:settlement", pk)


@require_POST
def bundle_tick(request: HttpRequest, pk: int) -> HttpResponse:
    """A paper of the bundle is there, or is not."""
    actor, klass = actor_of(request), class_at(request, pk)
    actions.tick_paper(
        actor, training_class=klass, key=request.POST.get("key", ""), there=request.POST.get("there") == "yes",
        note=request.POST.get("note", ""),
    )  # fmt: skip
    messages.success(request, _("已登记。"))
    return redirect("fees:settlement", pk)


def settlement_export(request: HttpRequest, pk: int) -> HttpResponse:
    """The settlement as a workbook."""
    actor, klass = actor_of(request), class_at(request, pk)
    one = get_object_or_404(visible(actor, Settlement), budget__training_class=klass)
    return attachment(sheets.settlement_file(one), f"{klass.title}决算.xlsx")
