"""What is done to hours and certificates."""

from keyuan.credits.actions.ledger import AwardFacts, award, award_many, reverse, reverse_many

__all__ = ["AwardFacts", "award", "award_many", "reverse", "reverse_many"]
