"""Signing in, the second factor, devices, seats in the header, and what a form keeps."""

import re
import time
from types import SimpleNamespace

import pytest
from allauth.mfa.totp.internal.auth import (
    SECRET_SESSION_KEY,
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from allauth.usersessions.models import UserSession
from django.test import Client

from keyuan.people import actions, guests
from keyuan.people.models import Person
from keyuan.people.roles import Role
from tests import factories
from tests.factories import PASSWORD, Academy

LOGIN = "/accounts/login/"


def sign_in(client: Client, academy: Academy, key: str, password: str = PASSWORD):
    email = academy.seats[key].person.account.email
    return client.post(LOGIN, {"login": email, "password": password})


def test_the_password_opens_the_door_and_nothing_else_does(academy: Academy, client: Client) -> None:
    assert sign_in(client, academy, "registrar", "wrong-password-1").status_code in {200, 422}
    assert client.get("/home/").status_code == 302
    assert sign_in(client, academy, "registrar").status_code == 302
    assert client.get("/home/").status_code == 200


def test_nobody_signs_up_by_themselves(academy: Academy, client: Client) -> None:
    before = Person.objects.count()
    sent = {"email": "x@example.com", "password1": PASSWORD, "password2": PASSWORD}
    client.post("/accounts/signup/", sent)
    assert Person.objects.count() == before
    assert client.get("/home/").status_code == 302


def test_a_second_factor_is_asked_for_once_it_was_set_up(
    academy: Academy, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A code lasts half a minute: the clock stands still, so that it cannot run out on the way.
    now = time.time()
    monkeypatch.setattr("allauth.mfa.totp.internal.auth.time", SimpleNamespace(time=lambda: now))
    sign_in(client, academy, "registrar")
    asked = client.get("/accounts/2fa/totp/activate/")
    assert "reauthenticate" in asked["Location"], "a session left open is not enough to change the locks"
    page = client.post(asked["Location"], {"password": PASSWORD}, follow=True)
    assert page.status_code == 200
    secret = client.session[SECRET_SESSION_KEY]
    code = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
    answer = client.post("/accounts/2fa/totp/activate/", {"code": code}, follow=True)
    assert answer.status_code == 200
    account = academy.seats["registrar"].person.account
    stored = account.authenticator_set.get(type="totp").data
    assert secret not in str(stored), "the secret is sealed at rest"
    fresh = Client()
    asked = sign_in(fresh, academy, "registrar")
    assert asked.status_code == 302
    assert "2fa" in asked["Location"]
    assert fresh.get("/home/").status_code == 302, "the password alone is not enough"


def test_devices_are_listed_and_can_be_sent_away(academy: Academy, client: Client) -> None:
    sign_in(client, academy, "registrar")
    other = Client()
    sign_in(other, academy, "registrar")
    assert UserSession.objects.count() == 2
    assert client.get("/accounts/sessions/").status_code == 200
    client.post("/accounts/sessions/")
    assert client.get("/home/").status_code == 200
    assert other.get("/home/").status_code == 302


@pytest.mark.parametrize(
    "path", ["/accounts/2fa/", "/accounts/sessions/", "/accounts/password/change/", "/me/security/", "/me/"]
)
def test_pages_of_ones_own_account_are_open_to_every_seat(academy: Academy, client_for, path: str) -> None:
    for key in ("registrar", "trainee", "auditor"):
        assert client_for(academy.seats[key]).get(path, follow=True).status_code == 200


def test_one_person_acts_in_each_of_their_seats_and_in_no_others(academy: Academy, client_for) -> None:
    person = academy.seats["registrar"].person
    second = actions.grant_seat(
        academy.actor("security"), person=person, role=Role.LIAISON, organisation=academy.units[0]
    )
    client = client_for(academy.seats["registrar"])
    assert client.get("/organisations/add/").status_code == 200
    assert client.post("/seat/", {"seat": second.pk}).status_code == 302
    assert client.get("/organisations/add/").status_code == 403
    assert client.post("/seat/", {"seat": academy.seats["security"].pk}).status_code == 422
    assert client.session["seat"] == second.pk
    away = client.post("/seat/", {"seat": second.pk, "next": "https://elsewhere.example/"})
    assert away["Location"] == "/"


def test_a_refused_form_keeps_what_was_typed(academy: Academy, client_for) -> None:
    sent = {
        "name": "演示新人",
        "post_title": "某部部长",
        "id_kind": "resident",
        "id_number": "44999919850312000X",
    }
    answer = client_for(academy.seats["registrar"]).post("/people/add/", sent)
    assert answer.status_code == 422
    assert 'value="某部部长"' in answer.content.decode()
    assert not Person.objects.filter(name="演示新人").exists()


def test_the_list_masks_numbers_and_the_reveal_is_never_stored(academy: Academy, client_for) -> None:
    person = factories.person(academy, unit=academy.units[0])
    client = client_for(academy.seats["registrar"])
    for path in ("/people/", f"/people/{person.pk}/"):
        assert not re.search(r"\b\d{17}[\dX]\b", client.get(path).content.decode())
    shown = client.post(f"/people/{person.pk}/reveal/", {"what": "id"})
    assert re.search(r"\d{17}[\dX]", shown.content.decode())
    assert "no-store" in shown["Cache-Control"]


def test_erasing_asks_for_the_name_in_full(academy: Academy, client_for) -> None:
    person = factories.person(academy)
    client = client_for(academy.seats["registrar"])
    assert client.post(f"/people/{person.pk}/erase/", {"name": person.name[:-1]}).status_code == 422
    assert Person.objects.get(pk=person.pk).erased_at is None
    assert client.post(f"/people/{person.pk}/erase/", {"name": person.name}).status_code == 302
    assert Person.objects.get(pk=person.pk).erased_at


def test_the_activation_page_says_what_is_wrong_with_a_link(academy: Academy, client: Client) -> None:
    person = factories.person(academy, email="fresh@example.com")
    token = actions.invite(academy.registrar, person=person)
    assert client.get(f"/activate/{token}x/").status_code == 410
    assert client.post(f"/activate/{token}/", {"password": "short", "again": "short"}).status_code == 422
    assert client.get(f"/activate/{token}/").status_code == 200


def test_one_takes_ones_data_by_a_press_and_not_by_a_visit(academy: Academy, client_for) -> None:
    client = client_for(academy.seats["trainee"])
    assert client.get("/me/export/").status_code == 405
    answer = client.post("/me/export/")
    assert "演示学员" in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]


def test_a_personal_links_menu_holds_nothing_that_asks_for_an_account(
    academy: Academy, client: Client
) -> None:
    person = academy.seats["registrar"].person
    client.get("/g/" + guests.link_for(person.pk, "/inbox/").split("/g/")[1])
    own = ('href="/me/"', 'href="/me/security/"')
    page = client.get("/inbox/")
    assert page.status_code == 200
    assert not any(link in page.content.decode() for link in own)
    client.force_login(person.account)
    text = client.get("/inbox/").content.decode()
    assert all(link in text for link in own)
