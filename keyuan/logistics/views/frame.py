"""What the screens of one class have in common: the class, the tabs, ticked people."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from keyuan.kernel.access import actor_of, can, require, visible
from keyuan.kernel.faults import Fault
from keyuan.kernel.pages import page, wants_part
from keyuan.kernel.sheet import batches
from keyuan.logistics.queries.needs import arrangement_of
from keyuan.training.models import TrainingClass
from keyuan.training.queries.classes import tabs_for


def kept(request: HttpRequest, pk: int, right: str = "logistics.see") -> TrainingClass:
    """The class, if this actor may see it and holds the right over it."""
    actor = actor_of(request)
    rows = visible(actor, TrainingClass).select_related(
        "activity__plan", "department", "head_teacher", "school"
    )
    found = get_object_or_404(rows, pk=pk)
    require(actor, right, found)
    return found


def number(request: HttpRequest, name: str) -> int | None:
    """A number that a link or form names; None where there is none."""
    text = request.POST.get(name) or request.GET.get(name) or ""
    return int(text) if text.isdecimal() and len(text) < 10 else None


def ticked(request: HttpRequest) -> list[int]:
    """The ticked people."""
    return [int(text) for text in request.POST.getlist("pk") if text.isdecimal() and len(text) < 19]


def subtabs(klass: TrainingClass, current: str) -> list[tuple[str, str, bool, int | None]]:
    """The pages under 会务."""
    entries = [
        ("overview", _("概况与文件")), ("groups", _("分组")), ("posts", _("班委")), ("rooms", _("住宿")), ("rides", _("车次")),
        ("seats", _("座次")), ("tables", _("桌次")), ("needs", _("学员需要")),
    ]  # fmt: skip
    return [
        (title, reverse(f"logistics:{name}", args=[klass.pk]), name == current, None)
        for name, title in entries
    ]


def show(
    request: HttpRequest,
    klass: TrainingClass,
    current: str,
    *,
    status: int = 200,
    part: str | None = None,
    **context: Any,
) -> HttpResponse:
    """One page under 会务, or its part for htmx."""
    actor = actor_of(request)
    return page(
        request, f"logistics/{context.pop('template', current)}.html", part=part, status=status, klass=klass,
        tabs=tabs_for(actor, klass, "logistics/"), subtabs=subtabs(klass, current),
        may=can(actor, "logistics.arrange", klass), arrangement=arrangement_of(klass), **context,
    )  # fmt: skip


def back(request: HttpRequest, klass: TrainingClass, name: str, query: str = "") -> HttpResponse:
    """To a page of the class."""
    return redirect(reverse(f"logistics:{name}", args=[klass.pk]) + query)


def is_part(request: HttpRequest) -> bool:
    """Whether htmx waits for a part."""
    return wants_part(request)


def received(request: HttpRequest, klass: TrainingClass, purpose: str) -> HttpResponse:
    """Read an uploaded list and go to its preview."""
    upload = request.FILES.get("file")
    if upload is None:
        raise Fault(_("请选择要导入的表格（.xlsx）。"))
    batch = batches.receive(actor_of(request), purpose=purpose, upload=upload, context={"class": klass.pk})
    return redirect("kernel:batch", batch.pk)
