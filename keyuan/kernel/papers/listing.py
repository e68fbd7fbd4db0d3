"""Plain lists on paper: roster, sign-in sheet, any table with a head and a date."""

from dataclasses import asdict, dataclass

from keyuan.kernel.papers import press
from keyuan.kernel.papers.facts import full_widths

LONGEST = 20.0  # characters after which a cell may wrap
UPRIGHT = 48.0  # characters of 10 points that an upright page holds in a row


@dataclass(frozen=True)
class ListFacts:
    """A list on paper (名册、台账). `weights` are column widths, measured when empty; `size` in points.

    `flipped` lays the page on its side; None leaves it to the widths. `tall` gives room to sign in each row.
    """

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    subtitle: str = ""
    notes: tuple[str, ...] = ()
    weights: tuple[float, ...] = ()
    flipped: bool | None = None
    tall: bool = False
    size: float = 10.5
    remark: str = ""
    foot: str = ""
    empty: str = "（暂无）"
    draft: bool = False


def list_pdf(facts: ListFacts) -> bytes:
    """The list as PDF; its head is repeated on every page and no row tears."""
    for row in facts.rows:
        if len(row) != len(facts.head):
            raise ValueError(f"每行应有 {len(facts.head)} 格，这一行有 {len(row)} 格")
    wishes = [_wish(facts, at) for at in range(len(facts.head))]
    flipped = facts.flipped if facts.flipped is not None else sum(wishes) > UPRIGHT
    said = asdict(facts) | {
        "weights": list(facts.weights) or wishes,
        "flipped": flipped,
        "pad": 9 if facts.tall else 5,
        # A column with any long cell reads from the left, all of it.
        "left": [wish > 8 for wish in wishes],
    }
    return press.pdf("listing", said)


def _wish(facts: ListFacts, at: int) -> float:
    longest = max((full_widths(row[at]) for row in facts.rows), default=0.0)
    return max(min(longest, LONGEST), full_widths(facts.head[at])) + 1.0


def sign_in_sheet(
    title: str,
    people: tuple[tuple[str, str], ...],
    *,
    halves: tuple[str, ...],
    subtitle: str = "",
    foot: str = "",
) -> ListFacts:
    """A sheet to sign (签到表): people as (name, organisation), an empty cell for each half-day."""
    head = ("序号", "姓名", "单位", *halves)
    rows = tuple((str(at), name, unit, *("",) * len(halves)) for at, (name, unit) in enumerate(people, 1))
    weights = (1.2, 2.6, 6.0, *(2.6,) * len(halves))
    return ListFacts(
        title, head, rows, subtitle=subtitle, weights=weights, flipped=len(halves) > 4, tall=True, foot=foot,
        remark="请本人逐半天签名，不得代签。",
    )  # fmt: skip
