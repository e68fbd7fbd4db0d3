"""The lives of a budget, a settlement and a lecture-fee slip."""

from decimal import Decimal
from typing import Any

from django.utils import timezone

from keyuan.approvals import actions as approvals
from keyuan.fees.models import Budget, LectureFee, Reviewed, Settlement
from keyuan.fees.rules.approving import BUDGET as BUDGET_KIND
from keyuan.fees.rules.approving import SETTLEMENT as SETTLEMENT_KIND
from keyuan.kernel import notify
from keyuan.kernel.access import Actor
from keyuan.kernel.flow import Flow, Move
from keyuan.people import queries as people
from keyuan.people.roles import Role
from keyuan.training.models import TrainingClass

notify.kind("fees.to_sign", title="讲课费待签收", text="“{title}”的讲课费签收单请核对签收：税后 {net} 元。")
notify.kind("fees.queried", title="讲课费有疑问", text="{name}对“{title}”的讲课费提出疑问：{reason}")


def _facts(paper: Budget | Settlement) -> dict[str, Any]:
    lines: Any = paper.lines
    amount = "amount" if isinstance(paper, Budget) else "actual"
    total = sum((getattr(line, amount) for line in lines.all()), Decimal(0))
    return {
        "total": total, "places": paper.places, "staff": paper.staff, "days": paper.days,
        "explanation": paper.explanation or None,
    }  # fmt: skip


def _class_of(paper: Budget | Settlement) -> TrainingClass:
    return paper.training_class if isinstance(paper, Budget) else paper.budget.training_class


def _write(paper: Budget | Settlement, **values: Any) -> None:
    type(paper)._default_manager.filter(pk=paper.pk).update(**values)
    for name, value in values.items():
        setattr(paper, name, value)


def _submitted(paper: Budget | Settlement, actor: Actor) -> None:
    _write(paper, submitted_by_id=actor.person_id, checked_by_id=None, approved_by_id=None, decided_at=None)
    kind = BUDGET_KIND if isinstance(paper, Budget) else SETTLEMENT_KIND
    approvals.submit(
        actor, kind, about=paper, facts=_facts(paper), organisation=_class_of(paper).department
    )  # fmt: skip


def _checked(paper: Budget | Settlement, actor: Actor) -> None:
    _write(paper, checked_by_id=actor.person_id)


def sign_approval(paper: Budget | Settlement, actor: Actor) -> None:
    """Write who approves, before the state says approved: the database wants the names on what is approved."""
    checked = paper.checked_by_id if paper.checked_by_id != actor.person_id else None
    _write(paper, checked_by_id=checked, approved_by_id=actor.person_id, decided_at=timezone.now())


def _let_go(paper: Budget | Settlement, actor: Actor) -> None:
    approvals.drop(actor, about=paper)
    _reopened(paper, actor)


def _reopened(paper: Budget | Settlement, actor: Actor) -> None:
    _write(paper, submitted_by_id=None, checked_by_id=None, approved_by_id=None, decided_at=None)


S = Reviewed.State
WAITING = (S.SUBMITTED, S.CHECKED)
# What the papers' own screens do; the other moves follow the approval chain.
OWN = ("submit", "recall", "revise")

BUDGET: Flow[Budget] = Flow(
    "fees.budget",
    Budget,
    Move("submit", "提交预算", (S.DRAFT, S.RETURNED), S.SUBMITTED, "fees.keep", then=_submitted),
    Move("recall", "撤回预算", WAITING, S.DRAFT, "fees.keep", then=_let_go, danger=True),
    Move("check", "审核通过预算", WAITING, S.CHECKED, "fees.decided", then=_checked, noted="note"),
    Move("approve", "批准预算", WAITING, S.APPROVED, "fees.decided", noted="note"),
    Move("return", "退回预算", WAITING, S.RETURNED, "fees.decided", reason=True, noted="note"),
    Move(
        "revise",
        "调整预算",
        (S.APPROVED,),
        S.DRAFT,
        "fees.keep",
        then=_reopened,
        reason=True,
        noted="note",
        danger=True,
    ),
)

SETTLEMENT: Flow[Settlement] = Flow(
    "fees.settlement",
    Settlement,
    Move("submit", "提交决算", (S.DRAFT, S.RETURNED), S.SUBMITTED, "fees.keep", then=_submitted),
    Move("recall", "撤回决算", WAITING, S.DRAFT, "fees.keep", then=_let_go, danger=True),
    Move("check", "审核通过决算", WAITING, S.CHECKED, "fees.decided", then=_checked, noted="note"),
    Move("approve", "批准决算", WAITING, S.APPROVED, "fees.decided", noted="note"),
    Move("return", "退回决算", WAITING, S.RETURNED, "fees.decided", reason=True, noted="note"),
    Move(
        "revise",
        "调整决算",
        (S.APPROVED,),
        S.DRAFT,
        "fees.keep",
        then=_reopened,
        reason=True,
        noted="note",
        danger=True,
    ),
)


def own_moves(paper: Budget | Settlement, actor: Actor) -> list[Move[Any]]:
    """The buttons of a paper's own screen; whoever decides does so on the approval's."""
    flow: Flow[Any] = BUDGET if isinstance(paper, Budget) else SETTLEMENT
    return [move for move in flow.open_moves(paper, actor) if move.name in OWN]


def _sent(fee: LectureFee, actor: Actor) -> None:
    LectureFee.objects.filter(pk=fee.pk).update(sent_at=timezone.now(), note="")
    notify.tell(
        [fee.person_id], "fees.to_sign", f"/fees/mine/{fee.pk}/", school_id=fee.school_id,
        title=fee.training_class.title, net=f"{fee.net:.2f}",
    )  # fmt: skip


def _queried(fee: LectureFee, actor: Actor) -> None:
    notify.tell(
        people.holders_of(Role.REGISTRAR, fee.school_id), "fees.queried",
        f"/classes/{fee.training_class_id}/fees/lectures/", school_id=fee.school_id, name=fee.person.name,
        title=fee.training_class.title, reason=fee.note,
    )  # fmt: skip


def _unpaid(fee: LectureFee, actor: Actor) -> None:
    LectureFee.objects.filter(pk=fee.pk).update(paid_on=None)
    fee.paid_on = None


F = LectureFee.State
LECTURE: Flow[LectureFee] = Flow(
    "fees.lecture",
    LectureFee,
    Move("send", "发出签收单", (F.DRAFT, F.QUERIED), F.SENT, "fees.lectures", then=_sent),
    Move("withdraw", "收回签收单", (F.SENT, F.QUERIED), F.DRAFT, "fees.lectures"),
    Move("query", "提出疑问", (F.SENT,), F.QUERIED, "fees.sign", then=_queried, reason=True, noted="note"),
    Move("sign", "签收讲课费", (F.SENT,), F.SIGNED, "fees.sign"),
    Move("paper", "登记纸质签收", (F.SENT,), F.SIGNED, "fees.lectures"),
    Move("pay", "登记支付", (F.SIGNED,), F.PAID, "fees.lectures"),
    Move(
        "unpay",
        "撤销支付登记",
        (F.PAID,),
        F.SIGNED,
        "fees.lectures",
        then=_unpaid,
        reason=True,
        noted="note",
        danger=True,
    ),
)
