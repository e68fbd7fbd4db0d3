"""Every table of moves: drawn, reachable, and walked at random over the demo's things."""

import random
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keyuan.desk.demo.cast import Cast
from keyuan.desk.management.commands.flows import document, states_of
from keyuan.kernel import access, audit
from keyuan.kernel.access import Actor
from keyuan.kernel.faults import Conflict, Fault
from keyuan.kernel.flow import FLOWS
from keyuan.kernel.models import AuditEntry
from keyuan.people.middleware import actor_in
from keyuan.people.models import Seat

KEYS = sorted(FLOWS)


def test_the_page_of_diagrams_is_fresh_and_draws_every_move() -> None:
    call_command("flows", "--check", stdout=StringIO())
    drawn = document()
    assert drawn.count("```mermaid") == len(FLOWS)
    assert not [
        move.word for flow in FLOWS.values() for move in flow.moves.values() if move.word not in drawn
    ]


def test_a_stale_drawing_is_told(tmp_path: Path, settings: Any) -> None:
    settings.BASE_DIR = tmp_path
    (tmp_path / "docs").mkdir()
    with pytest.raises(CommandError, match="manage flows"):
        call_command("flows", "--check")
    call_command("flows", verbosity=0)
    call_command("flows", "--check")
    (tmp_path / "docs" / "flows.md").write_text("旧", "utf-8")
    with pytest.raises(CommandError, match="过期"):
        call_command("flows", "--check")


@pytest.mark.parametrize("key", KEYS)
def test_every_state_is_known_and_reached_from_the_first(key: str) -> None:
    flow = FLOWS[key]
    known = {state for state, _word in states_of(flow)}
    reached, grown = set(), set(flow.begins)
    while grown != reached:
        reached = set(grown)
        grown |= {m.target for m in flow.moves.values() if reached.intersection(m.sources)}
    assert reached == known
    assert {s for move in flow.moves.values() for s in move.sources} <= known


@pytest.mark.parametrize("key", KEYS)
def test_every_move_asks_a_known_right_and_has_a_sentence(key: str) -> None:
    flow = FLOWS[key]
    for move in flow.moves.values():
        assert move.rule in access.RULES
        assert f"{key}.{move.name}" in audit.SENTENCES
        assert move.label
        # What passes on within one state must do something besides; `then` is that.
        assert move.target not in move.sources or move.then
        if move.holds:
            assert flow.model._meta.get_field(move.holds).is_relation


@pytest.fixture
def actors(academy: Cast) -> list[Actor]:
    """Everybody with an account, the trainees of the demo, and the system."""
    seats = Seat.objects.filter(school=academy.school).select_related("person", "school")
    return [*(actor_in(seat) for seat in seats), academy.system]


def _may(actors: list[Actor], rule: str, thing: Any) -> Actor | None:
    own = getattr(thing, "person_id", None)
    trainee = Actor(own, actors[0].school_id, None, frozenset({"trainee"}))
    return next((actor for actor in [*actors, trainee] if access.can(actor, rule, thing)), None)


@pytest.mark.slow
@pytest.mark.parametrize("key", KEYS)
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15)
@given(seed=st.integers(0, 10**6))
def test_a_random_walk_never_moves_without_a_line_nor_from_a_wrong_state(
    actors: list[Actor], key: str, seed: int
) -> None:
    flow, dice = FLOWS[key], random.Random(seed)  # noqa: S311 - a walk, not a secret
    with transaction.atomic():
        rows = list(flow.model._default_manager.order_by("pk"))
        if not rows:
            pytest.skip("the demo has none")
        thing = dice.choice(rows)
        for _step in range(6):
            _one_step(flow, thing.pk, dice.choice(list(flow.moves.values())), actors)
        assert audit.verify() is None
        transaction.set_rollback(True)


def _one_step(flow: Any, pk: int, move: Any, actors: list[Actor]) -> None:
    thing = flow.model._default_manager.get(pk=pk)
    before, lines = flow.state_of(thing), AuditEntry.objects.count()
    actor = _may(actors, move.rule, thing)
    if actor is None:
        with pytest.raises(access.Forbidden):
            flow.move(thing, move.name, actor=actors[0], note="演示")
        return
    assert (move in flow.open_moves(thing, actor)) == (before in move.sources)
    refused: Exception | None = None
    try:
        with transaction.atomic():
            flow.move(thing, move.name, actor=actor, note="演示")
    # Where an action must first write who acted, the database refuses the bare move.
    except (Fault, IntegrityError) as fault:
        refused = fault
    stored = flow.state_of(flow.model._default_manager.get(pk=pk))
    assert flow.state_of(thing) == stored, "what is in hand and what is stored agree"
    mine = AuditEntry.objects.filter(action=f"{flow.key}.{move.name}", thing_id=pk, seq__gt=lines)
    if before not in move.sources:
        assert isinstance(refused, Conflict)
    if refused is not None:
        assert stored == before
        assert not mine.exists()
    else:
        assert stored == move.target
        assert mine.count() == 1
