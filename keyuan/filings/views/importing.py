"""A unit's plan or results as a sheet: sent in, taken back, and handed out."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from keyuan.filings import actions
from keyuan.filings.forms import UploadForm
from keyuan.filings.models import Part
from keyuan.filings.sheets import incoming, outgoing
from keyuan.filings.views.answering import acted, filing_of, part_of
from keyuan.kernel.access import actor_of, require, visible
from keyuan.kernel.downloads import attachment
from keyuan.kernel.faults import Fault
from keyuan.kernel.models.batches import Batch
from keyuan.kernel.pages import page
from keyuan.kernel.sheet import batches


def sheet_import(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a sheet in; the answer is its preview, nothing is written yet. Earlier ones can be taken back."""
    actor, filing = actor_of(request), filing_of(request, pk, "filings.file")
    part = part_of(request.GET.get("part", ""))
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if form.is_bound and form.is_valid():
        try:
            upload, purpose = form.cleaned_data["file"], incoming.PURPOSES[part]
            batch = batches.receive(actor, purpose=purpose, upload=upload, context={"filing": pk})
            return redirect("kernel:batch", batch.pk)
        except Fault as fault:
            form.add_error("file", fault.message)
    earlier = visible(actor, Batch).filter(
        purpose=incoming.PURPOSES[part], context__filing=pk, state=Batch.State.DONE
    )
    return page(
        request, "filings/import.html", form=form, filing=filing, which=part, part_word=str(Part(part).label),
        earlier=earlier.order_by("-pk")[:5], status=422 if form.is_bound else 200,
    )  # fmt: skip


@require_GET
def template(request: HttpRequest, pk: int) -> HttpResponse:
    """An empty sheet to fill in."""
    filing, part = filing_of(request, pk, "filings.file"), part_of(request.GET.get("part", ""))
    name = _("活动计划模板.xlsx") if part == Part.PLAN else _("活动总结模板.xlsx")
    return attachment(incoming.template(filing, part), name)


@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back what a sheet brought in."""
    actor = actor_of(request)
    batch = get_object_or_404(visible(actor, Batch), pk=pk, purpose__in=incoming.PURPOSES.values())
    filing = filing_of(request, batch.context["filing"], "filings.file")
    part = next(part for part, purpose in incoming.PURPOSES.items() if purpose == batch.purpose)
    back = reverse("filings:unit", args=[filing.pk]) + f"#{part}"
    require(actor, "filings.file", filing)
    return acted(
        request, lambda: actions.filing.undo_import(actor, filing=filing, batch=batch, part=part), back,
        _("已撤销这次导入。"),
    )  # fmt: skip


@require_GET
def unit_export(request: HttpRequest, pk: int) -> HttpResponse:
    """A unit's plan and results as a workbook."""
    filing = filing_of(request, pk, "filings.export")
    name = _("%(unit)s%(year)s年报备.xlsx") % {"unit": filing.organisation.name, "year": filing.frame.year}
    return attachment(outgoing.unit_file(filing), name)
