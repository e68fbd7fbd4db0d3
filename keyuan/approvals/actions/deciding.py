"""Deciding, withdrawing, and letting go of what went away by itself."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.approvals.flows import REQUEST
from keyuan.approvals.models import Request
from keyuan.approvals.rules import KINDS, in_whose_place
from keyuan.kernel import audit
from keyuan.kernel.access import Actor, Forbidden, can
from keyuan.kernel.faults import Conflict, Fault

audit.sentence("approvals.dropped", "审批单随事项终止：{thing}")

Verdict = Literal["approve", "pass", "return"]


def verdict(word: str) -> Verdict:
    """What a button said. Raises Fault for anything else."""
    if word == "approve":
        return "approve"
    if word == "pass":
        return "pass"
    if word == "return":
        return "return"
    raise Fault(_("没有这个操作，请刷新页面再试。"))


@dataclass
class Outcome:
    """What became of several at once (批量结果): how many went well, and each refusal with its title."""

    done: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)


@transaction.atomic
def decide(
    actor: Actor, *, request: Request, verdict: Verdict, note: str = "", step_id: int | None = None
) -> None:
    """Say yes, yes and pass it up, or no with a reason; the room of the thing follows in the same transaction.

    `step_id` is the step the person had before them: another is a Conflict, never decided by mistake. Who stands
    in for somebody is written down beside whose name it is.
    """
    if step_id is not None and step_id != request.step_id:
        raise Conflict(_("这张审批单已到下一环节，请刷新后再看。"))
    place = in_whose_place(actor, request)
    behalf = {}
    if place is not None and place.delegation_id:
        behalf = {"on_behalf_of": place.person_id, "delegation": place.delegation_id}
    REQUEST.move(request, verdict, actor=actor, note=note, step=request.step_id, **behalf)


def agree(actor: Actor, *, request: Request, note: str = "", step_id: int | None = None) -> None:
    """Yes, in the only way there is: pass it up where another step follows, else approve."""
    further = can(actor, "approvals.pass", request)
    decide(actor, request=request, verdict="pass" if further else "approve", note=note, step_id=step_id)


def _refuse_unsafe(actor: Actor, request: Request) -> None:
    found = KINDS.get(request.kind)
    if found is None or not found.bulk:
        raise Fault(_("这类事项须逐件审批。"))
    if can(actor, "approvals.pass", request) and can(actor, "approvals.finish", request):
        raise Fault(_("这一步可批准办结也可报上一级，请打开逐件办理。"))


def decide_many(actor: Actor, *, chosen: Iterable[tuple[Request, int]], note: str = "") -> Outcome:
    """Agree to several, each with the step one had before one, and each in a transaction of its own.

    Only kinds whose room says that it is safe; a step that may end the chain or pass it up is one's own choice.
    """
    outcome = Outcome()
    for request, step_id in chosen:
        try:
            _refuse_unsafe(actor, request)
            agree(actor, request=request, note=note, step_id=step_id)
        except Fault as fault:
            outcome.refused.append((request.title, fault.message))
        except Forbidden as wrong:
            outcome.refused.append((request.title, str(wrong)))
        else:
            outcome.done += 1
    return outcome


@transaction.atomic
def withdraw(actor: Actor, *, request: Request, note: str = "") -> None:
    """The submitter takes a request back; its room puts the thing back to where it was."""
    REQUEST.move(request, "withdraw", actor=actor, note=note)


@transaction.atomic
def drop(actor: Actor, *, about: Model, note: str = "") -> int:
    """End whatever is in progress about a thing that went away or was taken back by its own room; how many.

    The caller has asked its own right over the thing; the room is not called back.
    """
    rows = Request.objects.select_for_update().filter(
        about_label=about._meta.label, about_id=about.pk, state=Request.State.IN_PROGRESS
    )
    count = 0
    for request in rows:
        Request.objects.filter(pk=request.pk).update(
            state=Request.State.WITHDRAWN,
            note=note[:200],
            ended_at=timezone.now(),
            ended_by_id=actor.person_id,
        )
        audit.record(actor, "approvals.dropped", request)
        count += 1
    return count
