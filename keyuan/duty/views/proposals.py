"""One proposal: its lines and proof, accepted or taken back, worked out anew, compared, handed out."""

import json
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from keyuan.duty.actions import accepting, proposing
from keyuan.duty.models import Acceptance, Duty, Proposal
from keyuan.duty.queries import proposals as queries
from keyuan.duty.queries.seasons import latest_for
from keyuan.duty.rules.instance import Out
from keyuan.duty.sheets import seasons as sheets
from keyuan.kernel.access import actor_of, require, visible
from keyuan.kernel.downloads import attachment
from keyuan.kernel.faults import Fault
from keyuan.kernel.models import Job
from keyuan.kernel.pages import Listing, page, paginate

# Each row carries its whole reason: a page of so many stays within 60 KiB.
SHOWN = 35
FILTERS = ("kind", "field", "offer", "result")


def one(request: HttpRequest, pk: int) -> Proposal:
    """The proposal, for whoever arranges the season."""
    rows = visible(actor_of(request), Proposal).select_related("season", "after")
    found = get_object_or_404(rows, pk=pk)
    require(actor_of(request), "duty.schedule", found)
    return found


def _wanted(request: HttpRequest) -> tuple[queries.Wanted, dict[str, str]]:
    chosen = {name: request.GET.get(name, "").strip()[:40] for name in FILTERS}
    return queries.Wanted(q=request.GET.get("q", "").strip()[:100], **chosen), chosen


def _lines(request: HttpRequest, board: queries.Board) -> Listing:
    wanted, chosen = _wanted(request)
    sort = request.GET.get("sort", "")
    rows = queries.in_order(queries.narrowed(board.lines, wanted), sort)
    return Listing(paginate(request, rows, SHOWN), wanted.q, sort, chosen, queries.SORTS)


@require_GET
def proposal_page(request: HttpRequest, pk: int) -> HttpResponse:
    """What was proposed, with every reason; how far the work is while it lasts."""
    proposal, actor = one(request, pk), actor_of(request)
    if not proposal.is_solved:
        job = visible(actor, Job).filter(pk=proposal.job_id or 0).first()
        return page(request, "duty/proposal_wait.html", part="wait", proposal=proposal, job=job)
    board = queries.Board(actor, proposal)
    return page(
        request, "duty/proposal.html", part="rows", proposal=proposal, board=board, listing=_lines(request, board),
        kinds=queries.KINDS, results=queries.RESULTS, fields=[(name, name) for name in sorted({line.area for line in board.lines if line.area})],
        offers=[(key, row["name"]) for key, row in board.classes.items()], accepted=queries.accepted_count(proposal),
        acceptances=queries.acceptances_of(proposal), others=queries.proposals_of(proposal.season).exclude(pk=pk)[:30],
    )  # fmt: skip


@require_POST
def proposal_accept(request: HttpRequest, pk: int) -> HttpResponse:
    """All lines, or those ticked, become plans."""
    keys = None if request.POST.get("act") == "all" else request.POST.getlist("pk")
    taken = accepting.accept(actor_of(request), proposal=one(request, pk), keys=keys)
    told = {"n": len(taken.made), "gone": len(taken.gone), "same": taken.same}
    messages.success(request, _("已安排 %(n)s 项，取消 %(gone)s 项；原已如此的 %(same)s 项。") % told)
    for words in taken.left[:5]:
        messages.warning(request, words)
    if len(taken.left) > 5:
        messages.warning(request, _("共有 %(n)s 项没有采纳。") % {"n": len(taken.left)})
    return redirect("seasons:proposal", pk)


@require_POST
def acceptance_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an acceptance back."""
    actor = actor_of(request)
    row = get_object_or_404(visible(actor, Acceptance).select_related("proposal__season"), pk=pk)
    require(actor, "duty.schedule", row)
    count = accepting.undo(actor, acceptance=row)
    messages.success(request, _("已撤销采纳，%(n)s 项恢复原样。") % {"n": count})
    return redirect("seasons:proposal", row.proposal_id)


@require_GET
def proposal_export(request: HttpRequest, pk: int) -> HttpResponse:
    """The lines as they are narrowed, as a workbook."""
    proposal = one(request, pk)
    board = queries.Board(actor_of(request), proposal)
    rows = queries.in_order(queries.narrowed(board.lines, _wanted(request)[0]), request.GET.get("sort", ""))
    name = _("%(title)s方案%(n)s.xlsx") % {"title": proposal.season.title, "n": proposal.number}
    return attachment(sheets.proposal_file(rows), name)


@require_GET
def proposal_file(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """The instance or the proposal as an outside checker reads it (docs/duty-instance.md)."""
    proposal = one(request, pk)
    content, word = {"instance": (proposal.instance, _("算例")), "result": (proposal.result, _("方案"))}[what]
    if content is None:
        raise Fault(_("这个方案还没有算完，请等它算完再下载。"))
    text = json.dumps(content, ensure_ascii=False, indent=1)
    told = {"title": proposal.season.title, "n": proposal.number, "what": word}
    return attachment(text.encode(), _("%(title)s%(n)s%(what)s.json") % told)


def _out(request: HttpRequest, board: queries.Board) -> Out:
    """Whoever and whatever was named and is in the proposal."""

    def named(name: str, known: Any) -> frozenset[str]:
        return frozenset(request.POST.getlist(name)) & frozenset(known)

    return Out(named("leader", board.leaders), named("class", board.classes), named("slot", board.slots))


def proposal_replan(request: HttpRequest, pk: int) -> HttpResponse:
    """Say who or what dropped out, and have as little as possible moved."""
    actor, proposal = actor_of(request), one(request, pk)
    board, fault = queries.Board(actor, proposal), ""
    if request.method == "POST":
        try:
            row = proposing.ask_again(
                actor, after=proposal, out=_out(request, board), away=request.POST.getlist("away")
            )
            return redirect("seasons:proposal", row.pk)
        except Fault as refused:
            fault = refused.message
    placed = [line for line in board.lines if line.result == queries.PLACED]
    return page(
        request, "duty/replan.html", proposal=proposal, board=board, fault=fault, chosen=request.GET.get("line", ""),
        placed=sorted(placed, key=lambda line: (line.term.holder.pinyin if line.term and line.term.holder else "", line.kind)),
        sent=request.POST, status=422 if fault else 200,
    )  # fmt: skip


@require_GET
def drop_out(request: HttpRequest, pk: int) -> HttpResponse:
    """From a planned duty to the re-planning of the season that planned it."""
    actor = actor_of(request)
    duty = get_object_or_404(visible(actor, Duty), pk=pk)
    require(actor, "duty.schedule", duty)
    proposal = latest_for(actor, duty)
    if proposal is None:
        return redirect("duty:duty", duty.pk)  # planned by hand: there it is planned anew
    answer = redirect("seasons:replan", proposal.pk)
    answer["Location"] += f"?line={accepting.key_for(duty)}"
    return answer


@require_GET
def proposal_compare(request: HttpRequest, pk: int) -> HttpResponse:
    """Two proposals side by side: figures, and every duty placed differently."""
    actor, after = actor_of(request), one(request, pk)
    asked = request.GET.get("with", "")
    usual = after.after_id or queries.neighbour_of(after)
    before = one(request, int(asked) if asked.isdecimal() and len(asked) < 19 else usual)
    boards = [queries.Board(actor, row) for row in (before, after)]
    pairs = queries.compared(*boards)
    if request.GET.get("format") == "xlsx":
        return attachment(sheets.compared_file(pairs), _("排期方案比较.xlsx"))
    found = Listing(paginate(request, pairs), "", "", {"with": str(before.pk)})
    return page(
        request,
        "duty/compare.html",
        before=before,
        after=after,
        boards=boards,
        listing=found,
        kinds=dict(queries.KINDS),
    )
