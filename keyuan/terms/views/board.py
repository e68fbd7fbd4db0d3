"""The board over all organisations, its workbook, and the list that is sent in."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from keyuan.kernel import navigation
from keyuan.kernel.access import actor_of, can, require
from keyuan.kernel.downloads import attachment
from keyuan.kernel.faults import Fault
from keyuan.kernel.pages import Listing, page, paginate
from keyuan.kernel.sheet import batches
from keyuan.orgs.models import Organisation
from keyuan.orgs.queries import fields_and_regions
from keyuan.terms import sheets
from keyuan.terms.forms import UploadForm, day_asked
from keyuan.terms.models import Post
from keyuan.terms.queries import board
from keyuan.terms.rules import SEERS

FILTERS = ("kind", "field", "city", "duty", "state", "within", "before", "on")


def _wanted(request: HttpRequest) -> tuple[board.Wanted, dict[str, str]]:
    """The conditions as GET says; a day that is none is passed over."""
    chosen = {name: request.GET.get(name, "").strip()[:40] for name in FILTERS}
    try:
        before = date.fromisoformat(chosen["before"])
    except ValueError:
        before = None
    some = {name: chosen[name] for name in ("kind", "field", "city", "duty", "state", "within")}
    return board.Wanted(q=request.GET.get("q", "").strip()[:100], before=before, **some), chosen


@navigation.entry("任期", "terms:board", roles=SEERS, order=66, icon="people", group="资源")
@require_GET
def term_board(request: HttpRequest) -> HttpResponse:
    """Who holds what, what ends soon, what stands vacant, over all organisations."""
    actor, on = actor_of(request), day_asked(request.GET.get("on", ""))
    require(actor, "terms.see")
    wanted, chosen = _wanted(request)
    every = board.lines(actor, on)
    rows = board.in_order(board.narrowed(every, wanted, on), request.GET.get("sort", ""))
    found = Listing(paginate(request, rows), wanted.q, request.GET.get("sort", ""), chosen, board.SORTS)
    present = {line.organisation.kind for line in every}
    return page(
        request, "terms/board.html", part="rows", listing=found, on=on, counts=board.counted(every, on),
        states=board.STATES, within=board.WITHIN, kinds=[(kind, word) for kind, word in Organisation.Kind.choices if kind in present], fields=fields_and_regions(actor),
        cities=board.cities(actor), duties=Post.Duty.choices, may_keep=can(actor, "terms.keep"), every=len(every),
        soon=[line.term.pk for line in board.ends_within(found.rows, on, 6) if line.term],
    )  # fmt: skip


@require_GET
def board_export(request: HttpRequest) -> HttpResponse:
    """The board as it is narrowed."""
    actor, on = actor_of(request), day_asked(request.GET.get("on", ""))
    require(actor, "terms.export")
    rows = board.narrowed(board.lines(actor, on), _wanted(request)[0], on)
    content = sheets.board_file(board.in_order(rows, request.GET.get("sort", "")))
    return attachment(content, _("任期一览%(day)s.xlsx") % {"day": f"{on:%Y%m%d}"})


def term_import(request: HttpRequest) -> HttpResponse:
    """Send a list in; the answer is its preview, nothing is written yet."""
    actor = actor_of(request)
    require(actor, "terms.keep")
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if form.is_bound and form.is_valid():
        try:
            batch = batches.receive(
                actor,
                purpose=sheets.PURPOSE,
                upload=form.cleaned_data["file"],
                context={"school": actor.school_id},
            )
        except Fault as fault:
            form.add_error("file", fault.message)
        else:
            return redirect("kernel:batch", batch.pk)
    return page(request, "terms/import.html", form=form, status=422 if form.is_bound else 200)


@require_GET
def import_template(request: HttpRequest) -> HttpResponse:
    """An empty list to fill in."""
    require(actor_of(request), "terms.keep")
    return attachment(sheets.LIST.template(), _("任期名单模板.xlsx"))
