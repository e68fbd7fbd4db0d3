"""A plan approved, issued as a numbered document and filed; afterwards changed by approval only."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from keyuan.approvals import actions as approvals
from keyuan.approvals.actions import Fact, StepFacts
from keyuan.approvals.models import Request
from keyuan.kernel import search
from keyuan.kernel.access import Actor, require, visible
from keyuan.kernel.chinese import in_chinese
from keyuan.kernel.faults import Conflict, Fault
from keyuan.kernel.models import IssuedPaper
from keyuan.kernel.papers import issuing, numbering
from keyuan.kernel.papers.facts import chinese_day
from keyuan.kernel.papers.listing import ListFacts, list_pdf
from keyuan.orgs.models import Organisation
from keyuan.people.roles import Role
from keyuan.plan import flows
from keyuan.plan.actions.importing import set_leads
from keyuan.plan.actions.proposing import new_activity
from keyuan.plan.models import ActivityType, AnnualPlan, KeyActivity, PlanChange
from keyuan.plan.queries import leads_of
from keyuan.plan.queries.official import annex_of, budget_of
from keyuan.plan.rules.official import CHANGE, PLAN
from keyuan.plan.rules.wording import clean

MARK = "粤科协计"
HEAD = ("主要类型", "主要任务", "编号", "重点活动", "牵头部门")


def _held(plan_id: int) -> AnnualPlan:
    rows = AnnualPlan.objects.select_for_update(of=("self",)).select_related("school")
    return rows.get(pk=plan_id)


@transaction.atomic
def submit_plan(actor: Actor, *, plan: AnnualPlan) -> Request:
    """Put a draft before its chain; Fault while it is empty, a lead is missing or proposals wait."""
    held = _held(plan.pk)
    require(actor, "plan.bring", held)
    count = held.activities.count()
    if not count:
        raise Fault(_("计划中还没有重点活动，不能提交。"))
    bare = held.activities.filter(leads=None).first()
    if bare is not None:
        raise Fault(_("“{name}”还没有牵头部门，请先补充。").format(name=bare.name))
    if held.proposals.filter(state="proposed").exists():
        raise Fault(_("还有未处理的申报，请先列入或退回。"))
    flows.PLAN.move(held, "submit", actor=actor)
    facts = {"activities": count, "budget": budget_of(held)}
    return approvals.submit(actor, PLAN, about=held, facts=facts)


def annex_pdf(plan: AnnualPlan, number: str, day: date, verify: str = "") -> bytes:
    """The annex as issued, A4 on its side."""
    rows = [
        (line["type"], line["task"], str(line["number"]), line["name"], "、".join(line["leads"]))
        for line in plan.issued
    ]
    return list_pdf(
        ListFacts(
            plan.title, HEAD, tuple(rows), subtitle=f"{number}　{chinese_day(day)}", flipped=True, size=9.5,
            weights=(4.0, 11.0, 1.6, 9.0, 5.0), foot=f"验证码 {verify}" if verify else "",
        )
    )  # fmt: skip


@transaction.atomic
@in_chinese
def issue_plan(actor: Actor, *, plan: AnnualPlan) -> IssuedPaper:
    """Number and issue an approved plan: names of activities and departments stay in the document as they are today.

    Raises Conflict unless it is approved.
    """
    held = _held(plan.pk)
    require(actor, "plan.bring", held)
    if held.state != AnnualPlan.State.APPROVED:
        raise Conflict(_("计划还没有审议通过或已经印发，请刷新后再看。"))
    held.issued = annex_of(held)
    school = held.school
    mark = MARK if school.parent_id is None else f"{MARK}{school.code.upper()}"

    def render(stamp: issuing.Stamp) -> bytes:
        return annex_pdf(held, stamp.number, timezone.localdate(stamp.issued_at), stamp.verify_code)

    paper = issuing.issue(
        actor, kind=PLAN, series=numbering.open_series(school.pk, PLAN, mark), owner=held, title=held.title,
        facts={"title": held.title, "year": str(held.year), "count": str(len(held.issued))}, render=render,
    )  # fmt: skip
    _freeze(held, paper.number, timezone.localdate(paper.issued_at))
    flows.PLAN.move(held, "issue", actor=actor)
    return paper


def _freeze(plan: AnnualPlan, number: str, day: date) -> None:
    plan.number, plan.issued_on = number, day
    plan.save(update_fields=["number", "issued_on", "issued"])


@transaction.atomic
def record_issued(actor: Actor, *, plan: AnnualPlan, number: str, day: date) -> None:
    """Note that a plan was issued on paper under a number; its annex is frozen as it stands. Fault without a number."""
    held = _held(plan.pk)
    require(actor, "plan.bring", held)
    number = clean(number)
    if not number:
        raise Fault(_("请填写文号。"), "number")
    if day > timezone.localdate():
        raise Fault(_("印发日期不能晚于今天。"), "day")
    held.issued = annex_of(held)
    _freeze(held, number[:60], day)
    flows.PLAN.move(held, "record", actor=actor)


@transaction.atomic
def file_plan(actor: Actor, *, plan: AnnualPlan) -> None:
    """File an issued plan; Fault while a change of it waits for approval."""
    held = _held(plan.pk)
    require(actor, "plan.bring", held)
    if held.changes.filter(state="submitted").exists():
        raise Fault(_("还有变更正在审批，办结后再归档。"))
    flows.PLAN.move(held, "file", actor=actor)


@dataclass(frozen=True)
class Asked:
    """A change asked for: what kind, of which activity, the new name and lead; a new one needs a type too."""

    kind: str
    reason: str
    activity: KeyActivity | None = None
    type: ActivityType | None = None
    unit: Organisation | None = None
    name: str = ""


@transaction.atomic
def ask_change(actor: Actor, *, plan: AnnualPlan, asked: Asked) -> PlanChange:
    """Put a change of an issued plan before its chain (临时计划审批); Fault for what is missing."""
    held = _held(plan.pk)
    require(actor, "plan.bring", held)
    name = clean(asked.name)
    _check(held, asked, name)
    made = PlanChange.objects.create(
        plan=held, kind=asked.kind, activity=asked.activity, type=asked.type, unit=asked.unit, name=name,
        before=asked.activity.name if asked.activity else "", reason=asked.reason.strip()[:300],
    )  # fmt: skip
    approvals.submit(actor, CHANGE, about=made, facts={"change": str(made), "reason": made.reason})
    return made


def _check(plan: AnnualPlan, asked: Asked, name: str) -> None:
    if plan.state != AnnualPlan.State.ISSUED:
        raise Fault(_("只有已印发、未归档的计划才办理变更。"))
    if not asked.reason.strip():
        raise Fault(_("请填写变更理由。"), "reason")
    if asked.unit is not None and asked.unit.school_id != plan.school_id:
        raise Fault(_("牵头部门须是本校单位名单中的单位。"), "unit")
    if asked.kind == PlanChange.Kind.ADD:
        if not name or asked.unit is None or asked.type is None or asked.type.plan_id != plan.pk:
            raise Fault(_("增加活动请填写名称、主要类型和牵头部门。"), "name")
    else:
        _check_standing(plan, asked, name)
    if name and plan.activities.filter(name=name).exists():
        raise Fault(_("本年度计划中已有同名的重点活动，请换一个名称。"), "name")


def _check_standing(plan: AnnualPlan, asked: Asked, name: str) -> None:
    if asked.activity is None or asked.activity.plan_id != plan.pk:
        raise Fault(_("请选择本年度计划中的活动。"), "activity")
    if asked.activity.changes.filter(state="submitted").exists():
        raise Fault(_("这项活动已有变更正在审批，办结后再提。"), "activity")
    if asked.activity.changes.filter(state="approved", kind="withdraw").exists():
        raise Fault(_("这项活动已经取消，不再变更。"), "activity")
    if asked.kind == PlanChange.Kind.ALTER and not name and asked.unit is None:
        raise Fault(_("请填写新的名称或牵头部门。"), "name")


def _apply(change: PlanChange) -> None:
    """What the change says becomes so; a withdrawn activity keeps its line, and the page says it is withdrawn."""
    if change.kind == PlanChange.Kind.ADD and change.type is not None and change.unit is not None:
        change.activity = new_activity(change.plan, change.type, change.name)
        set_leads(change.activity, [change.unit])
        change.save(update_fields=["activity"])
    elif change.kind == PlanChange.Kind.ALTER and change.activity is not None:
        if change.name:
            change.activity.name = change.name
            change.activity.save(update_fields=["name"])
            search.refresh(change.activity)
        if change.unit is not None:
            others = [lead for lead in leads_of(change.activity) if lead.pk != change.unit_id]
            set_leads(change.activity, [change.unit, *others[1:]])


def _change_follows(move: str) -> Callable[[Actor, Request], None]:
    def follow(actor: Actor, request: Request) -> None:
        rows = PlanChange.objects.select_related("activity", "type", "unit")
        change = rows.get(pk=request.about_id)
        change.plan = _held(change.plan_id)
        if move == "approve":
            last = change.plan.changes.aggregate(last=Max("seq"))["last"] or 0
            change.seq, change.decided_on = last + 1, timezone.localdate()
            change.save(update_fields=["seq", "decided_on"])
            _apply(change)
        flows.CHANGE.move(change, move, actor=actor, note=request.note)

    return follow


def _plan_follows(move: str) -> Callable[[Actor, Request], None]:
    def follow(actor: Actor, request: Request) -> None:
        flows.PLAN.move(_held(request.about_id), move, actor=actor, note=request.note)

    return follow


def _plans(actor: Actor) -> QuerySet[Any]:
    return (
        visible(actor, AnnualPlan).values("pk") if "registrar" in actor.roles else AnnualPlan.objects.none()
    )


def _changes(actor: Actor) -> QuerySet[Any]:
    return (
        visible(actor, PlanChange).values("pk") if "registrar" in actor.roles else PlanChange.objects.none()
    )


approvals.kind(
    PLAN, gettext_lazy("年度计划审批"), steps=(StepFacts("校务委员会审议", role=Role.LEADER.value, days=10),),
    on_approved=_plan_follows("approve"), on_returned=_plan_follows("return"), on_withdrawn=_plan_follows("recall"),
    may_see=_plans, link=lambda pk: f"/plan/{AnnualPlan.objects.values_list('year', flat=True).get(pk=pk)}/official/",
    facts={
        "activities": Fact(gettext_lazy("重点活动"), number=True, unit=gettext_lazy(" 项")),
        "budget": Fact(gettext_lazy("计划经费"), number=True, unit=gettext_lazy(" 元")),
    },
)  # fmt: skip
approvals.kind(
    CHANGE, gettext_lazy("临时计划审批"), steps=(StepFacts("校领导审批", role=Role.LEADER.value, days=3),),
    on_approved=_change_follows("approve"), on_returned=_change_follows("return"),
    on_withdrawn=_change_follows("recall"), may_see=_changes,
    link=lambda pk: f"/plan/{PlanChange.objects.values_list('plan__year', flat=True).get(pk=pk)}/official/",
    facts={"change": Fact(gettext_lazy("变更")), "reason": Fact(gettext_lazy("变更理由"))},
)  # fmt: skip
