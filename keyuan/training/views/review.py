"""The office reviews nominations, singly or many at once, and keeps the roster."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from keyuan.kernel.access import actor_of, require, visible
from keyuan.kernel.downloads import attachment
from keyuan.kernel.faults import Fault
from keyuan.kernel.flow import Move
from keyuan.kernel.pages import Dress, Listing, listing, page
from keyuan.training import flows
from keyuan.training.actions import nominations
from keyuan.training.models import Nomination, TrainingClass
from keyuan.training.queries import nominations as queries
from keyuan.training.queries import places
from keyuan.training.queries.classes import tabs_for
from keyuan.training.sheets import nomination_file

TONES = {
    "submitted": "warn", "returned": "info", "waitlisted": "info", "admitted": "good", "declined": "bad",
    "withdrawn": "neutral", "substituted": "neutral",
}  # fmt: skip
BULK = ("admit", "waitlist", "return", "decline", "remove")


def review(request: HttpRequest, pk: int) -> HttpResponse:
    """All nominations of a class, with what can be done to each."""
    actor = actor_of(request)
    training_class = get_object_or_404(
        visible(actor, TrainingClass).select_related("activity", "department"), pk=pk
    )
    require(actor, "training.admit", training_class)
    board, units = places.board_and_units(training_class)
    bulk = [flows.NOMINATION.moves[name] for name in BULK]
    return page(
        request, "training/review.html", klass=training_class, tabs=tabs_for(actor, training_class, "nominations/"),
        found=_shown(request, training_class), board=board, tones=TONES,
        states=Nomination.State.choices, units=units, bulk=bulk,
        quick={s: [(m.name, str(m.label)) for m in bulk if s in m.sources and not m.reason] for s in Nomination.State},
        slow={s: (str(ms[0].label), "、".join(str(m.label) for m in ms)) for s in Nomination.State if (ms := _slow(s))}, ticked=request.GET.get("tick", ""),
    )  # fmt: skip


def _slow(state: str) -> list[Move[Nomination]]:
    """The moves out of a state that want a reason: they are made in the bar below the list."""
    return [move for name in BULK if (move := flows.NOMINATION.moves[name]).reason and state in move.sources]


def nominations_export(request: HttpRequest, pk: int) -> HttpResponse:
    """The nominations as they are narrowed, all pages of them, with masked numbers."""
    actor = actor_of(request)
    training_class = get_object_or_404(visible(actor, TrainingClass), pk=pk)
    require(actor, "training.admit", training_class)
    rows = _reviewed(request, queries.review_rows(actor, training_class), per=20_000).rows
    return attachment(nomination_file(rows), f"{training_class.title}{_('报名审核')}.xlsx")


def _shown(request: HttpRequest, training_class: TrainingClass) -> Listing:
    """The page of them, with no more of each than the list says."""
    rows = queries.shown_in_review(queries.review_rows(actor_of(request), training_class))
    return _reviewed(request, rows, dress=queries.shown_in_review)


def _reviewed(
    request: HttpRequest, rows: QuerySet[Nomination], per: int = 50, dress: Dress | None = None
) -> Listing:
    """The nominations as searched, filtered and sorted."""
    return listing(
        request, rows, search=queries.search_nominations, per=per, dress=dress,
        filters={"state": "state", "unit": "organisation"},
        sorts={"name": "person__pinyin", "unit": ("organisation__kind", "organisation__order"), "at": "id", "state": "state"},
        default="unit",
    )  # fmt: skip


@require_POST
def review_many(request: HttpRequest, pk: int) -> HttpResponse:
    """The same step for the ticked nominations, or for all that the list shows on all its pages and that may take it."""
    actor = actor_of(request)
    training_class = get_object_or_404(visible(actor, TrainingClass), pk=pk)
    require(actor, "training.admit", training_class)
    move, note = request.POST.get("act", ""), request.POST.get("note", "")
    if move not in BULK:
        raise Fault(_("没有这一步操作，请刷新页面后重试。"))
    outcome = nominations.move_many(
        actor, nominations=_chosen(request, training_class, move), move=move, note=note
    )
    _tell(request, outcome, flows.NOMINATION.moves[move].label)
    narrowed = request.GET.urlencode()
    return redirect(reverse("training:nominations", args=(pk,)) + (f"?{narrowed}" if narrowed else ""))


def _chosen(request: HttpRequest, training_class: TrainingClass, move: str) -> list[Nomination]:
    """Whom the office means, first come first; the address says how the list was narrowed."""
    rows = queries.review_rows(actor_of(request), training_class)
    if request.POST.get("whole") == "1":
        open_to = rows.filter(state__in=flows.NOMINATION.moves[move].sources)
        found = list(_reviewed(request, open_to, per=20_000).rows)
    else:
        found = list(rows.filter(pk__in=[k for k in request.POST.getlist("pk") if k.isdecimal()]))
    if not found:
        raise Fault(_("请先勾选要办理的人。"))
    return sorted(found, key=lambda row: row.pk)


def _tell(request: HttpRequest, outcome: nominations.BulkOutcome, label: str) -> None:
    """How many were done, and the first few that were not, with the reason."""
    if outcome.done:
        messages.success(request, _("%(label)s：已办理 %(n)s 人。") % {"label": label, "n": outcome.done})
    for nomination, reason in outcome.refused[:5]:
        messages.error(request, f"{nomination.person.name}：{reason}")
    if len(outcome.refused) > 5:
        messages.error(
            request, _("另有 %(n)s 人未能办理，原因相同或类似。") % {"n": len(outcome.refused) - 5}
        )


def roster(request: HttpRequest, pk: int) -> HttpResponse:
    """The trainees in the order of units."""
    actor = actor_of(request)
    training_class = get_object_or_404(
        visible(actor, TrainingClass).select_related("activity", "department"), pk=pk
    )
    require(actor, "training.dossier", training_class)
    found = listing(
        request, queries.roster(actor, training_class), search=queries.search_nominations,
        filters={"group": "group"}, sorts={"unit": ("organisation__kind", "organisation__order"), "name": "person__pinyin"},
        default="unit", per=100,
    )  # fmt: skip
    return page(
        request,
        "training/roster.html",
        klass=training_class,
        tabs=tabs_for(actor, training_class, "roster/"),
        found=found,
    )
