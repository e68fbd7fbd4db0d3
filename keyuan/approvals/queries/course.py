"""The course of one request: steps behind and ahead, who decides now, and the record of what was said."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from keyuan.approvals.models import Decision, Request, Step
from keyuan.approvals.queries.chains import seats_asked
from keyuan.approvals.rules import KINDS, Fact, applicable
from keyuan.approvals.rules.places import Place, delegations_on
from keyuan.people.models import Person
from keyuan.people.roles import Role


@dataclass(frozen=True)
class Turn:
    """Somebody who may decide now (可审批人): in their own name, or in a principal's."""

    person_id: int
    name: str
    principal: str = ""

    def __str__(self) -> str:
        """The name, with whose delegation where there is one."""
        return (
            _("%(a)s（受%(b)s委托）") % {"a": self.name, "b": self.principal} if self.principal else self.name
        )


@dataclass(frozen=True)
class Mark:
    """One step as a page shows it (环节进度)."""

    step: Step
    state: str
    decision: Decision | None
    who: str


def _barred(request: Request) -> set[int]:
    """Who may not decide the present step: the submitter, and whoever decided before where persons differ."""
    barred = {request.submitted_by_id} if request.submitted_by_id else set()
    if request.step.distinct:
        for person, principal in request.decisions.values_list("person_id", "on_behalf_of_id"):
            barred |= {person, principal} - {None}
    return barred


def deciders(request: Request) -> list[Turn]:
    """Everybody who may decide the step a request stands at today, stand-ins among them; empty when it is stuck."""
    barred = _barred(request)
    own: dict[int, str] = {
        seat.person_id: seat.person.name
        for seat in seats_asked(request.step, request.school_id, request.organisation_id)
        if seat.person_id not in barred
    }
    given = delegations_on().filter(
        principal_id__in=own, school_id=request.school_id, kind__in=("", request.kind)
    )
    stand_ins = {
        row.delegate_id: Turn(row.delegate_id, row.delegate.name, row.principal.name)
        for row in given.select_related("principal", "delegate")
        if row.delegate_id not in barred and row.delegate_id not in own
    }
    return [Turn(number, name) for number, name in own.items()] + list(stand_ins.values())


def is_stuck(request: Request) -> bool:
    """Whether a request waits for nobody."""
    return request.state == Request.State.IN_PROGRESS and not deciders(request)


def who_words(step: Step) -> str:
    """Whom a step asks, in words."""
    if step.who == Step.Who.ROLE:
        return str(dict(Role.choices).get(step.role, step.role))
    if step.who == Step.Who.PERSON:
        return str(step.person)
    return step.post if step.who == Step.Who.POST else str(Step.Who.HEAD.label)


def condition_words(step: Step, facts: dict[str, Fact]) -> str:
    """When a step applies, in words; empty for always."""
    if not step.fact or step.amount is None:
        return ""
    found = facts.get(step.fact, Fact(step.fact))
    amount = f"{step.amount.normalize():f}"
    return f"{found.title}{Step.Test(step.test).label} {amount}{found.unit}"


def course_of(request: Request, turns: Iterable[Turn]) -> list[Mark]:
    """The steps of a request in order, each done, stopped, now or to come."""
    said = {
        row.step_id: row
        for row in request.decisions.select_related("person", "on_behalf_of", "step").order_by("at", "pk")
    }
    ended = request.state != Request.State.IN_PROGRESS
    marks = []
    for step in applicable(request.chain.steps.select_related("person"), request.facts):
        decision = said.get(step.pk)
        if decision is not None:
            state = "stopped" if decision.verdict == Decision.Verdict.RETURNED else "done"
            who = spoken_by(decision)
        elif ended:
            continue
        else:
            is_now = step.pk == request.step_id
            state = "now" if is_now else "todo"
            who = "、".join(str(turn) for turn in turns) if is_now else who_words(step)
        marks.append(Mark(step, state, decision, who))
    return marks


def spoken_by(decision: Decision) -> str:
    """Who decided, as the record says it: 甲, or 甲受乙委托."""
    if decision.on_behalf_of is None:
        return decision.person.name
    return _("%(a)s受%(b)s委托") % {"a": decision.person.name, "b": decision.on_behalf_of.name}


def timeline(request: Request) -> list[tuple[datetime, str, str, str]]:
    """What happened to a request, the newest first: when, who, what, in which words."""
    who = request.submitted_by.name if request.submitted_by else _("系统")
    lines = [(request.submitted_at, who, _("提交"), "")]
    for row in request.decisions.select_related("person", "on_behalf_of", "step").order_by("at", "pk"):
        what = f"{row.step.title}：{row.get_verdict_display()}"
        lines.append((row.at, spoken_by(row), what, row.note))
    if request.state == Request.State.WITHDRAWN and request.ended_at:
        by = request.ended_by.name if request.ended_by else _("系统")
        lines.append((request.ended_at, by, _("撤回"), request.note))
    return lines[::-1]


def principal_of(place: Place | None) -> str:
    """In whose name one decides, where that is not the own."""
    if place is None or place.delegation_id is None:
        return ""
    return str(Person.objects.values_list("name", flat=True).get(pk=place.person_id))


def facts_of(request: Request) -> list[tuple[str, Any]]:
    """The frozen facts with their titles, in the order their room registered them."""
    known = KINDS[request.kind].facts if request.kind in KINDS else {}
    rows = [
        (str(known[name].title), f"{request.facts[name]}{known[name].unit}")
        for name in known
        if name in request.facts
    ]
    return rows + [(name, value) for name, value in request.facts.items() if name not in known]
