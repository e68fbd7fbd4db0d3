"""What is done to hours and certificates."""

from keyuan.credits.actions.certificates import (
    CertificateFacts,
    issue_next,
    reissue,
    request_certificates,
    revoke,
    revoke_for,
)
from keyuan.credits.actions.ledger import AwardFacts, award, award_many, reverse, reverse_many

__all__ = [
    "AwardFacts",
    "CertificateFacts",
    "award",
    "award_many",
    "issue_next",
    "reissue",
    "request_certificates",
    "reverse",
    "reverse_many",
    "revoke",
    "revoke_for",
]
