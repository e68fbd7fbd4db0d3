"""What presence means in hours, which codes prove it, and who may see and mark it."""

from keyuan.attendance.rules.access import owner_title, staff_of, staffed, title_of
from keyuan.attendance.rules.standing import LEAVE_LIMIT, LEAVE_WARNING, Limits, Mark, Standing

__all__ = [
    "LEAVE_LIMIT",
    "LEAVE_WARNING",
    "Limits",
    "Mark",
    "Standing",
    "owner_title",
    "staff_of",
    "staffed",
    "title_of",
]
