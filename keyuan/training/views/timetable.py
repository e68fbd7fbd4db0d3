"""The timetable on a half-day grid, its sessions, and the calendar feed."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from keyuan.kernel import links
from keyuan.kernel.access import Actor, actor_of, can, public, require, visible
from keyuan.kernel.faults import Fault
from keyuan.kernel.pages import page
from keyuan.people.models import Person
from keyuan.people.queries import availability
from keyuan.training import feeds
from keyuan.training.actions import evaluating
from keyuan.training.actions import timetable as actions
from keyuan.training.forms.sessions import SessionForm, chosen
from keyuan.training.models import Session, TrainingClass
from keyuan.training.queries import presence, released, slots, versions, warnings
from keyuan.training.queries import timetable as queries
from keyuan.training.queries.classes import tabs_for
from keyuan.training.views import moving


def _class(request: HttpRequest, pk: int) -> TrainingClass:
    rows = visible(actor_of(request), TrainingClass).select_related("activity", "department", "head_teacher")
    return get_object_or_404(rows, pk=pk)


def _warned(request: HttpRequest, session: Session) -> None:
    """What the office should know of a session just placed; it stays where it is."""
    moving.warned(request, session)
    for words in warnings.warnings_of(session):
        messages.warning(request, words)


def _stated(actor: Actor, training_class: TrainingClass) -> dict[str, Any]:
    """What teachers said of the days of a class, to be read before one of them is chosen."""
    rows = availability.stated_in(actor, training_class.starts, training_class.ends)
    return {"stated": rows, "span": availability.span_words}


def timetable(request: HttpRequest, pk: int) -> HttpResponse:
    """The grid of half-days: as it is worked on for those who keep it, as it was released for everybody else."""
    actor = actor_of(request)
    training_class = _class(request, pk)
    draft = released.sees_draft(actor, training_class)
    found = (
        queries.sessions_of(actor, training_class) if draft else released.released_of(actor, training_class)
    )
    sessions = list(found)
    may = can(actor, "training.timetable", training_class)
    return page(
        request, "training/timetable.html", klass=training_class, tabs=tabs_for(actor, training_class, "timetable/"),
        days=queries.grid(training_class, sessions), halves=Session.Half.choices, count=len(sessions),
        moved=moving.taken_back(request, sessions), may=may,
        marks=warnings.marks_for(sessions) if draft and may else {}, board=versions.board(actor, training_class, sessions, draft=draft),
        feed=links.absolute(f"/calendar/{feeds.token_of(actor.person_id)}.ics") if actor.person_id else "",
    )  # fmt: skip


def session_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Place a session."""
    actor = actor_of(request)
    training_class = _class(request, pk)
    require(actor, "training.timetable", training_class)
    known = ("date", "half", "place", "starts", "ends")
    initial = {name: request.GET[name] for name in known if name in request.GET}
    form = SessionForm(actor, training_class, chosen(request.POST) or None, initial=initial)
    clash: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        try:
            session = actions.place_session(actor, training_class=training_class, facts=form.cleaned_data)
        except Fault as fault:
            form.add_error(fault.field if fault.field in form.fields else None, fault.message)
            clash = slots.explained(actor, form.instance)
        else:
            _warned(request, session)
            messages.success(request, _("已排入课程表，发布后学员可见。"))
            return redirect("training:timetable", pk)
    return page(
        request, "training/session.html", form=form, klass=training_class, session=None, **_stated(actor, training_class),
        status=422 if form.is_bound else 200, **clash or slots.NO_CLASH,
    )  # fmt: skip


def session_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Move or correct a session."""
    actor = actor_of(request)
    session = get_object_or_404(visible(actor, Session).select_related("training_class", "teacher"), pk=pk)
    require(actor, "training.timetable", session.training_class)
    form = SessionForm(actor, session.training_class, chosen(request.POST) or None, instance=session)
    clash: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_session(actor, session=session, facts=form.cleaned_data)
        except Fault as fault:
            form.add_error(fault.field if fault.field in form.fields else None, fault.message)
            clash = slots.explained(actor, form.instance)
        else:
            _warned(request, session)
            messages.success(request, _("已保存，重新发布后生效。"))
            return redirect("training:timetable", session.training_class_id)
    return page(
        request, "training/session.html", form=form, klass=session.training_class, session=session, **_stated(actor, session.training_class),
        invitation=_invitation(session), status=422 if form.is_bound else 200, **clash or slots.NO_CLASH,
    )  # fmt: skip


def _invitation(session: Session) -> str:
    """The link by which the teacher answers without an account."""
    if not session.teacher_id:
        return ""
    return links.absolute(
        f"/teach/{links.make('training.teach', session=session.pk, person=session.teacher_id)}/"
    )


@require_POST
def session_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a session out."""
    actor = actor_of(request)
    session = get_object_or_404(visible(actor, Session).select_related("training_class"), pk=pk)
    actions.remove_session(actor, session=session)
    messages.success(request, _("已撤课。"))
    return redirect("training:timetable", session.training_class_id)


@public
def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """One person's sessions for the phone's calendar, by a signed address that a calendar can poll."""
    person = get_object_or_404(Person, pk=feeds.person_of(token), erased_at=None)
    answer = HttpResponse(feeds.calendar_of(person), content_type="text/calendar; charset=utf-8")
    answer["Cache-Control"] = "private, max-age=900"
    return answer


@public
def teach(request: HttpRequest, token: str) -> HttpResponse:
    """A teacher without an account sees the invitation and answers it."""
    ids = links.read("training.teach", token, days=120)
    rows = Session.objects.select_related("training_class__head_teacher", "teacher")
    session = get_object_or_404(rows, pk=ids.get("session"), teacher_id=ids.get("person"))
    if request.method == "POST":
        actions.answer_invitation(
            session=session, person_id=ids["person"], answer=request.POST.get("answer", "")
        )
        messages.success(request, _("已收到您的答复，谢谢。"))
        return redirect("training:teach", token)
    return page(request, "training/teach.html", session=session, klass=session.training_class)


def attendance(request: HttpRequest, pk: int) -> HttpResponse:
    """Every session with its sign-in board and its evaluation."""
    actor = actor_of(request)
    training_class = _class(request, pk)
    require(actor, "training.run", training_class)
    return page(
        request, "training/attendance.html", klass=training_class, tabs=tabs_for(actor, training_class, "attendance/"),
        lines=presence.lines(actor, training_class), **presence.grid_facts(request.GET, training_class),
    )  # fmt: skip


@require_POST
def evaluation_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Open the evaluation of a session now rather than at the next tick."""
    actor = actor_of(request)
    session = get_object_or_404(visible(actor, Session).select_related("training_class"), pk=pk)
    evaluating.open_evaluation(actor, session=session)
    messages.success(request, _("已向到课学员开放评估。"))
    return redirect("training:attendance", session.training_class_id)
