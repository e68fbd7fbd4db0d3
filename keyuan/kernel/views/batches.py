"""A sent sheet: preview with a verdict a row, mending in place, confirming, and the bad rows back."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from keyuan.kernel import batchjobs
from keyuan.kernel.access import actor_of, visible
from keyuan.kernel.models.batches import Batch, BatchRow
from keyuan.kernel.pages import listing, page
from keyuan.kernel.sheet import Column, Row, batches, mending

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def batch(request: HttpRequest, pk: int) -> HttpResponse:
    """The preview: how many rows can go in, and what is wrong with the others."""
    actor = actor_of(request)
    found = get_object_or_404(visible(actor, Batch), pk=pk)
    rows = visible(actor, BatchRow).filter(batch=found)
    shown = listing(request, rows, filters={"bad": _by_verdict}, sorts={"row": "sheet_row"}, default="row")
    purpose = batches.purpose_of(found)
    return page(
        request, "kernel/batch.html", part="preview", batch=found, found=shown, columns=_columns(purpose),
        rows=[(stored, batches.opened(stored)) for stored in shown.rows], counts=_counts(found),
        back=batchjobs.back_of(found), job=batchjobs.job_of(found),
    )  # fmt: skip


def _by_verdict(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    wanted: dict[str, bool] = {"bad": {"is_bad": True}, "good": {"is_bad": False}, "left": {}}.get(value, {})
    found = rows.filter(**wanted)
    return found.exclude(state=BatchRow.State.APPLIED) if value == "left" else found


def _columns(purpose: batches.Purpose) -> list[tuple[str, str]]:
    return [(column.key, column.title) for column in purpose.sheet.columns if not column.weightless]


def _counts(found: Batch) -> dict[str, int]:
    rows = found.rows.all()
    return {
        "all": rows.count(),
        "bad": rows.filter(is_bad=True).count(),
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
        if row.ok:
            messages.success(request, _("第 %(n)s 行已改好。") % {"n": row.number})
            return redirect("kernel:batch", stored.batch_id)
    else:
        row = batches.opened(stored)
    columns = [column for column in purpose.sheet.columns if not column.weightless]
    faults = {fault.column: fault.message for fault in row.faults}
    return page(
        request, "kernel/batch_row.html", batch=stored.batch, stored=stored, row=row, columns=columns, faults=faults,
        hints={hint.column: hint.message for hint in row.hints}, cells=_cells(stored.batch, row, columns),
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
    messages.success(request, _("已放弃这份表格，没有导入任何人。"))
    return redirect(back)


def batch_result(request: HttpRequest, pk: int) -> HttpResponse:
    """The rows that did not go in, annotated."""
    actor = actor_of(request)
    found = get_object_or_404(visible(actor, Batch), pk=pk)
    answer = HttpResponse(batches.result_file(actor, batch=found), content_type=XLSX)
    answer["Content-Disposition"] = (
        "attachment; filename*=UTF-8''%E6%9C%AA%E5%AF%BC%E5%85%A5%E7%9A%84%E8%A1%8C.xlsx"
    )
    answer["Cache-Control"] = "no-store"
    return answer
