"""A class's budget written: reckoned, handed on from person to person, kept version by version."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.fees import flows
from keyuan.fees.models import Budget, BudgetLine, BudgetVersion
from keyuan.fees.queries import budgets as queries
from keyuan.fees.queries import standards
from keyuan.fees.queries.budgets import Wanted
from keyuan.kernel import audit
from keyuan.kernel.access import Actor, require
from keyuan.kernel.faults import Fault
from keyuan.training.models import TrainingClass

audit.sentence("fees.budget.saved", "编制预算：{thing}，合计 {total} 元")
OPEN = ("draft", "returned")


@transaction.atomic
def save_budget(actor: Actor, *, training_class: TrainingClass, wanted: Wanted) -> Budget:
    """Reckon and keep a budget; only a draft or a returned one may be changed."""
    held = TrainingClass.objects.select_for_update().get(pk=training_class.pk)
    require(actor, "fees.keep", held)
    if not held.fees:
        raise Fault(_("这个班次不编制预算，可在“修改”里打开。"))
    if held.state == TrainingClass.State.CANCELLED:
        raise Fault(_("班次已取消，不再编制预算。"))
    budget = Budget.objects.select_for_update().filter(training_class=held).first()
    if budget is not None and budget.state not in OPEN:
        raise Fault(_("预算已提交或批准，不能直接修改；请先退回，或用“调整预算”。"))
    _check(wanted)
    budget = budget or Budget(training_class=held, school_id=held.school_id)
    for name in (
        "standard", "category", "places", "staff", "days", "arrive_days", "leave_days", "channel", "explanation",
    ):  # fmt: skip
        setattr(budget, name, getattr(wanted, name))
    budget.changed_at = timezone.now()
    budget.save()
    found = queries.reckon(held, wanted)
    budget.lines.all().delete()
    BudgetLine.objects.bulk_create(
        BudgetLine(
            budget=budget, kind=line.kind, title=line.title, limit=line.limit, quantity=line.quantity,
            price=line.price or line.amount, amount=line.amount, basis=line.basis[:200], order=order,
        )
        for order, line in enumerate(found.lines)
    )  # fmt: skip
    audit.record(actor, "fees.budget.saved", budget, total=str(found.total))
    return budget


def _check(wanted: Wanted) -> None:
    if wanted.category not in {one.name for one in standards.categories_of(wanted.standard)}:
        raise Fault(
            _("所选费用标准里没有“%(name)s”，请重新选择类别。") % {"name": wanted.category}, "category"
        )


@transaction.atomic
def move_budget(actor: Actor, *, budget: Budget, move: str, note: str = "") -> None:
    """Hand in, take back, reopen. Handing in and reopening keep a version; over a limit needs an explanation."""
    held = held_budget(budget.pk)
    if move not in flows.OWN:
        raise Fault(_("没有这一步操作，请刷新页面后重试。"))
    require(actor, flows.BUDGET.moves[move].rule, held)
    if move == "submit":
        found = queries.reckon(held.training_class, queries.wanted_of(held))
        if found.must_explain and not held.explanation.strip():
            raise Fault(_("有超出标准的项目，请先填写“超标说明”，或把金额改到限额以内。"), "explanation")
    flows.BUDGET.move(held, move, actor=actor, note=note)
    if move in {"submit", "revise"}:
        keep_version(held, actor, flows.BUDGET.moves[move].word)


def held_budget(pk: int) -> Budget:
    """The budget, locked until the transaction ends."""
    rows = Budget.objects.select_for_update(of=("self",)).select_related(
        "training_class__department", "standard"
    )
    return rows.get(pk=pk)


def keep_version(budget: Budget, actor: Actor, occasion: str) -> None:
    """Keep the budget as it stands, with why; called within the transaction of the deed."""
    number = budget.version + 1
    lines = list(budget.lines.all())
    facts = {
        "standard": str(budget.standard), "source": budget.standard.source, "category": budget.category,
        "places": budget.places, "staff": budget.staff, "days": budget.days, "arrive_days": budget.arrive_days,
        "leave_days": budget.leave_days, "explanation": budget.explanation,
        "lines": [
            {"title": line.title, "limit": None if line.limit is None else str(line.limit),
             "amount": str(line.amount), "basis": line.basis}
            for line in lines
        ],
    }  # fmt: skip
    BudgetVersion.objects.create(
        budget=budget, number=number, occasion=occasion, total=queries.total_of(budget), facts=facts,
        by_id=actor.person_id,
    )  # fmt: skip
    Budget.objects.filter(pk=budget.pk).update(version=number)
