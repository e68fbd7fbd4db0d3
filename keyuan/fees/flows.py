"""The lives of a budget, a settlement and a lecture-fee slip."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from keyuan.fees.models import Budget, LectureFee, Reviewed, Settlement
from keyuan.kernel import notify
from keyuan.kernel.access import Actor
from keyuan.kernel.faults import Fault
from keyuan.kernel.flow import Flow, Move
from keyuan.people import queries as people
from keyuan.people.roles import Role

notify.kind("fees.to_check", title="待审核", text="“{title}”的{what}待您审核。")
notify.kind("fees.to_approve", title="待审批", text="“{title}”的{what}待您审批。")
notify.kind("fees.returned", title="已退回", text="“{title}”的{what}被退回：{reason}")
notify.kind("fees.approved", title="已批准", text="“{title}”的{what}已批准。")
notify.kind("fees.to_sign", title="讲课费待签收", text="“{title}”的讲课费签收单请核对签收：税后 {net} 元。")
notify.kind("fees.queried", title="讲课费有疑问", text="{name}对“{title}”的讲课费提出疑问：{reason}")

WORDS = {Budget: ("预算", "fees/"), Settlement: ("决算", "fees/settlement/")}


def _class_and_words(paper: Any) -> tuple[Any, str, str]:
    what, path = WORDS[type(paper)]
    klass = paper.training_class if isinstance(paper, Budget) else paper.budget.training_class
    return klass, what, f"/classes/{klass.pk}/{path}"


def _tell(paper: Any, whom: list[int], kind: str, **more: Any) -> None:
    klass, what, link = _class_and_words(paper)
    notify.tell(whom, kind, link, school_id=klass.school_id, title=klass.title, what=what, **more)


def _signed(paper: Any, **values: Any) -> None:
    """Write who acted; the database refuses a person who acted before."""
    try:
        with transaction.atomic():
            type(paper)._default_manager.filter(pk=paper.pk).update(**values)
    except IntegrityError as clash:
        raise Fault("经办、审核、审批须由三个不同的人办理。") from clash
    for name, value in values.items():
        setattr(paper, name, value)


def _submitted(paper: Any, actor: Actor) -> None:
    _signed(paper, submitted_by_id=actor.person_id, checked_by_id=None, approved_by_id=None, decided_at=None)
    klass, _what, _link = _class_and_words(paper)
    _tell(paper, people.heads_of(klass.department_id), "fees.to_check")


def _checked(paper: Any, actor: Actor) -> None:
    _signed(paper, checked_by_id=actor.person_id)
    _tell(paper, people.holders_of(Role.LEADER, paper.school_id), "fees.to_approve")


def sign_approval(paper: Budget | Settlement, actor: Actor) -> None:
    """Write who approves, before the state says approved: the database wants three names on what is approved."""
    names = {"approved_by_id": actor.person_id, "decided_at": timezone.now()}
    try:
        with transaction.atomic():
            type(paper)._default_manager.filter(pk=paper.pk, state="checked").update(**names)
    except IntegrityError as clash:
        raise Fault("经办、审核、审批须由三个不同的人办理。") from clash


def _approved(paper: Any, actor: Actor) -> None:
    paper.approved_by_id = actor.person_id
    _tell(paper, [paper.submitted_by_id], "fees.approved")


def _returned(paper: Any, actor: Actor) -> None:
    _tell(paper, [paper.submitted_by_id], "fees.returned", reason=paper.note)


def _reopened(paper: Any, actor: Actor) -> None:
    _signed(paper, submitted_by_id=None, checked_by_id=None, approved_by_id=None, decided_at=None)


S = Reviewed.State


BUDGET: Flow[Budget] = Flow(
    "fees.budget",
    Budget,
    Move("submit", "提交预算", (S.DRAFT, S.RETURNED), S.SUBMITTED, "fees.keep", then=_submitted),
    Move("check", "审核通过预算", (S.SUBMITTED,), S.CHECKED, "fees.check", then=_checked, noted="note"),
    Move("approve", "批准预算", (S.CHECKED,), S.APPROVED, "fees.approve", then=_approved, noted="note"),
    Move(
        "return",
        "退回预算",
        (S.SUBMITTED, S.CHECKED),
        S.RETURNED,
        "fees.send_back",
        then=_returned,
        reason=True,
        noted="note",
        danger=True,
    ),
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
    Move("check", "审核通过决算", (S.SUBMITTED,), S.CHECKED, "fees.check", then=_checked, noted="note"),
    Move("approve", "批准决算", (S.CHECKED,), S.APPROVED, "fees.approve", then=_approved, noted="note"),
    Move(
        "return",
        "退回决算",
        (S.SUBMITTED, S.CHECKED),
        S.RETURNED,
        "fees.send_back",
        then=_returned,
        reason=True,
        noted="note",
        danger=True,
    ),
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
