"""The workbooks of this room."""

from collections.abc import Iterable, Iterator

from keyuan.duty.models import Duty
from keyuan.duty.queries.board import Line
from keyuan.duty.rules.standing import STATES
from keyuan.kernel.sheet import Sheet
from keyuan.kernel.sheet.readers import told

BOARD = Sheet(
    key="duty.board",
    title="听一课讲一课一览",
    columns=(
        told("unit", "单位", 34),
        told("kind", "类别"),
        told("field", "学科或片区"),
        told("post", "职务", 14),
        told("number", "届次", 8),
        told("name", "姓名", 14),
        told("starts", "任职起"),
        told("until", "任期至"),
        told("ends", "实际离任"),
        told("attend", "听一课", 16),
        told("attend_by", "听课班次", 34),
        told("attend_due", "听课限期"),
        told("lecture", "讲一课", 16),
        told("lecture_by", "讲课内容", 34),
        told("lecture_due", "讲课限期"),
    ),
)


def _of(duty: Duty | None, key: str) -> dict[str, str]:
    if duty is None:
        return {key: "不适用", f"{key}_by": "", f"{key}_due": ""}
    state, limit = getattr(duty, "state", ""), getattr(duty, "limit", None)
    done, planned = getattr(duty, "proof_title", None), getattr(duty, "plan_title", None)
    by = f"{done}（{getattr(duty, 'proof_day', '')}）" if done else f"安排：{planned}" if planned else ""
    words = {one: str(word) for one, word in STATES}
    return {key: words.get(state, ""), f"{key}_by": by, f"{key}_due": str(limit or "")}


def board_rows(lines: Iterable[Line]) -> Iterator[dict[str, str]]:
    """The board's lines as it shows them."""
    for line in lines:
        term = line.term
        yield {
            "unit": line.unit,
            "kind": str(term.organisation.get_kind_display()),
            "field": term.organisation.field_or_region,
            "post": term.post.name,
            "number": str(term.number or ""),
            "name": term.holder.name if term.holder else "",
            "starts": term.starts.isoformat(),
            "until": str(term.deadline or ""),
            "ends": str(term.ends or ""),
            **_of(line.attend, "attend"),
            **_of(line.lecture, "lecture"),
        }


def board_file(lines: Iterable[Line]) -> bytes:
    """The board as a workbook."""
    return BOARD.export(board_rows(lines))
