"""Correcting an edition while it is being written: texts, places, what goes."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from keyuan.kernel.access import actor_of, require, visible
from keyuan.kernel.faults import Fault
from keyuan.kernel.pages import page
from keyuan.learning.actions import making
from keyuan.learning.forms import ItemForm, UnitForm
from keyuan.learning.models import Item, Unit

ACTS = {"up", "down", "remove"}


def _unit(request: HttpRequest, pk: int) -> Unit:
    rows = visible(actor_of(request), Unit).select_related("edition__course")
    unit = get_object_or_404(rows, pk=pk)
    require(actor_of(request), "learning.make", unit.edition)
    return unit


def _item(request: HttpRequest, pk: int) -> Item:
    rows = visible(actor_of(request), Item).select_related("unit__edition__course")
    item = get_object_or_404(rows, pk=pk)
    require(actor_of(request), "learning.make", item.unit.edition)
    return item


def unit_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Another title for a unit."""
    unit = _unit(request, pk)
    form = UnitForm(request.POST or None, initial={"title": unit.title})
    if form.is_bound and form.is_valid():
        making.rename_unit(actor_of(request), unit=unit, title=form.cleaned_data["title"])
        messages.success(request, _("已保存。"))
        return redirect("learning:course", unit.edition_id)
    return page(
        request, "learning/edit.html", form=form, edition=unit.edition, title=_("修改单元"),
        status=422 if form.is_bound else 200,
    )  # fmt: skip


def item_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct an item."""
    item = _item(request, pk)
    edition = item.unit.edition
    form = ItemForm(edition, request.POST or None, held=item)
    if form.is_bound and form.is_valid():
        try:
            making.change_item(actor_of(request), item=item, facts=form.cleaned_data)
        except Fault as fault:
            form.add_error(fault.field if fault.field in form.fields else None, fault.message)
        else:
            messages.success(request, _("已保存。"))
            return redirect("learning:course", edition.pk)
    return page(
        request, "learning/edit.html", form=form, edition=edition, title=_("修改内容"),
        status=422 if form.is_bound else 200,
    )  # fmt: skip


def _done(request: HttpRequest, thing: Unit | Item) -> None:
    """Up, down or out, as the button says."""
    act = request.POST.get("act", "")
    if act not in ACTS:
        raise Fault(_("请选择要办理的事项。"))
    if act == "remove":
        making.remove(actor_of(request), thing=thing)
        messages.success(request, _("已删去“%(title)s”。") % {"title": thing.title})
    else:
        making.shift(actor_of(request), thing=thing, up=act == "up")


@require_POST
def unit_act(request: HttpRequest, pk: int) -> HttpResponse:
    """Move a unit, or take an empty one out."""
    unit = _unit(request, pk)
    _done(request, unit)
    return redirect("learning:course", unit.edition_id)


@require_POST
def item_act(request: HttpRequest, pk: int) -> HttpResponse:
    """Move an item within its unit, or take it out."""
    item = _item(request, pk)
    edition = item.unit.edition_id
    _done(request, item)
    return redirect("learning:course", edition)
