"""Who sees and does what with materials and tasks, and what may be handed in."""

from keyuan.coursework.rules.access import attends, keeps

__all__ = ["attends", "keeps"]
