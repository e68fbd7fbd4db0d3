"""Writes of the room: registering kinds, submitting, deciding, delegating, laying down chains."""

from keyuan.approvals.actions.chains import set_chain
from keyuan.approvals.actions.deciding import (
    Outcome,
    Verdict,
    agree,
    decide,
    decide_many,
    drop,
    verdict,
    withdraw,
)
from keyuan.approvals.actions.delegating import delegable, delegate, revoke
from keyuan.approvals.actions.submitting import kind, submit
from keyuan.approvals.rules import Fact, StepFacts
from keyuan.approvals.rules.kinds import Words

__all__ = [
    "Fact",
    "Outcome",
    "StepFacts",
    "Verdict",
    "Words",
    "agree",
    "decide",
    "decide_many",
    "delegable",
    "delegate",
    "drop",
    "kind",
    "revoke",
    "set_chain",
    "submit",
    "verdict",
    "withdraw",
]
