"""Signing in and resetting a password tell nobody which addresses are known."""

import re
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.faults.ground import Ground

pytestmark = pytest.mark.django_db
PASSWORD = "演示口令-不要用于正式-2030"


@pytest.fixture
def known(ground: Ground) -> str:
    account = ground.registrars[0].person.account
    account.set_password(PASSWORD)
    account.save()
    return str(account.email)


def asked(path: str, data: dict[str, str]) -> tuple[Any, int]:
    """The answer and how many queries it took."""
    client = Client()
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        answer = client.post(path, data)
    return answer, len(queries)


def words(answer: Any, typed: str) -> str:
    """The page without what was typed and what differs from page to page."""
    text = answer.content.decode().replace(typed, "…")
    return re.sub(
        r'(name="csrfmiddlewaretoken" value|X-CSRFToken&?[^:]*:)[^>]*',
        "",
        re.sub(r'"[A-Za-z0-9]{64}"', '""', text),
    )


def test_a_wrong_password_and_an_unknown_address_look_alike(known: str) -> None:
    first, few = asked("/accounts/login/", {"login": known, "password": "wrong-wrong-wrong"})
    second, many = asked(
        "/accounts/login/", {"login": "nobody@demo.example", "password": "wrong-wrong-wrong"}
    )
    assert first.status_code == second.status_code
    assert first.status_code in {200, 422}
    assert words(first, known) == words(second, "nobody@demo.example")
    assert abs(few - many) <= 3


def test_asking_for_a_new_password_says_the_same_for_everybody(known: str) -> None:
    first, few = asked("/accounts/password/reset/", {"email": known})
    second, many = asked("/accounts/password/reset/", {"email": "nobody@demo.example"})
    assert (
        (first.status_code, first["Location"])
        == (second.status_code, second["Location"])
        == (302, first["Location"])
    )
    assert abs(few - many) <= 6
    assert {name for message in mail.outbox for name in message.to} <= {known, "nobody@demo.example"}


def test_guessing_is_stopped_and_even_the_right_password_then_waits(known: str) -> None:
    statuses = []
    for _guess in range(12):
        answer, _queries = asked("/accounts/login/", {"login": known, "password": "wrong-wrong-wrong"})
        statuses.append((answer.status_code, "过多" in answer.content.decode() or answer.status_code == 429))
    assert statuses[-1][1], statuses
    answer, _queries = asked("/accounts/login/", {"login": known, "password": PASSWORD})
    assert answer.status_code != 302
