"""Items, the work on them, and how they are watched."""

from keyuan.supervision.models.items import CoOwner, Item
from keyuan.supervision.models.watching import Digest, Ladder, Rung
from keyuan.supervision.models.work import Evidence, Postponement, Report, ReportFile, Step

__all__ = [
    "CoOwner", "Digest", "Evidence", "Item", "Ladder", "Postponement", "Report", "ReportFile", "Rung", "Step",
]  # fmt: skip
