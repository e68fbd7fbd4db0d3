"""The yearly plan, its activities through the years, and what happens to them."""

from keyuan.plan.models.life import Lesson, Milestone
from keyuan.plan.models.official import PlanChange, PlanProposal
from keyuan.plan.models.plan import ActivityLead, ActivitySeries, ActivityType, AnnualPlan, KeyActivity

__all__ = [
    "ActivityLead",
    "ActivitySeries",
    "ActivityType",
    "AnnualPlan",
    "KeyActivity",
    "Lesson",
    "Milestone",
    "PlanChange",
    "PlanProposal",
]
