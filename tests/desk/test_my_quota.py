"""The liaison's phone: the own unit's places and people, and nobody else's."""

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from keyuan.desk.queries import my_quota as reads
from keyuan.training.actions import closing, nominations
from keyuan.training.models import Nomination, TrainingClass
from tests import factories

pytestmark = pytest.mark.django_db
PAGES = ("/my/quota/", "/my/quota/people/", "/my/quota/people/export.xlsx")


@pytest.fixture
def academy() -> factories.Academy:
    return factories.build()


def soon(academy: factories.Academy, days: int = 2, **changed: Any) -> TrainingClass:
    """A class whose deadline is so many days ahead."""
    starts = timezone.localdate() + timedelta(days=days + 5)
    return factories.published(academy, starts=starts, nominate_by=starts - timedelta(days=5), **changed)


def test_places_are_told_as_given_sent_waiting_returned_and_admitted(academy: factories.Academy):
    klass = soon(academy)
    rows = [factories.nominee(academy, klass) for _n in range(3)]
    factories.move(academy, rows[0], "admit")
    factories.move(academy, rows[1], "return", "演示缺职务")
    factories.nominee(academy, klass, 1)
    [share] = reads.open_shares(academy.actor("liaison"))
    assert (share.share.places, share.share.used, share.left, share.days_left) == (3, 3, 0, 2)
    assert (share.admitted, share.returned, share.waiting) == (1, 1, 1)
    assert {row.person_id for row in share.people} == {row.person_id for row in rows}


def test_the_soonest_deadline_stands_first_and_the_past_apart(academy: factories.Academy):
    late, early = soon(academy, 9, title="演示晚班"), soon(academy, 1, title="演示早班")
    over = soon(academy, 3, title="演示已截止班")
    TrainingClass.objects.filter(pk=over.pk).update(nominate_by=timezone.localdate() - timedelta(days=1))
    actor = academy.actor("liaison")
    assert [share.klass for share in reads.open_shares(actor)] == [early, late]
    assert [row.training_class for row in reads.past_shares(actor)] == [over]


def test_what_came_back_stands_first_with_its_reason(
    academy: factories.Academy, client_for: Callable[[Any], Client]
):
    klass = soon(academy)
    back = factories.move(academy, factories.nominee(academy, klass), "return", "演示缺职务")
    text = client_for(academy.seats["liaison"]).get("/my/quota/").content.decode()
    assert "演示缺职务" in text
    assert text.index("退回待修改") < text.index("my-call")
    assert back.person.name not in client_for(academy.seats["liaison2"]).get("/my/quota/").content.decode()


def test_an_exchange_is_shown_with_both_names(
    academy: factories.Academy, client_for: Callable[[Any], Client]
):
    klass, unit = soon(academy), academy.units[0]
    old = factories.nominee(academy, klass)
    new = factories.person(academy, "演示接班人", unit=unit)
    nominations.nominate(
        academy.actor("liaison"), training_class=klass, person=new, organisation=unit, replaces=old
    )
    text = client_for(academy.seats["liaison"]).get("/my/quota/").content.decode()
    assert f"演示接班人 接替 {old.person.name}" in text
    assert text.index("换人") < text.index("my-call")


def test_other_seats_and_strangers_are_refused(
    academy: factories.Academy, client_for: Callable[[Any], Client]
):
    soon(academy)
    for path in PAGES:
        assert Client().get(path)["Location"].startswith("/accounts/login/")
        for key in ("registrar", "teacher", "headteacher"):
            assert client_for(academy.seats[key]).get(path).status_code == 403


def test_a_unit_sees_no_other_unit_and_no_other_school(
    academy: factories.Academy, client_for: Callable[[Any], Client]
):
    klass = soon(academy)
    factories.move(academy, factories.nominee(academy, klass), "admit")
    name = klass.nominations.get().person.name
    far = factories.build("sz")
    assert name in client_for(academy.seats["liaison"]).get("/my/quota/people/").content.decode()
    for seat in (academy.seats["liaison2"], far.seats["liaison"]):
        for path in PAGES:
            assert name.encode() not in client_for(seat).get(path).content


def test_history_says_who_attended_what_with_this_years_hours(
    academy: factories.Academy, client_for: Callable[[Any], Client]
):
    klass = factories.taught(academy)
    factories.attend(academy, klass)
    closing.close_class(academy.registrar, training_class=TrainingClass.objects.get(pk=klass.pk))
    actor, row = academy.actor("liaison"), klass.nominations.order_by("pk").first()
    year = klass.ends.year
    [history] = reads.histories(actor, [row.person], year)
    assert (history.hours, history.outcome(history.classes[0]).completed) == (8, True)
    assert reads.histories(actor, [row.person], year - 1)[0].hours == 0
    client = client_for(academy.seats["liaison"])
    book = openpyxl.load_workbook(io.BytesIO(client.get("/my/quota/people/export.xlsx").content))
    lines = [[str(cell or "") for cell in line] for line in book.active.values]
    assert [
        line for line in lines if line[0] == row.person.name and line[3] == klass.title and line[7] == "结业"
    ]


def test_people_are_found_by_name_and_by_class(academy: factories.Academy):
    klass = soon(academy, title="演示量子班")
    row = factories.move(academy, factories.nominee(academy, klass), "admit")
    factories.person(academy, "演示他人", unit=academy.units[0])
    people = reads.people_of(academy.actor("liaison"))
    assert list(reads.search_people(people, "量子")) == [row.person]
    assert "演示他人" in [person.name for person in reads.search_people(people, "他人")]


def test_the_pages_cost_the_same_queries_however_much_there_is(
    academy: factories.Academy, client_for: Callable[[Any], Client]
):
    client, counted = client_for(academy.seats["liaison"]), []
    for classes in (1, 6):
        for number in range(classes):
            klass = soon(academy, 2 + number, title=f"演示{classes}{number}班")
            rows = [factories.nominee(academy, klass) for _n in range(2)]
            factories.move(academy, rows[0], "return")
        costs = []
        for path in PAGES:
            client.get(path)
            with CaptureQueriesContext(connection) as asked:
                assert client.get(path).status_code == 200
            costs.append(len(asked))
        counted.append(costs)
    assert Nomination.objects.count() == 14
    assert counted[0] == counted[1]
    assert max(counted[0]) <= 20
