"""What the screens of this room share: which thing is meant, one form page, tabs, and words after an act."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from keyuan.filings.models import Filing, Frame, Part
from keyuan.kernel.access import actor_of, can, require, visible
from keyuan.kernel.faults import Fault
from keyuan.kernel.pages import page


def frame_of(request: HttpRequest, pk: int, rule: str = "filings.see") -> Frame:
    """The frame, over which the actor holds the right; else 404 or 403."""
    frame = get_object_or_404(visible(actor_of(request), Frame).select_related("school"), pk=pk)
    require(actor_of(request), rule, frame)
    return frame


def filing_of(request: HttpRequest, pk: int, rule: str = "filings.see") -> Filing:
    """The unit's filing likewise."""
    rows = visible(actor_of(request), Filing).select_related("frame__school", "organisation")
    filing = get_object_or_404(rows, pk=pk)
    require(actor_of(request), rule, filing)
    return filing


def part_of(text: str) -> str:
    """Which of the two is meant; the plan unless it says the results."""
    return Part.RESULT.value if text == Part.RESULT else Part.PLAN.value


def tabs_of(request: HttpRequest, frame: Frame, here: str) -> list[tuple[str, str, bool, int | None]]:
    """The pages of a frame."""
    pages = [
        ("board", _("报送进度")),
        ("groups", _("分级分类")),
        ("totals", _("汇总")),
        ("lines", _("计划与结果")),
    ]
    pages += [("reminders", _("催报记录")), ("demonstrations", _("要求和示范班"))]
    return [(word, reverse(f"filings:{name}", args=[frame.pk]), name == here, None) for name, word in pages]


def answered(
    request: HttpRequest, form: forms.Form, act: Callable[[], Any], back: str, done: str, *, title: str,
    lead: str = "", crumbs: list[tuple[str, str]] | None = None,
) -> HttpResponse:  # fmt: skip
    """One form on a page: act when it is sound, and go back; a refusal stands beside its field with what was typed."""
    if form.is_bound and form.is_valid():
        try:
            act()
            messages.success(request, done)
            return redirect(back)
        except Fault as fault:
            form.add_error(fault.field if fault.field in form.fields else None, fault.message)
    return page(
        request, "filings/form.html", form=form, back=back, title=title, lead=lead, crumbs=crumbs or [],
        status=422 if form.is_bound else 200,
    )  # fmt: skip


def acted(request: HttpRequest, act: Callable[[], Any], back: str, done: str) -> HttpResponse:
    """One button: act, say so and go back; a refusal is said instead."""
    try:
        act()
    except Fault as fault:
        messages.error(request, fault.message)
    else:
        messages.success(request, done)
    return redirect(back)


def may_keep(request: HttpRequest, frame: Frame) -> bool:
    """Whether the office's buttons are shown."""
    return can(actor_of(request), "filings.frame", frame)
