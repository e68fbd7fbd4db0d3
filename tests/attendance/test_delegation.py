"""Leave is decided by its tiers, and by whoever stands in for the one a tier asks."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from keyuan.approvals import actions as approvals
from keyuan.attendance import actions
from keyuan.attendance.models import Leave
from keyuan.kernel.access import Forbidden, visible
from keyuan.kernel.models import AuditEntry
from keyuan.people.models import Person, Seat


@pytest.fixture
def away(world: Any) -> Any:
    """The head teacher of the class is away; a colleague who heads another stands in."""
    for who, role in (
        (world.head, "head_teacher"),
        (world.other_head, "head_teacher"),
        (world.leader, "leader"),
    ):
        Seat.objects.create(person_id=who.person_id, school=world.school, role=role)
    sitting = world.sitting(timezone.now() + timedelta(days=1))
    leave = actions.request_leave(
        world.trainee(0), school_id=world.school.pk, owner_label=sitting.owner_label, owner_id=sitting.owner_id,
        person_id=world.people[0].pk, expected_ids=[world.expected(sitting, 0).pk], reason="家中有事",
    )  # fmt: skip
    assert leave.approver_role == "head_teacher"
    return world, leave


def stand_in(world: Any, kinds: list[str]) -> None:
    today = timezone.localdate()
    approvals.delegate(
        world.head,
        delegate=Person.objects.get(pk=world.other_head.person_id),
        starts=today,
        ends=today,
        kinds=kinds,
    )


def test_a_stand_in_sees_and_decides_what_waits_for_the_other(away: Any) -> None:
    world, leave = away
    assert not visible(world.other_head, Leave).exists()
    with pytest.raises(Forbidden):
        actions.decide_leave(world.other_head, leave=leave, move="approve")
    stand_in(world, ["attendance.leave"])
    assert list(visible(world.other_head, Leave)) == [leave]
    actions.decide_leave(world.other_head, leave=leave, move="approve")
    line = AuditEntry.objects.get(action="attendance.leave.approve")
    assert line.person_id == world.other_head.person_id
    assert line.facts["on_behalf_of"] == world.head.person_id
    assert not visible(world.other_head, Leave).exists(), "only what waits is shown to a stand-in"


def test_a_delegation_of_something_else_decides_no_leave(away: Any) -> None:
    world, leave = away
    stand_in(world, ["training.class"])
    with pytest.raises(Forbidden):
        actions.decide_leave(world.other_head, leave=leave, move="approve")


def test_whoever_decides_in_the_own_right_is_not_written_as_a_stand_in(away: Any) -> None:
    world, leave = away
    stand_in(world, [])
    actions.decide_leave(world.head, leave=leave, move="decline", note="课时不足")
    assert "on_behalf_of" not in AuditEntry.objects.get(action="attendance.leave.decline").facts
