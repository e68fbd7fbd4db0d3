"""What the screens of rotation share: the tabs, the chosen requirement and people, one way to answer a form."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from keyuan.kernel.access import Actor, can, visible
from keyuan.kernel.faults import Fault
from keyuan.kernel.pages import page
from keyuan.rotation.models import Requirement
from keyuan.rotation.queries import board
from keyuan.rotation.queries.coverage import Coverage, Line, coverage

PAGES = (
    ("rotation:board", _lazy("应训名单"), "rotation.see"),
    ("rotation:summary", _lazy("汇总"), "rotation.see"),
    ("rotation:requirements", _lazy("要求"), "rotation.see"),
    ("rotation:regimes", _lazy("学时制度"), "rotation.see"),
    ("rotation:labels", _lazy("人员标签"), "rotation.keep"),
    ("rotation:log", _lazy("办理记录"), "rotation.keep"),
)


def tabs(actor: Actor, current: str) -> list[tuple[str, str, bool, None]]:
    """The pages of the room open to an actor."""
    return [
        (str(word), reverse(name), name == current, None) for name, word, right in PAGES if can(actor, right)
    ]


def asked_of(data: QueryDict) -> board.Wanted:
    """The conditions as a query or a form says."""
    some = {name: data.get(name, "").strip()[:60] for name in board.FILTERS}
    return board.Wanted(q=data.get("q", "").strip()[:100], **some)


def requirement_of(actor: Actor, text: str) -> Requirement | None:
    """The requirement of a number, else the first in use; None where there is none."""
    rows = visible(actor, Requirement).select_related("regime")
    if text.isdigit():
        return get_object_or_404(rows, pk=int(text[:18]))
    return rows.filter(active=True).first()


def chosen(actor: Actor, data: QueryDict) -> tuple[Requirement, Coverage, list[Line]]:
    """What an act is about: the people ticked, else everybody due of the list as it is narrowed."""
    requirement = requirement_of(actor, data.get("requirement", ""))
    if requirement is None:
        raise Http404
    ticked = [int(text) for text in data.getlist("pk") if text.isdigit()]
    found = coverage(actor, requirement, timezone.localdate(), only=ticked or None)
    lines = found.lines if ticked else board.narrowed(found.lines, asked_of(data))
    return requirement, found, board.in_order([line for line in lines if line.standing.is_due], "unit")


def kept(data: QueryDict) -> list[tuple[str, str]]:
    """What a further form carries along, so that it is about the same people: ticks, else conditions."""
    ticked = [("pk", text) for text in data.getlist("pk") if text.isdigit()]
    named = [(name, data.get(name, "")) for name in ("q", *board.FILTERS) if data.get(name)]
    return [("requirement", data.get("requirement", "")), *(ticked or named)]


def answered(
    request: HttpRequest, form: forms.Form, act: Callable[[], object], words: Mapping[str, Any]
) -> HttpResponse:
    """Act on a valid form, say `done` and go `back`; a refusal stands beside its field with what was typed kept."""
    if request.method == "POST" and form.is_valid():
        try:
            act()
            messages.success(request, words["done"])
            return redirect(words["back"])
        except Fault as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
    standard: dict[str, Any] = {
        "lead": "",
        "submit": _("保存"),
        "files": False,
        "kept": (),
        "layout": "",
        "target": "",
    }
    status = 422 if form.is_bound else 200
    return page(request, "rotation/form.html", form=form, status=status, **standard | dict(words))


def done_or_said(request: HttpRequest, act: Callable[[], object], done: str) -> None:
    """Act and say so, or say why not."""
    try:
        act()
    except Fault as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, done)


def trail(*more: tuple[str, str]) -> list[tuple[str, str]]:
    """The way here."""
    return [(_("轮训调训"), reverse("rotation:board")), *more]
