"""Writes of presence, each one transaction under an actor."""

from keyuan.attendance.actions.checking import check_in, claim, judge_claim, mark, scan
from keyuan.attendance.actions.door import HOWS, Noted, settle, take_in
from keyuan.attendance.actions.leaving import cancel_leave, decide_leave, end_leave, request_leave
from keyuan.attendance.actions.planning import cancel, expect, plan_sitting, release, replan, set_policy

__all__ = [
    "HOWS",
    "Noted",
    "cancel",
    "cancel_leave",
    "check_in",
    "claim",
    "decide_leave",
    "end_leave",
    "expect",
    "judge_claim",
    "mark",
    "plan_sitting",
    "release",
    "replan",
    "request_leave",
    "scan",
    "set_policy",
    "settle",
    "take_in",
]
