"""Who may see and do what in training, and the pure sums of quota shares."""

from keyuan.training.rules.access import OPEN_TO_UNITS

__all__ = ["OPEN_TO_UNITS"]
