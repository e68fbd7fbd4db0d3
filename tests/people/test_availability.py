"""When teachers can teach: the rule, who states and sees it, undo, sheets, what is kept and forgotten."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from keyuan.kernel import erasure
from keyuan.kernel.access import Forbidden, can, system_of, visible
from keyuan.kernel.faults import Conflict, Fault
from keyuan.kernel.models import Batch
from keyuan.kernel.sheet import batches
from keyuan.people import actions as people
from keyuan.people import guests
from keyuan.people.actions import availability as actions
from keyuan.people.actions import merging
from keyuan.people.actions.availability import AvailabilityFacts
from keyuan.people.models import Availability, Person
from keyuan.people.queries import availability as reads
from keyuan.people.roles import Role
from keyuan.people.rules import availability as rules
from keyuan.people.sheets import availability as sheets
from tests import factories
from tests.factories import Academy

DAY = date(2031, 3, 3)  # a Monday
DAYS = st.integers(-40, 40).map(lambda n: DAY + timedelta(days=n))
HALVES = st.sampled_from(["", "am", "pm", "ev"])


@st.composite
def spans(draw: st.DrawFn) -> AvailabilityFacts:
    first, second = sorted((draw(DAYS), draw(DAYS)))
    return AvailabilityFacts("cannot", first, second, draw(st.integers(1, 127)), draw(HALVES))


@given(spans(), DAYS, st.sampled_from(["am", "pm", "ev"]))
def test_a_statement_covers_what_lies_in_its_dates_weekdays_and_half(
    span: AvailabilityFacts, day: date, half: str
) -> None:
    covered = rules.covers(span, day, half)
    assert covered == (
        day in {span.starts + timedelta(days=n) for n in range((span.ends - span.starts).days + 1)}
        and day.weekday() in rules.days_of(span.weekdays)
        and (not span.half or span.half == half)
    )


@given(spans())
def test_a_statement_reaches_a_day_just_when_it_covers_one(span: AvailabilityFacts) -> None:
    days = (span.starts + timedelta(days=n) for n in range((span.ends - span.starts).days + 1))
    assert rules.reaches(span) == any(rules.covers(span, day, span.half or "am") for day in days)


@given(st.integers(1, 127))
def test_weekdays_are_read_back_as_they_are_said(weekdays: int) -> None:
    assert rules.weekdays_read(rules.weekdays_said(weekdays)) == weekdays
    assert rules.mask_of(rules.days_of(weekdays)) == weekdays


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("", 127), ("每天", 127), ("周一、周三", 5), ("星期一和三", 5), ("1,3,5", 21), ("周一至周五", 31), ("工作日", 31),
        ("周末", 96), ("周六至周一", 97), ("每周日", 64), ("礼拜天", 64), ("看情况", None), ("8", None),
    ],
)  # fmt: skip
def test_weekdays_are_read_as_offices_write_them(written: str, meant: int | None) -> None:
    assert rules.weekdays_read(written) == meant


def facts(**changed: Any) -> AvailabilityFacts:
    return AvailabilityFacts(**{"kind": "cannot", "starts": DAY, "ends": DAY + timedelta(days=6), **changed})


@pytest.fixture
def teacher(academy: Academy) -> Person:
    return academy.seats["teacher"].person


def test_a_teacher_states_and_deletes_the_own_times_only(academy: Academy, teacher: Person) -> None:
    row = actions.state(academy.actor("teacher"), person=teacher, facts=facts(note="演示备注"))
    assert (row.school_id, row.entered_by_id) == (academy.school.pk, teacher.pk)
    other = academy.seats["teacher2"].person
    with pytest.raises(Forbidden):
        actions.state(academy.actor("teacher"), person=other, facts=facts())
    with pytest.raises(Forbidden):
        actions.remove(academy.actor("teacher2"), row=row)
    assert not visible(academy.actor("teacher2"), Availability).exists()
    actions.remove(academy.actor("teacher"), row=row)
    assert not Availability.objects.exists()
    with pytest.raises(Conflict, match="已被删除"):
        actions.change(academy.actor("teacher"), row=Availability(pk=row.pk, person=teacher), facts=facts())


def test_who_places_sessions_states_for_the_schools_teachers_and_another_school_sees_nothing(
    academy: Academy, teacher: Person
) -> None:
    actions.state(academy.registrar, person=teacher, facts=facts())
    actions.state(academy.actor("headteacher"), person=teacher, facts=facts(kind="prefers"))
    other = factories.build("sz")
    for key in ("registrar", "headteacher", "teacher"):
        assert not visible(other.actor(key), Availability).exists()
        assert not can(other.actor(key), "people.availability", teacher)
    assert teacher not in reads.teachers(other.registrar)
    for key in ("liaison", "leader", "auditor"):
        if key in academy.seats:
            assert not can(academy.actor(key), "people.availabilities")
            assert not visible(academy.actor(key), Availability).exists()


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"ends": DAY - timedelta(days=1)}, "ends"), ({"ends": DAY + timedelta(days=800)}, "ends"),
        ({"ends": DAY, "weekdays": 2}, "weekdays"), ({"note": "长" * 61}, "note"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_at_its_field(
    academy: Academy, teacher: Person, changed: dict[str, Any], field: str
) -> None:
    with pytest.raises(Fault) as refused:
        actions.state(academy.registrar, person=teacher, facts=facts(**changed))
    assert refused.value.field == field


def test_the_same_is_not_said_twice_and_the_database_holds_the_rest(
    academy: Academy, teacher: Person
) -> None:
    actions.state(academy.registrar, person=teacher, facts=facts())
    with pytest.raises(Conflict):
        actions.state(academy.registrar, person=teacher, facts=facts())
    good = {"school": academy.school, "person": teacher, "kind": "cannot", "starts": DAY, "ends": DAY}
    for wrong in (
        {"ends": DAY - timedelta(days=1)}, {"kind": "maybe"}, {"half": "x"}, {"weekdays": 0}, {"weekdays": 128},
    ):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            Availability.objects.create(**{**good, **wrong})


def test_that_one_cannot_outweighs_that_one_would_rather(academy: Academy, teacher: Person) -> None:
    actions.state(academy.registrar, person=teacher, facts=facts(kind="prefers"))
    actions.state(academy.registrar, person=teacher, facts=facts(ends=DAY, half="am"))
    stated = reads.stated_of([teacher.pk], DAY, DAY + timedelta(days=1))
    found = [stated.at(teacher.pk, DAY, half) for half in ("am", "pm")]
    assert [row.kind for row in found if row] == ["cannot", "prefers"]
    assert stated.cannot(teacher.pk, DAY, "pm") is None
    assert stated.at(None, DAY, "am") is None


def posted(**changed: Any) -> dict[str, Any]:
    return {"kind": "cannot", "starts": "2031-03-03", "ends": "2031-03-09", "half": "am", **changed}


def test_the_own_page_adds_changes_deletes_and_takes_back(
    academy: Academy, teacher: Person, client_for: Callable[[Any], Client]
) -> None:
    client = client_for(academy.seats["teacher"])
    refused = client.post("/availability/mine/", posted(starts="", note="留着"))
    assert refused.status_code == 422
    assert "留着" in refused.content.decode()
    assert client.post("/availability/mine/", posted(weekdays=["0", "2"], note="演示备注")).status_code == 302
    row = Availability.objects.get()
    assert (row.weekdays, row.half, row.entered_by_id) == (5, "am", teacher.pk)
    assert "周一、周三 上午" in client.get("/availability/mine/").content.decode()
    again = client.post("/availability/mine/", posted(weekdays=["0", "2"]))
    assert again.status_code == 422
    assert "已经登记过" in again.content.decode()
    changed = client.post(f"/availability/rows/{row.pk}/change/", posted(kind="prefers", ends="", half=""))
    assert changed["Location"] == "/availability/mine/"
    row.refresh_from_db()
    assert (row.kind, row.ends, row.weekdays, row.half) == ("prefers", DAY, 127, "")
    page = client.post(f"/availability/rows/{row.pk}/remove/", follow=True).content.decode()
    assert "已删除：2031-03-03 全天" in page
    assert not Availability.objects.exists()
    client.post("/availability/restore/")
    assert Availability.objects.get().kind == "prefers"
    assert client.post("/availability/restore/").status_code == 422


def test_a_personal_link_opens_the_own_page_and_a_stranger_gets_no_form(
    academy: Academy, teacher: Person
) -> None:
    guest = Client()
    assert "还不认识您" in guest.get("/availability/mine/").content.decode()
    assert guest.post("/availability/mine/", posted()).status_code == 200
    guest.get("/" + guests.link_for(teacher.pk, "/availability/mine/").split("/", 3)[3])
    assert guest.post("/availability/mine/", posted()).status_code == 302
    row = Availability.objects.get()
    assert row.person_id == teacher.pk
    guest.post(f"/availability/rows/{row.pk}/remove/")
    guest.post("/availability/restore/")
    assert Availability.objects.get().starts == DAY
    assert Client().get(f"/availability/rows/{Availability.objects.get().pk}/change/").status_code == 404


def test_the_office_lists_searches_and_filters_with_as_many_queries_for_many(
    academy: Academy, teacher: Person, client_for: Callable[[Any], Client]
) -> None:
    client = client_for(academy.seats["registrar"])
    today = timezone.localdate()
    for n in range(3):
        day = today + timedelta(days=40 + n)
        actions.state(academy.registrar, person=teacher, facts=facts(starts=day, ends=day, note=f"演示{n}"))

    def asked(path: str) -> tuple[int, str]:
        with CaptureQueriesContext(connection) as told:
            text = client.get(path).content.decode()
        return len(told), text

    asked("/availability/")
    few, text = asked("/availability/")
    assert "演示2" in text
    for n in range(20):
        who = factories.person(academy, f"演示新师资{n}")
        people.grant_seat(system_of(academy.school.pk), person=who, role=Role.TEACHER)
        actions.state(academy.registrar, person=who, facts=facts(starts=today, ends=today))
    many, text = asked("/availability/")
    assert many == few
    assert "演示新师资7" in text
    assert "演示2" not in asked("/availability/?said=none")[1]
    assert "演示新师资3" in asked("/availability/?q=新师资3&said=cannot")[1]
    assert "演示新师资4" not in asked("/availability/?q=新师资3")[1]
    assert client.get(f"/availability/{teacher.pk}/").status_code == 200
    assert client.post(f"/availability/{teacher.pk}/", posted()).status_code == 302
    for key in ("teacher", "liaison"):
        theirs = client_for(academy.seats[key])
        assert theirs.get("/availability/").status_code == 403
        assert theirs.get(f"/availability/{teacher.pk}/").status_code == 403


def workbook(rows: Sequence[tuple[str, ...]]) -> bytes:
    columns = ("name", "unit", "kind", "starts", "ends", "weekdays", "half", "note")
    return sheets.AVAILABILITY.export([dict(zip(columns, row, strict=True)) for row in rows])


def test_three_bad_rows_of_three_hundred_come_back_annotated_and_the_rest_goes_in(
    academy: Academy, teacher: Person, client_for: Callable[[Any], Client]
) -> None:
    other = academy.seats["teacher2"].person
    twins = {teacher.name, other.name}
    assert len(twins) == 1, "two teachers of one name are told apart by unit"
    people_rows = []
    for n in range(300):
        who = factories.person(academy, f"演示师资{n:03}") if n < 3 else None
        if who is not None:
            people.grant_seat(system_of(academy.school.pk), person=who, role=Role.TEACHER)
        day = DAY + timedelta(days=n)
        people_rows.append(
            (f"演示师资{n % 3:03}", "", "不便" if n % 2 else "方便", day.isoformat(), "", "", "上午", "演示")
        )
    people_rows[10] = ("演示查无此人", "", "不便", "2031-03-03", "", "", "", "")
    people_rows[20] = ("演示师资000", "", "不便", "2031-03-03", "2031-03-01", "", "", "")
    people_rows[30] = (teacher.name, "", "也许", "2031-03-03", "", "看情况", "", "")
    upload = SimpleUploadedFile("不便.xlsx", workbook(people_rows))
    client = client_for(academy.seats["registrar"])
    answer = client.post("/availability/import/", {"file": upload})
    assert answer["Location"].startswith("/batches/")
    batch = visible(academy.registrar, Batch).get()
    assert batch.rows.filter(is_bad=True).count() == 3
    batches.confirm(academy.registrar, batch=batch)
    batches.apply_rows(academy.registrar, batch=batch)
    assert Availability.objects.count() == 297
    left = load_workbook(BytesIO(batches.result_file(academy.registrar, batch=batch))).active
    assert left is not None
    text = "".join(str(cell) for row in left.iter_rows(values_only=True) for cell in row if cell)
    assert "本校师资里没有此人" in text
    assert "早于开始日期" in text
    assert "请填以下之一" in text
    # The list out is the list in: sent again, nothing doubles.
    out = client.get("/availability/export.xlsx").content
    again = batches.receive(
        academy.registrar, purpose=sheets.PURPOSE, upload=SimpleUploadedFile("再.xlsx", out), context={}
    )
    assert not again.rows.filter(is_bad=True).exists()
    batches.confirm(academy.registrar, batch=again)
    batches.apply_rows(academy.registrar, batch=again)
    assert Availability.objects.count() == 297
    assert client.get("/availability/template.xlsx").status_code == 200


def test_times_of_the_own_are_exported_move_with_a_merge_and_go_with_erasure(
    academy: Academy, teacher: Person
) -> None:
    actions.state(academy.registrar, person=teacher, facts=facts(note="演示出差"))
    held = people.export_self(academy.actor("teacher"), person=teacher)["可授课时间"]
    assert held[0]["备注"] == "演示出差"
    assert held[0]["登记人"] == "教务"
    kept = factories.person(academy, "演示保留")
    moved = merging.tried(academy.registrar, kept, teacher).moved
    assert "people.Availability" in {each["model"] for each in moved}
    erasure.erase(academy.registrar, person_id=teacher.pk)
    assert not Availability.objects.filter(person=teacher).exists()


def test_what_ended_more_than_a_year_ago_is_purged_and_nothing_else(
    academy: Academy, teacher: Person
) -> None:
    today = timezone.localdate()
    for days in (0, 300, 400):
        day = today - timedelta(days=days)
        actions.state(academy.registrar, person=teacher, facts=facts(starts=day, ends=day))
    assert actions.purge() == 1
    assert actions.purge() == 0
    assert Availability.objects.count() == 2
