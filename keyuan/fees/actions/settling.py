"""A class's settlement written, and the papers of its reimbursement ticked."""

from collections.abc import Sequence
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.fees import flows
from keyuan.fees.models import Budget, BundleTick, Settlement, SettlementLine
from keyuan.fees.queries import settling as queries
from keyuan.fees.queries.settling import Compared
from keyuan.fees.rules import bundle
from keyuan.kernel import audit
from keyuan.kernel.access import Actor, require
from keyuan.kernel.faults import Fault
from keyuan.training.models import TrainingClass

audit.sentence("fees.settlement.saved", "编制决算：{thing}，合计 {total} 元")
audit.sentence("fees.bundle.ticked", "登记报销材料：{thing}（{paper}）")
audit.sentence("fees.bundle.unticked", "取消报销材料登记：{thing}（{paper}）")


@transaction.atomic
def save_settlement(
    actor: Actor,
    *,
    budget: Budget,
    places: int,
    staff: int,
    days: int,
    lines: Sequence[Compared],
    explanation: str = "",
) -> Settlement:
    """Keep what was spent. The budget must be approved; only a draft or returned settlement may be changed."""
    held = Budget.objects.select_for_update().select_related("training_class").get(pk=budget.pk)
    require(actor, "fees.keep", held)
    if held.state != "approved":
        raise Fault(_("预算批准后才能编制决算。"))
    stored = Settlement.objects.select_for_update().filter(budget=held).first()
    if stored is not None and stored.state not in {"draft", "returned"}:
        raise Fault(_("决算已提交或批准，不能直接修改；请先退回，或用“调整决算”。"))
    saved = stored or Settlement(budget=held, school_id=held.school_id)
    saved.places, saved.staff, saved.days, saved.explanation = places, staff, days, explanation
    saved.changed_at = timezone.now()
    saved.save()
    saved.lines.all().delete()
    SettlementLine.objects.bulk_create(
        SettlementLine(
            settlement=saved, kind=line.kind, title=line.title, planned=line.planned, actual=line.actual,
            receipts=line.receipts, reason=line.reason[:200], order=order,
        )
        for order, line in enumerate(lines)
    )  # fmt: skip
    total = sum((line.actual for line in lines), Decimal(0))
    audit.record(actor, "fees.settlement.saved", saved, total=str(total))
    return saved


@transaction.atomic
def move_settlement(actor: Actor, *, settlement: Settlement, move: str, note: str = "") -> None:
    """Hand in, take back, reopen; a line over its budget is handed in with its reason only."""
    held = held_settlement(settlement.pk)
    if move not in flows.OWN:
        raise Fault(_("没有这一步操作，请刷新页面后重试。"))
    require(actor, flows.SETTLEMENT.moves[move].rule, held)
    if move == "submit":
        _check(held)
    flows.SETTLEMENT.move(held, move, actor=actor, note=note)


def held_settlement(pk: int) -> Settlement:
    """The settlement, locked until the transaction ends."""
    rows = Settlement.objects.select_for_update(of=("self",))
    return rows.select_related("budget__training_class__department").get(pk=pk)


def _check(settlement: Settlement) -> None:
    for line in queries.compared(settlement):
        if line.over and not line.reason.strip():
            raise Fault(_("“%(title)s”超出预算，请写明超支原因。") % {"title": line.title})
    allowed = queries.quota_for(
        settlement.budget, places=settlement.places, staff=settlement.staff, days=settlement.days
    )
    spent = sum((one.actual for one in queries.compared(settlement) if one.kind in queries.QUOTA), Decimal(0))
    if spent > allowed and not settlement.explanation.strip():
        words = _("按实到人数和天数，综合定额限额为 %(limit)s 元，已超出，请填写“超标说明”。")
        raise Fault(words % {"limit": f"{allowed:,.2f}"}, "explanation")


@transaction.atomic
def tick_paper(actor: Actor, *, training_class: TrainingClass, key: str, there: bool, note: str = "") -> None:
    """Say that a paper of the bundle is there, or take that back; saying it twice changes nothing."""
    require(actor, "fees.keep", training_class)
    if key not in bundle.KEYS:
        raise Fault(_("没有这一项材料，请刷新页面后重试。"))
    rows = BundleTick.objects.filter(training_class=training_class, key=key)
    if there:
        BundleTick.objects.update_or_create(
            training_class=training_class, key=key,
            defaults={"note": note[:120], "by_id": actor.person_id, "at": timezone.now()},
        )  # fmt: skip
        audit.record(actor, "fees.bundle.ticked", training_class, paper=key)
    elif rows.delete()[0]:
        audit.record(actor, "fees.bundle.unticked", training_class, paper=key)
