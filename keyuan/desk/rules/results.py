"""What may be shown of an evaluation, as its own room lays it down."""

from keyuan.evaluation.rules.results import Result

__all__ = ["Result"]
