"""The demo's money: a budget on its way, an approved one with lecture fees, a settlement being written."""

from dataclasses import replace
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from keyuan.desk.demo.cast import Cast
from keyuan.fees.actions import budgets, lectures, payees, settling
from keyuan.fees.actions.approving import decide_paper
from keyuan.fees.models import Budget, LectureFee
from keyuan.fees.queries import budgets as reads
from keyuan.fees.queries import settling as spent
from keyuan.fees.queries import standards, teaching
from keyuan.fees.queries.budgets import Extra
from keyuan.training.models import TrainingClass

CHANNEL = "部门预算·干部教育培训（演示）"


def make(cast: Cast) -> None:
    """For each state one class; a class that has a budget already stays as it is."""
    rows = TrainingClass.objects.filter(
        school=cast.school, department=cast.units["组联部"], budget=None, fees=True
    )
    for klass in rows.exclude(state__in=("cancelled", "draft")).order_by("starts"):
        _money(cast, klass)


@transaction.atomic
def _money(cast: Cast, klass: TrainingClass) -> None:
    registrar = cast.actor("registrar")
    _ranks(cast, klass)
    wanted = reads.suggested(klass)
    if wanted is None:
        return
    upcoming = klass.starts > timezone.localdate()
    wanted = replace(
        wanted, arrive_days=0 if klass.starts == klass.ends else 1, channel=CHANNEL,
        staff=wanted.staff + 8 if upcoming else wanted.staff,
        extras=(Extra("外地老师城市间交通费", Decimal(2), Decimal("860.50")),),
        explanation="分会场较多，需增派工作人员，超出部分由承办单位承担（演示）。" if upcoming else "",
    )  # fmt: skip
    budget = budgets.save_budget(registrar, training_class=klass, wanted=wanted)
    budgets.move_budget(registrar, budget=budget, move="submit")
    if upcoming:
        return
    decide_paper(cast.actor("head"), paper=budget, note="同意，请按标准执行。")
    decide_paper(cast.actor("leader"), paper=budget)
    _lectures(cast, klass)
    if klass.ends < timezone.localdate():
        _settle(cast, klass)


def _ranks(cast: Cast, klass: TrainingClass) -> None:
    """Every teacher's rank as the office has confirmed it."""
    standard = teaching.standard_for(klass)
    ranks = list(standards.lecture_rates(standard)) if standard else []
    for share in teaching.shares(klass, standard):
        if not share.known and ranks:
            rank = share.rank or ranks[1 + share.person.pk % 2]
            lectures.set_rank(cast.actor("registrar"), person=share.person, rank=rank, evidence="演示")


def _lectures(cast: Cast, klass: TrainingClass) -> None:
    """Slips for all; the first is signed and paid, the second signed, the others wait."""
    registrar = cast.actor("registrar")
    lectures.draw_sheet(registrar, training_class=klass, month=klass.ends.replace(day=1))
    fees = list(LectureFee.objects.filter(training_class=klass).select_related("person").order_by("pk"))
    lectures.send(registrar, fees=[fee for fee in fees if fee.net > 0])
    for at, fee in enumerate(fees[:2]):
        number = f"62170099{fee.person_id:011d}"
        payees.save_account(registrar, person=fee.person, bank="演示银行广州东风路支行", number=number)
        lectures.move_fee(registrar, fee=fee, move="paper")
        if at == 0:
            lectures.move_fee(registrar, fee=fee, move="pay", paid_on=timezone.localdate())


def _settle(cast: Cast, klass: TrainingClass) -> None:
    """A settlement handed in: most a little under its budget, the food a little over and explained."""
    registrar, budget = cast.actor("registrar"), Budget.objects.get(training_class=klass)
    share = {
        "food": Decimal("1.03"),
        "lodging": Decimal("0.9"),
        "venue": Decimal("0.85"),
        "other": Decimal("0.5"),
    }
    lines = [_spent(line, share.get(line.kind, Decimal(1))) for line in spent.suggested_lines(budget)]
    saved = settling.save_settlement(
        registrar, budget=budget, places=spent.came(klass) or klass.taken, staff=budget.staff, days=budget.days,
        lines=lines, explanation="伙食略超，由住宿节余调剂（演示）。",
    )  # fmt: skip
    for key in ("receipts", "notice"):
        settling.tick_paper(registrar, training_class=klass, key=key, there=True)
    settling.move_settlement(registrar, settlement=saved, move="submit")


def _spent(line: spent.Compared, share: Decimal) -> spent.Compared:
    """A line with what it came to and, where that is more than planned, why."""
    found = replace(line, receipts=2, actual=line.actual or (line.planned * share).quantize(Decimal("0.01")))
    return replace(found, reason="按实际情况增加，详见说明（演示）") if found.over else found
