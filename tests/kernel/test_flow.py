"""Lives of things: every registered table, and one real life walked at random."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keyuan.attendance.flows import LEAVE
from keyuan.attendance.models import Leave
from keyuan.desk.management.commands import flows as drawing
from keyuan.kernel import audit
from keyuan.kernel.access import RULES, Actor, Forbidden
from keyuan.kernel.faults import Conflict, Fault
from keyuan.kernel.flow import FLOWS, Move
from keyuan.kernel.models.audit import AuditEntry
from tests.attendance.conftest import world as world
from tests.attendance.test_actions import ask

KEYS = sorted(FLOWS)


def tomorrow():
    return timezone.now() + timedelta(days=1)


def first_state(flow):
    return flow.model._meta.get_field(flow.field).get_default()


@given(key=st.sampled_from(KEYS), picks=st.lists(st.integers(min_value=0), max_size=12))
def test_a_walk_never_leaves_the_states_that_the_model_knows(key, picks):
    flow = FLOWS[key]
    known = {value for value, _label in flow.model._meta.get_field(flow.field).flatchoices}
    state = first_state(flow)
    for pick in picks:
        assert state in known
        ways = [move for move in flow.moves.values() if state in move.sources]
        if not ways:
            break
        state = ways[pick % len(ways)].target
    assert state in known


@pytest.mark.parametrize("key", KEYS)
def test_every_state_of_a_table_can_be_reached_from_the_first(key):
    flow = FLOWS[key]
    reached, before = {first_state(flow)}, set()
    while reached != before:
        before = set(reached)
        reached |= {move.target for move in flow.moves.values() if before.intersection(move.sources)}
    named = {state for move in flow.moves.values() for state in (*move.sources, move.target)}
    assert named <= reached


@pytest.mark.parametrize("key", KEYS)
def test_every_move_has_a_known_right_a_sentence_and_leads_elsewhere(key):
    flow = FLOWS[key]
    for move in flow.moves.values():
        assert move.rule in RULES
        assert f"{key}.{move.name}" in audit.SENTENCES
        assert move.target not in move.sources
        if move.holds:
            assert flow.model._meta.get_field(move.holds).is_relation


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


def test_the_drawn_flows_say_what_the_tables_say():
    call_command("flows", "--check", verbosity=0)
    drawn = drawing.document()
    assert drawn.count("```mermaid") == len(FLOWS)
    missing = [move.word for flow in FLOWS.values() for move in flow.moves.values() if move.word not in drawn]
    assert missing == []


def test_a_stale_drawing_is_told(tmp_path, settings):
    settings.BASE_DIR = tmp_path
    (tmp_path / "docs").mkdir()
    with pytest.raises(CommandError, match="manage flows"):
        call_command("flows", "--check")
    call_command("flows", verbosity=0)
    call_command("flows", "--check")
    (tmp_path / "docs" / "flows.md").write_text("旧", "utf-8")
    with pytest.raises(CommandError, match="过期"):
        call_command("flows", "--check")
