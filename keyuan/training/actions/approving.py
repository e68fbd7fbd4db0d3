"""A class before its approval chain: what follows the last word, and the paper of one held out of plan."""

from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from keyuan.approvals import actions as approvals
from keyuan.approvals import queries as approval_queries
from keyuan.approvals.actions import Fact, StepFacts, Words
from keyuan.approvals.models import Request
from keyuan.kernel import audit, files
from keyuan.kernel.access import Actor, require, visible
from keyuan.kernel.faults import Conflict, Fault
from keyuan.kernel.models import StoredFile
from keyuan.people.roles import Role
from keyuan.training import flows
from keyuan.training.models import TrainingClass
from keyuan.training.rules.approving import CLASS_KINDS, PLANNED, UNPLANNED

PAPER = "training.unplanned"
audit.sentence("training.class.paper", "上传计划外审批件：{thing}")

_FACTS = {
    "activity": Fact(gettext_lazy("重点活动")),
    "kind": Fact(gettext_lazy("类型")),
    "reason": Fact(gettext_lazy("计划外理由")),
    "starts": Fact(gettext_lazy("开班日期")),
    "ends": Fact(gettext_lazy("结束日期")),
    "days": Fact(gettext_lazy("天数"), number=True, unit=gettext_lazy(" 天")),
    "venue": Fact(gettext_lazy("地点")),
    "places": Fact(gettext_lazy("名额"), number=True, unit=gettext_lazy(" 人")),
    "hours": Fact(gettext_lazy("计划学时"), number=True, unit=gettext_lazy(" 学时")),
    "audience": Fact(gettext_lazy("培训对象")),
}


def _follows(move: str) -> Callable[[Actor, Request], None]:
    def follow(actor: Actor, request: Request) -> None:
        training_class = TrainingClass.objects.get(pk=request.about_id)
        flows.CLASS.move(training_class, move, actor=actor, note=request.note)

    return follow


def _headed(actor: Actor) -> QuerySet[Any]:
    """The class's head teacher follows its approval; units and trainees do not."""
    return visible(actor, TrainingClass).filter(head_teacher_id=actor.person_id or 0).values("pk")


def _register(key: str, title: Words, *steps: StepFacts) -> None:
    approvals.kind(
        key, title, steps=steps, on_approved=_follows("approve"), on_returned=_follows("return"),
        on_withdrawn=_follows("recall"), may_see=_headed, facts=_FACTS,
        link=lambda pk: f"/classes/{pk}/", bulk=key == PLANNED,
    )  # fmt: skip


_register(
    PLANNED,
    gettext_lazy("开班审批"),
    StepFacts("部门审批", "head", days=3),
)
# 培训费办法: a class out of plan needs the chief's written approval, shown again at reimbursement.
_register(
    UNPLANNED,
    gettext_lazy("计划外审批"),
    StepFacts("部门审核", "head", days=3),
    StepFacts("校领导审批", role=Role.LEADER.value, days=3),
)


def decide_class(actor: Actor, *, training_class: TrainingClass, verdict: str, note: str = "") -> None:
    """Say the actor's word at the step the class's approval stands at; the class follows the last word."""
    waiting = approval_queries.open_request(CLASS_KINDS, training_class)
    if waiting is None:
        raise Conflict(_("这个班次现在不在审批中，请刷新后再看。"))
    approvals.decide(actor, request=waiting, verdict=approvals.verdict(verdict), note=note)
    training_class.refresh_from_db(fields=["state"])


@transaction.atomic
def keep_paper(actor: Actor, *, training_class: TrainingClass, upload: UploadedFile) -> StoredFile:
    """Keep the signed approval of a class out of plan. Raises Fault for a planned class or a file of another type."""
    require(actor, "training.plan", training_class)
    if not training_class.unplanned:
        raise Fault(_("只有计划外举办的班次才上传审批件。"))
    kept = files.keep(actor, PAPER, training_class.pk, upload)
    audit.record(actor, "training.class.paper", training_class, file=kept.pk)
    return kept
