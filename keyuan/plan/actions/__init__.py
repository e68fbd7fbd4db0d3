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
from keyuan.plan.actions.official import (
    Asked,
    ask_change,
    file_plan,
    issue_plan,
    record_issued,
    submit_plan,
)
from keyuan.plan.actions.proposing import (
    Wish,
    accept_proposal,
    propose,
    propose_again,
    return_proposal,
    withdraw_proposal,
)

__all__ = [
    "STARTING_PLAN",
    "Asked",
    "Wish",
    "accept_proposal",
    "add_lesson",
    "ask_change",
    "begin_year",
    "drop_milestone",
    "edit_activity",
    "file_plan",
    "finish_milestone",
    "import_plan",
    "issue_plan",
    "link",
    "load_starting_plan",
    "propose",
    "propose_again",
    "record_issued",
    "reopen_milestone",
    "return_proposal",
    "save_milestone",
    "set_details",
    "set_leads",
    "submit_plan",
    "unlink",
    "withdraw_proposal",
]
