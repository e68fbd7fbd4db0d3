"""What waits for the security administrator, on a fresh installation above all."""

from keyuan.kernel import todos
from keyuan.orgs.models import School
from keyuan.people import actions
from keyuan.people.roles import Role
from tests import factories


def _titles(academy: factories.Academy) -> list[str]:
    return [each.title for each in todos.for_actor(academy.actor("security")) if each.link == "/people/add/"]


def test_the_first_administrator_is_told_to_seat_a_registrar_while_there_is_none(db: None) -> None:
    academy = factories.build("first")
    factories.seat(academy, "security", Role.SECURITY_ADMIN)
    assert not _titles(academy)
    actions.end_seat(academy.actor("security"), seat=academy.seats["registrar"])
    assert len(_titles(academy)) == 1


def test_another_school_has_its_own_registrar(db: None) -> None:
    factories.build("other")
    empty = factories.Academy(School.objects.create(code="empty", name="空白分校"), *[None] * 3)  # type: ignore[arg-type]
    factories.seat(empty, "security", Role.SECURITY_ADMIN)
    assert len(_titles(empty)) == 1
    factories.seat(empty, "registrar", Role.REGISTRAR)
    assert not _titles(empty)
