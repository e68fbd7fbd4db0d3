"""Quota shares: equal, by list, or typed; the sum against the places."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from keyuan.kernel.access import Actor, actor_of, can, require, visible
from keyuan.kernel.faults import Fault
from keyuan.kernel.pages import page
from keyuan.orgs.models import Organisation
from keyuan.training.actions import classes
from keyuan.training.models import QuotaShare, TrainingClass
from keyuan.training.queries.classes import tabs_for
from keyuan.training.rules.shares import PastedShares, equal_shares, read_pasted

KINDS = ("city_association", "society", "department", "affiliate", "partner")


def shares(request: HttpRequest, pk: int) -> HttpResponse:
    """Give places to units; every way of giving ends in the same typed numbers."""
    actor = actor_of(request)
    training_class = get_object_or_404(
        visible(actor, TrainingClass).select_related("activity", "department"), pk=pk
    )
    require(actor, "training.publish", training_class)
    units, given = _units_and_shares(actor, training_class)
    typed = {unit.pk: str(given[unit.pk].places) if unit.pk in given else "" for unit in units}
    fault, pasted = "", PastedShares({}, [])
    if request.method == "POST":
        typed = {unit.pk: request.POST.get(f"share-{unit.pk}", "").strip() for unit in units}
        try:
            typed, pasted, save = _fill(request, units, typed)
            if save:
                total = classes.set_shares(actor, training_class=training_class, places=_numbers(typed))
                messages.success(request, _("已保存，共分配 %(n)s 个名额。") % {"n": total})
                return redirect("training:shares", pk)
        except Fault as refused:
            fault = refused.message
    return page(
        request, "training/shares.html", klass=training_class, tabs=tabs_for(actor, training_class, "shares/"),
        units=units, given=given, typed=typed, fault=fault, pasted=pasted, kinds=Organisation.Kind,
        may_plan=can(actor, "training.plan", training_class), status=422 if fault or pasted.unknown else 200,
    )  # fmt: skip


def _units_and_shares(
    actor: Actor, training_class: TrainingClass
) -> tuple[list[Organisation], dict[int, QuotaShare]]:
    """Every unit that may get places, in the official order, and the shares given so far."""
    units = visible(actor, Organisation).filter(active=True, kind__in=KINDS).order_by("kind", "order", "pk")
    given = visible(actor, QuotaShare).filter(training_class=training_class)
    return list(units), {share.organisation_id: share for share in given}


def _fill(
    request: HttpRequest, units: list[Organisation], typed: dict[int, str]
) -> tuple[dict[int, str], PastedShares, bool]:
    """What the pressed button makes of the typed numbers; only 保存 writes."""
    act = request.POST.get("act", "save")
    if act == "equal":
        each = request.POST.get("each", "1")
        return equal_shares(units, request.POST.get("kind", ""), each, typed), PastedShares({}, []), False
    if act == "paste":
        pasted = read_pasted(request.POST.get("pasted", ""), units)
        return {**typed, **{key: str(count) for key, count in pasted.places.items()}}, pasted, False
    if act == "clear":
        return dict.fromkeys(typed, ""), PastedShares({}, []), False
    return typed, PastedShares({}, []), True


def _numbers(typed: dict[int, str]) -> dict[int, int]:
    wrong = [text for text in typed.values() if text and not text.isdecimal()]
    if wrong:
        raise Fault(_("名额只能填整数，请改正：%(what)s") % {"what": "、".join(wrong[:5])})
    return {key: int(text) for key, text in typed.items() if text}


@require_POST
def remind(request: HttpRequest, pk: int) -> HttpResponse:
    """Remind every silent unit."""
    actor = actor_of(request)
    training_class = get_object_or_404(visible(actor, TrainingClass), pk=pk)
    count = classes.remind_silent(actor, training_class=training_class)
    messages.success(request, _("已向 %(n)s 个未报送的单位催报。") % {"n": count})
    return redirect("training:shares", pk)
