"""The board over all terms that owe duties, its workbook, and the refreshing of proofs on demand."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_GET, require_POST

from keyuan.duty import actions, sheets
from keyuan.duty.models import DutyRule, Kind
from keyuan.duty.queries import board
from keyuan.duty.rules.access import SEERS
from keyuan.duty.rules.standing import STATES, TONES
from keyuan.duty.views.frame import tabs
from keyuan.kernel import navigation
from keyuan.kernel.access import actor_of, can, require, visible
from keyuan.kernel.downloads import attachment
from keyuan.kernel.pages import Listing, page, paginate
from keyuan.orgs.models import Organisation, School
from keyuan.orgs.queries import fields_and_regions

FILTERS = ("kind", "field", "city", "number", "year", "duty", "state", "within")
WITHIN = [
    ("30", _lazy("30 天内届满未完成")),
    ("90", _lazy("90 天内届满未完成")),
    ("180", _lazy("180 天内届满未完成")),
]


def _wanted(request: HttpRequest) -> tuple[board.Wanted, dict[str, str]]:
    chosen = {name: request.GET.get(name, "").strip()[:40] for name in FILTERS}
    return board.Wanted(q=request.GET.get("q", "").strip()[:100], **chosen), chosen


@navigation.entry("听一课讲一课", "duty:board", roles=SEERS, order=67, icon="certificate", group="资源")
@require_GET
def duty_board(request: HttpRequest) -> HttpResponse:
    """Who has done, planned or missed which of the two duties, over all terms in force or of a year."""
    actor, on = actor_of(request), timezone.localdate()
    require(actor, "duty.see")
    wanted, chosen = _wanted(request)
    rows, sort = board.meant(actor, wanted, on), request.GET.get("sort", "")
    found = paginate(request, board.terms_of(actor, rows, wanted, on, sort))
    found.object_list = board.lines_of(found.object_list, on)
    return page(
        request, "duty/board.html", part="rows", listing=Listing(found, wanted.q, sort, chosen, tuple(board.SORTS)),
        counts=board.counted(rows), duties=Kind.choices, states=STATES, dict_states=dict(STATES), tones=TONES, on=on, tabs=tabs(actor, "duty:board"),
        kinds=[each for each in Organisation.Kind.choices if each[0] in ("society", "city_association")],
        fields=fields_and_regions(actor), cities=board.cities(actor), numbers=board.numbers(actor),
        years=[(year, _("%(year)s 年在任") % {"year": year}) for year in board.years(actor, on)],
        within=WITHIN, missing=board.unrecorded(actor, on),
        ruled=visible(actor, DutyRule).exists(), may_keep=can(actor, "duty.keep"), may_invite=can(actor, "duty.invite"),
    )  # fmt: skip


@require_GET
def board_export(request: HttpRequest) -> HttpResponse:
    """The board as it is narrowed."""
    actor, on = actor_of(request), timezone.localdate()
    require(actor, "duty.export")
    wanted, _chosen = _wanted(request)
    terms = board.terms_of(actor, board.meant(actor, wanted, on), wanted, on, request.GET.get("sort", ""))
    content = sheets.board_file(board.lines_of(terms, on))
    return attachment(content, _("听一课讲一课一览%(day)s.xlsx") % {"day": f"{on:%Y%m%d}"})


@require_POST
def refresh(request: HttpRequest) -> HttpResponse:
    """Open duties of new terms and read proofs now rather than at the next tick."""
    actor, on = actor_of(request), timezone.localdate()
    require(actor, "duty.keep")
    school = get_object_or_404(visible(actor, School), pk=actor.school_id)
    opened = actions.open_duties(actor, school=school, on=on)
    proven, fallen = actions.recompute(actor, school=school, on=on)
    told = {"a": opened, "b": proven, "c": fallen}
    messages.success(request, _("已核对：新建职责 %(a)s 项，新认定 %(b)s 项，冲销 %(c)s 项。") % told)
    return redirect("duty:board")
