"""What must hold of every address and every right, walked from the registries rather than page by page."""

import hashlib
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.test import Client

from keyuan.desk.demo.cast import Cast
from keyuan.kernel import access, navigation
from keyuan.people.models import Account, Seat
from keyuan.people.roles import Role
from keyuan.training.models import TrainingClass
from tests.project import walk

pytestmark = pytest.mark.slow
WRITES = re.compile(r"^\s*(INSERT|UPDATE|DELETE|REPLACE)", re.IGNORECASE)
# What a visit may leave behind: one's own session.
OWN_TRACES = ("django_session", "usersessions_usersession")
REFUSED = {302, 403, 404, 405, 409, 410, 422}


def seat_of(email: str) -> Seat:
    return (
        Seat.objects.select_related("person__account").filter(person__account__email=email).order_by("pk")[0]
    )


def roles_tried() -> list[Role]:
    """Every role; on a second database the three whose pages differ most.

    Rights are decided without the database's help, so there it is the queries of the pages that are tried.
    """
    if connection.vendor == "sqlite":
        return list(Role)
    return [Role.REGISTRAR, Role.LIAISON, Role.TRAINEE]


def strangers() -> list[Seat]:
    """Somebody of the other school in every role; on a second database its registrar alone, who asks for everything."""
    there = seat_of("city@example.com")
    found = [there]
    if connection.vendor != "sqlite":
        return found
    unit = there.person.organisation
    for number, role in enumerate(role for role in Role if role != Role.REGISTRAR):
        person = type(there.person).objects.create(
            school=there.school, name=f"演示外人{number}", organisation=unit
        )
        Account.objects.create(person=person, email=f"stranger{number}@example.com")
        needs = role in {Role.LIAISON, Role.DEPARTMENT_HEAD}
        found.append(
            Seat.objects.create(
                person=person, school=there.school, role=role, organisation=unit if needs else None
            )
        )
    return found


def one_a_role() -> list[Seat]:
    """A seat of the demo's school in each role, the registrar's first."""
    first = seat_of("registrar@example.com")
    seats = Seat.objects.filter(school=first.school, person__account__email__isnull=False).order_by("pk")
    found = {seat.role: seat for seat in seats.select_related("person__account").reverse()}
    return [first, *(found[role] for role in roles_tried() if role != Role.REGISTRAR)]


@contextmanager
def quiet_shell(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The frame of a page asks rights of its own; silent, so that only what the view itself asks is noted."""
    with monkeypatch.context() as patch:
        patch.setattr(navigation, "links_for", lambda *_: [])
        patch.setattr(navigation, "count", lambda *_: 0)
        yield


def table_hashes() -> dict[str, str]:
    """A digest of every table's rows, one's own traces aside."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        if model._meta.db_table in OWN_TRACES or not model._meta.managed:
            continue
        rows = model._default_manager.order_by("pk").values_list()
        found[model._meta.label] = hashlib.sha256(repr(list(rows)).encode()).hexdigest()
    return found


def test_every_view_asks_for_a_right_or_says_that_it_needs_none(
    academy: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    mute = []
    clients = [walk.sign_in(seat_of("registrar@example.com")), walk.sign_in(seat_of("city@example.com"))]
    with quiet_shell(monkeypatch):
        for place in walk.places(most=1):
            if place.is_public or place.is_own:
                continue
            asked = access.watch()
            walk.visit(clients[0].get, place.path)
            walk.visit(clients[1].post, place.path)
            if not asked:
                mute.append(place.route)
    assert mute == []


def test_a_stranger_of_another_school_reaches_nothing_in_any_role(academy: Cast) -> None:
    leaks = []
    # A year is no secret and names another school's plan as well as one's own.
    places = [each for each in walk.places() if each.thing is not None and "<int:year>" not in each.route]
    one_each = list({place.route: place for place in places}.values())
    before = table_hashes()
    seats = strangers()
    changed_by_us = {"people.Person", "people.Account", "people.Seat"}
    for seat in seats:
        client = walk.sign_in(seat)
        for place in places if seat.role == Role.REGISTRAR else one_each:
            for ask in (client.get, client.post):
                answer, text = walk.visit(ask, place.path)
                if answer.status_code not in REFUSED or (len(place.title) > 1 and place.title in text):
                    leaks.append(f"{seat.role} {ask.__name__} {place.path} {answer.status_code}")
    after = table_hashes()
    assert leaks == []
    assert {label for label in after if after[label] != before[label]} <= changed_by_us


def test_a_visitor_without_an_account_is_sent_to_sign_in(academy: Cast) -> None:
    wrong = []
    for place in walk.places():
        for ask in (Client().get, Client().post):
            answer, text = walk.visit(ask, place.path)
            if place.is_public:
                if place.thing is not None and (answer.status_code == 200 or place.title in text):
                    wrong.append(f"{ask.__name__} {place.path} {answer.status_code}")
            elif answer.status_code != 302 or not answer["Location"].startswith("/accounts/login/"):
                wrong.append(f"{ask.__name__} {place.path} {answer.status_code}")
    assert wrong == []


def test_visiting_every_page_in_every_role_writes_nothing(academy: Cast) -> None:
    wrote: list[str] = []
    here = ""

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001 - Django's hook
        if WRITES.match(sql) and not any(name in sql for name in OWN_TRACES):
            wrote.append(f"{here}: {sql[:80]}")
        return execute(sql, params, many, context)

    several, one_each = walk.places(most=8), walk.places(most=1)
    clients = [walk.sign_in(seat) for seat in one_a_role()]
    before = table_hashes()
    broken = []
    with connection.execute_wrapper(note):
        for client in clients:
            # Every state of everything for the registrar, who sees all of it; one of each for the others.
            for place in several if client is clients[0] else one_each:
                here = place.path
                answer, _text = walk.visit(client.get, place.path)
                if answer.status_code >= 500:
                    broken.append(place.path)
                if not answer.headers.get("Content-Security-Policy") or (
                    answer.headers.get("X-Content-Type-Options") != "nosniff"
                ):
                    broken.append(f"headers of {place.path}")
    assert broken == []
    assert sorted(set(wrote)) == []
    assert table_hashes() == before


@pytest.mark.parametrize(
    ("path", "status"),
    [("/nothing/here/", 404), ("/classes/999999/", 404), ("/static/nothing.css", 404),
     ("/audit/", 403), ("/classes/x/", 404), ("/accounts/login/", 302), ("/classes/", 500), ("/inbox/read-all/", 405)],
)  # fmt: skip
def test_headers_stand_on_every_answer_whatever_its_status(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, path: str, status: int
) -> None:
    if status == 500:
        monkeypatch.setattr("keyuan.training.views.classes.page", lambda *_a, **_k: 1 / 0)
    client = walk.sign_in(seat_of("registrar@example.com"))
    answer = client.get(path)
    assert answer.status_code == status
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_the_matrix_shows_every_right_against_every_role(cast: Cast) -> None:
    _answer, text = walk.visit(walk.sign_in(seat_of("auditor@example.com")).get, "/matrix/")
    assert [rule.title for rule in access.RULES.values() if rule.title not in text] == []
    assert [role.label for role in Role if str(role.label) not in text] == []


def test_every_right_names_known_roles_and_has_a_reason(cast: Cast) -> None:
    known = set(Role.values)
    assert [rule.name for rule in access.RULES.values() if not set(rule.roles) <= known or not rule.why] == []


def test_every_right_says_in_chinese_how_far_it_reaches_and_the_matrix_shows_it(cast: Cast) -> None:
    assert [rule.name for rule in access.RULES.values() if not re.search("[一-鿿]", rule.limits)] == []
    _answer, text = walk.visit(walk.sign_in(seat_of("auditor@example.com")).get, "/matrix/")
    assert [rule.name for rule in access.RULES.values() if rule.limits not in text] == []


def test_every_model_that_a_page_asks_for_has_a_scope(academy: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    client = walk.sign_in(seat_of("registrar@example.com"))
    asked = access.watch()
    for place in walk.places(most=1):
        walk.visit(client.get, place.path)
    models = {note.removeprefix("visible:") for note in asked if note.startswith("visible:")}
    assert {name for name in models if apps.get_model(name) not in access.SCOPES} == set()
    assert TrainingClass._meta.label in models


def test_content_security_allows_nothing_inline() -> None:
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    assert not [
        value for values in directives.values() for value in values if "unsafe" in value or value == "*"
    ]
