"""Income tax withheld from pay for services, forwards and backwards; pure.

国家税务总局公告 2018 年第 61 号 Art. 8: income up to 4,000 yuan less 800, beyond that less 20 %, is taxed by
brackets. Income of one payer and month is one (个人所得税法实施条例 Art. 14). All figures come from the dated table.
"""

from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from keyuan.fees.rules.money import cents

ZERO = Decimal(0)


@dataclass(frozen=True)
class Bracket:
    """One bracket of taxable income (级距)."""

    over: Decimal
    rate: Decimal
    quick: Decimal = ZERO


@dataclass(frozen=True)
class TaxTable:
    """The figures of one table (预扣率表); `brackets` ascend and begin at nothing."""

    small_limit: Decimal
    small_deduction: Decimal
    deduction_share: Decimal
    brackets: tuple[Bracket, ...]

    def faults(self) -> list[str]:
        """Why the table cannot be used: without these what is left after tax would jump, and have no inverse."""
        found = []
        if not self.brackets or self.brackets[0].over != 0:
            found.append("第一级距须从 0 起。")
        if cents(self.small_limit * self.deduction_share) != cents(self.small_deduction):
            found.append("定额减除费用应等于收入上限乘以减除比例，否则税后金额在上限处不衔接。")
        found += [
            f"应纳税所得额 {upper.over} 处税额不衔接，请核对预扣率和速算扣除数。"
            for lower, upper in pairwise(self.brackets)
            if upper.over * lower.rate - lower.quick != upper.over * upper.rate - upper.quick
            or upper.over <= lower.over
        ]
        return found

    def _exact_tax(self, gross: Decimal) -> Decimal:
        if gross <= self.small_limit:
            taxable = max(gross - self.small_deduction, ZERO)
        else:
            taxable = gross * (1 - self.deduction_share)
        bracket = next(one for one in reversed(self.brackets) if taxable >= one.over)
        return taxable * bracket.rate - bracket.quick

    def tax(self, gross: Decimal) -> Decimal:
        """What is withheld from a month's gross, to the cent."""
        return cents(self._exact_tax(gross))

    def net(self, gross: Decimal) -> Decimal:
        """What is left of a month's gross, to the cent."""
        return cents(gross) - self.tax(gross)

    def _corners(self) -> list[Decimal]:
        """The grosses between which what is left is a straight line."""
        found = {ZERO, self.small_deduction, self.small_limit}
        for bracket in self.brackets[1:]:
            low = bracket.over + self.small_deduction
            found.add(low if low <= self.small_limit else bracket.over / (1 - self.deduction_share))
        return sorted(found)

    def gross(self, net: Decimal) -> Decimal:
        """The gross that leaves `net` after withholding, to the cent; the inverse of `net` within a cent."""
        corners = self._corners()
        left = [gross - self._exact_tax(gross) for gross in corners]
        for (low, low_net), (high, high_net) in pairwise(zip(corners, left, strict=True)):
            if net <= high_net:
                return cents(low + (net - low_net) * (high - low) / (high_net - low_net))
        slope = 1 - (1 - self.deduction_share) * self.brackets[-1].rate
        return cents(corners[-1] + (net - left[-1]) / slope)

    def further_gross(self, net: Decimal, *, month_net: Decimal, month_gross: Decimal) -> Decimal:
        """The gross of one more fee after `month_net` was paid at `month_gross` in the same month.

        The month is one income, so that the fees of a month together always bear the tax of their sum.
        """
        return self.gross(month_net + net) - month_gross
