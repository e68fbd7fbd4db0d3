"""Rotas and their log, turns and what happens to them, the work of a host."""

from keyuan.hosting.models.rotas import Exemption, LogEntry, Member, Rota, RotaRule
from keyuan.hosting.models.turns import CoHost, Nudge, Passing, Swap, Turn
from keyuan.hosting.models.work import Headcount, Lecturer, Report, Task, TaskTemplate

__all__ = [
    "CoHost", "Exemption", "Headcount", "Lecturer", "LogEntry", "Member", "Nudge", "Passing", "Report", "Rota", "RotaRule", "Swap",
    "Task", "TaskTemplate", "Turn",
]  # fmt: skip
