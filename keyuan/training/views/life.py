"""A class's turns: copied, postponed, called off, archived; its journey; the office's figures."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from keyuan.kernel import navigation
from keyuan.kernel.access import actor_of, can, require, visible
from keyuan.kernel.faults import Fault
from keyuan.kernel.pages import page
from keyuan.people.roles import Role
from keyuan.training.actions import journeys, life
from keyuan.training.forms.life import ArchiveForm, CopyForm, PolicyForm, PostponeForm, StopForm
from keyuan.training.models import ClassPolicy, Stop, TrainingClass
from keyuan.training.queries import policy
from keyuan.training.queries.classes import tabs_for


def _class(request: HttpRequest, pk: int) -> TrainingClass:
    rows = visible(actor_of(request), TrainingClass).select_related("activity", "department", "head_teacher")
    return get_object_or_404(rows, pk=pk)


def _shown(
    request: HttpRequest, training_class: TrainingClass, status: int = 200, **typed: Any
) -> HttpResponse:
    """The page with its forms; those that were typed and refused as they were typed."""
    actor = actor_of(request)
    held = policy.policy_on(training_class.school_id, training_class.ends)
    forms: dict[str, Any] = {
        "copying": CopyForm(actor, training_class),
        "postponing": PostponeForm(
            initial={"starts": training_class.starts, "nominate_by": training_class.nominate_by}
        ),
        "archiving": ArchiveForm(initial={"retention": training_class.retention or held.retention}),
    }
    return page(
        request, "training/life.html", klass=training_class, tabs=tabs_for(actor, training_class, "life/"),
        may_plan=can(actor, "training.plan", training_class), concerned=len(life.concerned(training_class)),
        copies=visible(actor, TrainingClass).filter(copied_from=training_class), status=status, **(forms | typed),
    )  # fmt: skip


def turns(request: HttpRequest, pk: int) -> HttpResponse:
    """What may still happen to the class as a whole."""
    training_class = _class(request, pk)
    require(actor_of(request), "training.publish", training_class)
    return _shown(request, training_class)


@require_POST
def copy(request: HttpRequest, pk: int) -> HttpResponse:
    """A new draft like this class."""
    actor = actor_of(request)
    training_class = _class(request, pk)
    require(actor, "training.publish", training_class)
    form = CopyForm(actor, training_class, request.POST)
    if form.is_valid():
        try:
            made = life.copy_class(actor, source=training_class, **form.cleaned_data)
        except Fault as fault:
            form.add_error(fault.field if fault.field in form.fields else None, fault.message)
        else:
            messages.success(request, _("已复制为草稿，请核对日期、名额和课程表。"))
            return redirect("training:detail", made.pk)
    return _shown(request, training_class, 422, copying=form)


@require_POST
def postpone(request: HttpRequest, pk: int) -> HttpResponse:
    """Other days."""
    actor = actor_of(request)
    training_class = _class(request, pk)
    require(actor, "training.plan", training_class)
    form = PostponeForm(request.POST)
    if form.is_valid():
        try:
            life.postpone(actor, training_class=training_class, **form.cleaned_data)
        except Fault as fault:
            form.add_error(fault.field if fault.field in form.fields else None, fault.message)
        else:
            messages.success(request, _("已改期，并通知了有关人员。"))
            return redirect("training:life", pk)
    return _shown(request, training_class, 422, postponing=form)


@require_POST
def archive(request: HttpRequest, pk: int) -> HttpResponse:
    """Onto the shelf, or off it again."""
    actor = actor_of(request)
    training_class = _class(request, pk)
    if "undo" in request.POST:
        life.unarchive(actor, training_class=training_class)
        messages.success(request, _("已撤销归档。"))
    else:
        life.archive(actor, training_class=training_class, retention=request.POST.get("retention", ""))
        messages.success(request, _("已归档。"))
    return redirect("training:life", pk)


def stops(request: HttpRequest, pk: int) -> HttpResponse:
    """The journey, and one more stop."""
    actor = actor_of(request)
    training_class = _class(request, pk)
    may = can(actor, "training.timetable", training_class)
    chosen = request.POST.get("stop") or request.GET.get("stop") or ""
    rows = visible(actor, Stop).filter(training_class=training_class)
    stop = get_object_or_404(rows, pk=int(chosen)) if may and chosen.isdecimal() else None
    form = StopForm(request.POST or None, instance=stop, initial={"date": training_class.starts})
    if request.method == "POST" and form.is_valid():
        try:
            journeys.place_stop(actor, training_class=training_class, facts=form.cleaned_data, stop=stop)
        except Fault as fault:
            form.add_error(fault.field if fault.field in form.fields else None, fault.message)
        else:
            messages.success(request, _("已排入行程。"))
            return redirect("training:stops", pk)
    return page(
        request, "training/stops.html", klass=training_class, tabs=tabs_for(actor, training_class, "stops/"), form=form,
        rows=list(rows), may=may, stop=stop, status=422 if form.is_bound else 200,
    )  # fmt: skip


@require_POST
def stop_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """One stop less."""
    actor = actor_of(request)
    stop = get_object_or_404(visible(actor, Stop).select_related("training_class"), pk=pk)
    journeys.remove_stop(actor, stop=stop)
    messages.success(request, _("已从行程中删去。"))
    return redirect("training:stops", stop.training_class_id)


@navigation.entry(
    "办班规定",
    "training:policies",
    roles=(Role.REGISTRAR,),
    order=90,
    icon="edit",
    group="设置",
)
def policies(request: HttpRequest) -> HttpResponse:
    """The figures in force, their history, and new ones from a day on."""
    actor = actor_of(request)
    require(actor, "training.policy")
    school_id = actor.school_id or 0
    now = policy.policy_on(school_id, timezone.localdate())
    initial = {name: getattr(now, name) for name in PolicyForm.Meta.fields} | {
        "valid_from": timezone.localdate()
    }
    form = PolicyForm(request.POST or None, instance=ClassPolicy(school_id=school_id), initial=initial)
    if request.method == "POST" and form.is_valid():
        journeys.set_policy(actor, school_id=school_id, facts=form.cleaned_data)
        messages.success(request, _("已保存，自 %(day)s 起执行。") % {"day": form.cleaned_data["valid_from"]})
        return redirect("training:policies")
    return page(
        request, "training/policies.html", form=form, now=now, rows=policy.policies_seen(actor),
        status=422 if form.is_bound else 200,
    )  # fmt: skip
