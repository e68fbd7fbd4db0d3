"""Writes of the room: taking over an annex, correcting an activity, its year, its line through the years."""

from keyuan.plan.actions.importing import (
    STARTING_PLAN,
    edit_activity,
    import_plan,
    load_starting_plan,
    set_leads,
)
from keyuan.plan.actions.life import (
    add_lesson,
    drop_milestone,
    finish_milestone,
    reopen_milestone,
    save_milestone,
    set_details,
)
from keyuan.plan.actions.lines import begin_year, link, unlink

__all__ = [
    "STARTING_PLAN",
    "add_lesson",
    "begin_year",
    "drop_milestone",
    "edit_activity",
    "finish_milestone",
    "import_plan",
    "link",
    "load_starting_plan",
    "reopen_milestone",
    "save_milestone",
    "set_details",
    "set_leads",
    "unlink",
]
