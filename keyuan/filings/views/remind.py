"""Reminding whoever owes, and the record of it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from keyuan.filings import actions
from keyuan.filings.models import Frame, Part
from keyuan.filings.queries import board
from keyuan.filings.sheets import outgoing
from keyuan.filings.views.answering import frame_of, part_of, tabs_of
from keyuan.kernel.access import actor_of
from keyuan.kernel.downloads import attachment
from keyuan.kernel.faults import Fault
from keyuan.kernel.pages import Listing, listing, page


@require_POST
def remind(request: HttpRequest, pk: int) -> HttpResponse:
    """One click reminds all who owe."""
    frame, part = frame_of(request, pk, "filings.remind"), part_of(request.POST.get("part", ""))
    try:
        done = actions.reminding.remind(actor_of(request), frame=frame, part=part)
    except Fault as fault:
        messages.error(request, fault.message)
    else:
        said = [_("已催报 %(n)s 个单位。") % {"n": done.told}]
        said += [_("%(n)s 个单位没有联络员账号，请电话联系。") % {"n": done.silent}] if done.silent else []
        said += [_("%(n)s 个单位今天已催过，不再重复。") % {"n": done.again}] if done.again else []
        messages.success(request, "".join(said))
    return redirect("filings:reminders", pk)


def _rows(request: HttpRequest, frame: Frame, per: int = 50) -> Listing:
    return listing(
        request, board.reminders(actor_of(request), frame), per=per, default="-on",
        search=lambda rows, text: rows.filter(filing__organisation__name__icontains=text),
        filters={"part": "part", "told": lambda rows, value: rows.filter(told=0) if value == "none" else rows.filter(told__gt=0)},
        sorts={"on": ("on", "at"), "unit": ("filing__organisation__kind", "filing__organisation__order"), "told": "told"},
    )  # fmt: skip


@require_GET
def reminders(request: HttpRequest, pk: int) -> HttpResponse:
    """Who was reminded of what, when and by whom."""
    frame = frame_of(request, pk)
    return page(
        request, "filings/reminders.html", part="rows", asked=frame, tabs=tabs_of(request, frame, "reminders"),
        listing=_rows(request, frame), parts=Part.choices, silent=board.silent(actor_of(request), frame),
    )  # fmt: skip


@require_GET
def reminders_export(request: HttpRequest, pk: int) -> HttpResponse:
    """The record as it is narrowed."""
    frame = frame_of(request, pk, "filings.export")
    content = outgoing.reminders_file(_rows(request, frame, 100_000).rows)
    return attachment(content, _("%(title)s催报记录.xlsx") % {"title": frame.title})
