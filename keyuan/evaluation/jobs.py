"""What the clock does for evaluations."""

from keyuan.evaluation import actions
from keyuan.kernel.access import SYSTEM
from keyuan.kernel.tick import every


@every(minutes=10, title="到时截止评估")
def close_due_forms() -> None:
    """Close forms whose half-day has come, and sweep urn keys a crash left behind."""
    actions.close_due(SYSTEM)
