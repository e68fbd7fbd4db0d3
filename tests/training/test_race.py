"""Several at once, each on a connection of its own: nothing oversold, replays get the first result, no lock errors."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from keyuan.kernel import audit
from keyuan.kernel.faults import Fault
from keyuan.training.actions import closing, nominations
from keyuan.training.models import Completion, Nomination, QuotaShare, TrainingClass
from tests import factories
from tests.factories import Academy

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def at_once(*calls: Callable[[], object]) -> list[object]:
    """What each gives or is refused with; anything but a Fault is an error of ours and is raised."""
    ready = Barrier(len(calls))

    def run(call: Callable[[], object]) -> object:
        try:
            ready.wait(20)
            return call()
        except Fault as fault:
            return fault
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return [running.result() for running in [pool.submit(run, call) for call in calls]]


@pytest.fixture
def academy(transactional_db: None) -> Academy:
    return factories.build()


def test_the_last_place_goes_to_one_of_six(academy: Academy) -> None:
    klass = factories.published(academy, (6, 0), places=6)
    rows = [factories.nominee(academy, klass) for _ in range(6)]
    TrainingClass.objects.filter(pk=klass.pk).update(places=1)
    office = academy.registrar

    def admit(pk: int) -> Callable[[], object]:
        return lambda: nominations.move_nomination(
            office, nomination=Nomination.objects.get(pk=pk), move="admit"
        )

    given = at_once(*[admit(row.pk) for row in rows])
    assert sum(isinstance(each, Fault) for each in given) == 5
    assert Nomination.objects.filter(state="admitted").count() == TrainingClass.objects.get().taken == 1
    assert audit.verify() is None


def test_a_nomination_sent_six_times_is_one_nomination(academy: Academy) -> None:
    klass = factories.published(academy, (2, 0), places=6)
    who, unit, liaison = (
        factories.person(academy, unit=academy.units[0]),
        academy.units[0],
        academy.actor("liaison"),
    )

    def nominate() -> object:
        return nominations.nominate(liaison, training_class=klass, person=who, organisation=unit).pk

    assert len(set(at_once(*[nominate] * 6))) == 1
    assert Nomination.objects.count() == QuotaShare.objects.order_by("pk")[0].used == 1


def test_six_people_for_a_share_of_two_are_two(academy: Academy) -> None:
    klass = factories.published(academy, (2, 0), places=6)
    people = [factories.person(academy, unit=academy.units[0]) for _ in range(6)]
    unit, liaison = academy.units[0], academy.actor("liaison")
    given = at_once(
        *[
            lambda who=who: nominations.nominate(liaison, training_class=klass, person=who, organisation=unit)
            for who in people
        ]
    )
    assert sum(isinstance(each, Fault) for each in given) == 4
    assert Nomination.objects.count() == QuotaShare.objects.order_by("pk")[0].used == 2


def test_two_registrars_closing_at_once_pay_once(academy: Academy) -> None:
    klass = factories.taught(academy, ("4",), trainees=3)
    factories.attend(academy, klass)
    office = academy.registrar

    def close() -> object:
        return closing.close_class(office, training_class=TrainingClass.objects.get(pk=klass.pk))

    assert at_once(close, close, close) == [3, 3, 3]
    assert Completion.objects.count() == 3
    assert TrainingClass.objects.get().closings == 1


def test_two_teachers_hours_placed_at_once_do_not_clash(academy: Academy) -> None:
    first, second = factories.published(academy), factories.published(academy, title="演示另一班")
    given = at_once(*[lambda klass=klass: factories.session(academy, klass) for klass in (first, second)])
    assert sum(isinstance(each, Fault) for each in given) == 1
    assert first.sessions.count() + second.sessions.count() == 1
