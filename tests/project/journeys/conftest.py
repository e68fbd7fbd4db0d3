"""Each journey is walked at 1440×900 and at 390×844."""

import pytest

from tests.conftest import SIZES
from tests.project.journeys.stage import NewScreen, SignIn, Stage


@pytest.fixture(params=list(SIZES))
def stage(request: pytest.FixtureRequest, new_screen: NewScreen, client_for: SignIn) -> Stage:
    """The journey's stage at one size."""
    return Stage(request.param, new_screen, client_for)
