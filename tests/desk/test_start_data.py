"""The starting data: loaded once, never over what the office has done, and no password that anybody knows."""

import re
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from keyuan.attendance.models import Policy
from keyuan.kernel.models import DocSeries
from keyuan.orgs.models import Organisation, School
from keyuan.people.models import Account, Person, Seat
from keyuan.plan.models import KeyActivity

pytestmark = pytest.mark.django_db


def started(*arguments: str) -> str:
    words = StringIO()
    call_command("start_data", *arguments, stdout=words)
    return words.getvalue()


def link_in(words: str) -> str:
    found = re.search(r"http\S+(/activate/\S+)", words)
    return found[1] if found else ""


def test_an_empty_installation_gets_school_units_plan_series_and_policy():
    started()
    school = School.objects.get()
    assert (school.code, school.name, school.second_name) == ("gdast", "广东省科协党校", "广东省科技人才学院")
    assert Organisation.objects.filter(kind="city_association").count() == 21
    assert KeyActivity.objects.count() == 23
    assert DocSeries.objects.get().key == "certificate"
    assert Policy.objects.get().tiers.count() == 3


def test_starting_again_changes_nothing():
    started()
    models = (School, Organisation, KeyActivity, DocSeries, Policy, Person, Account, Seat)
    before = [model._default_manager.count() for model in models]
    started()
    assert [model._default_manager.count() for model in models] == before


def test_what_the_office_corrected_stays():
    started()
    unit = Organisation.objects.filter(kind="society").first()
    Organisation.objects.filter(pk=unit.pk).update(short_name="改过的简称", active=False)
    KeyActivity.objects.filter(number=1).update(name="改过的活动")
    started()
    unit.refresh_from_db()
    assert (unit.short_name, unit.active) == ("改过的简称", False)
    assert KeyActivity.objects.get(number=1).name == "改过的活动"


def test_the_first_account_is_opened_by_a_link_that_works_once():
    link = link_in(started())
    account = Account.objects.get()
    assert not account.has_usable_password()
    assert Seat.objects.get().role == "security_admin"
    client = Client()
    chosen = "mountain-river-2026"
    assert client.get(link).status_code == 200
    client.post(link, {"password": chosen, "again": chosen})
    account.refresh_from_db()
    assert account.check_password(chosen)
    assert link_in(started()) == ""


def test_a_link_that_was_lost_is_given_anew_to_the_same_person():
    first, second = link_in(started()), link_in(started())
    assert first
    assert second
    assert Account.objects.count() == 1


def test_no_account_is_made_when_demo_accounts_follow():
    assert link_in(started("--no-account")) == ""
    assert not Account.objects.exists()


def test_the_demo_never_goes_beside_real_people(settings: Any):
    settings.DEMO = False
    school = School.objects.create(code="real", name="真实分校")
    Person.objects.create(school=school, name="甲")
    with pytest.raises(CommandError, match="已有真实人员"):
        call_command("demo")
    assert not Account.objects.exists()
    words = StringIO()
    call_command("demo", "--list", stdout=words)
    assert words.getvalue().strip() == ""
