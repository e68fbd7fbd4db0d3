"""Yuan and fen: every amount is a Decimal rounded half up to the cent, and only here."""

from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")


def cents(amount: Decimal) -> Decimal:
    """The amount to the fen, half a fen upwards (四舍五入), as invoices and the tax forms do."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def plain(amount: Decimal) -> str:
    """An amount as papers write it: 1,200.00."""
    return f"{cents(amount):,.2f}"


_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿")


def _group(number: int) -> str:
    """One to 9999 in capitals."""
    words, zero = "", False
    for place in (3, 2, 1, 0):
        figure = number // 10**place % 10
        if figure:
            words += ("零" if zero and words else "") + _DIGITS[figure] + _PLACES[place]
            zero = False
        else:
            zero = True
    return words


def in_capitals(amount: Decimal) -> str:
    """An amount below 10^12 in banking capitals (大写金额): 1234.50 → 壹仟贰佰叁拾肆元伍角整.

    支付结算办法 (银发〔1997〕393号) 附一: 整 after 元 or 角, 零 for skipped places.
    """
    fen = int(cents(amount) * 100)
    yuan, rest = divmod(fen, 100)
    words = ""
    for at in (2, 1, 0):
        part, above = yuan // 10000**at % 10000, yuan // 10000 ** (at + 1) % 10
        if part:
            words += ("零" if words and (part < 1000 or not above) else "") + _group(part) + _GROUPS[at]
    words = (words + "元") if words else ""
    jiao, last = divmod(rest, 10)
    if not rest:
        return (words or "零元") + "整"
    words += (_DIGITS[jiao] + "角") if jiao else ("零" if words else "")
    return words + (_DIGITS[last] + "分" if last else "整")


def short(number: Decimal) -> str:
    """A number without idle noughts: 4, 7.5, 340."""
    return f"{number.normalize():f}"
