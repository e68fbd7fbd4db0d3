"""The class list and the review list as spreadsheets: what is listed, in few queries however long."""

import re
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
from keyuan.training.models import Nomination, QuotaShare, TrainingClass
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


def _names(text: str) -> list[str]:
    return re.findall(r">(演示\d+)<", text)


def test_the_pages_of_a_long_list_hold_everybody_once(client: Client, activity: KeyActivity):
    held = _class(activity, "甲班")
    _nominate(held, 120)
    address = reverse("training:nominations", args=[held.pk])
    seen = [name for n in (1, 2, 3) for name in _names(client.get(f"{address}?page={n}").content.decode())]
    assert len(seen) == len(set(seen)) == 120


def test_what_is_searched_for_is_looked_for_once_and_counted_all_the_same(
    client: Client, activity: KeyActivity
):
    held = _class(activity, "甲班")
    _nominate(held, 60)
    address, costs = reverse("training:nominations", args=[held.pk]), {}
    for q, found in (("演示59", 1), ("演示", 50)):
        with CaptureQueriesContext(connection) as seen:
            text = client.get(f"{address}?q={q}").content.decode()
        assert len(_names(text)) == found
        costs[found] = sum("COUNT(*)" in query["sql"] and "person" in query["sql"] for query in seen)
    assert "共 60 条" in text
    assert costs == {1: 0, 50: 0}


def test_each_row_of_the_review_acts_through_one_form(client: Client, activity: KeyActivity):
    held = _class(activity, "甲班")
    _nominate(held, 3)
    text = client.get(reverse("training:nominations", args=[held.pk])).content.decode()
    assert text.count('<form id="one"') == 1
    act = re.search(r'form="one" formaction="([^"]+)" name="move" value="waitlist"', text)
    assert act is not None
    client.post(act[1], {"move": "waitlist", "back": "review"})
    assert Nomination.objects.filter(state="waitlisted").count() == 1


def test_without_scripts_a_row_comes_back_ticked_beside_the_reason(client: Client, activity: KeyActivity):
    held = _class(activity, "甲班")
    _nominate(held, 2)
    address = reverse("training:nominations", args=[held.pk])
    link = re.search(r'href="(\?[^"]*tick=(\d+))#bulk"', client.get(address).content.decode())
    assert link is not None
    text = client.get(address + link[1].replace("&amp;", "&")).content.decode()
    assert re.findall(r'value="(\d+)" form="bulk" data-tick checked', text) == [link[2]]


def test_people_leave_a_class_in_bulk_with_a_reason(client: Client, activity: KeyActivity):
    held = _class(activity, "甲班")
    _nominate(held, 3, "admitted")
    TrainingClass.objects.filter(pk=held.pk).update(taken=3)
    gone = list(Nomination.objects.order_by("pk").values_list("pk", flat=True)[:2])
    address = reverse("training:review-many", args=[held.pk])
    client.post(address, {"act": "remove", "pk": gone})
    assert Nomination.objects.filter(state="admitted").count() == 3, "no reason, no removal"
    client.post(address, {"act": "remove", "pk": gone, "note": "工作调动"})
    assert (
        list(Nomination.objects.filter(state="withdrawn").order_by("pk").values_list("pk", flat=True)) == gone
    )
    held.refresh_from_db()
    assert held.taken == 1


def test_everybody_of_a_large_unit_can_be_reached_and_the_free_stand_first(
    client: Client, activity: KeyActivity
):
    held, unit = _class(activity, "甲班"), _unit(activity.plan.school)
    QuotaShare.objects.create(training_class=held, organisation=unit, places=300)
    people = Person.objects.bulk_create(
        Person(
            school=held.school, name=f"演示{n}", pinyin=f"yanshi{n:03}", organisation=unit, id_index=f"x{n}", demo=True
        )
        for n in range(250)
    )  # fmt: skip
    Nomination.objects.create(training_class=held, person=people[0], organisation=unit)
    address = reverse("training:nominate", args=[held.pk])
    with CaptureQueriesContext(connection) as seen:
        pages = [client.get(address + "?page=1").content.decode()]
    assert len(seen) <= 13
    pages += [client.get(f"{address}?page={n}").content.decode() for n in range(2, 6)]
    picked = [pk for text in pages for pk in re.findall(r'name="person" value="(\d+)"', text)]
    assert len(picked) == len(set(picked)) == 250
    assert picked[-1] == str(people[0].pk)
    assert "已由演示部推荐到本班" in pages[-1]


def test_the_closing_page_shows_a_page_of_trainees_and_how_all_stand(client: Client, activity: KeyActivity):
    held = _class(activity, "甲班")
    _nominate(held, 120, "admitted")
    address = reverse("training:closing", args=[held.pk])
    with CaptureQueriesContext(connection) as seen:
        text = client.get(address).content.decode()
    assert len(seen) <= 12
    assert len(_names(text)) == 50
    assert "学员 120 人，达到结业条件 0 人，未达到 120 人" in text
    assert len(_names(client.get(address + "?page=3").content.decode())) == 20


@pytest.mark.parametrize("sort", ["-name", "unit", "at"])
def test_what_a_search_finds_stands_as_whole_and_in_the_order_in_which_it_stands_without_one(
    client: Client, activity: KeyActivity, sort: str
):
    held = _class(activity, "演示班")
    _nominate(held, 70)
    address = reverse("training:nominations", args=[held.pk])

    def shown(query: str) -> list[str]:
        text = client.get(f"{address}?sort={sort}{query}").content.decode()
        return re.findall(r'<th scope="row"><a href="[^"]+">([^<]+)</a></th><td[^>]*>演示部', text)

    assert len(shown("")) == 50
    assert shown("&q=演示") == shown("")
    assert shown("&q=演示&page=2") == shown("&page=2")
    assert shown("&q=演示6") == sorted(
        [name for name in [*shown(""), *shown("&page=2")] if name.startswith("演示6")],
        key=[*shown(""), *shown("&page=2")].index,
    )
    assert shown("&q=没有这个人") == []
