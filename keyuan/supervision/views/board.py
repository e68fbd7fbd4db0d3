"""The board of items, what it gives out, and what is done with many at once."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from keyuan.kernel import navigation
from keyuan.kernel.access import Actor, actor_of, can, require
from keyuan.kernel.downloads import attachment
from keyuan.kernel.faults import Fault
from keyuan.kernel.pages import Listing, listing, page
from keyuan.orgs.models import School
from keyuan.supervision import actions, papers, sheets
from keyuan.supervision.models import Item
from keyuan.supervision.queries import board
from keyuan.supervision.rules import SEERS

WHOSE = ("", "unit", "mine")
MOST_PRINTED = 2000
TONES = {
    "draft": "neutral", "issued": "warn", "received": "info", "running": "info", "submitted": "accent", "returned": "bad",
    "suspended": "neutral", "closed": "good", "withdrawn": "neutral",
}  # fmt: skip


def _whose(request: HttpRequest) -> str:
    asked = request.GET.get("whose", "")
    return asked if asked in WHOSE else ""


def _listed(request: HttpRequest, per: int = 50) -> Listing:
    actor, today = actor_of(request), timezone.localdate()
    return listing(
        request, board.items(actor, _whose(request)), search=board.search,
        filters={**board.filters(today), "whose": lambda rows, _value: rows}, sorts=board.SORTS, per=per,
    )  # fmt: skip


def _tabs(request: HttpRequest, actor: Actor) -> list[tuple[str, str, bool, None]]:
    entries = [("", _("全部")), ("mine", _("我负责的"))]
    if board.acts_for_a_unit(actor):
        entries.insert(1, ("unit", _("本单位的")))
    here = _whose(request)
    return [(word, f"?whose={key}" if key else "?", key == here, None) for key, word in entries]


@navigation.entry("督办", "supervision:board", roles=SEERS, order=24, icon="clock", group="管理")
@require_GET
def item_board(request: HttpRequest) -> HttpResponse:
    """All items one sees, their lights and states."""
    actor, today = actor_of(request), timezone.localdate()
    require(actor, "supervision.see")
    rows, found = board.items(actor, _whose(request)), _listed(request)
    return page(
        request, "supervision/board.html", part="rows", listing=found, tabs=_tabs(request, actor), tones=TONES,
        counts=board.counted(rows, today), lights=board.lights_of(found.rows, today), states=board.STATES,
        light_words=board.LIGHTS, kinds=Item.Kind.choices, units=board.units_of(rows),
        degrees=Item.Importance.choices, may=can(actor, "supervision.manage"),
        may_set=can(actor, "supervision.ladder"),
    )  # fmt: skip


def _all_listed(request: HttpRequest) -> Sequence[Item]:
    """Every item of the list as it is narrowed, not a page of it."""
    require(actor_of(request), "supervision.export")
    found = _listed(request, per=MOST_PRINTED)
    return list(
        board.with_helpers(board.of_numbers(actor_of(request), [row.pk for row in found.rows])).order_by(
            "deadline", "pk"
        )
    )


@require_GET
def board_export(request: HttpRequest) -> HttpResponse:
    """The ledger as a workbook."""
    today = timezone.localdate()
    content = sheets.ledger_file(_all_listed(request), today)
    return attachment(content, _("督办台账%(day)s.xlsx") % {"day": f"{today:%Y%m%d}"})


@require_GET
def ledger(request: HttpRequest) -> HttpResponse:
    """The ledger for print."""
    today = timezone.localdate()
    school = School.objects.get(pk=actor_of(request).school_id or 0)
    content = papers.ledger_pdf(_all_listed(request), school.name, today)
    return attachment(content, _("督办台账%(day)s.pdf") % {"day": f"{today:%Y%m%d}"})


@require_POST
def bulk(request: HttpRequest) -> HttpResponse:
    """Issue, urge or receive what was ticked."""
    actor = actor_of(request)
    require(actor, "supervision.see")
    ticked = [int(text) for text in request.POST.getlist("pk") if text.isdecimal() and len(text) < 19]
    if not ticked:
        raise Fault(_("请先勾选要办理的事项。"))
    act = request.POST.get("act", "")
    if act == "issue":
        words, count = _("已交办 %(n)s 项。"), len(actions.issue_many(actor, items=ticked))
    elif act == "receive":
        words, count = _("已签收 %(n)s 项。"), actions.receive_many(actor, items=ticked)
    else:
        words = _("已催办 %(n)s 项。")
        count = actions.remind_many(actor, items=ticked, said=request.POST.get("said", ""))
    messages.success(request, words % {"n": count})
    return redirect(
        f"{request.POST.get('next') or ''}"
        if request.POST.get("next", "").startswith("/supervision/")
        else "supervision:board"
    )
