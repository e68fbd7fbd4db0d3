"""Who is due under a requirement: the list, its workbook and print, and the summary over all requirements."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from keyuan.kernel import navigation
from keyuan.kernel.access import Actor, actor_of, can, require, visible
from keyuan.kernel.downloads import attachment
from keyuan.kernel.pages import Listing, page, paginate
from keyuan.orgs.models import Organisation
from keyuan.orgs.queries import fields_and_regions
from keyuan.rotation import sheets
from keyuan.rotation.models import Requirement
from keyuan.rotation.queries import board
from keyuan.rotation.queries.coverage import Coverage, coverage, requirements_seen
from keyuan.rotation.rules import SEERS
from keyuan.rotation.views.frame import asked_of, chosen, requirement_of, tabs

TONES = {"not_begun": "bad", "in_progress": "warn", "met": "good", "exempt": "neutral", "new": "info"}
MOST_PRINTED = 2000


def _options(actor: Actor, requirement: Requirement | None, found: Coverage | None) -> dict[str, Any]:
    """What the filters offer: only what occurs in the list."""
    lines = found.lines if found else []
    units = {line.unit.pk: line.unit for line in lines if line.unit}
    kinds = {unit.kind for unit in units.values()}
    cohorts = dict.fromkeys(word for line in lines for word in line.member.cohorts)
    in_order = sorted(units.values(), key=lambda unit: (unit.kind, unit.order, unit.pk))
    return {
        "kinds": [(kind, word) for kind, word in Organisation.Kind.choices if kind in kinds],
        "units": [*((unit.pk, str(unit)) for unit in in_order), (board.NO_UNIT, _("未登记单位"))],
        "fields": fields_and_regions(actor),
        "cities": board.cities_of(units),
        "cohorts": [(word, word) for word in cohorts],
        "states": board.FILTER_STATES,
        "requirements": [(one.pk, one.title) for one in requirements_seen(actor)],
        "requirement": requirement,
    }


@navigation.entry("轮训调训", "rotation:board", roles=SEERS, order=68, icon="class", group="资源")
@require_GET
def due_board(request: HttpRequest) -> HttpResponse:
    """Everybody a requirement holds for, the most urgent first."""
    actor, on = actor_of(request), timezone.localdate()
    require(actor, "rotation.see")
    one, wanted = requirement_of(actor, request.GET.get("requirement", "")), asked_of(request.GET)
    found = coverage(actor, one, on) if one else None
    every, sort = found.lines if found else [], request.GET.get("sort", "")
    rows = board.in_order(board.narrowed(every, wanted), sort)
    narrow = {name: getattr(wanted, name) for name in board.FILTERS}
    if one is not None and request.GET.get("requirement"):
        narrow = {"requirement": str(one.pk), **narrow}
    listed = Listing(paginate(request, rows), wanted.q, sort, narrow, board.SORTS)
    return page(
        request, "rotation/board.html", part="rows", listing=listed, found=found, counts=board.counted(every), on=on,
        tabs=tabs(actor, "rotation:board"), tones=TONES, may=can(actor, "rotation.keep"), every=len(every),
        amount=sheets.amount, forecast=sheets.forecast, words=dict(board.FILTER_STATES),
        due=sum(line.standing.is_due for line in rows), **_options(actor, one, found),
    )  # fmt: skip


@require_GET
def board_export(request: HttpRequest) -> HttpResponse:
    """The list as it is narrowed, as a workbook."""
    actor, on = actor_of(request), timezone.localdate()
    require(actor, "rotation.export")
    one = requirement_of(actor, request.GET.get("requirement", ""))
    lines = coverage(actor, one, on).lines if one else []
    rows = board.in_order(board.narrowed(lines, asked_of(request.GET)), request.GET.get("sort", ""))
    name = _("轮训调训情况%(day)s.xlsx") % {"day": f"{on:%Y%m%d}"}
    return attachment(sheets.coverage_file(rows), name)


@require_GET
def board_print(request: HttpRequest) -> HttpResponse:
    """Who is due, for print, by unit."""
    actor = actor_of(request)
    require(actor, "rotation.export")
    requirement, found, lines = chosen(actor, request.GET)
    return page(
        request, "rotation/print.html", requirement=requirement, found=found, lines=lines[:MOST_PRINTED],
        more=max(0, len(lines) - MOST_PRINTED), amount=sheets.amount, forecast=sheets.forecast,
        on=timezone.localdate(),
    )  # fmt: skip


@require_GET
def summary(request: HttpRequest) -> HttpResponse:
    """How far every requirement is covered, by kind of unit and by city."""
    actor, on = actor_of(request), timezone.localdate()
    require(actor, "rotation.see")
    rows = board.summaries(actor, on)
    return page(
        request, "rotation/summary.html", rows=rows, on=on, tabs=tabs(actor, "rotation:summary"),
        amount=sheets.amount, may=can(actor, "rotation.keep"), none=not visible(actor, Requirement).exists(),
    )  # fmt: skip


@require_GET
def summary_export(request: HttpRequest) -> HttpResponse:
    """The summary as a workbook."""
    actor, on = actor_of(request), timezone.localdate()
    require(actor, "rotation.export")
    content = sheets.summary_file(board.summaries(actor, on))
    return attachment(content, _("轮训调训汇总%(day)s.xlsx") % {"day": f"{on:%Y%m%d}"})
