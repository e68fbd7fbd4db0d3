"""What is read of hours and certificates."""

from keyuan.credits.queries.certificates import (
    certificate_count,
    certificate_titles,
    certificate_years,
    certificates_of,
    certificates_of_owner,
    may_be_reissued,
    progress_of_owner,
)
from keyuan.credits.queries.ledger import (
    Statement,
    StatementLine,
    account_rows,
    balances_that_differ,
    live_lots,
    statement_for,
    totals_for,
    verify_ledger,
)

__all__ = [
    "Statement",
    "StatementLine",
    "account_rows",
    "balances_that_differ",
    "certificate_count",
    "certificate_titles",
    "certificate_years",
    "certificates_of",
    "certificates_of_owner",
    "live_lots",
    "may_be_reissued",
    "progress_of_owner",
    "statement_for",
    "totals_for",
    "verify_ledger",
]
