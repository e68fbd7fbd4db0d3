"""New items: typed, several of one meeting at once, picked from other rooms, or sent in as a list."""

from typing import Any

from django.contrib import messages
from django.forms import Form, formset_factory
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from keyuan.kernel.access import actor_of, require
from keyuan.kernel.downloads import attachment
from keyuan.kernel.faults import Fault
from keyuan.kernel.pages import Listing, page, paginate
from keyuan.kernel.sheet import batches
from keyuan.supervision import actions, sheets
from keyuan.supervision.actions.picking import PickFacts, open_picked
from keyuan.supervision.forms import HeadForm, ItemForm, LineForm, UploadForm, facts_from, item_initial
from keyuan.supervision.models import Item
from keyuan.supervision.queries import sources
from keyuan.supervision.queries.naming import Units
from keyuan.supervision.views.item import item_of

LINES, MORE_LINES, MOST_LINES = 3, 5, 40


def _lines(request: HttpRequest, units: Units, *, longer: bool) -> Any:
    """The lines as sent; where only more of them are asked for, what was typed stands in them untried."""
    asked = request.POST.get("lines-TOTAL_FORMS") or ""
    count = min(int(asked), MOST_LINES) if asked.isdecimal() else LINES
    extra = min(count + MORE_LINES, MOST_LINES) if longer else count
    made = formset_factory(LineForm, extra=extra, max_num=MOST_LINES, absolute_max=MOST_LINES)
    lines = made(None if longer else request.POST or None, prefix="lines", form_kwargs={"units": units})
    if longer:
        for number, line in enumerate(lines):
            line.initial = _typed(request, LineForm, f"lines-{number}-")
    return lines


def _typed(request: HttpRequest, form: type[Form], start: str = "") -> dict[str, str]:
    return {name: request.POST[start + name] for name in form.base_fields if request.POST.get(start + name)}


def _filled(formset: Any) -> list[dict[str, Any]]:
    return [form.cleaned_data for form in formset if form.has_changed()]


def item_new(request: HttpRequest) -> HttpResponse:
    """One item or several of one meeting; blank lines are passed over."""
    actor = actor_of(request)
    require(actor, "supervision.manage")
    units, longer = Units(actor), request.POST.get("act") == "more"
    head = HeadForm(actor, None if longer else request.POST or None, initial=_typed(request, HeadForm))
    lines = _lines(request, units, longer=longer)
    if head.is_bound and all([head.is_valid(), lines.is_valid()]):
        try:
            facts = [facts_from(line, head.cleaned_data) for line in _filled(lines)]
            made = actions.open_items(actor, lines=facts, issue=request.POST.get("act") == "issue")
        except Fault as fault:
            head.add_error(None, fault.message)
        else:
            return _opened(request, made)
    return page(
        request, "supervision/new.html", head=head, lines=lines, units=units.names(),
        more=min(MORE_LINES, MOST_LINES - lines.total_form_count()), status=422 if head.is_bound else 200,
    )  # fmt: skip


def _opened(request: HttpRequest, made: list[Item]) -> HttpResponse:
    issued = made[0].state != Item.State.DRAFT
    messages.success(
        request,
        (_("已立项交办 %(n)s 项。") if issued else _("已登记 %(n)s 项，勾选后即可交办。")) % {"n": len(made)},
    )
    if len(made) == 1:
        return redirect("supervision:item", made[0].pk)
    return redirect(f"/supervision/?state={'issued' if issued else 'draft'}")


def item_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct an item."""
    item, actor = item_of(request, pk, "supervision.manage"), actor_of(request)
    units = Units(actor)
    form = ItemForm(units, request.POST or None, initial=item_initial(item))
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_item(actor, item=item, facts=facts_from(form.cleaned_data, {"kind": item.kind}))
        except Fault as fault:
            form.add_error(fault.field if fault.field in form.fields else None, fault.message)
        else:
            messages.success(request, _("已保存。"))
            return redirect("supervision:item", pk)
    return page(
        request, "supervision/edit.html", form=form, item=item, units=units.names(),
        status=422 if form.is_bound else 200,
    )  # fmt: skip


def pick(request: HttpRequest) -> HttpResponse:
    """Things of other rooms that may become items: found, ticked, made."""
    actor = actor_of(request)
    require(actor, "supervision.manage")
    kinds = sources.kinds()
    kind = request.GET.get("kind") or (kinds[0][0] if kinds else "")
    every = sources.found_of(actor, kind)
    chosen = {name: request.GET.get(name, "").strip()[:40] for name in ("unit", "until")}
    q = request.GET.get("q", "").strip()[:100]
    rows = sources.narrowed(every, q=q, **chosen)
    facts, refused = PickFacts(refs=tuple(request.GET.getlist("ref"))), ""
    if request.method == "POST":
        facts = _said(request)
        try:
            return _opened(request, open_picked(actor, kind=kind, facts=facts))
        except Fault as fault:
            refused = fault.message
    found = Listing(paginate(request, rows), q, "", {**chosen, "kind": kind})
    return page(
        request, "supervision/pick.html", part="rows", listing=found, kind=kind, every=len(every), units=units_of(every),
        tabs=[(word, f"?kind={key}", key == kind, None) for key, word in kinds], facts=facts, refused=refused,
        degrees=Item.Importance.choices, often=Item.Every.choices, unit_names=Units(actor).names(),
        status=422 if refused else 200,
    )  # fmt: skip


def units_of(rows: list[sources.Found]) -> list[tuple[int, str]]:
    """The owners among things that may become items."""
    return sorted({(one.owner_id, one.owner) for one in rows if one.owner_id}, key=lambda pair: pair[1])


def _said(request: HttpRequest) -> PickFacts:
    said = request.POST
    return PickFacts(
        refs=tuple(said.getlist("pk")), owner=said.get("owner", ""), deadline=said.get("deadline", ""),
        importance=said.get("importance", ""), every=said.get("every", ""), issue=said.get("act") == "issue",
    )  # fmt: skip


def item_import(request: HttpRequest) -> HttpResponse:
    """Send a list in; the answer is its preview, nothing is written yet."""
    actor = actor_of(request)
    require(actor, "supervision.manage")
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            sent = form.cleaned_data["file"]
            batch = batches.receive(
                actor, purpose=sheets.PURPOSE, upload=sent, context={"school": actor.school_id}
            )
        except Fault as fault:
            form.add_error("file", fault.message)
        else:
            return redirect("kernel:batch", batch.pk)
    return page(
        request, "supervision/import.html", form=form, status=422 if request.method == "POST" else 200
    )


@require_GET
def import_template(request: HttpRequest) -> HttpResponse:
    """An empty list to fill in."""
    require(actor_of(request), "supervision.manage")
    return attachment(sheets.LIST.template(), _("督办事项表模板.xlsx"))
