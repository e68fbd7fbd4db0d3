"""What is done with one term: put off, handed over early, ended, corrected."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from keyuan.kernel.access import actor_of, require, visible
from keyuan.terms import actions
from keyuan.terms.forms import CorrectForm, EndForm, ExtendForm, ReplaceForm
from keyuan.terms.models import Term
from keyuan.terms.views.frame import answered


def _kept(request: HttpRequest, pk: int) -> Term:
    rows = visible(actor_of(request), Term).select_related("organisation", "post", "holder")
    term = get_object_or_404(rows, pk=pk)
    require(actor_of(request), "terms.keep", term.organisation)
    return term


def _words(term: Term, title: str, done: str) -> dict[str, Any]:
    back = reverse("terms:organisation", args=[term.organisation_id])
    who = term.holder.name if term.holder else _("空缺")
    lead = _("%(who)s，%(post)s，%(a)s 起") % {"who": who, "post": term, "a": f"{term.starts:%Y-%m-%d}"}
    if term.deadline:
        lead += _("，任期至 %(b)s") % {"b": f"{term.deadline:%Y-%m-%d}"}
    crumbs = [(_("任期"), reverse("terms:board")), (term.organisation.name, back)]
    return {"title": title, "lead": lead, "crumbs": crumbs, "back": back, "done": done}


def extend(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the end off."""
    term, actor = _kept(request, pk), actor_of(request)
    form = ExtendForm(request.POST or None)
    words = _words(term, _("延期换届"), _("已登记延期。"))
    return answered(request, form, lambda: actions.extend(actor, term=term, **form.cleaned_data), **words)


def replace(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand over before the end."""
    term, actor = _kept(request, pk), actor_of(request)
    form = ReplaceForm(actor, term.organisation, request.POST or None)

    def act() -> None:
        typed = {name: form.cleaned_data[name] for name in ("on", "ended", "basis")}
        actions.replace(actor, term=term, holder=form.holder(), **typed)

    return answered(request, form, act, **_words(term, _("提前更换"), _("已更换，届满日不变。")))


def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End it."""
    term, actor = _kept(request, pk), actor_of(request)
    form = EndForm(request.POST or None)
    words = _words(term, _("办理离任"), _("已登记离任。"))
    return answered(request, form, lambda: actions.end(actor, term=term, **form.cleaned_data), **words)


def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Set right what was entered wrongly."""
    term, actor = _kept(request, pk), actor_of(request)
    form = CorrectForm(term, request.POST or None)

    def act() -> None:
        actions.correct(actor, term=term, facts=form.facts(), reason=form.cleaned_data["reason"])

    return answered(
        request, form, act, **_words(term, _("更正任期"), _("已更正，原来的内容留在变动记录里。"))
    )
