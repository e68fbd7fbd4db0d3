"""From net to gross on the screen: worked examples of a table, and one sum asked for."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils import timezone

from keyuan.fees.models import Withholding
from keyuan.fees.queries.standards import table_of
from keyuan.fees.rules.money import cents, in_capitals, short

EXAMPLES = (Decimal(500), Decimal(2000), Decimal(4000), Decimal(12000), Decimal(30000))
MOST = Decimal(100_000_000)


@dataclass(frozen=True)
class Worked:
    """One sum worked out (试算)."""

    net: Decimal
    gross: Decimal

    @property
    def tax(self) -> Decimal:
        """What is withheld."""
        return self.gross - self.net

    @property
    def capitals(self) -> str:
        """The gross in capitals."""
        return in_capitals(self.gross)


def worked(table: Withholding | None, text: str) -> Worked | None:
    """The gross of a net typed as text; None for nothing or no number."""
    try:
        net = cents(Decimal(text.replace(",", "").strip()))
    except (InvalidOperation, ValueError):
        return None
    if table is None or not 0 <= net <= MOST:
        return None
    return Worked(net, table_of(table).gross(net))


def examples(table: Withholding | None) -> list[Worked]:
    """Some usual sums."""
    return [Worked(net, table_of(table).gross(net)) for net in EXAMPLES] if table else []


def typed_again(table: Withholding | None) -> dict[str, Any]:
    """A table as a new one begins: today, with the figures in force."""
    if table is None:
        return {"valid_from": timezone.localdate()}
    names = ("small_limit", "small_deduction", "deduction_share", "source")
    lines = [f"{short(row.over)} {short(row.rate)} {short(row.quick)}" for row in table.brackets.all()]
    return {name: getattr(table, name) for name in names} | {
        "valid_from": timezone.localdate(), "brackets": "\n".join(lines),
    }  # fmt: skip
