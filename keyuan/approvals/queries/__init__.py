"""Reads: chains in force, who would decide, and requests with their course."""

from keyuan.approvals.queries.chains import (
    chain_in_force,
    heads_by_department,
    seats_asked,
    steps_in_force,
    versions_of,
)
from keyuan.approvals.queries.course import Mark, Turn, course_of, deciders, is_stuck
from keyuan.approvals.queries.delegations import delegations_of, possible_delegates
from keyuan.approvals.queries.requests import (
    decided_by_me,
    decisions_of,
    latest,
    open_request,
    requests_seen,
    steps_waiting,
    waiting,
)

__all__ = [
    "Mark",
    "Turn",
    "chain_in_force",
    "course_of",
    "decided_by_me",
    "deciders",
    "decisions_of",
    "delegations_of",
    "heads_by_department",
    "is_stuck",
    "latest",
    "open_request",
    "possible_delegates",
    "requests_seen",
    "seats_asked",
    "steps_in_force",
    "steps_waiting",
    "versions_of",
    "waiting",
]
