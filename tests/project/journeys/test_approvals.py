"""Approval chains by hand: edited as a table, returned with a reason, delegated, reminded of, one word a person."""

from datetime import timedelta

import pytest
from django.utils import timezone

from keyuan.approvals import actions as approvals
from keyuan.approvals.jobs import remind
from keyuan.approvals.models import Chain, Decision, Request
from keyuan.kernel import notify
from keyuan.kernel.access import Forbidden, system_of
from keyuan.kernel.calendar import next_workday
from keyuan.people import actions as people
from keyuan.people.middleware import actor_in
from keyuan.people.roles import Role
from keyuan.training.actions import classes
from keyuan.training.models import TrainingClass
from keyuan.training.rules.approving import PLANNED
from tests import factories
from tests.factories import Academy
from tests.project.journeys.stage import Stage, marks
from tests.project.story import Clock

pytestmark = marks


def made() -> Academy:
    """An academy with a leader, a deputy and whoever keeps the chains."""
    academy = factories.build()
    factories.seat(academy, "leader", Role.LEADER)
    factories.seat(academy, "deputy", Role.LEADER)
    factories.seat(academy, "sysadmin", Role.SYSTEM_ADMIN)
    return academy


def submitted(academy: Academy) -> TrainingClass:
    """A class before its chain."""
    klass = factories.draft(academy)
    classes.move_class(academy.registrar, training_class=klass, move="submit")
    return klass


def test_a_chain_is_edited_as_a_table_and_what_is_under_way_keeps_its_version(stage: Stage) -> None:
    academy = made()
    old = submitted(academy)
    keeper = stage.hand("修订审批链", academy.seats["sysadmin"])
    keeper.open("/approvals/chains/")
    keeper.click('.card:has-text("开班审批") a:has-text("查看和修订")')
    keeper.reads("部门审批", "今天由谁审批")
    keeper.fill(
        {"s-1-title": "校领导审批", "s-1-who": "role:leader", "s-1-days": "2", "note": "大班须领导审批"}
    )
    keeper.click('main button[value="preview"]')
    keeper.reads("校领导审批", academy.seats["leader"].person.name)
    assert not Chain.objects.filter(kind=PLANNED, note="大班须领导审批").exists()
    keeper.click('main button[value="save"]')
    keeper.open(f"/approvals/chains/{PLANNED}/")
    keeper.reads("部门审批 → 校领导审批", "大班须领导审批", "现行")
    head = stage.hand("部门审批", academy.seats["head"])
    head.open("/approvals/")
    head.click('main a:has-text("查看办理")')
    head.click('main button[value="approve"]')
    old.refresh_from_db()
    assert old.state == "approved"
    new = submitted(academy)
    head.open("/approvals/")
    head.click('main a:has-text("查看办理")')
    head.click('main button[value="pass"]')
    assert Request.objects.get(state="in_progress").step.title == "校领导审批"
    new.refresh_from_db()
    assert new.state == "submitted"
    stage.counted("a chain as a table", 8)


def test_a_return_says_why_and_the_class_is_handed_in_again(stage: Stage) -> None:
    academy = made()
    klass = submitted(academy)
    head = stage.hand("退回", academy.seats["head"])
    head.open("/home/")
    head.click(f'main a:has-text("{klass.title}")')
    head.click('main button[value="return"]')
    head.reads("退回", "需要写明理由")
    head.fill({"note": "预算科目不清"}, "#decide")
    head.click('main button[value="return"]')
    office = stage.hand("重新提交", academy.seats["registrar"])
    notify.deliver()
    office.open(f"/classes/{klass.pk}/")
    office.reads("预算科目不清", "草稿")
    office.click('main button:has-text("提交审批")')
    office.reads("等候审批")
    assert Request.objects.filter(state="in_progress").count() == 1
    stage.counted("a return", 4)


def test_whoever_is_away_delegates_and_the_name_stays_beside_the_word(stage: Stage) -> None:
    academy = made()
    klass = submitted(academy)
    head = stage.hand("委托", academy.seats["head"])
    head.open("/approvals/")
    head.click('main a:has-text("审批委托")')
    today = timezone.localdate()
    deputy = academy.seats["deputy"].person
    head.fill(
        {
            "delegate": deputy.pk,
            "starts": f"{today}",
            "ends": f"{today + timedelta(days=3)}",
            "reason": "外出开会",
        }
    )
    head.click('main button:has-text("设立委托")')
    head.reads(deputy.name, "有效", "外出开会")
    other = stage.hand("代批", academy.seats["deputy"])
    other.open("/approvals/")
    other.click(f'main a:has-text("{klass.title}")')
    other.reads(f"您受{academy.seats['head'].person.name}委托办理")
    other.click('main button[value="approve"]')
    decision = Decision.objects.get()
    assert (decision.person_id, decision.on_behalf_of_id) == (deputy.pk, academy.seats["head"].person_id)
    head.step = "收回"
    head.click('main button:has-text("收回")')
    head.reads("已收回")
    klass.refresh_from_db()
    assert klass.state == "approved"
    stage.counted("delegation", 5)


def test_a_deadline_reminds_whoever_lets_it_wait(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    academy = made()
    klass = submitted(academy)
    due = Request.objects.get().due
    assert due is not None
    Clock(monkeypatch).at(next_workday(due), 9)
    assert remind() == 1
    notify.deliver()
    head = stage.hand("催办", academy.seats["head"])
    head.open("/inbox/")
    head.reads(klass.title, "审批")
    head.open("/approvals/")
    head.reads("已过")
    head.click('main a:has-text("查看办理")')
    head.click('main button[value="approve"]')
    head.open("/approvals/")
    head.reads("没有等您审批的事项")
    stage.counted("a reminder", 2)


def test_one_person_does_not_speak_at_two_steps_nor_over_the_own_paper(stage: Stage) -> None:
    academy = made()
    who = academy.seats["head"].person
    both = people.grant_seat(system_of(academy.school.pk), person=who, role=Role.LEADER)
    klass = factories.draft(academy, unplanned=True, unplanned_reason="演示临时部署")
    classes.move_class(academy.registrar, training_class=klass, move="submit")
    request = Request.objects.get()
    office = stage.hand("提交人", academy.seats["registrar"])
    office.open(f"/approvals/{request.pk}/")
    office.lacks("办理：")
    head = stage.hand("第一步", academy.seats["head"])
    head.open(f"/approvals/{request.pk}/")
    head.click('main button[value="pass"]')
    again = stage.hand("同一人", both)
    again.open(f"/approvals/{request.pk}/")
    again.lacks("办理：")
    request.refresh_from_db()
    with pytest.raises(Forbidden):
        approvals.decide(actor_in(both), request=request, verdict="approve")
    leader = stage.hand("第二步", academy.seats["leader"])
    leader.open(f"/approvals/{request.pk}/")
    leader.click('main button[value="approve"]')
    klass.refresh_from_db()
    assert klass.state == "approved"
    stage.counted("distinct persons", 2)
