"""Sheets of the training room: nominations in, roster and attendance out."""

from keyuan.people.sheets import ROSTER
from keyuan.training.models import TrainingClass
from keyuan.training.sheets.incoming import TIMETABLE, free_rows
from keyuan.training.sheets.lists import class_file, nomination_file
from keyuan.training.sheets.outgoing import (
    attendance_file,
    certificate_file,
    leave_file,
    links_file,
    roster_file,
    timetable_file,
    version_file,
)

__all__ = [
    "attendance_file",
    "certificate_file",
    "class_file",
    "leave_file",
    "links_file",
    "nomination_file",
    "reply_template",
    "roster_file",
    "timetable_file",
    "timetable_template",
    "version_file",
]


def reply_template() -> bytes:
    """The empty reply sheet (报名回执) that units fill in."""
    return ROSTER.template()


def timetable_template(training_class: TrainingClass) -> bytes:
    """The timetable to fill in and take in again: each half-day of the class has its row already."""
    return TIMETABLE.template(free_rows(training_class))
