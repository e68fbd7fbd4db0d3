"""Sheets of the training room: nominations in, roster and attendance out."""

from keyuan.training.sheets.outgoing import (
    attendance_file,
    certificate_file,
    leave_file,
    roster_file,
    timetable_file,
)

__all__ = ["attendance_file", "certificate_file", "leave_file", "roster_file", "timetable_file"]
