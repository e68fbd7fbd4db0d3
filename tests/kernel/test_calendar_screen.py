"""The office corrects the calendar on a screen: empty, added, changed, refused, taken back, written down."""

from datetime import date

import pytest
from django.test import Client

from keyuan.kernel import calendar
from keyuan.kernel.models import AuditEntry, CalendarDay
from tests.kernel.seated import sit

pytestmark = pytest.mark.django_db
PLACE = "/calendar/"


@pytest.fixture
def office(client: Client) -> Client:
    sit(client)
    return client


def test_a_day_is_added_changed_and_taken_back_and_each_step_written_down(office):
    assert "没有校正过的日子" in office.get(PLACE).content.decode()
    friday = date(2026, 11, 20)
    assert office.post(PLACE, {"day": "2026-11-20", "kind": "rest", "note": "演示停课"}).status_code == 302
    assert not calendar.is_workday(friday)
    shown = office.get(f"{PLACE}?day=2026-11-20").content.decode()
    assert "演示停课" in shown
    assert "修改校正" in shown
    office.post(PLACE, {"day": "2026-11-20", "kind": "work", "note": ""})
    assert calendar.is_workday(friday)
    assert CalendarDay.objects.count() == 1
    office.post(f"{PLACE}clear/", {"day": "2026-11-20"})
    assert not CalendarDay.objects.exists()
    told = AuditEntry.objects.filter(action__startswith="kernel.calendar").order_by("seq")
    assert [line.action.rsplit(".", 1)[-1] for line in told] == ["set", "set", "cleared"]


def test_a_wrong_day_is_told_and_what_was_typed_is_kept(office):
    answer = office.post(PLACE, {"day": "十月八日", "kind": "rest", "note": "演示停课"})
    assert answer.status_code == 422
    assert "2026-10-08 这样" in answer.content.decode()
    assert "演示停课" in answer.content.decode()


def test_a_day_that_is_none_asked_for_by_address_does_no_harm(office):
    assert office.get(f"{PLACE}?day=2026-13-45").status_code == 200
    assert office.post(f"{PLACE}clear/", {"day": "2026-13-45"}).status_code == 302


def test_others_may_not(client: Client):
    sit(client, role="trainee")
    assert client.get(PLACE).status_code == 403
    assert client.post(PLACE, {"day": "2026-11-20", "kind": "rest"}).status_code == 403
    assert client.post(f"{PLACE}clear/", {"day": "2026-11-20"}).status_code == 403
    assert not CalendarDay.objects.exists()
