"""Checking in, marking, claims, leave and what they come to."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from keyuan.attendance import actions, queries
from keyuan.attendance.models import CheckIn, Claim, Expected, Leave, LeaveSitting, Sitting
from keyuan.attendance.rules import Limits
from keyuan.kernel.access import Forbidden, visible
from keyuan.kernel.faults import Conflict, Fault
from keyuan.kernel.models.audit import AuditEntry
from tests.attendance.conftest import LABEL, OWNER


def ask(world, number, sittings, actor=None, reason="家中有事"):
    rows = [world.expected(sitting, number).pk for sitting in sittings]
    return actions.request_leave(
        actor or world.trainee(number),
        school_id=world.school.pk,
        owner_label=LABEL,
        owner_id=OWNER,
        person_id=world.people[number].pk,
        expected_ids=rows,
        reason=reason,
    )


def test_checking_in_again_gets_the_first_receipt_and_an_earlier_time_wins(world):
    sitting = world.now()
    first = actions.check_in(world.trainee(0), sitting=sitting)
    again = actions.check_in(world.trainee(0), sitting=sitting)
    assert (first.fresh, again.fresh, first.checkin.pk) == (True, False, again.checkin.pk)
    earlier = sitting.starts - timedelta(minutes=10)
    assert actions.check_in(world.trainee(0), sitting=sitting, at=earlier).checkin.at == earlier
    assert CheckIn.objects.count() == 1
    assert AuditEntry.objects.filter(action="attendance.check_in").count() == 1


def test_late_is_late_and_the_head_teacher_may_put_it_right_keeping_the_time(world):
    sitting = world.sitting(timezone.now() - timedelta(minutes=20))
    receipt = actions.check_in(world.trainee(0), sitting=sitting)
    assert receipt.checkin.verdict == "late"
    assert actions.mark(world.head, sitting=sitting, person_ids=[world.people[0].pk], tick="present") == 1
    found = CheckIn.objects.get()
    assert (found.verdict, found.how, found.at) == ("present", "list", receipt.checkin.at)
    assert actions.mark(world.head, sitting=sitting, person_ids=[world.people[0].pk], tick="undo") == 1
    assert not CheckIn.objects.exists()
    facts = AuditEntry.objects.filter(action="attendance.mark").order_by("-seq").first().facts
    assert facts == {"person": world.people[0].pk, "before": "present", "to": "undo"}


def test_a_person_ruled_absent_cannot_scan_oneself_back_but_the_head_teacher_can(world):
    sitting = world.now()
    actions.mark(world.head, sitting=sitting, person_ids=[world.people[0].pk], tick="absent")
    with pytest.raises(Conflict, match="缺勤"):
        actions.check_in(world.trainee(0), sitting=sitting)
    assert (
        actions.scan(world.head, sitting=sitting, person_id=world.people[0].pk).checkin.verdict == "present"
    )
    assert actions.scan(world.head, sitting=sitting, person_id=world.people[0].pk).fresh is False


@pytest.mark.parametrize(("minutes", "word"), [(90, "还没有到"), (-300, "已经结束")])
def test_the_door_opens_an_hour_before_and_shuts_at_the_end(world, minutes, word):
    sitting = world.sitting(timezone.now() + timedelta(minutes=minutes))
    with pytest.raises(Fault, match=word):
        actions.check_in(world.trainee(0), sitting=sitting)


def test_nobody_signs_for_another_nor_marks_what_they_do_not_keep(world):
    sitting = world.now()
    with pytest.raises(Forbidden):
        actions.check_in(world.trainee(0), sitting=sitting, person_id=world.people[1].pk)
    for actor in (world.trainee(0), world.other_head, world.stranger, world.leader):
        with pytest.raises(Forbidden):
            actions.mark(actor, sitting=sitting, person_ids=[world.people[0].pk], tick="present")
    with pytest.raises(Fault, match="应到名单"):
        actions.check_in(world.head, sitting=sitting)


def test_each_sees_their_own(world):
    sitting = world.now()
    for actor, count in ((world.registrar, 5), (world.leader, 5), (world.head, 5), (world.trainee(0), 1), (world.other_head, 0), (world.stranger, 0)):  # fmt: skip
        assert visible(actor, Expected).filter(sitting=sitting).count() == count
        assert visible(actor, Sitting).count() == (1 if count else 0)


def test_planning_the_same_key_again_adjusts_and_never_doubles(world):
    sitting = world.sitting(timezone.now() + timedelta(days=1), key="a")
    again = world.sitting(sitting.starts + timedelta(hours=1), key="a")
    assert again.pk == sitting.pk
    assert Expected.objects.count() == 5
    lines = AuditEntry.objects.count()
    world.sitting(again.starts, key="a").refresh_from_db()
    assert AuditEntry.objects.count() <= lines + 1
    cancelled = actions.cancel(world.registrar, sitting=again)
    assert actions.cancel(world.registrar, sitting=cancelled).state == "cancelled"
    with pytest.raises(Fault, match="已取消"):
        actions.mark(world.head, sitting=cancelled, person_ids=[world.people[0].pk], tick="present")


def test_release_takes_off_only_those_of_whom_nothing_is_known(world):
    sitting = world.now()
    actions.check_in(world.trainee(0), sitting=sitting)
    ids = [world.people[0].pk, world.people[1].pk]
    assert actions.release(world.registrar, sittings=[sitting], person_ids=ids) == 1
    assert actions.release(world.registrar, sittings=[sitting], person_ids=ids) == 0


def test_a_leave_runs_through_its_tier_and_counts_in_hours(world):
    days = [world.sitting(timezone.now() + timedelta(days=n, hours=1)) for n in range(1, 8)]
    leave = ask(world, 0, days[:1])
    assert (leave.half_days, leave.approver_role) == (1, "head_teacher")
    with pytest.raises(Fault, match="理由"):
        actions.decide_leave(world.head, leave=leave, move="decline")
    actions.decide_leave(world.head, leave=leave, move="approve")
    standing = queries.standing(LABEL, OWNER, world.people[0].pk)
    assert (standing.total, standing.leave, standing.light) == (Decimal(28), Decimal(4), "amber")
    longer = ask(world, 0, days[1:4])
    assert longer.approver_role == "leader"
    for actor in (world.head, world.registrar):
        with pytest.raises(Forbidden):
            actions.decide_leave(actor, leave=longer, move="approve")
    assert queries.leave_effect(longer)[0].light_with(queries.leave_effect(longer)[1]) == "over"
    actions.decide_leave(world.leader, leave=longer, move="approve")
    assert queries.standing(LABEL, OWNER, world.people[0].pk).light == "over"
    actions.end_leave(world.trainee(0), leave=longer)
    assert queries.standing(LABEL, OWNER, world.people[0].pk).leave == 4
    assert Leave.objects.get(pk=longer.pk).state == "ended"


def test_a_sitting_is_asked_for_once_at_a_time_by_the_database(world):
    day = world.sitting(timezone.now() + timedelta(days=1))
    leave = ask(world, 0, [day])
    with pytest.raises(Conflict, match="已经请过假"):
        ask(world, 0, [day])
    with pytest.raises(IntegrityError), transaction.atomic():
        LeaveSitting.objects.create(leave=leave, expected=world.expected(day, 0))
    actions.cancel_leave(world.trainee(0), leave=leave)
    assert ask(world, 0, [day]).state == "requested"


def test_a_leave_needs_a_reason_sittings_of_ones_own_and_a_time_to_come(world):
    past, ahead = (
        world.sitting(timezone.now() - timedelta(days=1)),
        world.sitting(timezone.now() + timedelta(days=1)),
    )
    for sittings, reason, word in (([ahead], " ", "事由"), ([], "病", "至少"), ([past], "病", "已经结束")):
        with pytest.raises(Fault, match=word):
            ask(world, 0, sittings, reason=reason)
    with pytest.raises(Forbidden):
        ask(world, 0, [ahead], actor=world.trainee(1))
    assert ask(world, 0, [ahead], actor=world.head).person_id == world.people[0].pk


def test_a_claim_stands_as_ones_own_word_until_judged_and_is_dated_as_such(world):
    sitting = world.sitting(timezone.now() - timedelta(hours=5))
    made = actions.claim(world.trainee(0), sitting=sitting, stated_at=sitting.starts, reason="手机没电")
    assert actions.claim(world.trainee(0), sitting=sitting, stated_at=sitting.starts, reason="再说") == made
    assert queries.standing(LABEL, OWNER, world.people[0].pk).absent == 4
    with pytest.raises(Forbidden):
        actions.judge_claim(world.trainee(0), claim=made, move="accept")
    actions.judge_claim(world.head, claim=made, move="accept")
    found = CheckIn.objects.get()
    assert (found.how, found.at, found.verdict) == ("self", sitting.starts, "present")
    assert found.recorded > sitting.ends
    with pytest.raises(Conflict):
        actions.judge_claim(world.head, claim=Claim.objects.get(), move="refuse", note="不在")


def test_claims_are_refused_outside_their_week_or_with_impossible_times(world):
    old = world.sitting(timezone.now() - timedelta(days=9))
    with pytest.raises(Fault, match="受理"):
        actions.claim(world.trainee(0), sitting=old, stated_at=old.starts, reason="忘了")
    fresh = world.now()
    with pytest.raises(Fault, match="到场时间"):
        actions.claim(world.trainee(0), sitting=fresh, stated_at=fresh.ends, reason="忘了")
    with pytest.raises(Fault, match="原因"):
        actions.claim(world.trainee(0), sitting=fresh, stated_at=fresh.starts, reason=" ")


def test_standings_cost_three_queries_however_many_people_and_sittings(world):
    for n in range(4):
        world.sitting(timezone.now() - timedelta(days=n + 1))
    actions.mark(
        world.head,
        sitting=world.sittings[0],
        person_ids=[p.pk for p in world.people],
        tick="present",
        paper=True,
    )
    with CaptureQueriesContext(
        connection,
    ) as spent:
        found = queries.standings(LABEL, OWNER)
    assert len(spent) <= 3
    assert len(found) == 5
    assert {(s.present, s.absent, s.total) for s in found.values()} == {
        (Decimal(4), Decimal(12), Decimal(16))
    }
    assert not found[world.people[0].pk].can_reach(Decimal("0.5"))
    assert queries.present_ids(world.sittings[0]) == [p.pk for p in world.people]


def test_rules_set_from_a_day_on_leave_earlier_days_as_they_were(world):
    today = timezone.localdate()
    limits = Limits(late_after=15, tiers=((2, "head_teacher"), (None, "registrar")))
    actions.set_policy(world.registrar, school_id=world.school.pk, starts=today, limits=limits)
    actions.set_policy(world.registrar, school_id=world.school.pk, starts=today, limits=limits)
    assert queries.limits_on(world.school.pk, today) == limits
    assert queries.limits_on(world.school.pk, today - timedelta(days=1)) == Limits()
    for wrong in (Limits(leave_warning=Decimal("0.5")), Limits(tiers=((2, "registrar"),))):
        with pytest.raises(Fault):
            actions.set_policy(world.registrar, school_id=world.school.pk, starts=today, limits=wrong)


def test_the_board_costs_the_same_for_one_and_for_five(world):
    sitting = world.now()
    with CaptureQueriesContext(connection) as spent:
        board = queries.board(world.head, sitting)
    assert len(spent) <= 3
    assert [line.mark for line in board.lines] == ["waiting"] * 5
    actions.check_in(world.trainee(3), sitting=sitting)
    board = queries.board(world.head, sitting)
    assert (board.here, len(board.missing), board.lines[-1].name) == (1, 4, "演示学员3")


def test_to_dos_count_only_what_one_may_decide(world):
    days = [world.sitting(timezone.now() + timedelta(days=n, hours=1)) for n in range(1, 5)]
    ask(world, 0, days[:1])
    ask(world, 1, days[:3])
    assert [item.count for item in queries.waiting_leaves(world.head)] == [1]
    assert [item.count for item in queries.waiting_leaves(world.leader)] == [2]
    assert queries.waiting_leaves(world.trainee(0)) == []
    past = world.sitting(timezone.now() - timedelta(hours=5))
    actions.claim(world.trainee(2), sitting=past, stated_at=past.starts, reason="手机没电")
    assert len(queries.waiting_leaves(world.head)) == 2
