"""The demo, made once for the whole module of tests that look at it."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from keyuan.desk import demo
from keyuan.desk.demo.cast import Cast


@pytest.fixture(scope="module")
def _kept_demo(django_db_setup: Any, django_db_blocker: Any) -> Iterator[Cast]:
    """Everything the demo makes, rolled back at the end; tests run inside it in their own savepoints."""
    with django_db_blocker.unblock():
        frame = transaction.atomic()
        frame.__enter__()
        try:
            yield demo.make()
        finally:
            transaction.set_rollback(True)
            frame.__exit__(None, None, None)


@pytest.fixture
def cast(_kept_demo: Cast, db: None) -> Cast:
    """The demo's people and classes."""
    return _kept_demo
