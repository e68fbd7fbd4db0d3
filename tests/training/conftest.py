"""A small academy for the rules of classes."""

import pytest

from tests import factories
from tests.factories import Academy


@pytest.fixture
def academy(db: None) -> Academy:
    return factories.build()
