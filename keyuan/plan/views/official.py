"""Screens of a plan's way to its document: proposals, approval, issue, changes, filing."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from keyuan.kernel.access import actor_of, can, require, visible
from keyuan.kernel.downloads import attachment
from keyuan.kernel.faults import Fault
from keyuan.kernel.pages import page
from keyuan.kernel.papers.issuing import valid_paper
from keyuan.plan import actions, papers
from keyuan.plan.actions.official import annex_pdf
from keyuan.plan.forms import AcceptForm, ChangeForm, NoteForm, ProposalForm, RecordForm
from keyuan.plan.models import AnnualPlan, PlanProposal
from keyuan.plan.queries.official import standing
from keyuan.plan.rules.official import PLAN


def plan_of(request: HttpRequest, year: int, right: str = "") -> AnnualPlan:
    """The year's plan, if the actor sees it and, where one is named, has the right; 404 or 403 otherwise."""
    plan = get_object_or_404(visible(actor_of(request), AnnualPlan).select_related("school"), year=year)
    if right:
        require(actor_of(request), right, plan)
    return plan


def _proposal(request: HttpRequest, pk: int, right: str) -> PlanProposal:
    rows = visible(actor_of(request), PlanProposal).select_related("plan", "unit", "type")
    proposal = get_object_or_404(rows, pk=pk)
    require(actor_of(request), right, proposal)
    return proposal


def _posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _answered(
    request: HttpRequest, plan: AnnualPlan, form: forms.Form, act: Callable[[], Any], *, title: str, lead: str = ""
) -> HttpResponse:  # fmt: skip
    """One form on a page: act when it is sound and go back; a refusal stands beside its field."""
    if form.is_bound and form.is_valid():
        try:
            act()
        except Fault as fault:
            form.add_error(fault.field if fault.field in form.fields else None, fault.message)
        else:
            messages.success(request, _("已办理。"))
            return redirect("plan:official", plan.year)
    status = 422 if form.is_bound else 200
    return page(
        request, "plan/official_form.html", form=form, plan=plan, title=title, lead=lead, status=status
    )


def _acted(request: HttpRequest, year: int, act: Callable[[], Any]) -> HttpResponse:
    try:
        act()
    except Fault as fault:
        messages.error(request, fault.message)
    else:
        messages.success(request, _("已办理。"))
    return redirect("plan:official", year)


@require_GET
def standing_page(request: HttpRequest, year: int) -> HttpResponse:
    """Where the plan is on its way, what is proposed and what was changed."""
    actor, plan = actor_of(request), plan_of(request, year)
    order = [AnnualPlan.State(one) for one in AnnualPlan.State.values]
    at = order.index(AnnualPlan.State(plan.state))
    steps = [
        (one.label, "done" if place < at else "now" if place == at else "todo", "")
        for place, one in enumerate(order)
    ]
    return page(
        request, "plan/official.html", plan=plan, standing=standing(actor, plan), steps=steps,
        may_bring=can(actor, "plan.bring", plan), may_propose=can(actor, "plan.propose", plan),
    )  # fmt: skip


def _issued(request: HttpRequest, year: int) -> AnnualPlan:
    plan = plan_of(request, year)
    if plan.issued_on is None:
        raise Http404
    return plan


@require_GET
def document_pdf(request: HttpRequest, year: int) -> HttpResponse:
    """The annex as issued, with the code of the document that was numbered here."""
    plan = _issued(request, year)
    paper = valid_paper(PLAN, plan)
    code = paper.verify_code if paper else ""
    content = annex_pdf(plan, plan.number, plan.issued_on, code) if plan.issued_on else b""
    return attachment(content, f"{plan}.pdf")


@require_GET
def document_docx(request: HttpRequest, year: int) -> HttpResponse:
    """The notice with its annex, to be edited on."""
    plan = _issued(request, year)
    content = papers.plan_docx(plan, plan.issued_on) if plan.issued_on else b""
    return attachment(content, f"{plan}.docx")


@require_POST
def submit(request: HttpRequest, year: int) -> HttpResponse:
    """Put the plan before the council."""
    plan = plan_of(request, year, "plan.bring")
    return _acted(request, year, lambda: actions.submit_plan(actor_of(request), plan=plan))


@require_POST
def issue(request: HttpRequest, year: int) -> HttpResponse:
    """Number and issue it."""
    plan = plan_of(request, year, "plan.bring")
    return _acted(request, year, lambda: actions.issue_plan(actor_of(request), plan=plan))


@require_POST
def file(request: HttpRequest, year: int) -> HttpResponse:
    """File it."""
    plan = plan_of(request, year, "plan.bring")
    return _acted(request, year, lambda: actions.file_plan(actor_of(request), plan=plan))


def record(request: HttpRequest, year: int) -> HttpResponse:
    """Note a plan issued on paper."""
    actor, plan, form = actor_of(request), plan_of(request, year, "plan.bring"), RecordForm(_posted(request))
    return _answered(
        request, plan, form, lambda: actions.record_issued(actor, plan=plan, **form.cleaned_data),
        title=_("补录已印发文件"), lead=_("补录后，现有内容即为印发内容，名称和牵头部门只能按变更办理。"),
    )  # fmt: skip


def propose(request: HttpRequest, year: int) -> HttpResponse:
    """A department asks for an activity."""
    actor, plan = actor_of(request), plan_of(request, year, "plan.propose")
    form = ProposalForm(actor, plan, _posted(request))

    def act() -> None:
        said = dict(form.cleaned_data)
        actions.propose(actor, plan=plan, unit=said.pop("unit"), wish=actions.Wish(**said))

    return _answered(request, plan, form, act, title=_("申报活动"))


def proposal_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """A returned proposal mended and handed in again."""
    actor, proposal = actor_of(request), _proposal(request, pk, "plan.propose")
    form = ProposalForm(actor, proposal.plan, _posted(request), proposal)
    return _answered(
        request, proposal.plan, form,
        lambda: actions.propose_again(actor, proposal=proposal, wish=actions.Wish(**form.cleaned_data)),
        title=_("重新申报"), lead=proposal.note,
    )  # fmt: skip


def proposal_accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Take it in, on its own or into another."""
    actor, proposal = actor_of(request), _proposal(request, pk, "plan.bring")
    form = AcceptForm(actor, proposal.plan, _posted(request))
    return _answered(
        request, proposal.plan, form,
        lambda: actions.accept_proposal(actor, proposal=proposal, into=form.cleaned_data["into"]),
        title=_("列入计划"), lead=f"{proposal.unit}：{proposal.name}",
    )  # fmt: skip


def proposal_return(request: HttpRequest, pk: int) -> HttpResponse:
    """Send it back with the reason."""
    actor, proposal, form = (
        actor_of(request),
        _proposal(request, pk, "plan.bring"),
        NoteForm(_posted(request)),
    )
    return _answered(
        request, proposal.plan, form,
        lambda: actions.return_proposal(actor, proposal=proposal, note=form.cleaned_data["note"]),
        title=_("退回申报"), lead=f"{proposal.unit}：{proposal.name}",
    )  # fmt: skip


@require_POST
def proposal_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Give it up."""
    proposal = _proposal(request, pk, "plan.propose")
    year = proposal.plan.year
    return _acted(request, year, lambda: actions.withdraw_proposal(actor_of(request), proposal=proposal))


def change(request: HttpRequest, year: int) -> HttpResponse:
    """Ask for a change of an issued plan."""
    actor, plan = actor_of(request), plan_of(request, year, "plan.bring")
    form = ChangeForm(actor, plan, _posted(request))
    return _answered(
        request, plan, form,
        lambda: actions.ask_change(actor, plan=plan, asked=actions.Asked(**form.cleaned_data)),
        title=_("临时计划变更"), lead=_("批准后生效；印发的文件内容不变。"),
    )  # fmt: skip
