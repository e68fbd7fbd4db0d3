"""Standards, budgets, settlements and lecture fees as they are written, by whom, and what is refused."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from keyuan.approvals import actions as approvals
from keyuan.approvals.actions import StepFacts
from keyuan.approvals.models import Decision, Request
from keyuan.fees.actions import budgets, lectures, payees, settling, standards
from keyuan.fees.actions.approving import decide_paper
from keyuan.fees.models import Budget, BudgetVersion, FeeStandard, LectureFee, PayAccount
from keyuan.fees.queries import approving
from keyuan.fees.queries import budgets as reads
from keyuan.fees.queries import lectures as lecture_reads
from keyuan.fees.queries import settling as settled
from keyuan.fees.queries import standards as held
from keyuan.fees.queries.budgets import Extra
from keyuan.kernel import erasure, todos
from keyuan.kernel.access import Forbidden, visible
from keyuan.kernel.faults import Conflict, Fault
from keyuan.kernel.models import AuditEntry
from keyuan.people import actions as people_actions
from keyuan.people.roles import Role
from tests import factories


def draft(office, **changed: Any) -> Budget:
    wanted = replace(reads.suggested(office.klass), **changed)
    return budgets.save_budget(office.academy.registrar, training_class=office.klass, wanted=wanted)


def approved(office, **changed: Any) -> Budget:
    budget = draft(office, **changed)
    budgets.move_budget(office.academy.registrar, budget=budget, move="submit")
    for key in ("head", "leader"):
        decide_paper(office.actor(key), paper=budget)
    return Budget.objects.get(pk=budget.pk)


def drawn(office, month, klass=None) -> LectureFee:
    into = klass or office.klass
    lectures.draw_sheet(office.academy.registrar, training_class=into, month=month)
    return LectureFee.objects.get(training_class=into)


def again(fee: LectureFee) -> LectureFee:
    return LectureFee.objects.get(pk=fee.pk)


def test_the_figures_to_start_with_are_loaded_once_and_marked(office):
    standards.load_defaults(office.academy.registrar, school=office.academy.school)
    assert FeeStandard.objects.count() == 1
    totals = {one.name: one.total for one in held.categories_of(office.standard)}
    assert totals == {"一类": 760, "二类": 650, "三类": 550}
    assert office.standard.mark == "recalled"


def test_a_new_version_ends_the_old_one_and_each_class_takes_the_one_of_its_day(office):
    first = date(2031, 1, 1)
    made = standards.copy_standard(office.academy.registrar, standard=office.standard, valid_from=first)
    school = office.academy.school.pk
    assert held.standards_on(school, first - timedelta(days=1)) == [office.standard]
    assert held.standards_on(school, first) == [made]
    assert made.rates.count() == 12
    with pytest.raises(Fault):
        standards.copy_standard(office.academy.registrar, standard=made, valid_from=first)


def test_two_standards_of_a_region_do_not_begin_on_one_day(office):
    facts = {"region": office.standard.region, "valid_from": office.standard.valid_from, "source": "演示"}
    with pytest.raises(Conflict):
        standards.save_standard(office.academy.registrar, school=office.academy.school, facts=facts)


def test_only_the_registrar_changes_figures(office):
    with pytest.raises(Forbidden):
        standards.end_standard(office.actor("leader"), standard=office.standard, valid_to=None)


def test_a_withholding_table_with_a_jump_is_refused(office):
    with pytest.raises(Fault):
        standards.save_withholding(
            office.academy.registrar, school=office.academy.school,
            facts={"valid_from": date(2031, 1, 1), "source": "演示"},
            brackets=[(Decimal(0), Decimal("0.2"), Decimal(0)), (Decimal(20000), Decimal("0.3"), Decimal(1))],
        )  # fmt: skip


@pytest.mark.usefixtures("ranked")
def test_a_budget_is_reckoned_from_class_standard_and_timetable(office, teach):
    teach()
    budget = draft(office, extras=(Extra("演示交通", Decimal(2), Decimal("100.505")),), staff=0, days=2)
    amounts = {line.kind: line.amount for line in budget.lines.all()}
    # 4 places, 2 days, third category; 4 hours * 1000 after tax = 4000 / 0.84 before.
    assert amounts["lodging"] == 4 * 2 * 340
    assert amounts["lecture"] == Decimal("4761.90")
    assert amounts["extra"] == Decimal("201.01")


def test_a_budget_over_its_limits_goes_on_only_with_an_explanation(office):
    budget = draft(office, staff=3)
    with pytest.raises(Fault, match="超标说明"):
        budgets.move_budget(office.academy.registrar, budget=budget, move="submit")
    budget = draft(office, staff=3, explanation="演示说明")
    budgets.move_budget(office.academy.registrar, budget=budget, move="submit")
    assert Budget.objects.get().state == "submitted"


def test_three_different_persons_handle_a_budget(office):
    budget = draft(office)
    budgets.move_budget(office.academy.registrar, budget=budget, move="submit")
    twice = factories.seat(office.academy, "both", Role.LEADER)
    head = office.academy.seats["head"].person
    type(twice).objects.filter(pk=twice.pk).update(person=head)
    decide_paper(office.actor("head"), paper=budget)
    office.academy.seats["both"] = type(twice).objects.select_related("person").get(pk=twice.pk)
    with pytest.raises(Forbidden):
        decide_paper(office.actor("both"), paper=budget)
    with pytest.raises(IntegrityError), transaction.atomic():
        Budget.objects.update(approved_by=head)


def handed_in(office, **changed: Any) -> Budget:
    budget = draft(office, **changed)
    budgets.move_budget(office.academy.registrar, budget=budget, move="submit")
    return Budget.objects.get(pk=budget.pk)


def test_a_budget_says_at_which_step_of_the_chain_it_waits(office):
    budget = handed_in(office)
    assert approving.waiting_words([budget]) == {budget.pk: "待部门审核"}
    decide_paper(office.actor("head"), paper=budget, note="同意")
    budget.refresh_from_db()
    assert (budget.state, budget.checked_by, budget.note) == (
        "checked",
        office.academy.seats["head"].person,
        "同意",
    )
    assert approving.waiting_words([budget]) == {budget.pk: "待校领导审批"}
    assert [mark.state for mark in approving.course_of(office.actor("leader"), budget).marks] == [
        "done",
        "now",
    ]
    decide_paper(office.actor("leader"), paper=budget)
    assert approving.waiting_words([budget]) == {}
    budget.refresh_from_db()
    assert (budget.state, budget.approved_by) == ("approved", office.academy.seats["leader"].person)
    with pytest.raises(Conflict, match="不在审批中"):
        decide_paper(office.actor("leader"), paper=budget)


def test_a_head_who_is_away_delegates_budgets_and_the_name_stays_beside_it(office):
    stand_in = factories.seat(office.academy, "deputy", Role.LEADER)
    today = timezone.localdate()
    approvals.delegate(
        office.actor("head"), delegate=stand_in.person, starts=today, ends=today, kinds=["fees.budget"]
    )
    budget = handed_in(office)
    decide_paper(office.actor("deputy"), paper=budget)
    said = Decision.objects.get(request__kind="fees.budget")
    assert (said.person, said.on_behalf_of) == (stand_in.person, office.academy.seats["head"].person)
    with pytest.raises(Forbidden):
        decide_paper(office.actor("deputy"), paper=budget)
    decide_paper(office.actor("leader"), paper=budget)
    assert Budget.objects.get().state == "approved"


def test_a_small_budget_ends_where_the_schools_own_chain_ends(office):
    steps = [
        StepFacts("处长审批", "head"),
        StepFacts("主席审批", role="leader", fact="total", test="gt", amount=Decimal(900000)),
    ]
    approvals.set_chain(
        office.academy.registrar, kind="fees.budget", starts=timezone.localdate(), steps=steps
    )
    budget = handed_in(office)
    assert approving.waiting_words([budget]) == {budget.pk: "待处长审批"}
    decide_paper(office.actor("head"), paper=budget)
    budget.refresh_from_db()
    assert (budget.state, budget.checked_by) == ("approved", None)
    assert BudgetVersion.objects.count() == 2


@pytest.mark.parametrize("here", ["fees", "approvals"])
def test_a_budget_taken_back_is_a_draft_again_and_waits_for_nobody(office, here):
    budget = handed_in(office)
    decide_paper(office.actor("head"), paper=budget)
    if here == "fees":
        budgets.move_budget(office.academy.registrar, budget=budget, move="recall")
    else:
        approvals.withdraw(office.academy.registrar, request=Request.objects.get(kind="fees.budget"))
    budget.refresh_from_db()
    assert (budget.state, budget.submitted_by, budget.checked_by) == ("draft", None, None)
    assert Request.objects.get(kind="fees.budget").state == "withdrawn"
    with pytest.raises(Fault, match="没有这一步"):
        budgets.move_budget(office.actor("head"), budget=budget, move="approve")


def test_versions_are_kept_and_never_changed(office):
    budget = approved(office)
    budgets.move_budget(office.academy.registrar, budget=budget, move="revise", note="演示调整")
    assert list(BudgetVersion.objects.values_list("number", flat=True)) == [3, 2, 1]
    with pytest.raises(DatabaseError), transaction.atomic():
        BudgetVersion.objects.update(total=1)


def test_an_approved_budget_is_not_typed_over(office):
    approved(office)
    with pytest.raises(Fault, match="调整预算"):
        draft(office)


def test_a_returned_budget_says_why_and_waits_for_the_registrar(office):
    budget = draft(office)
    budgets.move_budget(office.academy.registrar, budget=budget, move="submit")
    assert any("审批预算" in one.title for one in todos.for_actor(office.actor("head")))
    decide_paper(office.actor("head"), paper=budget, verdict="return", note="请核减")
    assert Budget.objects.get().note == "请核减"
    assert any("退回的预算" in one.title for one in todos.for_actor(office.academy.registrar))


def test_a_settlement_over_a_line_needs_its_reason(office):
    budget = approved(office)
    lines = [replace(one, actual=one.planned + 1) for one in settled.suggested_lines(budget)]
    facts = {"budget": budget, "places": 4, "staff": 0, "days": 2, "explanation": "演示说明"}
    saved = settling.save_settlement(office.academy.registrar, lines=lines, **facts)
    with pytest.raises(Fault, match="超支原因"):
        settling.move_settlement(office.academy.registrar, settlement=saved, move="submit")
    lines = [replace(one, reason="演示原因") for one in lines]
    saved = settling.save_settlement(office.academy.registrar, lines=lines, **facts)
    settling.move_settlement(office.academy.registrar, settlement=saved, move="submit")
    assert settled.settlement_of(budget).state == "submitted"
    decide_paper(office.actor("head"), paper=saved)
    decide_paper(office.actor("leader"), paper=saved)
    assert settled.settlement_of(budget).state == "approved"


def test_a_settlement_waits_for_its_budget(office):
    with pytest.raises(Fault):
        settling.save_settlement(
            office.academy.registrar, budget=draft(office), places=1, staff=0, days=1, lines=[]
        )


def test_the_bundle_knows_what_the_system_holds_and_takes_ticks_for_the_rest(office):
    before = {line.paper.key: line.ok for line in settled.bundle_of(office.klass)}
    assert before["plan"]
    assert not before["receipts"]
    settling.tick_paper(office.academy.registrar, training_class=office.klass, key="receipts", there=True)
    assert {line.paper.key: line.ok for line in settled.bundle_of(office.klass)}["receipts"]
    settling.tick_paper(office.academy.registrar, training_class=office.klass, key="receipts", there=False)
    assert not {line.paper.key: line.ok for line in settled.bundle_of(office.klass)}["receipts"]


@pytest.mark.usefixtures("ranked")
def test_a_slip_goes_from_the_timetable_to_the_money(office, teach, month):
    teach()
    fee = drawn(office, month)
    assert (fee.net, fee.gross) == (4000, Decimal("4761.90"))
    lectures.send(office.academy.registrar, fees=[fee])
    lectures.move_fee(office.actor("teacher"), fee=fee, move="sign")
    assert again(fee).signed_how == "phone"
    with pytest.raises(Fault):
        lectures.move_fee(office.academy.registrar, fee=fee, move="pay", paid_on=date(2999, 1, 1))
    paid = lectures.move_fee(office.academy.registrar, fee=fee, move="pay", paid_on=timezone.localdate())
    assert paid.state == "paid"


@pytest.mark.usefixtures("ranked")
def test_slips_of_one_month_are_taxed_as_one_income_whatever_the_class(office, teach, month):
    other = factories.published(
        office.academy, starts=office.klass.starts + timedelta(days=10), title="演示另一班"
    )
    teach()
    teach(klass=other, hours="2")
    first, second = drawn(office, month), drawn(office, month, other)
    lectures.send(office.academy.registrar, fees=[first])
    lectures.send(office.academy.registrar, fees=[second])
    first, second = again(first), again(second)
    # 6000 after tax in the month: 6000 / 0.84 = 7142.86, of which 4761.90 went with the first.
    assert first.gross + second.gross == Decimal("7142.86")
    with pytest.raises(Fault, match="先收回"):
        lectures.move_fee(office.academy.registrar, fee=first, move="withdraw")


@pytest.mark.usefixtures("ranked")
def test_what_was_sent_is_not_drawn_anew(office, teach, month):
    session = teach()
    fee = drawn(office, month)
    lectures.send(office.academy.registrar, fees=[fee])
    type(session).objects.filter(pk=session.pk).update(hours=2)
    assert drawn(office, month).net == 4000


def test_a_teacher_without_a_confirmed_rank_is_not_paid(office, teach, month):
    teach()
    fee = drawn(office, month)
    assert fee.net == 0
    with pytest.raises(Fault):
        lectures.send(office.academy.registrar, fees=[fee])


@pytest.mark.usefixtures("ranked")
def test_only_the_teacher_signs_and_may_ask_instead(office, teach, month):
    teach()
    fee = drawn(office, month)
    assert not visible(office.actor("teacher"), LectureFee).exists()
    lectures.send(office.academy.registrar, fees=[fee])
    with pytest.raises(Forbidden):
        lectures.move_fee(office.actor("teacher2"), fee=fee, move="sign")
    lectures.move_fee(office.actor("teacher"), fee=fee, move="query", note="少算了半天")
    assert again(fee).note == "少算了半天"
    lectures.send(office.academy.registrar, fees=[again(fee)])
    assert again(fee).state == "sent"


def test_an_account_is_sealed_masked_and_every_look_is_written_down(office):
    account = payees.save_account(
        office.actor("teacher"), person=office.teacher, bank="演示银行", number="6217 0000 1234 5678"
    )
    assert "12345678" not in PayAccount.objects.get().number_sealed
    assert lecture_reads.masked_number(account) == "**** 5678"
    assert payees.reveal_account(office.academy.registrar, account=account) == "6217000012345678"
    assert AuditEntry.objects.filter(action="fees.account.revealed").count() == 1
    with pytest.raises(Forbidden):
        payees.reveal_account(office.actor("leader"), account=account)
    with pytest.raises(Forbidden):
        payees.save_account(
            office.actor("teacher2"), person=office.teacher, bank="演示银行", number="12345678"
        )


@pytest.mark.parametrize("number", ["", "12", "一二三四五六七八", "1" * 40])
def test_what_is_no_account_number_is_refused(office, number):
    with pytest.raises(Fault):
        payees.save_account(office.actor("teacher"), person=office.teacher, bank="演示银行", number=number)


def test_erasing_a_person_takes_the_account(office):
    payees.save_account(office.actor("teacher"), person=office.teacher, bank="演示银行", number="12345678")
    erasure.erase(office.academy.registrar, person_id=office.teacher.pk)
    assert not PayAccount.objects.exists()


def test_who_sees_which_money(office, teach, month):
    draft(office)
    seen = {
        key: visible(office.actor(key), Budget).count() for key in ("registrar", "head", "leader", "auditor")
    }
    assert seen == {"registrar": 1, "head": 1, "leader": 1, "auditor": 1}
    assert visible(office.actor("headteacher"), Budget).count() == 1
    assert visible(office.actor("liaison"), Budget).count() == 0
    teach()
    drawn(office, month)
    assert [visible(office.actor(key), LectureFee).count() for key in ("registrar", "auditor")] == [1, 0]


@pytest.mark.usefixtures("ranked")
def test_the_own_export_holds_the_account_and_the_slips(office, teach, month):
    teach()
    payees.save_account(office.actor("teacher"), person=office.teacher, bank="演示银行", number="12345678")
    lectures.send(office.academy.registrar, fees=[drawn(office, month)])
    found = people_actions.EXPORTS["讲课费"](office.actor("teacher"), office.teacher)
    assert found["收款账户"] == "演示银行 12345678"
    assert found["讲课费"][0][2] == "4000.00"
