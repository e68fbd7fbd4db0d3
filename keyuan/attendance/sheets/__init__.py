"""Sheets of attendance: a meeting platform's list in, the grid of half-days out."""

from keyuan.attendance.sheets.grid import grid_file
from keyuan.attendance.sheets.meeting import MEETING, received

__all__ = ["MEETING", "grid_file", "received"]
