"""Training classes and all that hangs on them: tables, constraints, words; no behaviour."""

from keyuan.training.models.classes import LIVE, Nomination, QuotaShare, TrainingClass
from keyuan.training.models.closing import ClassPolicy, Completion
from keyuan.training.models.timetable import Session, Stop
from keyuan.training.models.versions import ReleasedSession, TimetableFinal, TimetableVersion

__all__ = [
    "LIVE", "ClassPolicy", "Completion", "Nomination", "QuotaShare", "ReleasedSession", "Session", "Stop",
    "TimetableFinal", "TimetableVersion", "TrainingClass",
]  # fmt: skip
