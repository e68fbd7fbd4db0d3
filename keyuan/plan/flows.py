"""The lives of an annual plan, of a department's proposal and of a change after issue."""

from keyuan.kernel.flow import Flow, Move
from keyuan.plan.models import AnnualPlan, PlanChange, PlanProposal

PLAN: Flow[AnnualPlan] = Flow(
    "plan.annual",
    AnnualPlan,
    Move("submit", "提交审批", ("draft",), "submitted", "plan.bring"),
    Move("approve", "审议通过", ("submitted",), "approved", "plan.decided"),
    Move("return", "退回修改", ("submitted",), "draft", "plan.decided"),
    Move("recall", "撤回审批", ("submitted",), "draft", "plan.bring"),
    Move("issue", "印发", ("approved",), "issued", "plan.bring"),
    Move("record", "补录已印发文件", ("draft",), "issued", "plan.bring"),
    Move("file", "归档", ("issued",), "filed", "plan.bring"),
)
PROPOSAL: Flow[PlanProposal] = Flow(
    "plan.proposal",
    PlanProposal,
    Move("accept", "列入计划", ("proposed",), "accepted", "plan.bring"),
    Move("return", "退回申报", ("proposed",), "returned", "plan.bring", reason=True, noted="note"),
    Move("resubmit", "重新申报", ("returned",), "proposed", "plan.propose"),
    Move("withdraw", "撤回申报", ("proposed", "returned"), "withdrawn", "plan.propose"),
)
CHANGE: Flow[PlanChange] = Flow(
    "plan.change",
    PlanChange,
    Move("approve", "批准变更", ("submitted",), "approved", "plan.decided"),
    Move("return", "不批准变更", ("submitted",), "returned", "plan.decided"),
    Move("recall", "撤回变更", ("submitted",), "withdrawn", "plan.bring"),
)
