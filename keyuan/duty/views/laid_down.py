"""The dated rules: shown to whoever sees the board, laid down by the registrar."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from keyuan.duty import actions
from keyuan.duty.forms.rules import CountingForm, EndForm, OwedForm, RemindersForm
from keyuan.duty.models import CountingRule, DutyRule, ReminderRule
from keyuan.duty.views.frame import acted, answered, tabs
from keyuan.kernel.access import actor_of, can, require, visible
from keyuan.kernel.pages import page
from keyuan.orgs.models import School

BACK = "duty:rules"


def _words(title: str, lead: str = "") -> dict[str, Any]:
    crumbs = [(_("听一课讲一课"), reverse("duty:board")), (_("规定"), reverse(BACK))]
    return {"title": title, "lead": lead, "crumbs": crumbs, "back": reverse(BACK), "done": _("已设定。")}


@require_GET
def rule_list(request: HttpRequest) -> HttpResponse:
    """Which posts owe what, what counts, when people are reminded, each from when and on what ground."""
    actor = actor_of(request)
    require(actor, "duty.see")
    return page(
        request, "duty/rules.html", owed=visible(actor, DutyRule), may=can(actor, "duty.rules"),
        counting=visible(actor, CountingRule).select_related("host"), reminders=visible(actor, ReminderRule),
        tabs=tabs(actor, BACK),
    )  # fmt: skip


def owed_add(request: HttpRequest) -> HttpResponse:
    """Which post owes which duty from a day on."""
    actor = actor_of(request)
    require(actor, "duty.rules")
    form = OwedForm(request.POST or None)
    lead = _("同一职务同一日期再填一次即为更正；已建立的职责不会删除，需要时请免除。")
    return answered(
        request, form, lambda: actions.set_owed(actor, facts=form.cleaned_data), **_words(_("应尽职责"), lead)
    )


def counting_add(request: HttpRequest) -> HttpResponse:
    """What counts, or never counts."""
    actor = actor_of(request)
    require(actor, "duty.rules")
    form = CountingForm(actor.school_id or 0, request.POST or None)
    lead = _("填了的条件须同时满足；不填的不限。新规定会在下一次核对时重新认定自动凭据，人工认定的不变。")
    return answered(
        request,
        form,
        lambda: actions.set_counting(actor, facts=form.cleaned_data),
        **_words(_("计入规定"), lead),
    )


def counting_end(request: HttpRequest, pk: int) -> HttpResponse:
    """From when on a counting rule holds no longer."""
    actor = actor_of(request)
    rule = get_object_or_404(visible(actor, CountingRule), pk=pk)
    require(actor, "duty.rules", rule)
    form = EndForm(request.POST or None)
    return answered(
        request, form, lambda: actions.end_counting(actor, rule=rule, **form.cleaned_data),
        **_words(_("停用计入规定"), str(rule)),
    )  # fmt: skip


def reminders_add(request: HttpRequest) -> HttpResponse:
    """When people are reminded."""
    actor = actor_of(request)
    require(actor, "duty.rules")
    form = RemindersForm(request.POST or None)
    return answered(
        request, form, lambda: actions.set_reminders(actor, **form.cleaned_data), **_words(_("提醒时点"))
    )


@require_POST
def load_defaults(request: HttpRequest) -> HttpResponse:
    """The notice's rules, where the school has none."""
    actor = actor_of(request)
    require(actor, "duty.rules")
    school = get_object_or_404(visible(actor, School), pk=actor.school_id)
    return acted(
        request, lambda: actions.load_defaults(actor, school=school), back=reverse(BACK),
        done=_("已载入建设方案的规定；原有的没有改动。"),
    )  # fmt: skip
