"""What the database itself refuses, whoever writes past the application."""

import threading
from typing import Any

import pytest
from django.db import DatabaseError, connection, connections, transaction

from keyuan.kernel.faults import Fault
from keyuan.logistics.actions import lodging
from keyuan.logistics.actions.lodging import RoomFacts
from keyuan.logistics.models import Arrangement, Diner, Hall, Leg, MealTable, Ride, Room, Seat, Stay, Vehicle
from tests import factories
from tests.logistics.conftest import Ground, trainee

ILLEGAL = [
    # A third in a double room, a man beside a woman, two beds for one.
    "UPDATE logistics_stay SET room_id = (SELECT MIN(id) FROM logistics_room)",
    "UPDATE logistics_stay SET sex = '女' WHERE id = (SELECT MIN(id) FROM logistics_stay)",
    "UPDATE logistics_stay SET nomination_id = (SELECT MIN(nomination_id) FROM logistics_stay)",
    "UPDATE logistics_room SET capacity = 1",
    "UPDATE logistics_room SET capacity = 0",
    "UPDATE logistics_room SET sex = '女'",
    "UPDATE logistics_ride SET vehicle_id = (SELECT MIN(id) FROM logistics_vehicle)",
    "UPDATE logistics_ride SET nomination_id = (SELECT MIN(nomination_id) FROM logistics_ride)",
    "UPDATE logistics_vehicle SET capacity = 1",
    'UPDATE logistics_seat SET "row" = 1, "column" = 1',
    'UPDATE logistics_seat SET "row" = 99',
    'UPDATE logistics_seat SET "column" = 0',
    "UPDATE logistics_hall SET rows = 1, kept_rows = 0",
    "UPDATE logistics_hall SET kept_rows = rows",
    "UPDATE logistics_group SET number = 0",
    "UPDATE logistics_arrangement SET keep_days = 999",
    "UPDATE logistics_diner SET table_id = (SELECT MIN(id) FROM logistics_mealtable)",
    "UPDATE logistics_diner SET nomination_id = (SELECT MIN(nomination_id) FROM logistics_diner)",
    "UPDATE logistics_mealtable SET capacity = 1",
    "UPDATE logistics_mealtable SET number = 1",
    "UPDATE logistics_mealtable SET is_head = (1 = 1)",
]


@pytest.fixture
def filled(ground: Ground) -> Ground:
    """Two full double rooms, a full car of two and one with one, three seats in two rows, a group."""
    klass, men = ground.klass, [row for row in ground.rows if row.person.sex == "男"]
    rooms = [Room.objects.create(training_class=klass, number=str(n), capacity=2) for n in (301, 302)]
    for at, row in enumerate(men[:4]):
        Stay.objects.create(nomination=row, room=rooms[at // 2], sex="男")
    leg = Leg.objects.create(
        training_class=klass, title="去程", date=klass.starts, departs="08:00", start="站"
    )
    cars = [Vehicle.objects.create(leg=leg, title=f"{n}号车", capacity=2) for n in (1, 2)]
    for at, row in enumerate(men[:3]):
        Ride.objects.create(leg=leg, vehicle=cars[at // 2], nomination=row)
    hall = Hall.objects.create(training_class=klass, title="会场", rows=2, columns=2)
    for at, row in enumerate(men[:3]):
        Seat.objects.create(hall=hall, nomination=row, row=at // 2 + 1, column=at % 2 + 1)
    tables = [
        MealTable.objects.create(training_class=klass, number=n, capacity=2, is_head=n == 1) for n in (1, 2)
    ]
    for at, row in enumerate(men[:3]):
        Diner.objects.create(table=tables[at // 2], nomination=row)
    klass.groups.create(number=1)
    Arrangement.objects.create(training_class=klass)
    return ground


def test_every_illegal_statement_is_refused_by_the_database(filled: Ground) -> None:
    let_through = []
    for statement in ILLEGAL:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)
                connection.check_constraints()
        except DatabaseError:
            continue
        let_through.append(statement)
    assert let_through == []


def test_a_bed_too_many_is_refused_whoever_inserts_it(filled: Ground) -> None:
    other = next(
        row for row in filled.rows if row.person.sex == "男" and not Stay.objects.filter(nomination=row)
    )
    full = Room.objects.order_by("pk")[0]
    with pytest.raises(DatabaseError), transaction.atomic():
        Stay.objects.create(nomination=other, room=full, sex="男")
    woman = next(row for row in filled.rows if row.person.sex == "女")
    Stay.objects.filter(room=full).first().delete()  # type: ignore[union-attr] # two sleep there
    with pytest.raises(DatabaseError), transaction.atomic():
        Stay.objects.create(nomination=woman, room=full, sex="女")


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_who_fill_the_last_bed_at_once_do_not_both_get_it() -> None:
    if connection.vendor == "sqlite":
        pytest.skip("one writer at a time")
    academy = factories.build()
    klass = factories.published(academy, (4, 0), places=4)
    rows = [trainee(academy, klass, 0, "男") for _n in range(2)]
    lodging.add_rooms(academy.registrar, training_class=klass, rooms=[RoomFacts("301", 1)])
    room = Room.objects.get()
    outcome: list[Any] = []
    gate = threading.Barrier(2)

    def move(pk: int) -> None:
        gate.wait()
        try:
            outcome.append(
                lodging.move_guests(academy.registrar, training_class=klass, ids=[pk], room_id=room.pk)
            )
        except Fault as fault:
            outcome.append(fault)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=move, args=(row.pk,)) for row in rows]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Stay.objects.count() == 1
    assert sorted(isinstance(one, Fault) for one in outcome) == [False, True]
