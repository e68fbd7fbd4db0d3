"""What a form asks, how a token stays anonymous, what may be shown, and who may see it."""

from keyuan.evaluation.rules.access import staff_of, teachers_of
from keyuan.evaluation.rules.questions import CLASS_QUESTIONS, SESSION_QUESTIONS, Question
from keyuan.evaluation.rules.results import FEWEST, FORMULA, Result

__all__ = [
    "CLASS_QUESTIONS",
    "FEWEST",
    "FORMULA",
    "SESSION_QUESTIONS",
    "Question",
    "Result",
    "staff_of",
    "teachers_of",
]
