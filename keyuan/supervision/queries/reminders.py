"""The ladder in force on a day."""

from datetime import date

from keyuan.supervision.models import Ladder
from keyuan.supervision.rules.ladder import DEFAULT


def ladder_on(school_id: int, day: date) -> list[tuple[int, str]]:
    """The rungs in force on a day: the school's own, else the usual ones."""
    found = Ladder.objects.filter(school_id=school_id, since__lte=day).first()
    return list(found.rungs.values_list("days", "to")) if found else list(DEFAULT)
