"""The approval of a class as its page shows it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from keyuan.approvals import queries as approvals
from keyuan.approvals.models import Request
from keyuan.approvals.queries import Mark
from keyuan.kernel import files
from keyuan.kernel.access import Actor, can, visible
from keyuan.kernel.models import StoredFile
from keyuan.training.models import TrainingClass
from keyuan.training.rules.approving import CLASS_KINDS, UNPLANNED

BEFORE = (TrainingClass.State.DRAFT, TrainingClass.State.SUBMITTED)


@dataclass(frozen=True)
class Approval:
    """Where the approval of a class stands (班次审批): its course, and the paper of one held out of plan."""

    request: Request | None
    marks: list[Mark]
    may_decide: bool
    papers: list[StoredFile]
    is_stuck: bool


def approval_of(actor: Actor, training_class: TrainingClass) -> Approval | None:
    """The approval while it is under way, sent back, or of a class out of plan; None when there is nothing to show."""
    papers = []
    if training_class.unplanned:
        kept = files.of(UNPLANNED, training_class.pk)
        papers = list(visible(actor, StoredFile).filter(pk__in=kept.values("pk")))
    if training_class.state not in BEFORE and not training_class.unplanned:
        return None
    request = approvals.latest(CLASS_KINDS, training_class)
    if request is None or not approvals.requests_seen(actor).filter(pk=request.pk).exists():
        return (
            Approval(None, [], may_decide=False, papers=papers, is_stuck=False)
            if training_class.unplanned
            else None
        )
    waits = request.state == Request.State.IN_PROGRESS
    turns = approvals.deciders(request) if waits else []
    return Approval(
        request, approvals.course_of(request, turns), waits and can(actor, "approvals.decide", request), papers,
        waits and not turns,
    )  # fmt: skip


def waiting_words(classes: Iterable[TrainingClass]) -> dict[int, str]:
    """Class → 待某环节, for those before their chain: which step that is, their own chain says. One query at most."""
    pks = [row.pk for row in classes if row.state == TrainingClass.State.SUBMITTED]
    steps = approvals.steps_waiting(TrainingClass._meta.label, pks) if pks else {}
    return {pk: _("待%(step)s") % {"step": title} for pk, title in steps.items()}


def state_words(row: TrainingClass, waits: dict[int, str]) -> str:
    """The state of a class in words, with the step it waits at where it waits."""
    return waits.get(row.pk) or str(row.get_state_display())
