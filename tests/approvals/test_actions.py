"""Chains at work: who decides, in what order, once, and what the room of the thing hears of it."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from keyuan.approvals import actions, queries
from keyuan.approvals.actions import StepFacts
from keyuan.approvals.jobs import remind
from keyuan.approvals.models import Chain, Decision, Request
from keyuan.approvals.queries.course import spoken_by, timeline
from keyuan.kernel import audit, calendar, notify
from keyuan.kernel.access import Forbidden, visible
from keyuan.kernel.faults import Conflict, Fault
from keyuan.kernel.models import AuditEntry, Message
from keyuan.people import actions as people
from keyuan.people.roles import Role
from tests import factories
from tests.approvals.conftest import KIND, Ground, again


def test_a_small_budget_ends_with_the_departments_head(ground: Ground) -> None:
    request = ground.said("head", ground.put(100))
    assert request.state == "approved"
    assert ground.told == [("approved", request.pk)]


def test_a_large_one_passes_every_step_whose_amount_it_exceeds(ground: Ground) -> None:
    request = ground.put(Decimal("5000.01"))
    with pytest.raises(Forbidden):
        ground.said("head", request, "approve")
    request = ground.said("head", request, "pass")
    request = ground.said("registrar", request, "pass")
    assert ground.told == []
    request = ground.said("leader", request, "approve")
    assert request.state == "approved"
    assert [row.step.title for row in request.decisions.all()] == ["部门负责人审批", "教务复核", "校领导审批"]
    assert audit.verify() is None


def test_a_step_that_may_finish_ends_the_chain_or_passes_it_up(ground: Ground) -> None:
    request = ground.said("head", ground.put(6000), "pass")
    assert ground.said("registrar", request, "approve").state == "approved"
    assert Decision.objects.filter(verdict="approved").count() == 1


def test_exactly_the_amount_is_not_above_it(ground: Ground) -> None:
    assert ground.said("head", ground.put(Decimal("1000.00"))).state == "approved"


def test_returning_needs_a_reason_and_the_room_hears_of_it(ground: Ground) -> None:
    request = ground.put()
    with pytest.raises(Fault, match="理由"):
        ground.said("head", request, "return", "  ")
    request = ground.said("head", request, "return", "请附明细")
    assert (request.state, request.note, ground.told) == ("returned", "请附明细", [("returned", request.pk)])
    notify.deliver()
    assert Message.objects.get(kind="approvals.returned").person_id == ground.actor("keeper").person_id
    assert ground.put().pk != request.pk, "mended, it is put again"


def test_what_the_room_refuses_leaves_nothing_decided(ground: Ground) -> None:
    request, ground.refuses = ground.put(), True
    with pytest.raises(Fault, match="已过期"):
        ground.said("head", request)
    assert again(request).state == "in_progress"
    assert not Decision.objects.exists()


def test_nobody_decides_what_they_submitted(ground: Ground) -> None:
    request = ground.put(by="head")
    with pytest.raises(Forbidden):
        ground.said("head", request)
    assert queries.is_stuck(request)
    notify.deliver()
    told = set(Message.objects.filter(kind="approvals.stuck").values_list("person_id", flat=True))
    assert told == {ground.actor("head").person_id, ground.actor("registrar").person_id}


def test_one_person_never_decides_two_steps_that_want_two(ground: Ground) -> None:
    head = ground.academy.seats["head"].person
    people.grant_seat(factories.system_of(head.school_id), person=head, role=Role.REGISTRAR)
    request = ground.said("head", ground.put(2000), "pass")
    twice = factories.actor_in(head.seats.get(role=Role.REGISTRAR))
    with pytest.raises(Forbidden):
        actions.decide(twice, request=request, verdict="approve")
    assert ground.said("registrar", request).state == "approved"


def test_a_decision_for_a_step_already_passed_is_a_conflict(ground: Ground) -> None:
    stale = ground.put(6000)
    ground.said("head", stale, "pass")
    with pytest.raises(Conflict, match="下一环节"):
        actions.decide(
            ground.actor("registrar"), request=again(stale), verdict="approve", step_id=stale.step_id
        )
    assert Decision.objects.count() == 1


def test_a_thing_waits_once(ground: Ground) -> None:
    ground.put()
    with pytest.raises(Conflict, match="不必重复"):
        ground.put()


def test_a_missing_figure_is_asked_for(ground: Ground) -> None:
    with pytest.raises(Fault, match="请补全"):
        actions.submit(ground.actor("keeper"), KIND, about=ground.academy.units[0], facts={})


def test_only_the_submitter_or_the_registrar_takes_a_request_back(ground: Ground) -> None:
    request = ground.put()
    with pytest.raises(Forbidden):
        actions.withdraw(ground.actor("deputy"), request=request)
    actions.withdraw(ground.actor("keeper"), request=request)
    assert ground.told == [("withdrawn", request.pk)]
    with pytest.raises(Forbidden):
        ground.said("head", request)


def test_what_is_in_progress_keeps_the_chain_it_began_under(ground: Ground) -> None:
    request = ground.put(100)
    chain = actions.set_chain(
        ground.actor("registrar"),
        kind=KIND,
        starts=timezone.localdate(),
        steps=[StepFacts("校领导审批", role="leader")],
    )
    assert chain.version == 2
    assert ground.said("head", request).chain.version == 1
    other = ground.put(100, number=1)
    with pytest.raises(Forbidden):
        ground.said("head", other)
    assert ground.said("leader", other).chain.version == 2


def test_a_version_begins_on_its_day(ground: Ground) -> None:
    day = timezone.localdate() + timedelta(days=9)
    actions.set_chain(
        ground.actor("sysadmin"), kind=KIND, starts=day, steps=[StepFacts("校领导审批", role="leader")]
    )
    assert (
        next(step.title for step in queries.steps_in_force(ground.academy.school.pk, KIND))
        == "部门负责人审批"
    )
    assert [s.title for s in queries.steps_in_force(ground.academy.school.pk, KIND, day)] == ["校领导审批"]
    assert Chain.objects.count() == 2


@pytest.mark.parametrize(
    ("steps", "why"),
    [
        ([], "至少"),
        ([StepFacts("大额", role="leader", fact="amount", test="gt", amount=Decimal(1))], "不带条件"),
        ([StepFacts("甲", role="leader"), StepFacts("乙", role="leader", fact="x", test="gt", amount=Decimal(1))], "数字项"),
    ],
)  # fmt: skip
def test_a_chain_that_cannot_work_is_refused(ground: Ground, steps: list[StepFacts], why: str) -> None:
    with pytest.raises(Fault, match=why):
        actions.set_chain(ground.actor("registrar"), kind=KIND, starts=date(2030, 1, 1), steps=steps)
    assert not Chain.objects.exists()


def test_who_keeps_no_tables_lays_down_no_chain(ground: Ground) -> None:
    for key in ("head", "leader", "liaison", "headteacher"):
        with pytest.raises(Forbidden):
            actions.set_chain(
                ground.actor(key), kind=KIND, starts=date(2030, 1, 1), steps=[StepFacts("甲", role="leader")]
            )


def away(ground: Ground, who: str = "head", to: str = "deputy", days: int = 3, **more: object) -> object:
    today = timezone.localdate()
    return actions.delegate(
        ground.actor(who), delegate=ground.academy.seats[to].person,
        **{"starts": today, "ends": today + timedelta(days=days)} | more,
    )  # fmt: skip


def test_a_stand_in_decides_in_the_principals_name_and_it_is_written_so(ground: Ground) -> None:
    away(ground)
    request = ground.said("deputy", ground.put(), note="同意")
    said = request.decisions.get()
    head, deputy = ground.actor("head"), ground.actor("deputy")
    assert (said.person_id, said.on_behalf_of_id) == (deputy.person_id, head.person_id)
    assert "受" in spoken_by(said)
    assert spoken_by(said).endswith("委托")
    assert any("委托" in who for _when, who, _what, _note in timeline(request))
    line = AuditEntry.objects.get(action="approvals.request.approve")
    assert line.facts["on_behalf_of"] == head.person_id


def test_a_delegation_ends_by_itself_and_at_once_when_taken_back(ground: Ground) -> None:
    today = timezone.localdate()
    away(ground, starts=today + timedelta(days=1), days=5)
    request = ground.put()
    with pytest.raises(Forbidden):
        ground.said("deputy", request)
    made = away(ground, days=0)
    assert request in queries.waiting(ground.actor("deputy"))
    actions.revoke(ground.actor("head"), delegation=made[0])
    actions.revoke(ground.actor("head"), delegation=made[0])
    assert request not in queries.waiting(ground.actor("deputy"))
    assert AuditEntry.objects.filter(action="approvals.revoked").count() == 1


def test_a_delegation_of_other_kinds_gives_nothing_here(ground: Ground) -> None:
    away(ground, kinds=["training.class"])
    assert ground.put() not in queries.waiting(ground.actor("deputy"))
    away(ground, kinds=[KIND])
    assert queries.waiting(ground.actor("deputy")).exists()


def test_overlapping_delegations_of_one_kind_are_refused(ground: Ground) -> None:
    today = timezone.localdate()
    away(ground, kinds=[KIND])
    for more in (
        {"kinds": [KIND]},
        {},
        {"starts": today + timedelta(days=3), "ends": today + timedelta(days=4)},
    ):
        with pytest.raises(Conflict, match="已有委托"):
            away(ground, to="leader", **more)
    away(ground, to="leader", kinds=["training.class"])
    away(ground, to="leader", starts=today + timedelta(days=4), ends=today + timedelta(days=5))


def test_what_is_handed_on_is_not_handed_further(ground: Ground) -> None:
    away(ground)
    away(ground, who="deputy", to="leader")
    assert not queries.waiting(ground.actor("leader")).filter(pk=ground.put().pk).exists()


def test_a_stand_in_of_the_submitter_does_not_approve_in_their_name(ground: Ground) -> None:
    away(ground)
    with pytest.raises(Forbidden):
        ground.said("deputy", ground.put(by="head"))


@pytest.mark.parametrize("to", ["liaison", "teacher", "sysadmin", "head"])
def test_only_a_colleague_who_decides_takes_a_delegation(ground: Ground, to: str) -> None:
    with pytest.raises(Fault):
        away(ground, to=to)


def test_nobody_takes_back_anothers_delegation(ground: Ground) -> None:
    made = away(ground)
    for key in ("deputy", "registrar"):
        with pytest.raises(Forbidden):
            actions.revoke(ground.actor(key), delegation=made[0])


def test_several_at_once_and_each_refusal_named(ground: Ground) -> None:
    rows = [ground.put(100), ground.put(100, by="head", number=1)]
    outcome = actions.decide_many(ground.actor("head"), chosen=[(again(row), row.step_id) for row in rows])
    assert outcome.done == 1
    assert [title for title, _why in outcome.refused] == ["演示预算"]


def test_a_choice_between_ending_and_passing_up_is_not_made_in_bulk(ground: Ground) -> None:
    request = ground.said("head", ground.put(6000), "pass")
    outcome = actions.decide_many(ground.actor("registrar"), chosen=[(request, request.step_id)])
    assert (outcome.done, len(outcome.refused)) == (0, 1)


def test_another_school_sees_and_decides_nothing(ground: Ground) -> None:
    request, other = ground.put(), factories.build("sz")
    for actor in (other.registrar, other.actor("head")):
        assert not visible(actor, Request).exists()
        with pytest.raises(Forbidden):
            actions.decide(actor, request=request, verdict="approve")


def test_a_deadline_reminds_once_a_working_day(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    request = ground.put()
    assert request.due == calendar.add_workdays(timezone.localdate(), 2)
    now, day = timezone.now(), request.due - timedelta(days=0)
    monkeypatch.setattr(timezone, "now", lambda: now + (day - timezone.localdate(now)))
    assert [remind(), remind()] == [1, 0]
    notify.deliver()
    assert Message.objects.get(kind="approvals.reminder").person_id == ground.actor("head").person_id


def test_nothing_is_reminded_of_on_its_first_day(ground: Ground) -> None:
    ground.put()
    assert remind() == 0
