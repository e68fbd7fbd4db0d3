"""The list of people as a spreadsheet: what is listed, masked, in few queries however long."""

from io import BytesIO

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from keyuan.kernel.access import Actor
from keyuan.orgs.models import Organisation
from keyuan.people import actions
from keyuan.people.actions import PersonFacts
from keyuan.people.models import Person
from tests.kernel.seated import sit
from tests.kernel.sheet_files import resident_number

pytestmark = pytest.mark.django_db


def _rows(content: bytes) -> list[list[str]]:
    page = openpyxl.load_workbook(BytesIO(content)).active
    return [[str(cell or "") for cell in row] for row in page.iter_rows(values_only=True)]


@pytest.fixture
def office(client: Client) -> Actor:
    person = sit(client).person
    return Actor(person.pk, person.school_id, None, frozenset({"registrar"}))


def _people(actor: Actor, count: int, unit: Organisation | None = None) -> None:
    Person.objects.bulk_create(
        Person(school_id=actor.school_id, name=f"演示{n}", pinyin=f"yanshi{n}", organisation=unit, demo=True)
        for n in range(count)
    )


def test_the_export_holds_what_the_filter_leaves_beyond_the_first_page(client: Client, office: Actor):
    unit = Organisation.objects.create(school_id=office.school_id, kind="society", name="演示学会")
    _people(office, 60, unit)
    _people(office, 3)
    answer = client.get(reverse("people:export") + f"?organisation={unit.pk}")
    rows = _rows(answer.content)
    assert rows[0][:4] == ["姓名", "性别", "出生年月", "单位"]
    assert len(rows) == 61
    assert {row[3] for row in rows[1:]} == {"演示学会"}
    assert answer["Cache-Control"] == "no-store"


def test_numbers_leave_masked(client: Client, office: Actor):
    number = resident_number(3)
    facts = PersonFacts(name="演示甲", id_kind="resident", id_number=number, phone="19900001234")
    actions.add_person(office, facts=facts)
    text = str(_rows(client.get(reverse("people:export") + "?q=演示甲").content))
    assert number not in text
    assert "19900001234" not in text
    assert "199****1234" in text


def test_a_longer_list_costs_no_more_queries(client: Client, office: Actor):
    costs = []
    for count in (5, 80):
        _people(office, count)
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert client.get(reverse("people:export")).status_code == 200
        costs.append(len(seen))
    assert costs[0] == costs[1] <= 9


def test_a_trainee_exports_nobody(client: Client):
    sit(client, role="trainee")
    assert client.get(reverse("people:export")).status_code == 403
