"""Workers killed and stopped for real, as processes over a database of their own."""

import os
import signal
import sqlite3
import subprocess
import sys
import time as clock
from contextlib import closing
from pathlib import Path

import pytest

HOME = Path(__file__).resolve().parent.parent.parent
SCRIPT = """
import sys, time, os
import django; django.setup()
from django.db import transaction
from keyuan.kernel import jobs
from keyuan.kernel.access import SYSTEM
from keyuan.kernel.models import CalendarDay
from keyuan.kernel.worker import Worker
import datetime

@jobs.job("t.days", title="逐日")
def days(progress, upto):
    have = CalendarDay.objects.count()
    for number in range(have, upto):
        with transaction.atomic():
            CalendarDay.objects.create(day=datetime.date(2020, 1, 1) + datetime.timedelta(days=number), working=True)
        progress(number + 1, upto)
        print(number, flush=True)
        time.sleep(0.01)

if sys.argv[1] == "start":
    from django.core.management import call_command
    call_command("migrate", verbosity=0)
    jobs.start(SYSTEM, "t.days", upto=60)
    print("ready", flush=True)
else:
    import signal
    hands = Worker()
    signal.signal(signal.SIGTERM, lambda *_: hands.stop.set())
    hands.taken = {name: s.slot(django.utils.timezone.now()) for name, s in __import__("keyuan.kernel.tick").kernel.tick.SCHEDULES.items()}
    hands.work()
"""


@pytest.fixture
def run(tmp_path: Path):
    """Start the script's parts as processes over a database of their own."""
    script = tmp_path / "hands.py"
    script.write_text(SCRIPT)
    env = {**os.environ, "KEYUAN_VAR": str(tmp_path / "var"), "PYTHONPATH": str(HOME), "DATABASE_URL": ""}
    env["DJANGO_SETTINGS_MODULE"] = "keyuan.project.settings"
    begun = []

    def begin(part: str) -> subprocess.Popen[str]:
        child = subprocess.Popen(
            [sys.executable, str(script), part],
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        begun.append(child)
        return child

    yield begin
    for child in begun:
        if child.poll() is None:
            child.kill()
        child.wait()
        child.stdout.close()


def _said(child: subprocess.Popen[str]) -> str:
    return child.communicate(timeout=60)[0].strip()


def _state(file: Path) -> tuple[str, int, int, int]:
    """State, attempts and steps of the job, and how many days there are, as the file itself holds them."""
    asked = "SELECT state, attempts, done, (SELECT COUNT(*) FROM kernel_calendarday) FROM kernel_job WHERE kind = ?"
    with closing(sqlite3.connect(file)) as reader:
        return reader.execute(asked, ("t.days",)).fetchone()


def _until_done(file: Path) -> tuple[str, int, int, int]:
    for _try in range(600):
        state = _state(file)
        if state[0] == "done":
            return state
        clock.sleep(0.1)
    raise AssertionError(state)


@pytest.mark.race
def test_killed_and_stopped_workers_leave_every_step_done_once(run, tmp_path):
    file = tmp_path / "var" / "keyuan.sqlite3"
    assert _said(run("start")) == "ready"
    first = run("work")
    while int(first.stdout.readline()) < 10:
        pass
    first.send_signal(signal.SIGKILL)
    first.wait()
    second = run("work")
    while int(second.stdout.readline()) < 30:
        pass
    second.send_signal(signal.SIGTERM)
    assert second.wait(timeout=20) == 0
    assert _state(file)[0] == "queued"
    third, fourth = run("work"), run("work")
    state, attempts, done, rows = _until_done(file)
    assert (state, done, rows) == ("done", 60, 60)
    assert attempts == 2
    for child in (third, fourth):
        child.send_signal(signal.SIGTERM)
        assert child.wait(timeout=20) == 0
