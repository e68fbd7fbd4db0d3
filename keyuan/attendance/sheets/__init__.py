"""Sheets of attendance: a meeting platform's list in, the grid of half-days out."""

from keyuan.attendance.sheets.meeting import MEETING, received

__all__ = ["MEETING", "received"]
