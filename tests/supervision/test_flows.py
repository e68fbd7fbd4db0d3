"""The life of an item: nothing closes without proof, whoever writes; a deadline is kept when it moves."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keyuan.kernel.access import Forbidden
from keyuan.kernel.faults import Conflict, Fault
from keyuan.kernel.models import Outbox
from keyuan.people.models import Seat
from keyuan.supervision import actions
from keyuan.supervision.flows import ITEM
from keyuan.supervision.models import Evidence, Item, Postponement, Step
from tests.supervision.conftest import Floor, again

DAY = date(2031, 3, 12)


def told() -> list[str]:
    return list(Outbox.objects.order_by("pk").values_list("kind", flat=True))


def refused(**values: object) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        Item.objects.filter(pk=values.pop("pk")).update(**values)


def test_an_item_runs_from_issue_to_close_and_every_step_stands_in_its_history(floor: Floor) -> None:
    one = floor.item("received", report_every=7)
    assert one.number == f"督办〔{timezone.localdate().year}〕1号"
    assert one.next_report_on == timezone.localdate() + timedelta(days=7)
    with pytest.raises(Fault, match="还没有佐证"):
        actions.move_item(floor.owner, item=one, move="submit")
    actions.report(floor.owner, item=one, stage="finishing", text="演示进展")
    floor.proven(one)
    actions.move_item(floor.owner, item=one, move="submit")
    Item.objects.filter(pk=one.pk).update(submitted_by=floor.office.person_id)
    with pytest.raises(Fault, match="须由他人核验"):
        actions.verify(floor.office, item=one, verdict="close")
    with pytest.raises(Fault, match="需要写明理由"):
        actions.verify(floor.leader, item=one, verdict="return")
    actions.verify(floor.leader, item=one, verdict="return", note="佐证不全")
    actions.report(floor.owner, item=one, stage="done", text="演示补充")
    actions.move_item(floor.owner, item=one, move="submit")
    actions.verify(floor.leader, item=one, verdict="close", note="演示属实")
    one = again(one)
    assert (one.state, one.stage, one.verified_by_id) == ("closed", "done", floor.leader.person_id)
    steps = list(Step.objects.filter(item=one).order_by("pk").values_list("kind", flat=True))
    assert steps == [
        "opened", "issued", "received", "reported", "proved", "submitted", "returned", "reported", "submitted", "closed",
    ]  # fmt: skip
    assert told().count("supervision.returned") == 1
    assert told()[-1] == "supervision.closed"


def test_the_database_closes_nothing_without_evidence_and_another_persons_word(floor: Floor) -> None:
    one, now = floor.item("running"), timezone.now()
    leader = floor.leader.person_id
    refused(pk=one.pk, state="closed", verified_by=leader, closed_at=now)
    with pytest.raises(DatabaseError), transaction.atomic():
        Item.objects.create(
            school=one.school, title="演示", owner=one.owner, deadline=DAY, first_deadline=DAY, state="closed",
            verified_by_id=leader, closed_at=now, year=2031, seq=9,
        )  # fmt: skip
    floor.proven(one)
    owner = floor.owner.person_id
    refused(pk=one.pk, state="closed")
    refused(pk=one.pk, state="closed", verified_by=owner, owner_person=owner, closed_at=now)
    refused(pk=one.pk, state="closed", verified_by=owner, submitted_by=owner, closed_at=now)
    Item.objects.filter(pk=one.pk).update(state="closed", verified_by=leader, closed_at=now)
    proof = Evidence.objects.get(item=one)
    with pytest.raises(DatabaseError), transaction.atomic():
        Evidence.objects.filter(pk=proof.pk).update(title="演示另一份")
    with pytest.raises(DatabaseError), transaction.atomic():
        Evidence.objects.filter(pk=proof.pk).delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        Evidence.objects.create(item=one, kind="file", title="空")
    with pytest.raises(DatabaseError), transaction.atomic():
        Step.objects.filter(item=one).update(note="改")
    # A person merged into another still may be named otherwise.
    Evidence.objects.filter(pk=proof.pk).update(added_by=leader)
    actions.move_item(floor.office, item=one, move="reopen", note="演示复查")
    one = again(one)
    assert (one.state, one.verified_by_id, one.closed_at) == ("running", None, None)
    actions.drop_evidence(floor.owner, evidence=proof)
    assert not Evidence.objects.filter(item=one).exists()


MOVES = st.lists(st.sampled_from((*ITEM.moves, "report", "prove", "verify")), min_size=4, max_size=16)


@given(MOVES)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_tried_in_whatever_order_only_the_table_moves_an_item(
    floor: Floor, tried: list[str]
) -> None:
    with transaction.atomic():
        one = floor.item("draft")
        for name in tried:
            before = again(one).state
            try:
                with transaction.atomic():
                    _try(floor, again(one), name)
            except (Fault, Forbidden):
                assert again(one).state == before
                continue
            after = again(one).state
            allowed = {(s, m.target) for m in ITEM.moves.values() for s in m.sources}
            assert after == before or (before, after) in allowed
            if after == "closed":
                assert Evidence.objects.filter(item=one).exists()
            if after not in {"draft", "withdrawn"}:
                assert again(one).number
        transaction.set_rollback(True)


def _try(floor: Floor, one: Item, name: str) -> None:
    if name == "issue":
        actions.issue_many(floor.office, items=[one.pk])
    elif name == "report":
        actions.report(floor.owner, item=one, stage="running", text="演示")
    elif name == "prove":
        floor.proven(one)
    elif name in {"close", "return", "verify"}:
        verdict = "return" if name == "return" else "close"
        actions.verify(floor.leader, item=one, verdict=verdict, note="演示")
    elif name in {"receive", "submit", "retract"}:
        actions.move_item(floor.owner, item=one, move=name)
    elif name == "start":
        raise Fault("随进展开始")
    else:
        actions.move_item(floor.office, item=one, move=name, note="演示")


def test_a_later_deadline_is_asked_for_decided_by_another_and_the_old_one_kept(floor: Floor) -> None:
    one = floor.item("received")
    old = one.deadline
    later = old + timedelta(days=10)
    with pytest.raises(Fault, match="晚于现在的期限"):
        actions.ask_postponement(floor.owner, item=one, until=old, reason="演示")
    asked = actions.ask_postponement(floor.owner, item=one, until=later, reason="演示原因")
    with pytest.raises(Conflict):
        actions.ask_postponement(floor.owner, item=one, until=later, reason="演示再次")
    with pytest.raises(Forbidden):
        actions.decide_postponement(floor.owner, postponement=asked, grant=True)
    with pytest.raises(Conflict, match="等审批"):
        actions.postpone(floor.office, item=one, until=later, reason="演示")
    with pytest.raises(Fault, match="写明理由"):
        actions.decide_postponement(floor.office, postponement=asked, grant=False)
    actions.decide_postponement(floor.office, postponement=asked, grant=True)
    one = again(one)
    assert (one.deadline, one.first_deadline) == (later, old)
    with pytest.raises(Conflict):
        actions.decide_postponement(floor.leader, postponement=asked, grant=True)
    actions.postpone(floor.office, item=one, until=later + timedelta(days=1), reason="会议决定")
    kept = Postponement.objects.filter(item=one).order_by("pk").values_list("old_deadline", "state")
    assert list(kept) == [(old, "granted"), (later, "granted")]
    assert told().count("supervision.postponed") == 2


def test_what_is_issued_keeps_owner_and_deadline_and_one_thing_makes_one_item(floor: Floor) -> None:
    one = floor.item("issued", source_ref="plan:7")
    with pytest.raises(Conflict, match="已经立项"):
        floor.item("issued", source_ref="plan:7")
    with pytest.raises(Fault, match="延期"):
        actions.change_item(floor.office, item=one, facts=floor.facts(owner=floor.academy.units[1]))
    changed = actions.change_item(
        floor.office, item=one, facts=floor.facts(deadline=one.deadline, detail="演示要求", report_every=7)
    )
    assert changed.next_report_on
    assert Step.objects.filter(item=one, kind="changed", note="工作要求、进展报送").exists()
    actions.move_item(floor.office, item=one, move="withdraw", note="演示")
    assert floor.item("issued", source_ref="plan:7").seq == 2
    with pytest.raises(Fault, match="期限已过"):
        floor.item("issued", deadline=timezone.localdate() - timedelta(days=1))
    with pytest.raises(Fault, match="不必再列"):
        floor.item("draft", co_owners=(floor.academy.units[0],))


def test_only_the_owner_side_and_who_follows_up_may_touch_an_item(floor: Floor) -> None:
    one = floor.item("issued")
    for actor in (floor.stranger, floor.academy.actor("teacher"), floor.academy.actor("head")):
        with pytest.raises(Forbidden):
            actions.move_item(actor, item=one, move="receive")
    helped = floor.item("issued", co_owners=(floor.academy.units[1],))
    with pytest.raises(Forbidden):
        actions.move_item(floor.stranger, item=helped, move="receive")
    assert actions.receive_many(floor.owner, items=[one.pk, helped.pk, 10**9]) == 2
    assert actions.report(floor.stranger, item=helped, stage="planned", text="演示协办").pk
    named = floor.item("issued", owner_person=Seat.objects.get(pk=floor.academy.seats["teacher"].pk).person)
    actions.move_item(floor.academy.actor("teacher"), item=named, move="receive")
    assert again(named).state == "received"
