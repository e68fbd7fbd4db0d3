"""The life of a request as a table, and what each step of it writes, asks of its room and tells."""

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.approvals.models import Decision, Request, Step
from keyuan.approvals.queries.course import deciders
from keyuan.approvals.rules import KINDS, in_whose_place, next_step
from keyuan.kernel import notify
from keyuan.kernel.access import Actor
from keyuan.kernel.calendar import add_workdays
from keyuan.kernel.faults import Conflict
from keyuan.kernel.flow import Flow, Move
from keyuan.people import queries as people

notify.kind("approvals.to_decide", title="待审批：{title}", text="“{title}”已到“{step}”，请审批。{until}")
notify.kind("approvals.reminder", title="催办：{title}", text="“{title}”等候“{step}”，办理时限 {due}。")
notify.kind("approvals.approved", title="已批准：{title}", text="“{title}”已获批准。")
notify.kind("approvals.returned", title="被退回：{title}", text="“{title}”被退回：{note}")
notify.kind(
    "approvals.stuck",
    title="无人可批：{title}",
    text="“{title}”的“{step}”现在无人可批。请授予相应身份、设立委托，或撤回后修订审批链再提交。",
)


def request_link(request: Request) -> str:
    """Where a request is shown."""
    return f"/approvals/{request.pk}/"


def due_on(step: Step, today: date) -> date | None:
    """Until when a step wants deciding: working days from today."""
    return add_workdays(today, step.days) if step.days else None


def tell_deciders(request: Request, kind: str = "approvals.to_decide") -> int:
    """Tell whoever may decide now; the submitter and the registrars when nobody may. How many were told to decide."""
    turns = deciders(request)
    told, name = [turn.person_id for turn in turns], kind
    if not turns:
        told, name = people.holders_of("registrar", request.school_id), "approvals.stuck"
        told += [request.submitted_by_id] if request.submitted_by_id else []
    facts: dict[str, Any] = {"title": request.title, "step": request.step.title, "due": request.due}
    if request.due:
        facts["until"] = _("请于 %(d)s 前办理。") % {"d": notify.told(request.due)}
    notify.tell(told, name, request_link(request), school_id=request.school_id, **facts)
    return len(turns)


def _tell_submitter(request: Request, kind: str) -> None:
    if request.submitted_by_id:
        notify.tell(
            request.submitted_by_id, kind, request.link or request_link(request), school_id=request.school_id,
            title=request.title, note=request.note,
        )  # fmt: skip


def _say(request: Request, actor: Actor, verdict: Decision.Verdict) -> None:
    """Write the decision down. The database refuses a step decided twice, by the wrong person or out of turn."""
    place = in_whose_place(actor, request)
    behalf = place.person_id if place is not None and place.delegation_id else None
    try:
        with transaction.atomic():
            Decision.objects.create(
                request=request, step_id=request.step_id, verdict=verdict, person_id=actor.person_id or 0,
                seat_id=actor.seat_id, role=next(iter(sorted(actor.roles)), ""), on_behalf_of_id=behalf,
                delegation_id=place.delegation_id if place is not None else None, note=request.note,
            )  # fmt: skip
    except IntegrityError as twice:
        raise Conflict(_("这一步刚由他人办理，请刷新后再看。")) from twice


def _end(request: Request, actor: Actor) -> None:
    request.ended_at, request.ended_by_id = timezone.now(), actor.person_id
    Request.objects.filter(pk=request.pk).update(ended_at=request.ended_at, ended_by_id=actor.person_id)


def _passed(request: Request, actor: Actor) -> None:
    _say(request, actor, Decision.Verdict.PASSED)
    following = next_step(request.chain.steps.all(), request.facts, request.step)
    if following is None:
        raise Conflict(_("后面没有环节了，请直接批准。"))
    request.step, request.due = following, due_on(following, timezone.localdate())
    request.reminded_on = None
    Request.objects.filter(pk=request.pk).update(step=following, due=request.due, reminded_on=None)
    follow = KINDS[request.kind].on_passed
    if follow is not None:
        follow(actor, request)
    tell_deciders(request)


def _approved(request: Request, actor: Actor) -> None:
    _say(request, actor, Decision.Verdict.APPROVED)
    _end(request, actor)
    KINDS[request.kind].on_approved(actor, request)
    _tell_submitter(request, "approvals.approved")


def _returned(request: Request, actor: Actor) -> None:
    _say(request, actor, Decision.Verdict.RETURNED)
    _end(request, actor)
    follow = KINDS[request.kind].on_returned
    if follow is not None:
        follow(actor, request)
    _tell_submitter(request, "approvals.returned")


def _withdrawn(request: Request, actor: Actor) -> None:
    _end(request, actor)
    follow = KINDS[request.kind].on_withdrawn
    if follow is not None:
        follow(actor, request)


S = Request.State

REQUEST: Flow[Request] = Flow(
    "approvals.request",
    Request,
    Move(
        "approve", "批准", (S.IN_PROGRESS,), S.APPROVED, "approvals.finish", then=_approved, noted="note"
    ),
    Move(
        "pass", "同意，报下一步", (S.IN_PROGRESS,), S.IN_PROGRESS, "approvals.pass", then=_passed, noted="note"
    ),
    Move(
        "return", "退回", (S.IN_PROGRESS,), S.RETURNED, "approvals.decide", then=_returned, reason=True, noted="note"
    ),
    Move(
        "withdraw", "撤回", (S.IN_PROGRESS,), S.WITHDRAWN, "approvals.withdraw", then=_withdrawn, noted="note"
    ),
)  # fmt: skip
