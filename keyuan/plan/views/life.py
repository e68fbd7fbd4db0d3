"""Screens of an activity's year and of its line: details, milestones, lessons, links, and a new year begun."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from keyuan.kernel.access import actor_of, require, visible
from keyuan.kernel.faults import Fault
from keyuan.kernel.pages import page
from keyuan.orgs.models import School
from keyuan.plan import actions
from keyuan.plan.forms import BeginForm, DetailsForm, FinishForm, LinkForm, MilestoneForm, ReasonForm
from keyuan.plan.models import KeyActivity, Milestone
from keyuan.plan.queries import with_leads
from keyuan.plan.queries.life import earlier_plan


def _activity(request: HttpRequest, pk: int, right: str) -> KeyActivity:
    activity = get_object_or_404(with_leads(visible(actor_of(request), KeyActivity)), pk=pk)
    require(actor_of(request), right, activity)
    return activity


def _milestone(request: HttpRequest, pk: int) -> Milestone:
    rows = visible(actor_of(request), Milestone).select_related("activity__plan", "owner")
    found = get_object_or_404(rows.distinct(), pk=pk)
    require(actor_of(request), "plan.follow", found.activity)
    return found


def _answered(
    request: HttpRequest,
    activity: KeyActivity,
    form: forms.Form,
    act: Callable[[], Any],
    *,
    title: str,
    done: str,
) -> HttpResponse:
    """Act on a valid form and go back to the activity; a refusal stands beside its field."""
    if form.is_bound and form.is_valid():
        try:
            act()
        except Fault as fault:
            form.add_error(fault.field if fault.field in form.fields else None, fault.message)
        else:
            messages.success(request, done)
            return redirect("plan:activity", activity.pk)
    status = 422 if form.is_bound else 200
    return page(request, "plan/form.html", form=form, activity=activity, title=title, status=status)


def details(request: HttpRequest, pk: int) -> HttpResponse:
    """Months, owner, budget and audience."""
    actor, activity = actor_of(request), _activity(request, pk, "plan.edit")
    form = DetailsForm(actor, activity, request.POST or None)
    return _answered(
        request, activity, form, lambda: actions.set_details(actor, activity=activity, facts=form.cleaned_data),
        title=_("时间、负责人和经费"), done=_("已保存。"),
    )  # fmt: skip


def milestone_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Lay down a milestone."""
    actor, activity = actor_of(request), _activity(request, pk, "plan.follow")
    form = MilestoneForm(actor, None, request.POST or None)
    return _answered(
        request, activity, form, lambda: actions.save_milestone(actor, activity=activity, **form.cleaned_data),
        title=_("登记里程碑"), done=_("已登记里程碑。"),
    )  # fmt: skip


def milestone_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a milestone that is not done."""
    actor, found = actor_of(request), _milestone(request, pk)
    form = MilestoneForm(actor, found, request.POST or None)

    def act() -> None:
        actions.save_milestone(actor, activity=found.activity, milestone=found, **form.cleaned_data)

    return _answered(
        request, found.activity, form, act, title=_("修改里程碑“%(n)s”") % {"n": found}, done=_("已保存。")
    )


def milestone_finish(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark it done, with what shows it."""
    actor, found = actor_of(request), _milestone(request, pk)
    form = FinishForm(request.POST or None, initial={"on": timezone.localdate()})
    title = _("完成里程碑“%(n)s”") % {"n": found}
    return _answered(
        request, found.activity, form, lambda: actions.finish_milestone(actor, milestone=found, **form.cleaned_data),
        title=title, done=_("已标为完成。"),
    )  # fmt: skip


def milestone_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back that it is done."""
    actor, found = actor_of(request), _milestone(request, pk)
    form, title = ReasonForm(request.POST or None), _("重新打开里程碑“%(n)s”") % {"n": found}
    return _answered(
        request, found.activity, form, lambda: actions.reopen_milestone(actor, milestone=found, **form.cleaned_data),
        title=title, done=_("已重新打开，原来的依据留在变动记录里。"),
    )  # fmt: skip


def milestone_drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove one that is not done."""
    actor, found = actor_of(request), _milestone(request, pk)
    form, title = ReasonForm(request.POST or None), _("删除里程碑“%(n)s”") % {"n": found}
    return _answered(
        request, found.activity, form, lambda: actions.drop_milestone(actor, milestone=found, **form.cleaned_data),
        title=title, done=_("已删除，内容留在变动记录里。"),
    )  # fmt: skip


@require_POST
def lesson_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep what was learnt."""
    actor, activity = actor_of(request), _activity(request, pk, "plan.follow")
    actions.add_lesson(actor, activity=activity, text=request.POST.get("text", "")[:600])
    messages.success(request, _("已记录，下一年度的活动页上也会显示。"))
    return redirect(f"{reverse('plan:activity', args=[pk])}#lessons")


def link(request: HttpRequest, pk: int) -> HttpResponse:
    """Say of which activity of another year this is the continuation."""
    actor, activity = actor_of(request), _activity(request, pk, "plan.edit")
    form = LinkForm(actor, activity, request.POST or None)
    return _answered(
        request, activity, form, lambda: actions.link(actor, activity=activity, **form.cleaned_data),
        title=_("认定沿革"), done=_("已连入同一条沿革。"),
    )  # fmt: skip


def unlink(request: HttpRequest, pk: int) -> HttpResponse:
    """Take it out of its line."""
    actor, activity = actor_of(request), _activity(request, pk, "plan.edit")
    form = ReasonForm(request.POST or None)
    return _answered(
        request, activity, form, lambda: actions.unlink(actor, activity=activity, **form.cleaned_data),
        title=_("解除沿革"), done=_("已解除，其他年度仍在一条沿革中。"),
    )  # fmt: skip


def begin(request: HttpRequest, year: int) -> HttpResponse:
    """Begin a new year from the plan of this one: which activities go on."""
    actor = actor_of(request)
    school = get_object_or_404(visible(actor, School), pk=actor.school_id)
    require(actor, "plan.import", school)
    source = get_object_or_404(
        visible(actor, KeyActivity).filter(plan__year=year).select_related("plan")[:1]
    ).plan
    rows = list(with_leads(visible(actor, KeyActivity).filter(plan=source)))
    fresh = {"year": year + 1, "title": source.title.replace(str(year), str(year + 1))}
    form = BeginForm(request.POST or None, initial=fresh)
    ticked = {key for key in request.POST.getlist("pk") if key.isdecimal()} if form.is_bound else None
    if form.is_bound and form.is_valid():
        chosen = [row for row in rows if str(row.pk) in (ticked or ())]
        try:
            plan = actions.begin_year(actor, school=school, chosen=chosen, **form.cleaned_data)
        except Fault as fault:
            form.add_error(fault.field if fault.field in form.fields else None, fault.message)
        else:
            messages.success(request, _("已建立%(year)s年度计划，可以逐项修改。") % {"year": plan.year})
            return redirect("plan:plan", plan.year)
    return page(
        request, "plan/begin.html", form=form, source=source, rows=rows, ticked=ticked,
        earlier=earlier_plan(actor, year), status=422 if form.is_bound else 200,
    )  # fmt: skip
