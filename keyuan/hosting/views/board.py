"""The rotas, the order of each, its turns of the years, its log."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from keyuan.hosting import papers, sheets
from keyuan.hosting.models import LogEntry, Rota, Turn
from keyuan.hosting.queries import board
from keyuan.hosting.queries.standing import disagreements, entries_of, names_of
from keyuan.hosting.rules import SEERS
from keyuan.hosting.rules.explaining import CODES
from keyuan.hosting.views.frame import TONES, rota_of, tabs
from keyuan.kernel import navigation
from keyuan.kernel.access import actor_of, can, require, visible
from keyuan.kernel.downloads import attachment
from keyuan.kernel.pages import Listing, listing, page, paginate

STANDING = (("in", _("参加排序")), ("out", _("本次不参加")), ("never", _("从未承办")))


@navigation.entry("承办轮值", "hosting:rotas", roles=SEERS, order=26, icon="calendar", group="管理")
@require_GET
def rotas(request: HttpRequest) -> HttpResponse:
    """The rotas one sees."""
    actor = actor_of(request)
    require(actor, "hosting.see")
    found = listing(request, board.rotas_with(actor), search=lambda rows, q: rows.filter(name__icontains=q))
    return page(
        request, "hosting/rotas.html", part="rows", listing=found, may=can(actor, "hosting.keep"),
        liaison=actor.organisation_id if "liaison" in actor.roles else None,
    )  # fmt: skip


@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """What the actor's unit hosts, helps with, or is asked about."""
    actor = actor_of(request)
    require(actor, "hosting.see")
    rows = board.my_turns(actor)
    found = listing(
        request,
        rows,
        search=board.search_turns,
        filters={"state": "state"},
        sorts=board.TURN_SORTS,
        default="-day",
    )
    return page(
        request, "hosting/mine.html", part="rows", listing=found, tones=TONES, states=Turn.State.choices,
        title=_("本单位承办"), lead=_("邀请、任务和总结都在各期页面办理。"),
    )  # fmt: skip


@require_GET
def waiting(request: HttpRequest) -> HttpResponse:
    """What waits for the office over all rotas."""
    actor = actor_of(request)
    require(actor, "hosting.keep")
    wanted = board.WAITING.get(request.GET.get("wait", ""))
    rows = board.turns_of(actor).filter(rota__active=True)
    found = listing(
        request, rows.filter(wanted).distinct() if wanted else rows, search=board.search_turns,
        filters={"wait": lambda kept, _value: kept, "state": "state"}, sorts=board.TURN_SORTS, default="day",
    )  # fmt: skip
    return page(
        request, "hosting/mine.html", part="rows", listing=found, tones=TONES, states=Turn.State.choices,
        title=_("待办的期次"), lead=_("待发邀请、逾期未答复、待登记、待确认和待审核的期次。"),
    )  # fmt: skip


def _order(request: HttpRequest, rota: Rota, per: int = 50) -> tuple[board.Board, Listing]:
    found = board.board_of(rota, timezone.localdate())
    asked = {name: request.GET.get(name, "").strip()[:100] for name in ("q", "field", "state", "sort")}
    rows = board.in_order(
        board.narrowed(found.lines, asked["q"], asked["field"], asked["state"]), asked["sort"]
    )
    chosen = {"field": asked["field"], "state": asked["state"]}
    return found, Listing(paginate(request, rows, per), asked["q"], asked["sort"], chosen, board.SORTS)


@require_GET
def order(request: HttpRequest, pk: int) -> HttpResponse:
    """Who stands where for the next turn, and what that follows from."""
    rota, actor = rota_of(request, pk), actor_of(request)
    found, rows = _order(request, rota)
    fields = board.fields_of(found)
    return page(
        request, "hosting/board.html", part="rows", rota=rota, listing=rows, board=found, fields=fields,
        tabs=tabs(actor, rota, "board"), may=can(actor, "hosting.keep", rota), own=actor.organisation_id,
        field_names=[(one.name, one.name) for one in fields],
        standing=[(key, _(str(word))) for key, word in STANDING] + [(key, str(word)) for key, word in CODES.items()],
        open_turns=Turn.objects.filter(rota=rota, state="open").count(),
    )  # fmt: skip


@require_GET
def order_export(request: HttpRequest, pk: int) -> HttpResponse:
    """The order as a workbook."""
    rota = rota_of(request, pk, "hosting.export")
    _found, rows = _order(request, rota, per=100_000)
    return attachment(sheets.order_file(rows.rows), _("%(name)s承办次序.xlsx") % {"name": rota.name})


@require_GET
def order_print(request: HttpRequest, pk: int) -> HttpResponse:
    """The order for print."""
    rota = rota_of(request, pk, "hosting.export")
    _found, rows = _order(request, rota, per=100_000)
    content = papers.order_pdf(rota, rows.rows, rota.school.name, timezone.localdate())
    return attachment(content, _("%(name)s承办次序.pdf") % {"name": rota.name})


def _turns(request: HttpRequest, rota: Rota, per: int = 50) -> Listing:
    rows = board.turns_of(actor_of(request)).filter(rota=rota)
    return listing(
        request, rows, search=board.search_turns, filters={"year": "year", "state": "state"}, sorts=board.TURN_SORTS,
        default="-day", per=per,
    )  # fmt: skip


@require_GET
def turns(request: HttpRequest, pk: int) -> HttpResponse:
    """The turns of all years."""
    rota, actor = rota_of(request, pk), actor_of(request)
    return page(
        request, "hosting/turns.html", part="rows", rota=rota, listing=_turns(request, rota), tones=TONES,
        tabs=tabs(actor, rota, "turns"), years=board.years_of(rota), states=Turn.State.choices,
        may=can(actor, "hosting.keep", rota),
    )  # fmt: skip


@require_GET
def turns_export(request: HttpRequest, pk: int) -> HttpResponse:
    """The turns as a workbook."""
    rota = rota_of(request, pk, "hosting.export")
    content = sheets.turns_file(_turns(request, rota, per=100_000).rows)
    return attachment(content, _("%(name)s历年期次.xlsx") % {"name": rota.name})


@require_GET
def log(request: HttpRequest, pk: int) -> HttpResponse:
    """The log line by line, the seed, and whether all that is stored agrees with it."""
    rota, actor = rota_of(request, pk), actor_of(request)
    rows = visible(actor, LogEntry).filter(rota=rota)
    found = listing(request, rows, filters={"kind": "kind"}, sorts={"seq": "seq"}, default="-seq")
    names = names_of(int(one.facts["society"]) for one in found.rows if "society" in one.facts)
    return page(
        request, "hosting/log.html", part="rows", rota=rota, listing=found, names=names, tabs=tabs(actor, rota, "log"),
        kinds=LogEntry.Kind.choices, faults=disagreements(rota) if found.page.number == 1 else [],
        turns=dict(Turn.objects.filter(rota=rota).values_list("pk", "planned_on")),
    )  # fmt: skip


@require_GET
def log_export(request: HttpRequest, pk: int) -> HttpResponse:
    """The log and the seed as a file that `manage hosting replay` reads; numbers only."""
    rota = rota_of(request, pk, "hosting.export")
    lines = [{"seq": one.seq, "kind": one.kind, "facts": one.facts} for one in entries_of(rota)]
    answer = JsonResponse({"seed": rota.seed, "entries": lines}, json_dumps_params={"ensure_ascii": False})
    answer["Content-Disposition"] = f'attachment; filename="hosting-log-{rota.pk}.json"'
    answer["Cache-Control"] = "no-store"
    return answer
