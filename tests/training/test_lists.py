"""The class list and the review list as spreadsheets: what is listed, in few queries however long."""

from datetime import timedelta
from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from keyuan.orgs.models import Organisation, School
from keyuan.people.models import Person
from keyuan.plan.models import ActivityType, AnnualPlan, KeyActivity
from keyuan.training.models import Nomination, TrainingClass
from tests.kernel.seated import sit

pytestmark = pytest.mark.django_db


def _rows(content: bytes) -> list[list[str]]:
    page = openpyxl.load_workbook(BytesIO(content)).active
    return [[str(cell or "") for cell in row] for row in page.iter_rows(values_only=True)]


@pytest.fixture
def activity(client: Client) -> KeyActivity:
    """A key activity of the school in which the client is seated as registrar."""
    school = sit(client).person.school
    plan = AnnualPlan.objects.create(school=school, year=2030, title="演示计划")
    kind = ActivityType.objects.create(plan=plan, order=1, name="演示类")
    return KeyActivity.objects.create(plan=plan, type=kind, number=1, name="演示活动")


def _unit(school: School) -> Organisation:
    return Organisation.objects.get_or_create(school=school, kind="department", name="演示部")[0]


def _class(activity: KeyActivity, title: str, state: str = "published") -> TrainingClass:
    school, starts = activity.plan.school, timezone.localdate() + timedelta(days=30)
    head, _made = Person.objects.get_or_create(school=school, name="演示班主任", demo=True)
    return TrainingClass.objects.create(
        school=school, activity=activity, department=_unit(school), title=title, starts=starts, ends=starts,
        nominate_by=starts, venue="演示厅", head_teacher=head, places=300, audience="演示", hours=Decimal(8), state=state,
    )  # fmt: skip


def _nominate(held: TrainingClass, count: int, state: str = "submitted") -> None:
    people = Person.objects.bulk_create(
        Person(school=held.school, name=f"演示{n}", pinyin=f"yanshi{n}", demo=True) for n in range(count)
    )
    Nomination.objects.bulk_create(
        Nomination(training_class=held, person=person, organisation=_unit(held.school), state=state)
        for person in people
    )


def test_the_class_export_holds_what_the_filter_leaves(client: Client, activity: KeyActivity):
    _class(activity, "甲班")
    _class(activity, "乙班", "draft")
    rows = _rows(client.get(reverse("training:export") + "?state=published").content)
    assert [row[0] for row in rows] == ["班次", "甲班"]


def test_more_classes_cost_no_more_queries(client: Client, activity: KeyActivity):
    costs = []
    for count in (2, 20):
        for n in range(count):
            _class(activity, f"第{n}期")
        with CaptureQueriesContext(connection) as seen:
            assert client.get(reverse("training:export")).status_code == 200
        costs.append(len(seen))
    assert costs[0] == costs[1] <= 9


def test_the_review_export_holds_what_the_filter_leaves_in_few_queries(client: Client, activity: KeyActivity):
    held = _class(activity, "甲班")
    _nominate(held, 80)
    _nominate(held, 7, "waitlisted")
    address = reverse("training:nominations-export", args=[held.pk])
    with CaptureQueriesContext(connection) as seen:
        rows = _rows(client.get(address + "?state=submitted").content)
    assert len(rows) == 81
    assert len(seen) <= 10


def test_the_review_export_of_another_school_is_not_found(client: Client, activity: KeyActivity):
    held = _class(activity, "甲班")
    TrainingClass.objects.filter(pk=held.pk).update(school=School.objects.create(code="zz", name="别校"))
    assert client.get(reverse("training:nominations-export", args=[held.pk])).status_code == 404


@pytest.mark.parametrize("listing", ["training:list", "people:list"])
def test_the_list_offers_an_export_that_keeps_its_filter(client: Client, activity: KeyActivity, listing: str):
    text = client.get(reverse(listing) + "?q=甲").content.decode()
    assert f'href="{reverse(listing.replace("list", "export"))}?q=%E7%94%B2' in text
