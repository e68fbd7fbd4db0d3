"""One turn: its page, and every unit's place when it was drawn."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from keyuan.hosting.flows import TURN
from keyuan.hosting.forms import DoneForm, EventForm, FileForm, LecturerForm, ReportForm
from keyuan.hosting.models import Turn
from keyuan.hosting.queries import turns
from keyuan.hosting.queries.standing import drawn
from keyuan.hosting.rules import unit_of
from keyuan.hosting.views.frame import TONES, turn_of
from keyuan.kernel.access import actor_of, can
from keyuan.kernel.pages import Listing, page, paginate

STEPS = (("proposed", _("排出")), ("invited", _("邀请")), ("accepted", _("确认")), ("done", _("举办")))


def steps_of(turn: Turn) -> list[tuple[str, str, str]]:
    """How far the turn is."""
    order = ("open", "proposed", "invited", "accepted", "done")
    if turn.state not in order:
        return [(_("已取消"), "stopped", turn.note)]
    at = order.index(turn.state)
    found = [
        (_(str(word)), "done" if n <= at else "now" if n == at + 1 else "todo", "")
        for n, (_key, word) in enumerate(STEPS, 1)
    ]
    report = getattr(turn, "report", None)
    state = "done" if report and report.state == "accepted" else "now" if turn.state == "done" else "todo"
    return [*found, (_("总结"), state, "")]


def show(request: HttpRequest, turn: Turn, status: int = 200, **forms: Any) -> HttpResponse:
    """The page of a turn; a refused form stands in place of an empty one."""
    actor, whole = actor_of(request), turns.whole_of(actor_of(request), turn)
    expected = {key: count for key, _label, count, _came in whole.people}
    came = {key: count for key, _label, _expected, count in whole.people}
    event = {name: getattr(turn, name) for name in ("title", "held_on", "place", "agenda")}
    report = {"summary": whole.report.summary, "results": whole.report.results} if whole.report else {}
    said = {
        "planning": EventForm(expected, initial=event), "lecturing": LecturerForm(), "filing": FileForm(),
        "closing": DoneForm({key: came[key] or expected[key] for key in came}, initial={"held_on": turn.held_on or timezone.localdate()}),
        "reporting": ReportForm(initial=report), **forms,
    }  # fmt: skip
    keeps, works = can(actor, "hosting.keep", turn), can(actor, "hosting.work", turn)
    live = turn.state in {"invited", "accepted"}
    answers = can(actor, "hosting.answer", turn)
    return page(
        request, "hosting/turn.html", status=status, turn=turn, whole=whole, tones=TONES, steps=steps_of(turn), may=keeps,
        works=works and turn.state in {"accepted", "done"}, names={move.name for move in TURN.open_moves(turn, actor)},
        units=turns.units_beside(turn) if keeps and turn.state in {"proposed", "invited", "accepted"} else [],
        others=turns.others_to_swap(turn) if live and answers else [], inside=works or keeps, today=timezone.localdate(),
        unit=unit_of(actor), **said,
    )  # fmt: skip


@require_GET
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """All that is known of a turn, and what may be done."""
    return show(request, turn_of(request, pk))


@require_GET
def order(request: HttpRequest, pk: int) -> HttpResponse:
    """Every unit's place when the host was drawn, and why or why not."""
    turn = turn_of(request, pk)
    found = drawn(turn.rota, turn.drawn_seq) if turn.drawn_seq else None
    if found is None:
        raise Http404
    q = request.GET.get("q", "").strip()[:100]
    rows = [one for one in turns.told_at(turn.rota, found) if q in one.unit]
    return page(
        request,
        "hosting/order.html",
        part="rows",
        turn=turn,
        listing=Listing(paginate(request, rows), q),
        found=found,
    )
