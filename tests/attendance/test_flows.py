"""The life of a leave walked at random: rights, conflicts, audit lines and refusals of its table."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keyuan.attendance.flows import LEAVE
from keyuan.attendance.models import Leave
from keyuan.kernel import audit
from keyuan.kernel.access import Actor, Forbidden
from keyuan.kernel.faults import Conflict, Fault
from keyuan.kernel.flow import Move
from keyuan.kernel.models.audit import AuditEntry
from tests.attendance.conftest import world as world
from tests.attendance.test_actions import ask


def tomorrow():
    return timezone.now() + timedelta(days=1)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(
        st.tuples(
            st.sampled_from(sorted(LEAVE.moves)), st.sampled_from(["own", "head", "other", "stranger"])
        ),
        min_size=1,
        max_size=6,
    )
)
def test_a_leave_goes_only_where_its_table_leads_and_each_step_leaves_one_line(world, steps):
    actors = {
        "own": world.trainee(0),
        "head": world.head,
        "other": world.trainee(1),
        "stranger": world.stranger,
    }
    rights = {"approve": {"head"}, "decline": {"head"}, "cancel": {"own"}, "end": {"own", "head"}}
    with transaction.atomic():
        leave = ask(world, 0, [world.sitting(tomorrow())])
        expected = leave.state
        for name, who in steps:
            move, lines = LEAVE.moves[name], AuditEntry.objects.count()
            stale = Leave.objects.get(pk=leave.pk)
            offered = {each.name for each in LEAVE.open_moves(stale, actors[who])}
            legal = expected in move.sources and who in rights[name]
            assert (name in offered) == legal
            if legal:
                LEAVE.move(stale, name, actor=actors[who], note="理由")
                expected = move.target
                entry = AuditEntry.objects.order_by("-seq").first()
                assert (entry.action, entry.thing_id) == (f"attendance.leave.{name}", leave.pk)
                assert entry.facts["after"] == expected
            else:
                with pytest.raises(Conflict if who in rights[name] else Forbidden):
                    LEAVE.move(stale, name, actor=actors[who], note="理由")
            assert AuditEntry.objects.count() == lines + legal
            leave.refresh_from_db()
            assert leave.state == stale.state == expected
        world.sittings.clear()
        transaction.set_rollback(True)


def test_a_stale_page_loses_against_a_move_made_meanwhile(world):
    leave = ask(world, 0, [world.sitting(tomorrow())])
    stale = Leave.objects.get(pk=leave.pk)
    LEAVE.move(leave, "approve", actor=world.head)
    lines = AuditEntry.objects.count()
    with pytest.raises(Conflict):
        LEAVE.move(stale, "decline", actor=world.head, note="人手不够")
    assert AuditEntry.objects.count() == lines
    assert Leave.objects.get(pk=leave.pk).state == "approved"


def test_a_move_that_needs_a_reason_and_a_follow_up_that_refuses_change_nothing(world, monkeypatch):
    leave = ask(world, 0, [world.sitting(tomorrow())])
    lines = AuditEntry.objects.count()
    with pytest.raises(Fault) as refused:
        LEAVE.move(leave, "decline", actor=world.head, note="  ")
    assert refused.value.field == "note"

    def refuses(_leave: Leave, _actor: Actor) -> None:
        raise Fault("演示拒绝")

    move = LEAVE.moves["approve"]
    approve = Move(move.name, move.word, move.sources, move.target, move.rule, then=refuses)
    monkeypatch.setitem(LEAVE.moves, "approve", approve)
    with pytest.raises(Fault, match="演示拒绝"):
        LEAVE.move(leave, "approve", actor=world.head)
    assert leave.state == Leave.objects.get(pk=leave.pk).state == "requested"
    assert AuditEntry.objects.count() == lines
    assert audit.verify() is None
