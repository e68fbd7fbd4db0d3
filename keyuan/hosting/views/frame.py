"""What the screens of this room share: finding a rota or a turn, its tabs, and one way to answer a refusal."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from keyuan.hosting.models import Rota, Turn
from keyuan.hosting.queries.board import turns_of
from keyuan.kernel.access import Actor, actor_of, can, require, visible
from keyuan.kernel.faults import Fault
from keyuan.kernel.pages import page

TONES = {
    "open": "neutral", "proposed": "info", "invited": "warn", "accepted": "accent", "done": "good", "cancelled": "neutral",
    "draft": "warn", "submitted": "info", "returned": "bad", "asked": "warn", "agreed": "info", "confirmed": "good",
    "refused": "bad", "withdrawn": "neutral",
}  # fmt: skip


def rota_of(request: HttpRequest, pk: int, right: str = "hosting.see") -> Rota:
    """The rota, if the actor sees it and holds the right over it."""
    found = get_object_or_404(visible(actor_of(request), Rota).select_related("activity", "school"), pk=pk)
    require(actor_of(request), right, found)
    return found


def turn_of(request: HttpRequest, pk: int, right: str = "hosting.see") -> Turn:
    """The turn, likewise, with who hosts and helps."""
    found = get_object_or_404(turns_of(actor_of(request)), pk=pk)
    require(actor_of(request), right, found)
    return found


def tabs(actor: Actor, rota: Rota, current: str) -> list[tuple[str, str, bool, None]]:
    """The pages of a rota open to an actor."""
    pages = [
        ("board", _("次序"), "hosting.see"),
        ("turns", _("历年期次"), "hosting.see"),
        ("log", _("日志和抽签"), "hosting.see"),
    ]
    pages += [("rules", _("规定"), "hosting.keep"), ("templates", _("任务模板"), "hosting.keep")]
    return [
        (title, reverse(f"hosting:{name}", args=[rota.pk]), name == current, None)
        for name, title, right in pages
        if can(actor, right, rota)
    ]


def answered(
    request: HttpRequest, form: forms.Form, act: Callable[[], Any], *, back: Callable[[Any], str], done: str,
    template: str = "hosting/form.html", **context: Any,
) -> HttpResponse:  # fmt: skip
    """Act on a valid form and go on; what a rule refuses stands beside its field, with what was typed kept."""
    if form.is_bound and form.is_valid():
        try:
            made = act()
        except Fault as fault:
            form.add_error(fault.field if fault.field in form.fields else None, fault.message)
        else:
            messages.success(request, done)
            return redirect(back(made))
    return page(request, template, status=422 if form.is_bound else 200, form=form, **context)
