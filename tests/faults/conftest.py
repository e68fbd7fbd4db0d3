"""The small academy, in a rolled-back test or where real processes see it, and a real server over it."""

import subprocess
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.faults import ground as grounds
from tests.faults import serving
from tests.faults.ground import Ground


@pytest.fixture
def ground(db: None) -> Ground:
    return grounds.build()


@pytest.fixture
def open_ground(transactional_db: None) -> Ground:
    """The same, committed, so that other processes see it."""
    return grounds.build(places=5000, share=5000)


@pytest.fixture(scope="session")
def _prepared(django_db_setup: Any, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        serving.prepare()


@pytest.fixture
def begun(transactional_db: None) -> Iterator[list["subprocess.Popen[bytes]"]]:
    """Processes put here are ended with the test, before its data are emptied."""
    processes: list[subprocess.Popen[bytes]] = []
    yield processes
    for process in processes:
        if process.poll() is None:
            serving.kill(process)


@pytest.fixture(scope="session")
def served(_prepared: None, django_db_blocker: Any) -> Iterator[serving.Server]:
    """One server for all tests that do not kill it."""
    with django_db_blocker.unblock():
        server = serving.open_server()
    yield server
    serving.kill(server.process)


@pytest.fixture
def open_server(_prepared: None, begun: list["subprocess.Popen[bytes]"]) -> Callable[[], serving.Server]:
    """Starts a server of two processes; several may follow one another."""

    def start() -> serving.Server:
        server = serving.open_server()
        begun.append(server.process)
        return server

    return start
