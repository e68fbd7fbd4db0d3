"""Writers of SQLite stand in line: in order, across processes, whoever dies, and readers never."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from django.db import OperationalError, connection, connections, transaction

from keyuan.orgs.models import School
from keyuan.project.sqlite.turns import Turns, line_before

pytestmark = pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has a fair lock of its own")
HOME = Path(__file__).resolve().parent.parent.parent
# Another process of the same line: takes its turn, says so, and ends it after so many seconds, again and again.
OTHER = """
import sys, time
from pathlib import Path
from keyuan.project.sqlite.turns import Turns
line = Turns(Path(sys.argv[1]))
while True:
    line.take(20)
    print("taken", flush=True)
    time.sleep(float(sys.argv[2]))
    line.give()
"""


def other(path: Path, seconds: float) -> subprocess.Popen[str]:
    found = subprocess.Popen(
        [sys.executable, "-c", OTHER, str(path), str(seconds)], cwd=HOME, stdout=subprocess.PIPE, text=True
    )
    assert found.stdout is not None
    assert found.stdout.readline() == "taken\n"
    return found


def ended(busy: subprocess.Popen[str]) -> None:
    busy.wait()
    assert busy.stdout is not None
    busy.stdout.close()


def test_threads_take_turns_in_the_order_they_came(tmp_path: Path) -> None:
    line, order = Turns(tmp_path / "line"), list[int]()
    assert line.take(1)

    def wait(number: int) -> None:
        assert line.take(10)
        order.append(number)
        line.give()

    threads = []
    for number in range(6):
        threads.append(threading.Thread(target=wait, args=(number,)))
        threads[-1].start()
        while len(line._waiting) <= number:
            time.sleep(0.001)
    line.give()
    for thread in threads:
        thread.join()
    assert order == list(range(6))


def test_a_process_killed_in_its_turn_gives_it_up(tmp_path: Path) -> None:
    busy = other(tmp_path / "line", 3600)
    line = Turns(tmp_path / "line")
    assert not line.take(0.05)
    os.kill(busy.pid, signal.SIGKILL)
    ended(busy)
    assert line.take(10)
    line.give()


def test_a_writer_without_pause_starves_nobody(tmp_path: Path) -> None:
    """Without the line, whoever sleeps between two tries finds such a writer busy nearly every time."""
    busy = other(tmp_path / "line", 0.02)
    line = Turns(tmp_path / "line")
    try:
        for _ in range(20):
            assert line.take(10)
            line.give()
    finally:
        busy.kill()
        ended(busy)


def test_a_turn_that_does_not_come_in_time_is_refused_and_leaves_the_line_whole(tmp_path: Path) -> None:
    line = Turns(tmp_path / "line")
    assert line.take(1)
    refused = threading.Thread(target=lambda: line.take(0.01))
    refused.start()
    refused.join()
    line.give()
    assert line.take(1)
    line.give()


def own_line() -> Turns:
    return line_before(Path(str(connection.settings_dict["NAME"])))


@pytest.mark.django_db(transaction=True)
def test_a_transaction_holds_one_turn_to_its_end_and_a_nested_one_takes_no_second() -> None:
    with transaction.atomic():
        assert not own_line().take(0.01)
        with transaction.atomic():
            School.objects.create(code="one", name="演示")
        assert not own_line().take(0.01)
    assert own_line().take(1)
    own_line().give()
    with pytest.raises(RuntimeError), transaction.atomic():
        raise RuntimeError
    assert own_line().take(1)
    own_line().give()


@pytest.mark.django_db(transaction=True)
def test_who_reads_waits_for_nobody_and_who_writes_too_long_is_told_the_database_is_locked() -> None:
    School.objects.create(code="one", name="演示")
    line = own_line()
    assert line.take(1)
    connection.settings_dict["OPTIONS"]["timeout"] = 0.05
    try:
        assert School.objects.get().name == "演示"
        with pytest.raises(OperationalError, match="locked"):
            School.objects.update(name="改")
    finally:
        connection.settings_dict["OPTIONS"]["timeout"] = 20
        line.give()
    School.objects.update(name="改")
    assert School.objects.get().name == "改"


@pytest.mark.django_db(transaction=True)
def test_a_connection_closed_in_the_middle_of_its_transaction_gives_the_turn_up() -> None:
    def leave() -> None:
        mine = connections["default"]
        mine.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
        mine.cursor().execute("UPDATE orgs_school SET name = name")
        mine.close()

    thread = threading.Thread(target=leave)
    thread.start()
    thread.join()
    assert own_line().take(1)
    own_line().give()


def test_the_file_of_the_line_holds_nothing(tmp_path: Path) -> None:
    """It is only locked; a copy or a loss of it harms no data, and SQLite never opens it."""
    line = line_before(tmp_path / "some.sqlite3")
    assert line.take(1)
    line.give()
    assert (tmp_path / "some.sqlite3-turn").read_bytes() == b""
    with sqlite3.connect(tmp_path / "some.sqlite3") as database:
        database.execute("CREATE TABLE t (a)")
