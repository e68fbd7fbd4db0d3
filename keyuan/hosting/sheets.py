"""The workbooks of this room: the order, and the turns of the years."""

from collections.abc import Iterable

from keyuan.hosting.models import Turn
from keyuan.hosting.queries.board import Line
from keyuan.hosting.queries.turns import row_of
from keyuan.kernel.hours import plain
from keyuan.kernel.sheet import Sheet
from keyuan.kernel.sheet.readers import told

ORDER = Sheet(
    key="hosting.order",
    title="承办轮值次序",
    columns=(
        told("place", "位次", 8), told("unit", "单位", 36), told("field", "学科"), told("turns", "已承办（次）"),
        told("level", "排序计次"), told("last", "最近承办"), told("joined", "加入日期"), told("lot", "抽签号"), told("why", "本次不参加的原因", 28),
    ),
)  # fmt: skip
TURNS = Sheet(
    key="hosting.turns",
    title="承办历年一览",
    columns=(
        told("year", "年度"), told("number", "期次"), told("day", "日期"), told("title", "活动名称", 30), told("host", "承办单位", 36),
        told("helpers", "联合承办", 30), told("place", "地点", 24), told("state", "状态"), told("note", "说明", 30),
    ),
)  # fmt: skip


def order_rows(lines: Iterable[Line]) -> list[dict[str, str]]:
    """The order as the board shows it."""
    return [
        {
            "place": str(one.place or "—"), "unit": one.unit, "field": one.field, "turns": str(one.figures.turns),
            "level": plain(one.figures.level), "last": str(one.figures.last or ""),
            "joined": one.figures.joined.isoformat(), "lot": one.lot, "why": one.why,
        }
        for one in lines
    ]  # fmt: skip


def order_file(lines: Iterable[Line]) -> bytes:
    """The order as a workbook."""
    return ORDER.export(order_rows(lines))


def turns_file(turns: Iterable[Turn]) -> bytes:
    """Turns as a workbook."""
    return TURNS.export(row_of(one) for one in turns)
