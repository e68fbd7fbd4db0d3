"""A sent sheet: preview with a verdict a row, mending in place, confirming, and the bad rows back."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from keyuan.kernel import batchjobs
from keyuan.kernel.access import actor_of, visible
from keyuan.kernel.columnforms import ColumnsForm
from keyuan.kernel.downloads import attachment
from keyuan.kernel.faults import Fault
from keyuan.kernel.models.batches import Batch, BatchGrid, BatchRow
from keyuan.kernel.pages import listing, page
from keyuan.kernel.sheet import Column, Row, batches, mending, repairs


def batch(request: HttpRequest, pk: int) -> HttpResponse:
    """The preview: how many rows can go in, and what is wrong with the others."""
    actor = actor_of(request)
    found = get_object_or_404(visible(actor, Batch), pk=pk)
    if found.state == Batch.State.MAPPING:
        return redirect("kernel:batch-columns", pk)
    rows = visible(actor, BatchRow).filter(batch=found)
    sorts = {"row": "sheet_row", "first": ("-is_bad", "sheet_row")}
    shown = listing(request, rows, filters={"bad": _by_verdict}, sorts=sorts, default="first")
    purpose = batches.purpose_of(found)
    return page(
        request, "kernel/batch.html", part="preview", batch=found, found=shown, columns=_columns(purpose),
        rows=[(stored, batches.opened(stored)) for stored in shown.rows], counts=_counts(found),
        back=batchjobs.back_of(found), job=batchjobs.job_of(found), why=repairs.why,
        mapping=purpose.by_hand and found.state == Batch.State.PREVIEW and BatchGrid.objects.filter(batch=found).exists(),
    )  # fmt: skip


def _by_verdict(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    narrowed: dict[str, dict[str, bool]] = {
        "bad": {"is_bad": True}, "asking": {"is_asking": True}, "good": {"is_bad": False},
    }  # fmt: skip
    wanted = narrowed.get(value, {})
    found = rows.filter(**wanted)
    return found.exclude(state=BatchRow.State.APPLIED) if value == "left" else found


def _columns(purpose: batches.Purpose) -> list[tuple[str, str]]:
    return [(column.key, column.title) for column in purpose.sheet.columns if not column.weightless]


def _counts(found: Batch) -> dict[str, int]:
    rows = found.rows.all()
    return {
        "all": rows.count(),
        "bad": rows.filter(is_bad=True).count(),
        "faulty": rows.filter(is_bad=True).exclude(faults=[]).count(),
        "asking": rows.filter(is_asking=True).count(),
        "applied": rows.filter(state=BatchRow.State.APPLIED).count(),
    }


def batch_row(request: HttpRequest, pk: int) -> HttpResponse:
    """Mend one row: its cells as they were read, each fault beside its cell."""
    actor = actor_of(request)
    stored = get_object_or_404(visible(actor, BatchRow).select_related("batch"), pk=pk)
    purpose = batches.purpose_of(stored.batch)
    if request.method == "POST":
        typed = {
            column.key: request.POST.get(column.key, "").strip()
            for column in purpose.sheet.columns
            if column.key in request.POST
        }
        row = mending.mend(actor, row=stored, values=typed)
        if row.ready:
            messages.success(request, _("第 %(n)s 行已改好。") % {"n": row.number})
            return redirect("kernel:batch", stored.batch_id)
    else:
        row = batches.opened(stored)
    columns = [column for column in purpose.sheet.columns if not column.weightless]
    faults = {fault.column: fault.message for fault in row.faults}
    return page(
        request, "kernel/batch_row.html", batch=stored.batch, stored=stored, row=row, columns=columns, faults=faults,
        why=repairs.why, hints={hint.column: hint.message for hint in row.hints}, cells=_cells(stored.batch, row, columns),
        status=422 if request.method == "POST" else 200,
    )  # fmt: skip


def _cells(found: Batch, row: Row, columns: list[Column]) -> dict[str, str]:
    """What stands in each field: the value read, or where that failed the cell as it was sent."""
    cells = {}
    for column in columns:
        key = column.key
        place = found.places.get(key)
        sent = row.cells[place] if place is not None and place < len(row.cells) else ""
        cells[key] = row.values.get(key, "") or sent
    return cells


@require_POST
def row_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide one question of a row; the list comes back where it was."""
    actor = actor_of(request)
    stored = get_object_or_404(visible(actor, BatchRow), pk=pk)
    row = mending.answer(
        actor, row=stored, question=request.POST.get("question", ""), option=request.POST.get("option", "")
    )
    messages.success(request, _("第 %(n)s 行已确认。") % {"n": row.number})
    kept = urlencode({key: value for key in ("bad", "page") if (value := request.POST.get(key, ""))})
    return redirect(f"{reverse('kernel:batch', args=[stored.batch_id])}{'?' if kept else ''}{kept}")


@require_POST
def batch_accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer every open question by its proposal."""
    actor = actor_of(request)
    found = get_object_or_404(visible(actor, Batch), pk=pk)
    count = mending.accept_proposed(actor, batch=found)
    messages.success(request, _("已接受 %(n)s 条建议。") % {"n": count})
    return redirect("kernel:batch", pk)


def batch_columns(request: HttpRequest, pk: int) -> HttpResponse:
    """Which title means which column: guessed, corrected by select, remembered for the sender."""
    actor = actor_of(request)
    found = get_object_or_404(visible(actor, Batch), pk=pk)
    form = ColumnsForm(found, request.POST if request.method == "POST" else None, request.GET)
    if request.method == "POST" and form.is_valid():
        try:
            mending.read_columns(actor, batch=found, **form.chosen())
        except Fault as fault:
            form.add_error(None, fault.message)
        else:
            messages.success(request, _("已按这样对应重新读取，下次同样的表头会自动对应。"))
            return redirect("kernel:batch", pk)
    status = 422 if form.is_bound else 200
    return page(
        request, "kernel/batch_columns.html", batch=found, form=form, back=batchjobs.back_of(found), status=status
    )  # fmt: skip


@require_POST
def batch_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the good rows go in, in the background."""
    actor = actor_of(request)
    found = get_object_or_404(visible(actor, Batch), pk=pk)
    batchjobs.confirm_and_start(actor, batch=found)
    return redirect("kernel:batch", pk)


@require_POST
def batch_drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the sheet up."""
    actor = actor_of(request)
    found = get_object_or_404(visible(actor, Batch), pk=pk)
    back = batchjobs.back_of(found)
    batches.drop(actor, batch=found)
    messages.success(request, _("这份表格已放弃，没有导入任何内容。"))
    return redirect(back)


def batch_result(request: HttpRequest, pk: int) -> HttpResponse:
    """The rows that did not go in, annotated."""
    actor = actor_of(request)
    found = get_object_or_404(visible(actor, Batch), pk=pk)
    return attachment(batches.result_file(actor, batch=found), "未导入的行.xlsx")
