"""One organisation: its posts and councils as of a day, and what opens a term or takes a step back."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from keyuan.kernel.access import actor_of, can, require, visible
from keyuan.kernel.faults import Fault
from keyuan.kernel.pages import page
from keyuan.orgs.models import Organisation
from keyuan.orgs.queries import names_of
from keyuan.terms import actions
from keyuan.terms.forms import ActForm, ElectForm, OpenForm, VacancyForm, day_asked
from keyuan.terms.models import Change
from keyuan.terms.queries import history
from keyuan.terms.views.frame import answered, kept


@require_GET
def organisation_terms(request: HttpRequest, pk: int) -> HttpResponse:
    """Who holds what on a day, the councils one after another, and every step taken."""
    actor, on = actor_of(request), day_asked(request.GET.get("on", ""))
    one = get_object_or_404(visible(actor, Organisation), pk=pk)
    require(actor, "terms.see", one)
    return page(
        request, "terms/organisation.html", found=history.of_organisation(actor, one, on), one=one, on=on,
        today_is=timezone.localdate(), names=names_of([one])[pk], may_keep=can(actor, "terms.keep", one),
        may_rename=can(actor, "orgs.keep", one), is_today=on == timezone.localdate(),
    )  # fmt: skip


def _start(request: HttpRequest) -> dict[str, Any]:
    """What a link may have filled in already."""
    return {name: request.GET[name] for name in ("post", "began", "number", "starts") if name in request.GET}


def _words(one: Organisation, title: str, lead: str, done: str) -> dict[str, Any]:
    back = reverse("terms:organisation", args=[one.pk])
    crumbs = [(_("任期"), reverse("terms:board")), (one.name, back)]
    return {"title": title, "lead": lead, "crumbs": crumbs, "back": back, "done": done}


def elect(request: HttpRequest, pk: int) -> HttpResponse:
    """Put an election, a by-election or an appointment down."""
    one, actor = kept(request, pk), actor_of(request)
    form = ElectForm(actor, one, request.POST or None, initial=_start(request))

    def act() -> None:
        actions.elect(
            actor, organisation=one, post=form.cleaned_data["post"], holder=form.holder(), facts=form.facts()
        )

    return answered(
        request, form, act, **_words(one, _("登记任职"), _("换届选举、补选或任命"), _("已登记任职。"))
    )


def act(request: HttpRequest, pk: int) -> HttpResponse:
    """Let somebody act in a post."""
    one, actor = kept(request, pk), actor_of(request)
    form: OpenForm = ActForm(actor, one, request.POST or None, initial=_start(request))

    def done() -> None:
        post, holder = form.cleaned_data["post"], form.holder()
        actions.let_act(actor, organisation=one, post=post, holder=holder, facts=form.facts("acting"))

    return answered(
        request,
        form,
        done,
        **_words(one, _("登记代理"), _("代理到补选、换届或另行结束为止"), _("已登记代理。")),
    )


def vacant(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a vacancy down."""
    one, actor = kept(request, pk), actor_of(request)
    form = VacancyForm(actor, one, request.POST or None, initial=_start(request))

    def done() -> None:
        actions.leave_vacant(actor, organisation=one, post=form.cleaned_data["post"], facts=form.facts())

    lead = _("现任已离任而没有接任的，会自动显示空缺，不必登记；这里用于从来没有登记过任职的职务。")
    return answered(request, form, done, **_words(one, _("登记空缺"), lead, _("已登记空缺。")))


@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the last step of a post back."""
    actor = actor_of(request)
    rows = visible(actor, Change).select_related("organisation", "post")
    change = get_object_or_404(rows, pk=pk)
    require(actor, "terms.keep", change.organisation)
    try:
        actions.undo(actor, change=change)
    except Fault as fault:
        messages.error(request, fault.message)
    else:
        messages.success(request, _("已撤销，任期恢复到这项变动之前。"))
    return redirect("terms:organisation", change.organisation_id)
