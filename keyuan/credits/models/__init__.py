"""The tables of the ledger and of the certificates."""

from keyuan.credits.models.certificates import Certificate, CertificateTemplate
from keyuan.credits.models.ledger import Balance, HourRule, LedgerAccount, LedgerHead, Lot, Posting

__all__ = [
    "Balance",
    "Certificate",
    "CertificateTemplate",
    "HourRule",
    "LedgerAccount",
    "LedgerHead",
    "Lot",
    "Posting",
]
