"""Screens of those who keep attendance: sittings, the room's big code, the live board, the scanner."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from keyuan.attendance import actions, queries, sheets
from keyuan.attendance.actions.checking import Tick
from keyuan.attendance.models import Claim, Sitting
from keyuan.attendance.queries.door import open_records
from keyuan.attendance.queries.grid import grid
from keyuan.attendance.queries.meeting import online_seconds
from keyuan.attendance.rules import codes, owner_title
from keyuan.attendance.rules.access import STAFF_ROLES
from keyuan.kernel import links, navigation
from keyuan.kernel.access import Actor, actor_of, can, require, visible
from keyuan.kernel.downloads import attachment
from keyuan.kernel.faults import Fault
from keyuan.kernel.pages import listing, page, wants_part

STAFF = ("registrar", "head_teacher", "leader")
TICKS = ("present", "late", "absent", "undo")
navigation.entry(_("考勤"), "attendance:list", STAFF, 50, "clock")


def _sitting(request: HttpRequest, pk: int) -> Sitting:
    actor = actor_of(request)
    sitting = get_object_or_404(visible(actor, Sitting), pk=pk)
    require(actor, "attendance.mark", sitting)
    return sitting


@require_GET
def sitting_list(request: HttpRequest) -> HttpResponse:
    """Sittings this actor keeps, the latest day first; today's stand on top of the page."""
    actor = actor_of(request)
    found = listing(
        request,
        visible(actor, Sitting),
        search=lambda rows, text: rows.filter(title__icontains=text),
        filters={"owner": "owner_id", "half": "half", "state": "state"},
        sorts={"starts": "starts", "title": "title"},
        default="-starts",
    )
    today = list(queries.today_sittings(actor))
    return page(
        request,
        "attendance/list.html",
        listing=found,
        today_rows=today,
        kept={row.pk for row in today if can(actor, "attendance.mark", row)},
        keeps=bool(actor.roles.intersection(STAFF_ROLES)),
        leaves=queries.leaves_for(actor).filter(state="requested").count(),
        states=Sitting.State.choices,
    )


@never_cache
@require_GET
def screen(request: HttpRequest, pk: int) -> HttpResponse:
    """The room's screen: the code that changes every 15 seconds, how many are here, who is not yet.

    Left on the wall, it goes on by itself to the class's next session of the day.
    """
    sitting = _sitting(request, pk)
    follows = queries.next_today(actor_of(request), sitting)
    if follows is not None:
        place = reverse("attendance:screen", args=(follows.pk,))
        return HttpResponse(headers={"HX-Redirect": place}) if wants_part(request) else redirect(place)
    path = reverse("attendance:scan-room", args=(sitting.pk, codes.room_token(sitting.pk)))
    return page(
        request,
        "attendance/screen.html",
        part="now",
        sitting=sitting,
        board=queries.board(actor_of(request), sitting),
        address=links.absolute(path),
        letters=codes.room_letters(sitting.pk),
    )


@never_cache
@require_GET
def board(request: HttpRequest, pk: int) -> HttpResponse:
    """The live board."""
    actor = actor_of(request)
    sitting = get_object_or_404(visible(actor, Sitting), pk=pk)
    return _board(request, actor, sitting)


def _board(request: HttpRequest, actor: Actor, sitting: Sitting) -> HttpResponse:
    board, q = queries.board(actor, sitting), request.GET.get("q", "").strip()[:40]
    return page(
        request,
        "attendance/board.html",
        part="rows",
        sitting=sitting,
        owner=owner_title(sitting.owner_label, sitting.owner_id),
        board=board,
        lines=[line for line in board.lines if line.fits(q)],
        q=q,
        over=sitting.ends <= timezone.now(),
        online=online_seconds(line.expected_id for line in board.lines),
        records=open_records(actor, sitting),
        may_mark=can(actor, "attendance.mark", sitting),
        may_call=can(actor, "attendance.call", sitting),
        bulk=request.GET.get("bulk") == "1",
    )


@require_POST
def mark(request: HttpRequest, pk: int) -> HttpResponse:
    """Tick one person, those chosen, or all who are not here yet."""
    sitting = _sitting(request, pk)
    actor = actor_of(request)
    tick = request.POST.get("tick", "")
    if tick not in TICKS:
        raise Fault(_("没有这个操作，请刷新页面再试。"))
    people = [int(value) for value in request.POST.getlist("pk") if value.isdigit()]
    if request.POST.get("all") == "missing":
        people = [line.person_id for line in queries.board(actor, sitting).missing]
    if not people:
        raise Fault(_("请先勾选学员。"))
    paper = request.POST.get("paper") == "1"
    changed = actions.mark(actor, sitting=sitting, person_ids=people, tick=cast("Tick", tick), paper=paper)
    if request.htmx:  # type: ignore[attr-defined] # set by HtmxMiddleware
        return _board(request, actor, sitting)
    messages.success(request, _("已登记 %(n)s 人。") % {"n": changed})
    return redirect("attendance:board", pk=pk)


@never_cache
def scanner(request: HttpRequest, pk: int) -> HttpResponse:
    """The head teacher's scanner: a person's own code by camera or typed, or a name."""
    sitting = _sitting(request, pk)
    actor = actor_of(request)
    context: dict[str, object] = {"sitting": sitting, "receipt": None, "fault": "", "typed": ""}
    if request.method == "POST":
        typed = request.POST.get("code", "").strip()
        try:
            context["receipt"] = actions.scan(actor, sitting=sitting, person_id=_person(sitting, typed))
        except Fault as fault:
            context |= {"fault": fault.message, "typed": typed}
    context["board"] = queries.board(actor, sitting)
    return page(
        request, "attendance/scanner.html", part="result", status=422 if context["fault"] else 200, **context
    )


def _person(sitting: Sitting, typed: str) -> int:
    found = queries.person_by_code(sitting, codes.normal(typed))
    if found is not None:
        return found
    named = queries.matching_people(sitting, typed)
    if len(named) > 1:
        raise Fault(
            _("名单里有 %(n)s 位“%(name)s”，请到看板上点名。") % {"n": len(named), "name": typed}, "code"
        )
    if not named:
        raise Fault(_("名单里没有这个码或姓名，请核对后再试。"), "code")
    return named[0]


@require_POST
def judge(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept or refuse a claim."""
    actor = actor_of(request)
    claim = get_object_or_404(visible(actor, Claim).select_related("expected__sitting"), pk=pk)
    verdict = request.POST.get("move", "")
    if verdict not in {"accept", "refuse"}:
        raise Fault(_("没有这个操作，请刷新页面再试。"))
    actions.judge_claim(
        actor,
        claim=claim,
        move="accept" if verdict == "accept" else "refuse",
        note=request.POST.get("note", ""),
    )
    messages.success(request, _("已办理。"))
    return redirect("attendance:board", pk=claim.expected.sitting_id)


def _series(request: HttpRequest, label: str, owner_id: int) -> Sitting:
    actor = actor_of(request)
    first = queries.sittings_of(actor, label, owner_id).first()
    if first is None:
        raise Fault(_("这里还没有安排签到，或您当前的身份看不到。"))
    require(actor, "attendance.mark", first)
    return first


@require_GET
def standings(request: HttpRequest, label: str, owner_id: int) -> HttpResponse:
    """The grid of one owner: where each person stands, half-day by half-day."""
    first = _series(request, label, owner_id)
    found = grid(label, owner_id)
    only, q = request.GET.get("only", ""), request.GET.get("q", "").strip()[:40]
    return page(
        request, "attendance/standings.html", title=owner_title(label, owner_id) or first.title,
        grid=found, rows=found.narrowed(only, q), only=only, q=q, label=label, owner_id=owner_id,
    )  # fmt: skip


@require_GET
def grid_export(request: HttpRequest, label: str, owner_id: int) -> HttpResponse:
    """The same grid as a workbook."""
    first = _series(request, label, owner_id)
    found = grid(label, owner_id)
    rows = found.narrowed(request.GET.get("only", ""), request.GET.get("q", ""))
    title = _("%(title)s考勤表") % {"title": owner_title(label, owner_id) or first.title}
    return attachment(sheets.grid_file(found, rows, title=title), f"{title}.xlsx")
