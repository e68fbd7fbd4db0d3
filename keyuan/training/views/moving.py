"""Moving a session on the grid: by dragging, by a page of half-days, and back again."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from keyuan.kernel.access import Actor, actor_of, require, visible
from keyuan.kernel.faults import Fault
from keyuan.kernel.pages import page
from keyuan.training.actions import moving
from keyuan.training.actions.moving import Place
from keyuan.training.models import Session
from keyuan.training.queries import slots


def _asked(request: HttpRequest, pk: int) -> tuple[Actor, Session]:
    """The session, for whoever may place sessions of its class."""
    actor = actor_of(request)
    rows = visible(actor, Session).select_related("training_class__activity", "teacher")
    session = get_object_or_404(rows, pk=pk)
    require(actor, "training.timetable", session.training_class)
    return actor, session


def session_move(request: HttpRequest, pk: int) -> HttpResponse:
    """The half-days a session could go to; POST puts it into one."""
    actor, session = _asked(request, pk)
    if request.method == "POST":
        to = Place.read(request.POST.get("to", "") + ("" if request.POST.get("exact") else ".00:00"))
        if to is None:
            raise Fault(_("请选择要移到的日期和时段。"))
        was, expected = Place.of(session), Place.read(request.POST.get("expected", ""))
        starts = to.starts if request.POST.get("exact") else None
        moved = moving.move_session(
            actor, session=session, day=to.date, half=to.half, starts=starts, expected=expected
        )
        return redirect(_shown(moved, was))
    found = slots.cells(session)
    days = {cell.date: [other for other in found if other.date == cell.date] for cell in found}
    elsewhere = slots.also_elsewhere(session)
    return page(
        request, "training/move.html", session=session, klass=session.training_class, days=days,
        halves=Session.Half.choices, elsewhere=elsewhere, here=str(Place.of(session)),
    )  # fmt: skip


@require_POST
def session_swap(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a session change places with another of its class."""
    actor, session = _asked(request, pk)
    chosen = request.POST.get("with", "")
    other = _asked(request, int(chosen) if chosen.isdecimal() else 0)[1]
    was = Place.of(session)
    moving.swap_sessions(
        actor, first=session, second=other, first_at=Place.read(request.POST.get("expected", "")),
        second_at=Place.read(request.POST.get("other_at", "")),
    )  # fmt: skip
    session.refresh_from_db()
    return redirect(_shown(session, was, other))


def session_slots(request: HttpRequest, pk: int) -> HttpResponse:
    """What dragging needs to know: for each half-day whether the session fits, and if not why."""
    _actor, session = _asked(request, pk)
    told = {
        f"{cell.date:%Y-%m-%d}.{cell.half}": {
            "free": cell.slot is not None, "words": cell.whole_words, "swap": cell.swap.pk if cell.swap else None, "said": cell.said,
        }
        for cell in slots.cells(session)
    }  # fmt: skip
    return JsonResponse(told)


def _shown(session: Session, was: Place, other: Session | None = None) -> str:
    """The timetable, saying what was moved and offering to take it back."""
    words = QueryDict(mutable=True)
    words.update({"moved": str(session.pk), "was": str(was)})
    if other is not None:
        words["with"] = str(other.pk)
    return reverse("training:timetable", args=[session.training_class_id]) + "?" + words.urlencode()


def taken_back(request: HttpRequest, sessions: list[Session]) -> dict[str, object] | None:
    """What the page says of the move just made: the session, where it stood, and with whom it changed places."""
    by_key = {str(session.pk): session for session in sessions}
    moved, was = by_key.get(request.GET.get("moved", "")), Place.read(request.GET.get("was", ""))
    if moved is None or was is None or Place.of(moved) == was:
        return None
    other = by_key.get(request.GET.get("with", ""))
    return {
        "session": moved, "was": was, "now": str(Place.of(moved)), "other": other,
        "other_at": str(Place.of(other)) if other else "", "half": dict(Session.Half.choices)[was.half],
    }  # fmt: skip


def warned(request: HttpRequest, session: Session) -> None:
    """Tell the office which trainees are in another class at the time of a session just placed."""
    for other, names in slots.also_elsewhere(session):
        words = _("有 %(n)s 名学员同一时间在“%(class)s”上课：%(names)s。")
        told = {"n": len(names), "class": other.training_class.title, "names": "、".join(names[:5])}
        messages.warning(request, words % told)
