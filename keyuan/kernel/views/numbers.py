"""The register of document numbers and the series they come from."""

from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from keyuan.kernel import audit, navigation
from keyuan.kernel.access import Actor, actor_of, can, require, visible
from keyuan.kernel.downloads import attachment
from keyuan.kernel.faults import Fault
from keyuan.kernel.models import DocNumber, DocSeries, SeriesYear
from keyuan.kernel.numberforms import SeriesForm, TakeForm, VoidForm
from keyuan.kernel.pages import Listing, listing, page
from keyuan.kernel.papers import numbering, registering
from keyuan.kernel.papers.registering import OFFICE, Entry
from keyuan.kernel.papers.registersheet import register_file
from keyuan.kernel.papers.words import DRAWERS, FORMS

DOCUMENT = DocSeries.Purpose.DOCUMENT


def _search(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    return rows.filter(Q(title__icontains=text) | Q(number__icontains=numbering.normal_number(text)))


def _listed(request: HttpRequest, per: int = 50) -> Listing:
    rows = visible(actor_of(request), DocNumber).select_related("series")
    return listing(
        request, rows, search=_search, filters={"series": "series_id", "year": "year", "state": "state", "form": "form"},
        sorts={"number": ("year", "series_id", "seq"), "taken": "taken_at", "title": "title"}, default="-number", per=per,
    )  # fmt: skip


def _series(actor: Actor) -> QuerySet[DocSeries]:
    return visible(actor, DocSeries).filter(purpose=DOCUMENT).order_by("pk")


@navigation.entry("发文登记", "kernel:numbers", roles=OFFICE, order=58, icon="file", group="办班")
@require_safe
def number_list(request: HttpRequest) -> HttpResponse:
    """Every number taken, with those left out."""
    actor = actor_of(request)
    require(actor, "papers.register")
    series = list(_series(actor))
    years = visible(actor, DocNumber).order_by("-year").values_list("year", flat=True).distinct()
    return page(
        request, "kernel/numbers.html", found=_listed(request), series=[(row.pk, row.mark) for row in series],
        years=[(year, str(year)) for year in years], states=DocNumber.State.choices, forms=FORMS, form_words=dict(FORMS),
        gaps=registering.gaps(series), may_take=bool(series) and can(actor, "papers.number"), may_keep=can(actor, "papers.series"),
    )  # fmt: skip


@require_safe
def number_sheet(request: HttpRequest) -> HttpResponse:
    """The register as it is narrowed, with the gaps, as a workbook."""
    actor = actor_of(request)
    require(actor, "papers.register")
    content = register_file(_listed(request, per=20_000).rows, registering.gaps(_series(actor)))
    return attachment(content, "发文登记.xlsx")


def number_take(request: HttpRequest) -> HttpResponse:
    """Take, enter or reserve numbers for documents made elsewhere."""
    actor = actor_of(request)
    require(actor, "papers.number")
    form = TakeForm(registering.series_for(actor), request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            taken = _taken(actor, form.cleaned_data)
        except Fault as fault:
            form.add_error(fault.field if fault.field in form.fields else None, fault.message)
        else:
            messages.success(request, _("已登记 %(number)s。") % {"number": "、".join(map(str, taken))})
            return redirect("kernel:numbers" if can(actor, "papers.register") else "desk:home")
    return page(request, "kernel/number_take.html", form=form, status=422 if form.is_bound else 200)


def _taken(actor: Actor, said: dict[str, Any]) -> list[DocNumber]:
    series, year = said["series"], said["year"]
    entry = Entry(said["title"], said["form"], timezone.localdate())
    if said["mode"] == "reserve":
        return registering.reserve(
            actor, series=series, purpose=said["title"], count=said["count"] or 1, year=year
        )
    if said["mode"] == "type":
        return [registering.type_number(actor, series=series, typed=said["typed"], entry=entry, year=year)]
    return [registering.draw_number(actor, series=series, entry=entry, year=year)]


def number_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One number, its history, and voiding it."""
    actor = actor_of(request)
    row = get_object_or_404(visible(actor, DocNumber).select_related("series"), pk=pk)
    form = VoidForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        registering.void_number(actor, number=row, reason=form.cleaned_data["reason"])
        messages.success(request, _("已作废 %(number)s。") % {"number": row.number})
        return redirect("kernel:number", pk)
    return page(
        request, "kernel/number.html", row=row, form=form, link=registering.link_of(row), form_words=dict(FORMS),
        may_void=row.state != "void" and can(actor, "papers.void_number", row), history=audit.timeline(row, 30),
        audit_words=audit.words, status=422 if form.is_bound else 200,
    )  # fmt: skip


@require_safe
def series_list(request: HttpRequest) -> HttpResponse:
    """The series of the school, how far each has got this year, and who may draw."""
    actor = actor_of(request)
    require(actor, "papers.series")
    year = timezone.localdate().year
    rows = list(visible(actor, DocSeries).order_by("purpose", "pk"))
    last = dict(SeriesYear.objects.filter(series__in=rows, year=year).values_list("series_id", "last"))
    lines = [
        (row, last.get(row.pk, 0), numbering.number(row.pattern, row.mark, year, last.get(row.pk, 0) + 1))
        for row in rows
    ]
    return page(request, "kernel/series.html", lines=lines, year=year, role_words=dict(DRAWERS))


def series_new(request: HttpRequest) -> HttpResponse:
    """Open a series."""
    return _series_form(request, None)


def series_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a series, or say where it goes on."""
    return _series_form(request, get_object_or_404(_series(actor_of(request)), pk=pk))


def _series_form(request: HttpRequest, row: DocSeries | None) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "papers.series", row)
    now = (
        {"mark": row.mark, "pattern": row.pattern, "drawers": row.drawers, "active": row.active}
        if row
        else {}
    )
    form = SeriesForm(request.POST if request.method == "POST" else None, initial=now or None)
    if form.is_bound and form.is_valid():
        try:
            _keep(actor, row, form.cleaned_data)
        except Fault as fault:
            form.add_error(fault.field if fault.field in form.fields else None, fault.message)
        else:
            messages.success(request, _("编号系列已保存。"))
            return redirect("kernel:series")
    return page(request, "kernel/series_form.html", form=form, row=row, status=422 if form.is_bound else 200)


def _keep(actor: Actor, row: DocSeries | None, said: dict[str, Any]) -> None:
    registering.save_series(
        actor, series=row, mark=said["mark"], pattern=said["pattern"], drawers=said["drawers"],
        active=said["active"], year=said["year"], following=said["following"],
    )  # fmt: skip
