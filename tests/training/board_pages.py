"""Classes of one plain week and the pages of the boards, as text."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.test import Client

from keyuan.people.models import Seat
from keyuan.training.models import TrainingClass
from tests import factories
from tests.factories import Academy

SignIn = Callable[[Seat], Client]
# A plain week of 2031, far from any day the tests run on; a Monday.
MONDAY = date(2031, 6, 9)


def held(academy: Academy, **changed: Any) -> TrainingClass:
    return factories.published(academy, starts=MONDAY, ends=MONDAY + timedelta(days=4), **changed)


def text(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status
    return re.sub(r"\s+", " ", answer.content.decode())


def at(view: str = "", day: Any = MONDAY, **more: Any) -> str:
    return f"/timetables/{view}?date={day}" + "".join(f"&{name}={value}" for name, value in more.items())
