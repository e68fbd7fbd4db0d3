"""Tables of the fees room: standards, budgets and settlements, lecture fees; no behaviour."""

from keyuan.fees.models.budgets import (
    Budget,
    BudgetLine,
    BudgetVersion,
    BundleTick,
    Reviewed,
    Settlement,
    SettlementLine,
)
from keyuan.fees.models.lectures import FIXED, LectureFee, LectureFeeLine, PayAccount, TeacherRank
from keyuan.fees.models.standards import (
    DayRate,
    FeeStandard,
    Item,
    LectureRate,
    Mark,
    Withholding,
    WithholdingBracket,
)

__all__ = [
    "FIXED",
    "Budget",
    "BudgetLine",
    "BudgetVersion",
    "BundleTick",
    "DayRate",
    "FeeStandard",
    "Item",
    "LectureFee",
    "LectureFeeLine",
    "LectureRate",
    "Mark",
    "PayAccount",
    "Reviewed",
    "Settlement",
    "SettlementLine",
    "TeacherRank",
    "Withholding",
    "WithholdingBracket",
]
