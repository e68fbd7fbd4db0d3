"""Places in rooms, vehicles and halls: proposed, locked, exchanged, never overfull."""

from datetime import time, timedelta

import pytest

from keyuan.kernel.faults import Conflict, Fault
from keyuan.logistics.actions import (
    answering,
    arranging,
    lodging,
    riding,
    seating,
)
from keyuan.logistics.actions.answering import AnswerFacts
from keyuan.logistics.actions.lodging import RoomFacts
from keyuan.logistics.models import (
    Ride,
    Room,
    Seat,
    Stay,
    Vehicle,
)
from keyuan.logistics.queries import boards
from keyuan.training.models import Nomination
from tests.logistics.conftest import ASK_ALL, Ground, grouped, of_sex, room


def test_a_room_takes_one_sex_and_no_more_than_its_beds(ground: Ground) -> None:
    actor, klass, here = ground.academy.registrar, ground.klass, room(ground)
    men, women = of_sex(ground, "男"), of_sex(ground, "女")
    with pytest.raises(Conflict, match="放不下 3 人"):
        lodging.move_guests(actor, training_class=klass, ids=men[:3], room_id=here.pk)
    with pytest.raises(Fault, match="男女不能同住"):
        lodging.move_guests(actor, training_class=klass, ids=[men[0], women[0]], room_id=here.pk)
    assert lodging.move_guests(actor, training_class=klass, ids=men[:2], room_id=here.pk) == 2
    assert lodging.move_guests(actor, training_class=klass, ids=men[:2], room_id=here.pk) == 0
    with pytest.raises(Fault, match="先移出"):
        lodging.change_room(actor, training_class=klass, room_id=here.pk, capacity=1, sex="")
    with pytest.raises(Fault, match="先移出"):
        lodging.change_room(actor, training_class=klass, room_id=here.pk, capacity=2, sex="女")
    assert Stay.objects.count() == 2


def test_rooms_are_proposed_with_wishes_and_locks_kept(ground: Ground) -> None:
    actor, klass = ground.academy.registrar, ground.klass
    lodging.add_rooms(actor, training_class=klass, rooms=[RoomFacts(str(n)) for n in range(301, 306)])
    men = of_sex(ground, "男")
    names = {row.pk: row.person.name for row in ground.rows}
    arranging.set_up(actor, training_class=klass, facts=ASK_ALL)
    by_pk = {row.pk: row for row in ground.rows}
    answering.answer(actor, nomination=by_pk[men[0]], facts=AnswerFacts(together=names[men[4]]))
    last = Room.objects.get(number="305")
    lodging.move_guests(actor, training_class=klass, ids=[men[2]], room_id=last.pk)
    lodging.lock_guests(actor, training_class=klass, ids=[men[2]], locked=True)
    found = lodging.propose_rooms(actor, training_class=klass)
    assert len(found.beds) == 8
    assert found.unmet == []
    stays = dict(Stay.objects.values_list("nomination_id", "room_id"))
    assert stays[men[0]] == stays[men[4]]
    assert stays[men[2]] == last.pk
    with pytest.raises(Fault, match="已锁定"):
        lodging.move_guests(actor, training_class=klass, ids=[men[2]], room_id=None)


def test_who_needs_no_bed_leaves_the_room(ground: Ground) -> None:
    actor, klass = ground.academy.registrar, ground.klass
    lodging.add_rooms(actor, training_class=klass, rooms=[RoomFacts(str(n)) for n in range(301, 306)])
    lodging.propose_rooms(actor, training_class=klass)
    assert lodging.set_lodging(actor, training_class=klass, ids=ground.ids(0), needed=False) == 1
    board = boards.room_board(actor, klass)
    assert (board.placed, board.total) == (7, 7)
    assert lodging.remove_rooms(actor, training_class=klass) == 0 or Room.objects.count() >= 4


def test_a_class_without_rooms_or_lodgers_is_told_so(ground: Ground) -> None:
    actor, klass = ground.academy.registrar, ground.klass
    with pytest.raises(Fault, match="还没有登记客房"):
        lodging.propose_rooms(actor, training_class=klass)
    Nomination.objects.filter(training_class=klass).update(lodging=False)
    with pytest.raises(Fault, match="没有需要住宿"):
        lodging.propose_rooms(actor, training_class=klass)


def leg_of(ground: Ground, *sizes: int) -> int:
    actor, klass = ground.academy.registrar, ground.klass
    facts = {"title": "去程", "date": klass.starts, "departs": time(8), "start": "南站", "goal": "会场"}
    leg = riding.save_leg(actor, training_class=klass, facts=facts)
    for size in sizes:
        riding.add_vehicles(actor, training_class=klass, leg_id=leg.pk, count=1, capacity=size)
    return leg.pk


def test_vehicles_are_filled_by_group_and_never_overfull(ground: Ground) -> None:
    actor, klass = ground.academy.registrar, ground.klass
    grouped(ground)
    leg = leg_of(ground, 4, 3)
    assert riding.propose_rides(actor, training_class=klass, leg_id=leg) == 1
    small = Vehicle.objects.get(capacity=3)
    waiting = boards.ride_board(actor, small.leg).waiting
    with pytest.raises(Conflict, match="还有 0 个座位"):
        riding.move_riders(actor, training_class=klass, leg_id=leg, ids=[waiting[0].pk], vehicle_id=small.pk)
    riding.add_vehicles(actor, training_class=klass, leg_id=leg, count=1, capacity=2)
    assert riding.propose_rides(actor, training_class=klass, leg_id=leg, only_new=True) == 0
    assert Ride.objects.count() == 8
    first = Vehicle.objects.get(capacity=4)
    numbers = set(Ride.objects.filter(vehicle=first).values_list("nomination__group", flat=True))
    assert len(numbers) == 1


def test_a_journey_lies_near_the_class(ground: Ground) -> None:
    facts = {
        "title": "远行",
        "date": ground.klass.ends + timedelta(days=9),
        "departs": time(8),
        "start": "站",
        "goal": "",
    }
    with pytest.raises(Fault, match="前后两天"):
        riding.save_leg(ground.academy.registrar, training_class=ground.klass, facts=facts)


def hall_of(ground: Ground, rows: int = 3, columns: int = 4) -> int:
    facts = {"title": "开班式", "rows": rows, "columns": columns, "aisles": [2], "kept_rows": 0}
    return seating.save_hall(ground.academy.registrar, training_class=ground.klass, facts=facts).pk


def test_moving_to_a_taken_seat_changes_places(ground: Ground) -> None:
    actor, klass, hall = ground.academy.registrar, ground.klass, hall_of(ground)
    assert seating.propose_seats(actor, training_class=klass, hall_id=hall, way="unit") == 0
    first, second = Seat.objects.filter(hall=hall)[:2]
    place = (second.row, second.column)
    seating.move_to_seat(
        actor, training_class=klass, hall_id=hall, nomination_id=first.nomination_id, place=place
    )
    seats = {seat.nomination_id: (seat.row, seat.column) for seat in Seat.objects.filter(hall=hall)}
    assert seats[first.nomination_id] == place
    assert seats[second.nomination_id] == (first.row, first.column)
    assert len(seats) == 8
    with pytest.raises(Fault, match="没有 9 排"):
        seating.move_to_seat(
            actor, training_class=klass, hall_id=hall, nomination_id=first.nomination_id, place=(9, 1)
        )
    facts = {"title": "开班式", "rows": 1, "columns": 4, "aisles": [], "kept_rows": 0}
    with pytest.raises(Fault, match="之外"):
        seating.save_hall(actor, training_class=klass, facts=facts, hall_id=hall)


def test_another_group_sits_in_front_when_the_rows_turn(ground: Ground) -> None:
    actor, klass, hall = ground.academy.registrar, ground.klass, hall_of(ground)
    grouped(ground)
    for turn, group in ((0, 1), (1, 2)):
        seating.propose_seats(actor, training_class=klass, hall_id=hall, way="group", turn=turn)
        front = Seat.objects.filter(hall=hall, row=1).values_list("nomination__group", flat=True)
        assert set(front) == {group}


def test_locked_seats_stay(ground: Ground) -> None:
    actor, klass, hall = ground.academy.registrar, ground.klass, hall_of(ground)
    seating.move_to_seat(
        actor, training_class=klass, hall_id=hall, nomination_id=ground.rows[0].pk, place=(3, 4)
    )
    seating.lock_seats(actor, training_class=klass, hall_id=hall, ids=ground.ids(0), locked=True)
    seating.propose_seats(actor, training_class=klass, hall_id=hall, way="name")
    seat = Seat.objects.get(nomination=ground.rows[0])
    assert (seat.row, seat.column) == (3, 4)
    assert seating.clear_seats(actor, training_class=klass, hall_id=hall, ids=ground.ids(0, 1)) == 1
    with pytest.raises(Fault, match="已锁定"):
        seating.move_to_seat(
            actor, training_class=klass, hall_id=hall, nomination_id=ground.rows[2].pk, place=(3, 4)
        )
