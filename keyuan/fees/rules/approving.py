"""By which kind of approval a budget or a settlement is approved, and whether its chain has been heard."""

from django.db.models import Model

from keyuan.approvals import queries as approvals

BUDGET, SETTLEMENT = "fees.budget", "fees.settlement"
KINDS = (BUDGET, SETTLEMENT)


def has_been_heard(paper: Model) -> bool:
    """Whether somebody has said a word on the paper's last request, so that the paper may follow."""
    request = approvals.latest(KINDS, paper)
    return request is not None and request.decisions.exists()
