"""All proposals and all changes of a year's plan: searched, narrowed, sorted, given out as workbooks."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from keyuan.kernel.access import actor_of, can, require
from keyuan.kernel.downloads import attachment
from keyuan.kernel.pages import Listing, listing, page
from keyuan.plan.models import AnnualPlan, PlanChange, PlanProposal
from keyuan.plan.queries.official import changes_in, proposals_of
from keyuan.plan.sheets import official as sheets
from keyuan.plan.views.official import plan_of

EVERY = 5000


def _search_proposals(rows: QuerySet[Any], q: str) -> QuerySet[Any]:
    return rows.filter(Q(name__icontains=q) | Q(reason__icontains=q) | Q(unit__name__icontains=q))


def _search_changes(rows: QuerySet[Any], q: str) -> QuerySet[Any]:
    named = Q(name__icontains=q) | Q(before__icontains=q) | Q(activity__name__icontains=q)
    return rows.filter(named | Q(reason__icontains=q))


def _proposals(request: HttpRequest, plan: AnnualPlan, per: int = 50) -> Listing:
    return listing(
        request, proposals_of(actor_of(request), plan), search=_search_proposals,
        filters={"state": "state", "unit": "unit_id", "type": "type_id"},
        sorts={"unit": "unit__name", "name": "name", "state": "state"}, per=per,
    )  # fmt: skip


def _changes(request: HttpRequest, plan: AnnualPlan, per: int = 50) -> Listing:
    return listing(
        request, changes_in(actor_of(request), plan), search=_search_changes,
        filters={"state": "state", "kind": "kind"},
        sorts={"number": "seq", "state": "state", "day": "decided_on"}, per=per,
    )  # fmt: skip


@require_GET
def proposals(request: HttpRequest, year: int) -> HttpResponse:
    """What departments asked into the plan."""
    actor, plan = actor_of(request), plan_of(request, year)
    require(actor, "plan.propose", plan)
    units = proposals_of(actor, plan).order_by("unit__name").values_list("unit_id", "unit__name").distinct()
    return page(
        request, "plan/proposals.html", part="rows", plan=plan, listing=_proposals(request, plan),
        states=PlanProposal.State.choices, units=list(units), types=list(plan.types.values_list("pk", "name")),
        may_bring=can(actor, "plan.bring", plan),
    )  # fmt: skip


@require_GET
def proposals_export(request: HttpRequest, year: int) -> HttpResponse:
    """The proposals as they are narrowed, as a workbook."""
    plan = plan_of(request, year)
    require(actor_of(request), "plan.propose", plan)
    content = sheets.proposals_file(_proposals(request, plan, EVERY).rows)
    return attachment(content, _("%(year)s年活动申报.xlsx") % {"year": year})


@require_GET
def changes(request: HttpRequest, year: int) -> HttpResponse:
    """What was changed in the plan after its issue, and what waits for approval."""
    plan = plan_of(request, year)
    return page(
        request, "plan/changes.html", part="rows", plan=plan, listing=_changes(request, plan),
        states=PlanChange.State.choices, kinds=PlanChange.Kind.choices,
    )  # fmt: skip


@require_GET
def changes_export(request: HttpRequest, year: int) -> HttpResponse:
    """The changes as they are narrowed, as a workbook."""
    plan = plan_of(request, year)
    content = sheets.changes_file(_changes(request, plan, EVERY).rows)
    return attachment(content, _("%(year)s年临时计划变更.xlsx") % {"year": year})
