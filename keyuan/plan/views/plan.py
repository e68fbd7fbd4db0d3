"""The plan's screens: the years, one year's table, one activity, and the import with its preview."""

from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from keyuan.kernel import navigation
from keyuan.kernel.access import Actor, actor_of, can, require, visible
from keyuan.kernel.downloads import attachment
from keyuan.kernel.faults import Fault
from keyuan.kernel.pages import page
from keyuan.orgs.models import School
from keyuan.plan import actions, queries
from keyuan.plan.forms import ActivityForm, AnnexForm
from keyuan.plan.models import AnnualPlan, KeyActivity
from keyuan.plan.queries import life
from keyuan.plan.queries.changes import compare
from keyuan.plan.queries.official import changes_of
from keyuan.plan.sheets import read_file
from keyuan.plan.sheets.sealed import seal, unseal
from keyuan.plan.sheets.upload import kept_on_disk
from keyuan.plan.sheets.workbook import plan_workbook


@navigation.entry("年度计划", "plan:list", order=10, icon="plan")
@require_GET
def plan_list(request: HttpRequest) -> HttpResponse:
    """The years planned, newest first."""
    actor = actor_of(request)
    plans = visible(actor, AnnualPlan).annotate(
        type_count=Count("types", distinct=True), activity_count=Count("activities", distinct=True)
    )
    return page(request, "plan/list.html", plans=list(plans), may_import=can(actor, "plan.import"))


def _asked(request: HttpRequest) -> dict[str, str]:
    """What the query narrows the table by."""
    return {name: request.GET.get(name, "").strip()[:60] for name in ("q", "lead", "kind")}


def _plan(actor: Actor, year: int) -> AnnualPlan:
    return get_object_or_404(visible(actor, AnnualPlan), year=year)


@require_GET
def plan_page(request: HttpRequest, year: int) -> HttpResponse:
    """One year's activities by type, in the form of the official table."""
    actor = actor_of(request)
    plan, asked = _plan(actor, year), _asked(request)
    blocks = queries.plan_table(actor, plan, **asked)
    return page(
        request, "plan/plan.html", part="table", plan=plan, asked=asked, blocks=blocks, total=queries.total_progress(blocks),
        leads=queries.lead_choices(actor, plan), kinds=list(plan.types.values_list("pk", "name")),
        may_import=can(actor, "plan.import"),
    )  # fmt: skip


@require_GET
def plan_export(request: HttpRequest, year: int) -> HttpResponse:
    """The table as it is narrowed, as a workbook."""
    actor = actor_of(request)
    plan = _plan(actor, year)
    content = plan_workbook(plan, queries.plan_table(actor, plan, **_asked(request)))
    return attachment(content, f"{plan}.xlsx")


@require_GET
def activity_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One activity: leads, what is held under it, and its history."""
    actor = actor_of(request)
    activity = get_object_or_404(
        queries.with_leads(visible(actor, KeyActivity)).select_related("type", "plan", "owner"), pk=pk
    )
    return page(
        request, "plan/activity.html", activity=activity, leads=queries.leads_of(activity),
        progress=queries.progress_of([activity.pk])[activity.pk], panels=queries.panels_for(actor, activity),
        acts=queries.actions_on(actor, activity), may_edit=can(actor, "plan.edit", activity),
        **_year_of(actor, activity),
    )  # fmt: skip


def _year_of(actor: Actor, activity: KeyActivity) -> dict[str, Any]:
    """What those who follow the activity see of its year; its line and whom it reached, everybody."""
    shown: dict[str, Any] = {
        "people": life.cohort_lines(life.people_of([activity.pk])[activity.pk]),
        "line": life.line_of(actor, activity),
        "changes": changes_of(actor, activity),
        "follows": life.follows(actor, activity),
        "may_follow": can(actor, "plan.follow", activity),
        "today": timezone.localdate(),
    }
    shown["history"] = queries.history_of(activity, follows=shown["follows"])
    if shown["follows"]:
        shown |= {
            "milestones": list(life.milestones_of(actor, activity)),
            "lessons": list(life.lessons_of(actor, activity)[:50]),
        }
    return shown


def activity_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct an activity's name and lead departments."""
    actor = actor_of(request)
    activity = get_object_or_404(queries.with_leads(visible(actor, KeyActivity)), pk=pk)
    require(actor, "plan.edit", activity)
    form = ActivityForm(actor, activity, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            actions.edit_activity(
                actor, activity=activity, name=form.cleaned_data["name"], leads=form.leads(),
                seen=form.cleaned_data["seen"],
            )  # fmt: skip
        except Fault as fault:
            form.add_error(fault.field if fault.field in form.fields else None, fault.message)
        else:
            messages.success(request, _("已保存。"))
            return redirect("plan:activity", pk)
    return page(request, "plan/edit.html", form=form, activity=activity, status=422 if form.is_bound else 200)


def plan_import(request: HttpRequest) -> HttpResponse:
    """Upload an annex; the answer is its preview, nothing is written yet."""
    actor = actor_of(request)
    school = get_object_or_404(visible(actor, School), pk=actor.school_id)
    require(actor, "plan.import", school)
    form = AnnexForm(request.POST, request.FILES) if request.method == "POST" else AnnexForm()
    if form.is_bound and form.is_valid():
        try:
            with kept_on_disk(form.cleaned_data["file"]) as path:
                found = compare(school, read_file(path))
        except Fault as fault:
            for sentence in fault.message.split("\n"):
                form.add_error("file", sentence)
        else:
            token = seal(found.annex, school_id=school.pk, state=found.state)
            return page(request, "plan/preview.html", found=found, token=token)
    return page(request, "plan/import.html", form=form, status=422 if form.is_bound else 200)


@require_POST
def plan_confirm(request: HttpRequest) -> HttpResponse:
    """Take over the annex as previewed; everything is checked again."""
    actor = actor_of(request)
    school = get_object_or_404(visible(actor, School), pk=actor.school_id)
    try:
        annex, state = unseal(request.POST.get("annex", ""), school_id=school.pk)
        found = actions.import_plan(actor, school, annex, expected=state)
    except Fault as fault:
        return page(request, "plan/import.html", form=AnnexForm(), refused=fault.message, status=fault.status)
    words = _("没有变化。") if found.changes_nothing else _("已导入{year}年度计划。").format(year=annex.year)
    messages.success(request, words)
    return redirect("plan:plan", annex.year)
