"""The small academy of the tests of people, with the three administrators."""

import pytest

from keyuan.people.roles import Role
from tests import factories
from tests.factories import Academy


@pytest.fixture
def academy(db: None) -> Academy:
    academy = factories.build()
    for key, role in (
        ("security", Role.SECURITY_ADMIN),
        ("sysadmin", Role.SYSTEM_ADMIN),
        ("auditor", Role.AUDITOR),
        ("trainee", Role.TRAINEE),
    ):
        factories.seat(academy, key, role)
    return academy
