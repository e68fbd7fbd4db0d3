import json
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from keyuan.duty.models import Duty, Proof
from keyuan.hosting import actions
from keyuan.hosting.models import CoHost, LogEntry, Member, Nudge, Passing, Report, Turn
from keyuan.hosting.queries.standing import disagreements, drawn, entries_of, replayed
from keyuan.hosting.rules.explaining import why
from keyuan.kernel import notify
from keyuan.kernel.access import Forbidden, system_of
from keyuan.kernel.faults import Conflict, Fault
from keyuan.kernel.models import Outbox
from keyuan.orgs.models import Organisation
from keyuan.terms import actions as terms
from keyuan.terms.actions import TermFacts
from keyuan.terms.models import Post
from tests import factories
from tests.hosting.conftest import Ring, again


def president(ring: Ring, unit: Organisation, *, until: int) -> Duty:
    """A president whose term ends so many days from today, and the lecture that is owed."""
    today = timezone.localdate()
    post, _new = Post.objects.get_or_create(
        school=ring.academy.school, kind="society", name="理事长", defaults={"duty": "president"}
    )
    who = factories.person(ring.academy, unit=unit)
    facts = TermFacts(today - timedelta(days=1000), 3, today + timedelta(days=until), "elected", "演示依据")
    term = terms.elect(ring.office, organisation=unit, post=post, holder=who, facts=facts)
    return Duty.objects.get_or_create(school=ring.academy.school, term=term, kind="lecture")[0]


def test_a_year_goes_round_and_every_draw_can_be_told_again_in_words(ring: Ring) -> None:
    turns = ring.turns(*range(10, 80, 10))
    hosts = [ring.accepted(turn).host_id for turn in turns]
    assert len(set(hosts[:6])) == 6
    assert hosts[6] == hosts[0]
    found = drawn(ring.rota, again(turns[1]).drawn_seq or 0)
    assert found is not None
    said = why(found.choice, found.passed, hosts[1] or 0, found.window)
    assert "还没有承办过" in said[0]
    assert said[-1] == "因此本期由贵单位承办。"
    assert "因此本期没有排到，位次不变。" in why(found.choice, found.passed, hosts[5] or 0, found.window)
    with pytest.raises(Conflict, match="不能这样办"):
        actions.propose(ring.office, turn=turns[0])
    assert disagreements(ring.rota) == []


def test_a_refusal_a_deferral_and_a_skip_keep_the_place_and_say_why(ring: Ring) -> None:
    first, second, third, fourth = ring.turns(10, 20, 30, 40)
    one = ring.invited(first)
    refuser = one.host_id
    with pytest.raises(Fault, match="需要写明理由"):
        actions.decline(ring.liaison(refuser), turn=one, reason=" ")
    actions.decline(ring.liaison(refuser), turn=one, reason="演示场地维修")
    with pytest.raises(Conflict, match="前面还有待排出的期次"):
        actions.propose(ring.office, turn=second)
    assert again(first).state == "open"
    assert ring.accepted(first).host_id != refuser
    two = ring.invited(second)
    assert two.host_id == refuser
    until = second.planned_on + timedelta(days=15)
    actions.defer(ring.liaison(refuser), turn=two, until=until, reason="演示搬迁")
    assert ring.accepted(second).host_id != refuser
    actions.propose(ring.office, turn=third)
    assert again(third).host_id != refuser
    skipped = again(third).host_id
    actions.skip(ring.office, turn=again(third), reason="演示原因")
    assert ring.accepted(third).host_id not in (skipped, None)
    actions.propose(ring.office, turn=fourth)
    assert again(fourth).host_id == refuser
    assert list(Passing.objects.values_list("how", flat=True)) == ["declined", "deferred", "skipped"]
    assert disagreements(ring.rota) == []


def test_nobody_but_the_host_answers_and_nobody_but_the_office_draws(ring: Ring) -> None:
    turn = ring.invited(ring.turns(10)[0])
    other = next(unit.pk for unit in ring.societies if unit.pk != turn.host_id)
    for refused in (
        lambda: actions.accept(ring.liaison(other), turn=turn),
        lambda: actions.decline(ring.liaison(other), turn=turn, reason="演示"),
        lambda: actions.add_turns(ring.liaison(other), rota=ring.rota, days=[timezone.localdate()]),
        lambda: actions.skip(ring.liaison(turn.host_id), turn=turn, reason="演示"),
        lambda: actions.propose(factories.build("gz").registrar, turn=turn),
    ):
        with pytest.raises(Forbidden):
            refused()


def test_units_in_election_or_exempt_are_not_asked_and_lose_no_place(ring: Ring) -> None:
    turns = ring.turns(10, 20, 400)
    busy, away = ring.societies[0], ring.societies[1]
    president(ring, busy, until=60)
    member = Member.objects.get(organisation=away)
    today = timezone.localdate()
    row = actions.exempt(
        ring.office, member=member, starts=today, ends=today + timedelta(days=30), reason="演示搬迁"
    )
    hosts = [ring.accepted(turn).host_id for turn in turns[:2]]
    assert not {busy.pk, away.pk} & set(hosts)
    facts = LogEntry.objects.filter(kind="draw").latest("seq").facts
    assert facts["passed"] == {str(busy.pk): "term", str(away.pk): "exempt"}
    later = ring.accepted(turns[2])
    found = drawn(ring.rota, later.drawn_seq or 0)
    assert found is not None
    assert {busy.pk, away.pk} <= {one.society for one in found.choice.order}
    actions.revoke_exemption(ring.office, exemption=row)
    with pytest.raises(Conflict):
        actions.revoke_exemption(ring.office, exemption=row)


def test_two_hosts_exchange_with_both_agreeing_and_the_office_confirming(ring: Ring) -> None:
    one, two = [ring.accepted(turn) for turn in ring.turns(10, 20)]
    first, second = one.host_id, two.host_id
    swap = actions.ask_swap(ring.liaison(first), turn=one, other=two, reason="演示时间冲突")
    with pytest.raises(Forbidden):
        actions.answer_swap(ring.liaison(first), swap=swap, yes=True)
    with pytest.raises(Conflict):
        actions.confirm_swap(ring.office, swap=swap)
    actions.answer_swap(ring.liaison(second), swap=swap, yes=True)
    actions.confirm_swap(ring.office, swap=swap)
    assert (again(one).host_id, again(two).host_id) == (second, first)
    assert disagreements(ring.rota) == []
    back = actions.ask_swap(ring.liaison(second), turn=again(one), other=again(two), reason="演示")
    actions.answer_swap(ring.liaison(first), swap=back, yes=True)
    actions.cancel(ring.office, turn=again(two), reason="演示取消")
    with pytest.raises(Conflict):
        actions.confirm_swap(ring.office, swap=back)
    other = actions.withdraw_swap(ring.liaison(second), swap=back)
    assert other.state == "withdrawn"


def test_who_jumps_in_is_credited_more_and_who_helps_counts_half(ring: Ring) -> None:
    turn = ring.accepted(ring.turns(10)[0])
    left = turn.host_id
    jumper, helper = [unit for unit in ring.societies if unit.pk != left][:2]
    row = actions.add_co_host(ring.office, turn=turn, unit=helper)
    with pytest.raises(Fault, match="已联合承办本期"):
        actions.replace(ring.office, turn=turn, unit=helper, reason="演示突发")
    actions.replace(ring.office, turn=turn, unit=jumper, reason="演示突发")
    levels = {one.society: str(one.level) for one in replayed(ring.rota).state.ranked()}
    assert (levels[left or 0], levels[jumper.pk], levels[helper.pk]) == ("0", "1.50", "0.50")
    assert again(turn).jumped_in
    actions.drop_co_host(ring.office, co_host=row)
    assert disagreements(ring.rota) == []
    actions.add_co_host(ring.office, turn=turn, unit=helper)
    before = replayed(ring.rota).state
    actions.cancel(ring.office, turn=again(turn), reason="演示台风")
    after = replayed(ring.rota).state
    assert (len(before.held), len(after.held), after.helped, CoHost.objects.count()) == (1, 0, {}, 0)
    assert {one.level for one in after.ranked()} == {0}


def test_a_presidents_lecture_is_planned_and_proven_by_the_event(ring: Ring) -> None:
    turn = ring.accepted(ring.turns(0)[0])
    unit = next(one for one in ring.societies if one.pk != turn.host_id)
    duty = president(ring, unit, until=900)
    who = duty.term.holder
    assert who is not None
    row = actions.add_lecturer(ring.liaison(turn.host_id), turn=turn, person=who, topic="演示主题")
    assert row.duty == duty
    assert duty.plans.filter(cancelled_at=None, event_id=turn.pk).exists()
    with pytest.raises(Conflict, match="已经登记"):
        actions.add_lecturer(ring.office, turn=turn, person=who, topic="演示主题")
    actions.drop_lecturer(ring.office, lecturer=row)
    assert not duty.plans.filter(cancelled_at=None).exists()
    actions.add_lecturer(ring.office, turn=turn, person=who, topic="演示主题")
    actions.complete(ring.office, turn=turn, held_on=timezone.localdate(), actual={"cadre": 40, "other": 3})
    proof = Proof.objects.get(duty=duty)
    assert (proof.how, proof.event_id, proof.standing) == ("event", turn.pk, True)
    assert dict(turn.headcounts.values_list("cohort", "actual")) == {"cadre": 40, "other": 3}


def test_tasks_follow_the_day_and_are_done_with_something_to_show(ring: Ring) -> None:
    turn = ring.accepted(ring.turns(60)[0])
    host = ring.liaison(turn.host_id)
    day = turn.planned_on + timedelta(days=7)
    first, *_rest, last = turn.tasks.order_by("order")
    assert (first.due, last.due) == (
        turn.planned_on - timedelta(days=45),
        turn.planned_on + timedelta(days=15),
    )
    with pytest.raises(Fault, match="请写一句完成情况"):
        actions.finish_task(host, task=first)
    actions.finish_task(host, task=first, note="演示方案已报送")
    actions.set_event(
        host,
        turn=turn,
        facts=actions.EventFacts("演示强会活动", day, "演示报告厅", "演示议程", {"cadre": 80}),
    )
    assert turn.tasks.get(pk=last.pk).due == day + timedelta(days=15)
    assert turn.tasks.get(pk=first.pk).due == first.due
    actions.reopen_task(host, task=first)
    assert turn.tasks.get(pk=first.pk).done_at is None


def test_the_report_is_handed_in_after_the_event_and_returned_until_it_is_good(ring: Ring) -> None:
    turn = ring.accepted(ring.turns(0)[0])
    host = ring.liaison(turn.host_id)
    with pytest.raises(Fault, match="已举办"):
        actions.write_report(host, turn=turn, summary="演示情况", hand_in=True)
    actions.complete(ring.office, turn=turn, held_on=timezone.localdate(), actual={})
    with pytest.raises(Fault, match="活动情况"):
        actions.write_report(host, turn=turn, summary=" ", hand_in=True)
    report = actions.write_report(host, turn=turn, summary="演示情况", hand_in=True)
    with pytest.raises(Forbidden):
        actions.judge_report(host, report=report, accept=True)
    actions.judge_report(ring.office, report=report, accept=False, note="请补充人数")
    actions.write_report(host, turn=turn, summary="演示情况，40 人", hand_in=True)
    actions.judge_report(ring.office, report=report, accept=True)
    assert Report.objects.get().state == "accepted"
    with pytest.raises(Conflict):
        actions.write_report(host, turn=turn, summary="演示")


def test_hosts_are_reminded_at_set_distances_and_never_twice(ring: Ring) -> None:
    turn = ring.invited(ring.turns(60)[0])
    ring.seat_of(turn.host_id)
    Turn.objects.filter(pk=turn.pk).update(answer_by=timezone.localdate() + timedelta(days=3))
    school, today = ring.academy.school, timezone.localdate()
    assert actions.remind(system_of(school.pk), school=school, today=today) == 1
    assert actions.remind(system_of(school.pk), school=school, today=today) == 0
    assert actions.remind(system_of(school.pk), school=school, today=today + timedelta(days=1)) == 0
    assert Outbox.objects.filter(kind="hosting.due").count() == Nudge.objects.count() == 1
    assert notify.KINDS["hosting.due"].text


def test_the_log_only_grows_and_the_command_finds_what_was_changed_behind_it(
    ring: Ring, tmp_path: Path
) -> None:
    turn = ring.accepted(ring.turns(10)[0])
    out = StringIO()
    call_command("hosting", "replay", stdout=out)
    assert "全部相符" in out.getvalue()
    for statement in ("UPDATE hosting_logentry SET seq = 99", "DELETE FROM hosting_logentry"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    published = tmp_path / "log.json"
    lines = [{"seq": one.seq, "kind": one.kind, "facts": one.facts} for one in entries_of(ring.rota)]
    published.write_text(json.dumps({"seed": ring.rota.seed, "entries": lines}), encoding="utf-8")
    call_command("hosting", "replay", str(published), stdout=out)
    Turn.objects.filter(pk=turn.pk).update(host=ring.academy.units[0])
    with pytest.raises(CommandError, match="登记的承办单位与日志不符"):
        call_command("hosting", "replay", stdout=out)


def test_a_unit_joins_leaves_and_comes_back_with_what_it_hosted(ring: Ring) -> None:
    turn = ring.done(ring.turns(0)[0])
    member = Member.objects.get(organisation_id=turn.host_id)
    today = timezone.localdate()
    actions.leave(ring.office, member=member, on=today)
    assert member.organisation_id not in {one.society for one in replayed(ring.rota).state.ranked()}
    actions.join(ring.office, rota=ring.rota, on=today)
    assert {one.society: one.turns for one in replayed(ring.rota).state.ranked()}[member.organisation_id] == 1
    new = Organisation.objects.create(
        school=ring.academy.school, kind="society", name="演示省新学会", order=0, field_or_region="医科"
    )
    assert [one.organisation for one in actions.join(ring.office, rota=ring.rota, on=today)] == [new]
    past = actions.record_past(ring.office, rota=ring.rota, unit=new, day=today - timedelta(days=400))
    assert (past.state, disagreements(ring.rota)) == ("done", [])
