"""What the desk decides without asking anybody: its rights, how an audience is summed up, where a map opens."""

from keyuan.desk.rules import access

__all__ = ["access"]
