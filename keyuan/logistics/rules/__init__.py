"""Who may see and arrange what, and the pure art of dividing people over groups, rooms, vehicles and seats."""

from keyuan.logistics.rules import access
from keyuan.training.rules.keeping import attends, keeps

__all__ = ["access", "attends", "keeps"]
