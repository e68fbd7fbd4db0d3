"""Several at once: the same award from many threads."""

import threading
from decimal import Decimal

import pytest
from django.db import connection, connections

from keyuan.credits.actions import award_many, reverse_many
from keyuan.credits.models import Balance, Lot, Posting
from keyuan.credits.queries import verify_ledger
from tests.credits.conftest import World, build

THREADS = 8


def at_once(*calls: object) -> list[BaseException]:
    """Run the calls in threads that start together; what they raised."""
    gate, raised = threading.Barrier(len(calls)), []

    def run(call: object) -> None:
        try:
            gate.wait()
            call()  # type: ignore[operator]
        except BaseException as fault:  # noqa: BLE001 - the test looks at all of them
            raised.append(fault)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


@pytest.fixture
def open_world(transactional_db: None) -> World:
    return build()


@pytest.mark.race
def test_the_same_award_from_many_threads_pays_once(open_world: World) -> None:
    world = open_world
    lots: list[int] = []

    def pay() -> None:
        rows = [world.facts(number, source=f"test:{number}") for number in range(5)]
        lots.extend(lot.pk for lot in award_many(world.registrar, school_id=world.school.pk, rows=rows))

    assert at_once(*[pay] * THREADS) == []
    assert len(lots) == THREADS * 5
    assert len(set(lots)) == Lot.objects.count() == Posting.objects.count() == 5
    assert set(Balance.objects.values_list("amount", flat=True)) == {Decimal(24)}
    assert verify_ledger() is None


@pytest.mark.race
def test_awards_and_reversals_at_once_keep_the_books(open_world: World) -> None:
    world = open_world

    def pay() -> None:
        for number in range(4):
            award_many(
                world.registrar, school_id=world.school.pk, rows=[world.facts(source=f"test:{number}")]
            )

    def take_back() -> None:
        for number in range(4):
            reverse_many(world.registrar, sources=[f"test:{number}"], reason="更正")

    assert at_once(*[pay, take_back] * (THREADS // 2)) == []
    assert verify_ledger() is None
    balance = Balance.objects.get()
    live = sum(line.amount for line in Posting.objects.all())
    assert balance.amount == live
    assert live in {Decimal(24 * n) for n in range(5)}
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM credits_ledgerhead")
        assert cursor.fetchone() == (1,)
