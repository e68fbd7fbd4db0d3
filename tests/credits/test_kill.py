"""A real worker, killed with SIGKILL in the middle of issuing certificates."""

import os
import signal
import subprocess
import sys
import time
from datetime import date
from decimal import Decimal
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection

from keyuan.credits import papers
from keyuan.credits.actions import CertificateFacts, request_certificates
from keyuan.credits.models import Certificate
from keyuan.kernel import audit
from keyuan.kernel.models import IssuedPaper, Job, Outbox
from tests.credits.conftest import World, build

PEOPLE = 60
KILLS = (9, 27, 41)
PATIENCE = 90


def database_url() -> str:
    """The test database as a process of its own reaches it."""
    found = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{found['NAME']}"
    who = f"{quote(found['USER'])}:{quote(found['PASSWORD'])}@{found['HOST']}" if found["USER"] else ""
    where = f"{who}:{found['PORT']}" if found["PORT"] else who
    options = f"?host={quote(str(found['HOST']))}" if str(found["HOST"]).startswith("/") else ""
    if options:
        where = f"{quote(found['USER'])}:{quote(found['PASSWORD'])}@"
    return f"postgresql://{where}/{found['NAME']}{options}"


def worker(*flags: str) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "DATABASE_URL": database_url(), "KEYUAN_VAR": str(settings.VAR)}
    return subprocess.Popen(
        [sys.executable, "manage.py", "worker", *flags],
        cwd=Path(__file__).parents[2],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def issued() -> int:
    return Certificate.objects.filter(state="issued").count()


def wait_for(count: int, process: subprocess.Popen[bytes]) -> None:
    """Until so many are issued; the worker must live meanwhile."""
    until = time.monotonic() + PATIENCE
    while issued() < count:
        assert process.poll() is None, "the worker ended by itself"
        assert time.monotonic() < until, f"only {issued()} issued"
        time.sleep(0.02)


@pytest.fixture
def open_world(transactional_db: None) -> World:
    return build(PEOPLE)


@pytest.mark.race
@pytest.mark.slow
def test_a_worker_killed_while_issuing_loses_doubles_and_skips_nothing(open_world: World) -> None:
    world = open_world
    rows = [
        CertificateFacts(
            person.pk, person.name, "科协系统干部培训班", Decimal(24), date(2020, 10, 26), date(2020, 10, 30)
        )
        for person in world.people
    ]
    job = request_certificates(world.registrar, owner_label="training.TrainingClass", owner_id=7, rows=rows)
    for mark in KILLS:
        process = worker()
        try:
            wait_for(mark, process)
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait()
        assert issued() < PEOPLE
    assert worker("--drain").wait(PATIENCE) == 0

    job.refresh_from_db()
    assert (job.state, job.done, job.total) == (Job.State.DONE, PEOPLE, PEOPLE)
    assert issued() == IssuedPaper.objects.count() == PEOPLE
    # None twice, and the numbers run from one without a gap.
    assert list(IssuedPaper.objects.order_by("seq").values_list("seq", flat=True)) == list(
        range(1, PEOPLE + 1)
    )
    assert Certificate.objects.values("person").distinct().count() == PEOPLE
    assert Outbox.objects.filter(kind="credits.certificate_issued").count() == PEOPLE
    assert all(papers.pdf(row).startswith(b"%PDF") for row in Certificate.objects.all())
    assert audit.verify() is None
