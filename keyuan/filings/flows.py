"""The lives of a frame, of a unit's plan and of its results."""

from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from keyuan.filings.models import Filing, Frame, Line, Outcome, Part, Version
from keyuan.filings.queries.people import receivers
from keyuan.kernel import notify
from keyuan.kernel.access import Actor
from keyuan.kernel.faults import Fault
from keyuan.kernel.flow import Flow, Move

notify.kind(
    "filings.issued",
    title="请报送：{frame}",
    text="“{frame}”已下发：计划请于{plan_by}前、总结请于{result_by}前报送。",
)
notify.kind(
    "filings.returned",
    title="{part}被退回：{frame}",
    text="“{frame}”的{part}被退回，请修改后重新报送。退回原因：{reason}",
)
notify.kind("filings.accepted", title="{part}已审定：{frame}", text="“{frame}”的{part}已审定。")

PLAN_FIELDS = ("name", "month", "days", "people", "cohort", "budget")
RESULT_FIELDS = ("name", "held_on", "hours", "cadre", "leading_talent", "overseas_talent", "other", "summary")
F, S = Frame.State, Filing.State


def _tell(filing: Filing, kind: str, part: str, **facts: Any) -> None:
    told = receivers([filing]).get(filing.pk, [])
    word = str(Part(part).label)
    notify.tell(
        told, kind, f"/filings/units/{filing.pk}/", school_id=filing.frame.school_id, frame=filing.frame.title,
        part=word, **facts,
    )  # fmt: skip


def _as_text(value: Any) -> Any:
    return value if value is None or isinstance(value, int | str) else str(value)


def content_of(filing: Filing, part: str) -> list[dict[str, Any]]:
    """The rows as they stand, for a version: figures and words, nobody's name or phone."""
    rows: Any = Line if part == Part.PLAN else Outcome
    names = PLAN_FIELDS if part == Part.PLAN else RESULT_FIELDS
    found = []
    for row in rows.objects.filter(filing=filing, withdrawn_at=None).select_related("type"):
        also = {"activity": row.activity_id} if part == Part.PLAN else {"line": row.line_id}
        found.append(
            {name: _as_text(getattr(row, name)) for name in names}
            | {"id": row.pk, "type": row.type.name}
            | also
        )
    return found


def _incomplete(filing: Filing) -> str:
    rows = Line.objects.filter(filing=filing, withdrawn_at=None)
    names = [one.name for one in rows if None in (one.month, one.days, one.people)]
    return "、".join(names[:5])


def _frozen(part: str, filing: Filing, actor: Actor, *, nil: bool = False) -> None:
    """Hand in: complete, with something in it unless it says that there is nothing; frozen as a version."""
    if filing.frame.state != F.ISSUED:
        raise Fault(_("这项统筹要求不在报送期内，不能报送。请联系教务。"))
    content = content_of(filing, part)
    if nil and content:
        raise Fault(_("已填有活动，不能零报告。请先删去，或直接报送。"))
    if not nil and not content:
        raise Fault(_("还没有填写活动。请先添加；本年度确实没有的，请用“零报告”。"))
    if part == Part.PLAN and (names := _incomplete(filing)):
        raise Fault(_("以下活动缺月份、天数或人数，请补齐后再报送：%(names)s。") % {"names": names})
    last = Version.objects.filter(filing=filing, part=part).order_by("-number").first()
    note = getattr(filing, f"{part}_note") if nil or last else ""
    Version.objects.create(
        filing=filing, part=part, number=(last.number if last else 0) + 1, content=content, note=note,
        by_id=actor.person_id,
    )  # fmt: skip


def _returned(part: str, filing: Filing, _actor: Actor) -> None:
    _tell(filing, "filings.returned", part, reason=getattr(filing, f"{part}_note"))


def _accepted(part: str, filing: Filing, _actor: Actor) -> None:
    _tell(filing, "filings.accepted", part)


def _life(part: str) -> Flow[Filing]:
    word, noted = str(Part(part).value), f"{part}_note"
    called = {"plan": "计划", "result": "总结"}[word]
    owed = (S.OPEN, S.RETURNED, S.REVISING)
    return Flow(
        f"filings.{word}",
        Filing,
        Move("file", f"报送{called}", owed, S.FILED, "filings.file", then=partial(_frozen, part)),
        Move(
            "nil", f"{called}零报告", owed, S.FILED, "filings.file", then=partial(_frozen, part, nil=True),
            reason=True, noted=noted,
        ),
        Move("recall", f"撤回{called}", (S.FILED,), S.OPEN, "filings.file"),
        Move("receive", f"签收{called}", (S.FILED,), S.RECEIVED, "filings.receive"),
        Move("accept", f"审定{called}", (S.FILED, S.RECEIVED), S.ACCEPTED, "filings.receive", then=partial(_accepted, part)),
        Move(
            "return", f"退回{called}", (S.FILED, S.RECEIVED), S.RETURNED, "filings.receive",
            then=partial(_returned, part), reason=True, noted=noted, danger=True,
        ),
        Move("revise", f"更正{called}", (S.ACCEPTED, S.RECEIVED), S.REVISING, "filings.file", reason=True, noted=noted),
        Move("exempt", f"{called}免报", (S.OPEN,), S.EXEMPT, "filings.receive", reason=True, noted=noted),
        Move("require", f"{called}恢复报送", (S.EXEMPT,), S.OPEN, "filings.receive"),
        field=f"{word}_state",
    )  # fmt: skip


PLAN, RESULT = _life(Part.PLAN), _life(Part.RESULT)
LIVES = {Part.PLAN.value: PLAN, Part.RESULT.value: RESULT}


FRAME: Flow[Frame] = Flow(
    "filings.frame",
    Frame,
    Move("issue", "下发统筹要求", (F.DRAFT,), F.ISSUED, "filings.frame"),
    Move("close", "截止报送", (F.ISSUED,), F.CLOSED, "filings.frame"),
    Move("reopen", "重新开放报送", (F.CLOSED,), F.ISSUED, "filings.frame"),
)
