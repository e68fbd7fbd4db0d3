"""The board of a frame, its groups, sums and activities, and their workbooks."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from keyuan.filings import actions
from keyuan.filings.flows import FRAME
from keyuan.filings.models import Cohort, Filing, Frame, Part
from keyuan.filings.queries import board, totals
from keyuan.filings.sheets import outgoing
from keyuan.filings.views.answering import frame_of, may_keep, part_of, tabs_of
from keyuan.kernel.access import actor_of, visible
from keyuan.kernel.downloads import attachment
from keyuan.kernel.pages import Listing, listing, page

ALL = 100_000


def _board(request: HttpRequest, frame: Frame, per: int = 50) -> Listing:
    return listing(
        request, board.board(actor_of(request), frame), search=board.search, sorts=board.SORTS, default="unit", per=per,
        filters=board.filters(frame, timezone.localdate()),
    )  # fmt: skip


@require_GET
def board_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Which unit filed what and who owes; the office receives, accepts and reminds from here."""
    actor, frame, today = actor_of(request), frame_of(request, pk), timezone.localdate()
    return page(
        request, "filings/board.html", part="rows", asked=frame, listing=_board(request, frame), today_is=today,
        tabs=tabs_of(request, frame, "board"), counts=board.summary(actor, frame, today), standings=board.STANDINGS,
        chosen=board.choices(actor, frame), moves=FRAME.open_moves(frame, actor), may_keep=may_keep(request, frame),
        overdue={part: frame.deadline(part) < today for part in Part.values},
    )  # fmt: skip


@require_GET
def board_export(request: HttpRequest, pk: int) -> HttpResponse:
    """The board as it is narrowed."""
    frame = frame_of(request, pk, "filings.export")
    content = outgoing.board_file(_board(request, frame, ALL).rows)
    return attachment(content, _("%(title)s报送进度.xlsx") % {"title": frame.title})


@require_POST
def move_many(request: HttpRequest, pk: int) -> HttpResponse:
    """Receive or accept the ticked units' plans or results together."""
    actor, frame = actor_of(request), frame_of(request, pk, "filings.receive")
    part, _dash, move = request.POST.get("act", "").partition("-")
    keys = [int(key) for key in request.POST.getlist("pk") if key.isdigit()]
    rows = (
        visible(actor, Filing)
        .filter(frame=frame, pk__in=keys)
        .select_related("frame__school", "organisation")
    )
    if move in {"receive", "accept"} and keys:
        done, left = actions.moving.move_many(actor, filings=list(rows), part=part_of(part), move=move)
        said = _("已办理 %(n)s 个单位。") % {"n": done}
        messages.success(request, said + (_("%(n)s 个单位尚未报送或已办过。") % {"n": left} if left else ""))
    else:
        messages.error(request, _("请先勾选单位。"))
    return redirect("filings:board", pk)


@require_GET
def groups(request: HttpRequest, pk: int) -> HttpResponse:
    """Province, kind or city, field: how many are asked, filed, owe, are late."""
    actor, frame = actor_of(request), frame_of(request, pk)
    by = "city" if request.GET.get("by") == "city" else "field"
    return page(
        request, "filings/groups.html", asked=frame, tabs=tabs_of(request, frame, "groups"), by=by,
        top=board.tree(actor, frame, timezone.localdate(), by), parts=Part.choices,
    )  # fmt: skip


@require_GET
def totals_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Sums of what was handed in."""
    actor, frame = actor_of(request), frame_of(request, pk)
    return page(
        request, "filings/totals.html", asked=frame, tabs=tabs_of(request, frame, "totals"),
        found=totals.totals(actor, frame), units=totals.units_of(actor, frame),
    )  # fmt: skip


@require_GET
def totals_export(request: HttpRequest, pk: int) -> HttpResponse:
    """The sums as a workbook."""
    frame = frame_of(request, pk, "filings.export")
    content = outgoing.totals_file(totals.totals(actor_of(request), frame))
    return attachment(content, _("%(title)s汇总.xlsx") % {"title": frame.title})


def _lines(request: HttpRequest, frame: Frame, today: date, per: int = 50) -> Listing:
    filters: dict[str, Any] = {
        "type": "type_id", "cohort": "cohort", "month": "month", "kind": "filing__organisation__kind",
        "field": "filing__organisation__field_or_region",
        "state": lambda rows, value: totals.standing(rows, frame, value, today),
    }  # fmt: skip
    return listing(
        request, totals.activities(actor_of(request), frame), search=totals.search, filters=filters, per=per, default="month",
        sorts={
            "unit": ("filing__organisation__kind", "filing__organisation__order"), "name": "name", "month": "month",
            "people": "people", "budget": "budget", "attended": "attended",
        },
    )  # fmt: skip


@require_GET
def lines_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Every planned activity beside what came of it."""
    actor, frame, today = actor_of(request), frame_of(request, pk), timezone.localdate()
    found = _lines(request, frame, today)
    return page(
        request, "filings/lines.html", part="rows", asked=frame, tabs=tabs_of(request, frame, "lines"), listing=found,
        types=list(frame.types.values_list("pk", "name")), cohorts=Cohort.choices, states=totals.STATES[:3],
        chosen=board.choices(actor, frame), standing={row.pk: totals.state_of(row, frame, today) for row in found.rows},
        unplanned=totals.counted_outcomes(actor, frame).filter(line=None).count(),
    )  # fmt: skip


@require_GET
def lines_export(request: HttpRequest, pk: int) -> HttpResponse:
    """The activities as they are narrowed."""
    frame, today = frame_of(request, pk, "filings.export"), timezone.localdate()
    content = outgoing.lines_file(_lines(request, frame, today, ALL).rows, frame, today)
    return attachment(content, _("%(title)s计划与结果.xlsx") % {"title": frame.title})
