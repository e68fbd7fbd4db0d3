"""What waited before there were chains goes on waiting where it stood."""

from dataclasses import replace
from importlib import import_module

from django.apps import apps

from keyuan.approvals import queries as approvals
from keyuan.fees.actions import budgets
from keyuan.fees.actions.approving import decide_paper
from keyuan.fees.models import Budget
from keyuan.fees.queries import approving
from keyuan.fees.queries import budgets as reads


def put_before_chains() -> None:
    import_module("keyuan.fees.migrations.0004_papers_before_chains").put_before_chains(apps, None)


def as_before(office, state: str) -> Budget:
    wanted = replace(reads.suggested(office.klass), staff=0)
    budget = budgets.save_budget(office.academy.registrar, training_class=office.klass, wanted=wanted)
    people = {key: office.academy.seats[key].person for key in ("registrar", "head")}
    names = {"submitted_by": people["registrar"]} | (
        {"checked_by": people["head"]} if state == "checked" else {}
    )
    Budget.objects.filter(pk=budget.pk).update(state=state, note="同意", **names)
    return Budget.objects.get(pk=budget.pk)


def test_a_budget_handed_in_waits_for_the_department(office):
    budget = as_before(office, "submitted")
    put_before_chains()
    assert approving.waiting_words([budget]) == {budget.pk: "待部门审核"}
    request = approvals.open_request("fees.budget", budget)
    assert request.link == f"/classes/{office.klass.pk}/fees/"
    decide_paper(office.actor("head"), paper=budget)
    decide_paper(office.actor("leader"), paper=budget)
    assert Budget.objects.get().state == "approved"


def test_a_budget_the_department_checked_waits_for_a_leader_and_keeps_who_said_what(office):
    budget = as_before(office, "checked")
    put_before_chains()
    assert approving.waiting_words([budget]) == {budget.pk: "待校领导审批"}
    first, second = approving.course_of(office.actor("leader"), budget).marks
    assert (first.state, first.decision.note, second.state) == ("done", "同意", "now")
    assert first.decision.person == office.academy.seats["head"].person
    decide_paper(office.actor("leader"), paper=budget)
    found = Budget.objects.get()
    assert (found.state, found.checked_by) == ("approved", office.academy.seats["head"].person)


def test_what_does_not_wait_is_left_alone(office):
    budget = as_before(office, "returned")
    put_before_chains()
    assert approvals.latest("fees.budget", budget) is None
    assert budget.state == "returned"
