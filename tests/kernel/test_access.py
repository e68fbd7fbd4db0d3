"""The one door of reads and writes: closed where nobody opened it."""

import pytest

from keyuan.kernel import access
from keyuan.kernel.access import ANONYMOUS, SYSTEM, Actor, Forbidden
from keyuan.orgs.models import School
from keyuan.people.models import Person
from keyuan.people.roles import EVERYBODY, Role

KNOWN = Actor(1, 1, None, frozenset({"registrar"}))


@pytest.fixture
def registries(monkeypatch):
    """Scopes and rights that a test may add to; as they were afterwards."""
    monkeypatch.setattr(access, "SCOPES", dict(access.SCOPES))
    monkeypatch.setattr(access, "RULES", dict(access.RULES))


@pytest.fixture
def school(db):
    return School.objects.create(code="gd", name="省科协党校")


def test_a_model_without_a_scope_shows_nothing_even_to_the_system(registries, school):
    access.SCOPES.pop(School)
    assert not access.visible(KNOWN, School).exists()
    assert not access.visible(SYSTEM, School).exists()


def test_somebody_unknown_sees_nothing_of_any_model_whatever_its_scope_says(registries, school):
    access.SCOPES[School] = lambda _actor, rows: rows
    Person.objects.create(school=school, name="演示甲")
    assert access.visible(KNOWN, School).exists()
    seatless = Actor(None, school.pk, None, frozenset(EVERYBODY))
    for model in access.SCOPES:
        assert not access.visible(ANONYMOUS, model).exists()
        assert not access.visible(seatless, model).exists()


def test_a_role_that_is_not_listed_is_refused_before_the_function_is_asked(registries):
    asked: list[Actor] = []

    @access.rule("test.right", title="演示权限", roles=("registrar",))
    def right(actor: Actor, thing: str | None) -> bool:
        asked.append(actor)
        return thing != "shut"

    for role in set(Role.values) - {"registrar"}:
        assert not access.can(Actor(1, 1, None, frozenset({role})), "test.right")
    assert not access.can(Actor(1, 1, None), "test.right")
    assert not access.can(ANONYMOUS, "test.right")
    assert asked == []
    assert access.can(KNOWN, "test.right")
    assert not access.can(KNOWN, "test.right", "shut")
    assert access.can(SYSTEM, "test.right")
    assert not access.can(SYSTEM, "test.right", "shut"), (
        "the system is exempt from roles, not from the function"
    )
    assert asked == [KNOWN, KNOWN, SYSTEM, SYSTEM]


def test_a_refusal_names_the_right_that_is_missing(registries):
    access.rule("test.right", title="演示权限", roles=())(lambda _actor, _thing: True)
    with pytest.raises(Forbidden, match="演示权限"):
        access.require(KNOWN, "test.right")


def test_no_right_is_ever_held_by_somebody_unknown():
    assert [name for name in access.RULES if access.can(ANONYMOUS, name)] == []


def test_a_right_or_a_scope_is_registered_once_and_an_unknown_right_is_an_error(registries):
    name = next(iter(access.RULES))
    with pytest.raises(RuntimeError):
        access.rule(name, title="又一个", roles=())(lambda _actor, _thing: True)
    with pytest.raises(RuntimeError):
        access.scope(School)(lambda _actor, rows: rows)
    with pytest.raises(KeyError):
        access.can(KNOWN, "test.nothing")
