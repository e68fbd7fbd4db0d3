"""What the screens of this room share: the tabs, one way to find a duty, one way to answer a refusal."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from keyuan.duty.models import Duty
from keyuan.kernel.access import Actor, actor_of, can, require, visible
from keyuan.kernel.faults import Fault
from keyuan.kernel.pages import page

Tab = tuple[str, str, bool, int | None]
# Pages of the room beside the board: name of the address, title, right. Other screens of the room add theirs here.
PAGES: list[tuple[str, Any, str]] = [
    ("duty:board", _lazy("一览"), "duty.see"),
    ("duty:claims", _lazy("举证审核"), "duty.keep"),
    ("duty:letters", _lazy("邀请函"), "duty.invite"),
    ("duty:rules", _lazy("规定"), "duty.see"),
]


def tabs(actor: Actor, current: str) -> list[Tab]:
    """The pages of the room open to an actor."""
    return [
        (_(title), reverse(name), name == current, None) for name, title, right in PAGES if can(actor, right)
    ]


def found(request: HttpRequest, pk: int, right: str) -> Duty:
    """The duty, over which the actor holds the right; else 404 or 403."""
    rows = visible(actor_of(request), Duty).select_related(
        "school", "term__organisation", "term__post", "term__holder"
    )
    duty = get_object_or_404(rows, pk=pk, term__withdrawn_at=None)
    require(actor_of(request), right, duty)
    return duty


def words(duty: Duty, title: str, done: str, lead: str = "") -> dict[str, Any]:
    """What a form about a duty stands under."""
    back = reverse("duty:duty", args=[duty.pk])
    name = duty.term.holder.name if duty.term.holder else ""
    crumbs = [(_("听一课讲一课"), reverse("duty:board")), (f"{name} {duty}", back)]
    about = f"{name}，{duty.term.organisation.name}{duty.term}，{duty}"
    return {"title": title, "lead": lead or about, "crumbs": crumbs, "back": back, "done": done}


def answered(
    request: HttpRequest, form: forms.Form, act: Callable[[], Any], *, back: str, done: str, **context: Any
) -> HttpResponse:
    """Act on a valid form and go back; what a rule refuses stands beside its field, with what was typed kept."""
    if form.is_bound and form.is_valid():
        try:
            act()
        except Fault as fault:
            form.add_error(fault.field if fault.field in form.fields else None, fault.message)
        else:
            messages.success(request, done)
            return redirect(back)
    shown: dict[str, Any] = {"lead": "", "submit": _("保存"), "crumbs": [], "files": False} | context
    return page(
        request, "duty/form.html", form=form, back=back, status=422 if form.is_bound else 200, **shown
    )


def acted(request: HttpRequest, act: Callable[[], Any], *, back: str, done: str) -> HttpResponse:
    """One step without a form: done, or refused in words, and back."""
    try:
        act()
    except Fault as fault:
        messages.error(request, fault.message)
    else:
        messages.success(request, done)
    return redirect(back)
