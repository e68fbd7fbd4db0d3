"""By which kinds of approval a class is approved, and whether its chain has spoken."""

from keyuan.approvals import queries as approvals
from keyuan.approvals.models import Request
from keyuan.training.models import TrainingClass

PLANNED, UNPLANNED = "training.class", "training.unplanned"
CLASS_KINDS = (PLANNED, UNPLANNED)
SPOKEN = (Request.State.APPROVED, Request.State.RETURNED)


def has_spoken(training_class: TrainingClass) -> bool:
    """Whether the class's last request is approved or returned, so that the class may follow."""
    request = approvals.latest(CLASS_KINDS, training_class)
    return request is not None and request.state in SPOKEN
