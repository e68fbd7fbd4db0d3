"""Where a budget or a settlement stands in its approval, in words and as a course."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from keyuan.approvals import queries as approvals
from keyuan.approvals.models import Request, Step
from keyuan.approvals.queries import Mark
from keyuan.fees.models import Budget, Settlement
from keyuan.fees.rules.approving import BUDGET, KINDS, SETTLEMENT
from keyuan.kernel.access import Actor, can

Paper = Budget | Settlement


@dataclass(frozen=True)
class Course:
    """The approval of a paper (预算审批): its course, or the steps it will go when it is handed in."""

    request: Request | None
    marks: list[Mark]
    ahead: list[Step]
    may_decide: bool
    is_stuck: bool


def course_of(actor: Actor, paper: Paper) -> Course:
    """The approval as the paper's page shows it; the caller has asked whether the paper may be seen."""
    request = approvals.latest(KINDS, paper) if paper.state != "draft" else None
    if request is None:
        kind = BUDGET if isinstance(paper, Budget) else SETTLEMENT
        return Course(
            None, [], approvals.steps_in_force(paper.school_id, kind), may_decide=False, is_stuck=False
        )
    waits = request.state == Request.State.IN_PROGRESS
    turns = approvals.deciders(request) if waits else []
    may = waits and can(actor, "approvals.decide", request)
    return Course(
        request, approvals.course_of(request, turns), [], may_decide=may, is_stuck=waits and not turns
    )


def waiting_words(papers: Iterable[Paper]) -> dict[int, str]:
    """Paper → 待某环节, for those of one kind that are before their chain."""
    rows = list(papers)
    if not rows:
        return {}
    steps = approvals.steps_waiting(rows[0]._meta.label, [row.pk for row in rows])
    return {pk: _("待%(step)s") % {"step": title} for pk, title in steps.items()}
