"""The frames: the list, drafting and issuing, examples, and which unit a sub-school is."""

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from keyuan.filings import actions
from keyuan.filings.forms import DemonstrationForm, FrameForm, SchoolForm
from keyuan.filings.models import Demonstration, Frame, SubSchool
from keyuan.filings.queries import board
from keyuan.filings.rules import SEERS
from keyuan.filings.rules.access import own_filings
from keyuan.filings.views.answering import acted, answered, frame_of, may_keep, tabs_of
from keyuan.kernel import navigation
from keyuan.kernel.access import actor_of, can, require, visible
from keyuan.kernel.pages import listing, page


@navigation.entry("报备", "filings:list", roles=SEERS, order=12, icon="plan")
@require_GET
def frame_list(request: HttpRequest) -> HttpResponse:
    """What is asked of the units year by year; a unit goes on to its own filing from here."""
    actor, today = actor_of(request), timezone.localdate()
    require(actor, "filings.see")
    own = own_filings(actor).select_related("organisation")
    rows = (
        visible(actor, Frame)
        .select_related("school")
        .prefetch_related(Prefetch("filings", own, to_attr="own"))
    )
    found = listing(
        request, rows, search=lambda some, text: some.filter(title__icontains=text), per=20,
        filters={"state": "state"}, sorts={"year": "year", "plan": "plan_by"}, default="-year",
    )  # fmt: skip
    counts = {
        frame.pk: board.summary(actor, frame, today)
        for frame in found.rows
        if frame.school_id == actor.school_id
    }
    return page(
        request, "filings/frames.html", part="rows", listing=found, counts=counts, states=Frame.State.choices,
        may_frame=can(actor, "filings.frame") and actor.school_id is not None, on=today,
    )  # fmt: skip


def frame_add(request: HttpRequest) -> HttpResponse:
    """Draft a frame."""
    return _frame(request, None)


def frame_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a frame."""
    return _frame(request, frame_of(request, pk, "filings.frame"))


def _frame(request: HttpRequest, frame: Frame | None) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "filings.frame", frame)
    form = FrameForm(actor, frame, request.POST if request.method == "POST" else None)
    back = reverse("filings:demonstrations", args=[frame.pk]) if frame else reverse("filings:list")
    return answered(
        request, form, lambda: actions.frames.save_frame(actor, facts=form.facts(), frame=frame), back,
        _("已保存统筹要求。"), title=_("修改统筹要求") if frame else _("拟订统筹要求"),
        lead=_("向哪些单位要计划和总结、分几类、何时截止。"), crumbs=[(_("报备"), reverse("filings:list"))],
    )  # fmt: skip


@require_POST
def frame_move(request: HttpRequest, pk: int) -> HttpResponse:
    """Issue, close, open again."""
    frame, move = frame_of(request, pk, "filings.frame"), request.POST.get("move", "")
    said = {
        "issue": _("已下发，各单位可以填报。"),
        "close": _("已截止报送。"),
        "reopen": _("已重新开放报送。"),
    }
    if move not in said:
        return redirect("filings:board", pk)
    return acted(
        request, lambda: actions.frames.move_frame(actor_of(request), frame=frame, move=move),
        reverse("filings:board", args=[pk]), said[move],
    )  # fmt: skip


@require_POST
def units_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Take in units that joined the list after the frame was issued."""
    frame = frame_of(request, pk, "filings.frame")

    def act() -> None:
        actions.frames.add_units(actor_of(request), frame=frame)

    return acted(request, act, reverse("filings:board", args=[pk]), _("报送单位已与单位名单对齐。"))


def demonstrations(request: HttpRequest, pk: int) -> HttpResponse:
    """What is asked, and the examples others may follow; the office adds one here."""
    actor, frame = actor_of(request), frame_of(request, pk)
    if request.method == "POST":
        require(actor, "filings.frame", frame)
    form = DemonstrationForm(actor, frame, request.POST or None) if may_keep(request, frame) else None
    if form and form.is_bound and form.is_valid():
        note = form.cleaned_data["note"]
        back = reverse("filings:demonstrations", args=[pk])

        def act() -> None:
            actions.frames.demonstrate(actor, frame=frame, note=note, **form.chosen())

        return acted(request, act, back, _("已列为示范班。"))
    shown = visible(actor, Demonstration).filter(frame=frame, withdrawn_at=None)
    return page(
        request, "filings/demonstrations.html", asked=frame, form=form, tabs=tabs_of(request, frame, "demonstrations"),
        shown=shown.select_related("activity", "training_class"), may_keep=may_keep(request, frame),
        kinds=board.kinds_asked(frame), status=422 if form and form.errors else 200,
    )  # fmt: skip


@require_POST
def demonstration_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """No longer an example."""
    actor = actor_of(request)
    one = get_object_or_404(visible(actor, Demonstration).select_related("frame"), pk=pk)
    require(actor, "filings.frame", one.frame)
    back = reverse("filings:demonstrations", args=[one.frame_id])
    return acted(
        request,
        lambda: actions.frames.withdraw_demonstration(actor, demonstration=one),
        back,
        _("已取消示范班。"),
    )


def schools(request: HttpRequest) -> HttpResponse:
    """Which unit of the list each sub-school is, so that its office files from its own plan."""
    actor = actor_of(request)
    require(actor, "filings.frame")
    form = SchoolForm(actor, request.POST or None)
    if form.is_bound and form.is_valid():
        return acted(
            request, lambda: actions.frames.link_school(actor, **form.cleaned_data), reverse("filings:schools"),
            _("已保存分校与单位的对应。"),
        )  # fmt: skip
    rows = visible(actor, SubSchool).filter(organisation__school_id=actor.school_id or 0)
    return page(
        request, "filings/schools.html", form=form, rows=rows.select_related("school", "organisation"),
        status=422 if form.is_bound else 200,
    )  # fmt: skip
