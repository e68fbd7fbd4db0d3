"""Proposals and changes of a plan as workbooks."""

from collections.abc import Iterable

from keyuan.kernel.chinese import in_chinese
from keyuan.kernel.sheet import Sheet, told
from keyuan.plan.models import PlanChange, PlanProposal

PROPOSALS = Sheet(
    "plan.proposals",
    "活动申报",
    (
        told("unit", "申报部门", 26), told("type", "主要类型", 18), told("name", "活动名称", 36),
        told("reason", "申报理由", 50), told("state", "状态"), told("note", "退回理由", 30),
        told("activity", "列入的重点活动", 36),
    ),
)  # fmt: skip
CHANGES = Sheet(
    "plan.changes",
    "临时计划变更",
    (
        told("seq", "批准序号"), told("kind", "变更"), told("activity", "重点活动", 36), told("before", "原名称", 36),
        told("name", "新名称", 36), told("unit", "牵头部门", 26), told("reason", "变更理由", 50), told("state", "状态"),
        told("day", "批准日期"),
    ),
)  # fmt: skip


@in_chinese
def proposals_file(rows: Iterable[PlanProposal]) -> bytes:
    """A row a proposal, in the order given."""
    return PROPOSALS.export(
        {
            "unit": row.unit.name, "type": row.type.name, "name": row.name, "reason": row.reason,
            "state": str(row.get_state_display()), "note": row.note,
            "activity": row.activity.name if row.activity else "",
        }
        for row in rows
    )  # fmt: skip


@in_chinese
def changes_file(rows: Iterable[PlanChange]) -> bytes:
    """A row a change, in the order given."""
    return CHANGES.export(
        {
            "seq": str(row.seq or ""), "kind": str(row.get_kind_display()),
            "activity": row.activity.name if row.activity else "", "before": row.before, "name": row.name,
            "unit": row.unit.name if row.unit else "", "reason": row.reason, "state": str(row.get_state_display()),
            "day": row.decided_on.isoformat() if row.decided_on else "",
        }
        for row in rows
    )  # fmt: skip
