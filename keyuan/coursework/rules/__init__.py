"""Who sees and does what with materials and tasks, and what may be handed in."""

from keyuan.coursework.rules.access import attends
from keyuan.training.rules.keeping import keeps

__all__ = ["attends", "keeps"]
