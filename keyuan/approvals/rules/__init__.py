"""Which steps apply, who stands where, which kinds there are, and who sees and does what."""

from keyuan.approvals.rules.access import APPROVERS
from keyuan.approvals.rules.kinds import KINDS, Fact, Kind, StepFacts, kind_title
from keyuan.approvals.rules.places import Place, in_whose_place, stands_in_for
from keyuan.approvals.rules.steps import applicable, applies, next_step

__all__ = [
    "APPROVERS",
    "KINDS",
    "Fact",
    "Kind",
    "Place",
    "StepFacts",
    "applicable",
    "applies",
    "in_whose_place",
    "kind_title",
    "next_step",
    "stands_in_for",
]
