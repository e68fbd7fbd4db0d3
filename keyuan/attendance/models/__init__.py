"""Sittings and presence, and the evidence presence rests on."""

from keyuan.attendance.models.evidence import DoorRecord, MarkChange, OnlineStay, SheetPhoto
from keyuan.attendance.models.presence import (
    CheckIn,
    Claim,
    Expected,
    Half,
    Leave,
    LeaveSitting,
    LeaveTier,
    Policy,
    Sitting,
)

__all__ = [
    "CheckIn",
    "Claim",
    "DoorRecord",
    "Expected",
    "Half",
    "Leave",
    "LeaveSitting",
    "LeaveTier",
    "MarkChange",
    "OnlineStay",
    "Policy",
    "SheetPhoto",
    "Sitting",
]
