"""The timetable of the running demo class after a second release, with a change more that is not released yet."""

from datetime import time

from keyuan.desk.demo.cast import Cast
from keyuan.training.actions import timetable, versions
from keyuan.training.models import TrainingClass

NOTE = "科普基地一层布展，改在二层集合。"


def amend(cast: Cast, klass: TrainingClass) -> None:
    """Another place for the field teaching, told; then the discussion ten minutes later, still a draft."""
    keeper = cast.actor("headteacher")
    field = klass.sessions.get(kind="field")
    timetable.change_session(keeper, session=field, facts={"place": "科普基地二层"})
    versions.release_timetable(keeper, training_class=klass, note=NOTE)
    talk = klass.sessions.get(kind="discussion")
    timetable.change_session(
        keeper, session=talk, facts={"starts": time(14, 40), "title": "分组研讨、成果交流与点评"}
    )
