"""Writes of presence, each one transaction under an actor."""

from keyuan.attendance.actions.checking import check_in, claim, judge_claim, mark, scan
from keyuan.attendance.actions.correcting import Correction, correct, phones_of_missing
from keyuan.attendance.actions.door import HOWS, Noted, settle, take_in
from keyuan.attendance.actions.leaving import cancel_leave, decide_leave, end_leave, request_leave
from keyuan.attendance.actions.meeting import OnlineRow, take_stays
from keyuan.attendance.actions.paper import add_photos, copy_sheet, drop_photo
from keyuan.attendance.actions.planning import cancel, expect, plan_sitting, release, replan, set_policy
from keyuan.attendance.rules.door import Pack
from keyuan.attendance.rules.meetings import Span

__all__ = [
    "HOWS",
    "Correction",
    "Noted",
    "OnlineRow",
    "Pack",
    "Span",
    "add_photos",
    "cancel",
    "cancel_leave",
    "check_in",
    "claim",
    "copy_sheet",
    "correct",
    "decide_leave",
    "drop_photo",
    "end_leave",
    "expect",
    "judge_claim",
    "mark",
    "phones_of_missing",
    "plan_sitting",
    "release",
    "replan",
    "request_leave",
    "scan",
    "set_policy",
    "settle",
    "take_in",
    "take_stays",
]
