"""kill -9 of the server and of the worker around an import, and a long import beside a busy web."""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from keyuan.kernel import audit
from keyuan.kernel.models.batches import Batch, BatchRow
from keyuan.kernel.models.jobs import Job
from keyuan.training import doctor
from keyuan.training.models import Nomination, QuotaShare
from tests.faults import ground as grounds
from tests.faults import serving
from tests.faults.ground import Ground

pytestmark = [pytest.mark.race, pytest.mark.slow]
ROWS = 1500
LONG = 3000


def until(true: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + serving.PATIENCE
    while not true():
        assert time.monotonic() < end, what
        time.sleep(0.01)


def applied() -> int:
    return BatchRow.objects.filter(state=BatchRow.State.APPLIED).count()


def everyone_is_there_once(count: int) -> None:
    assert applied() == count
    assert Nomination.objects.count() == count
    assert Nomination.objects.values("person").distinct().count() == count
    assert QuotaShare.objects.get().used == count
    assert list(doctor.shares_counted()) == []
    assert audit.verify() is None


def test_killed_in_the_upload_it_is_absent_and_killed_in_the_import_it_goes_on(
    open_ground: Ground, open_server: Callable[[], serving.Server], tmp_path: Path
) -> None:
    file = grounds.roster(tmp_path / "名单.xlsx", ROWS)
    upload = f"/classes/{open_ground.held.pk}/nominate/upload/"

    first = open_server()
    liaison = serving.signed_in(first, open_ground.liaison)

    def send() -> None:
        with suppress(OSError):
            liaison.send(upload, file)

    sending = threading.Thread(target=send)
    sending.start()
    until(BatchRow.objects.exists, "nothing was written down")
    serving.kill(first.process)
    sending.join()
    assert not Batch.objects.exclude(state=Batch.State.READING).exists(), "killed too late to show anything"
    assert BatchRow.objects.count() < ROWS
    assert not Nomination.objects.exists()

    second = open_server()
    liaison = serving.signed_in(second, open_ground.liaison)
    answer = liaison.send(upload, file)
    assert answer.status == 302
    again = liaison.send(upload, file)
    assert again.headers["location"] == answer.headers["location"], "the same file is one preview"
    batch = Batch.objects.get(pk=serving.number_in(answer.headers["location"]))
    assert batch.rows.count() == ROWS
    confirm = f"/batches/{batch.pk}/confirm/"
    assert [liaison.post(confirm, {}).status for _press in range(2)] == [302, 302]
    assert Job.objects.filter(kind="kernel.import").count() == 1

    working = serving.worker()
    until(lambda: applied() > 0, "the worker took nothing in")
    serving.kill(working)
    serving.kill(second.process)
    assert applied() == Nomination.objects.count() < ROWS
    serving.drain()
    assert Job.objects.get(kind="kernel.import").state == Job.State.DONE
    everyone_is_there_once(ROWS)


def test_a_long_import_lets_the_web_go_on(
    open_ground: Ground, served: serving.Server, begun: list[object], tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:  # fmt: skip
    ground, done = open_ground, threading.Event()
    file = grounds.roster(tmp_path / "名单.xlsx", LONG)
    held = f"/classes/{ground.held.pk}"
    people = [serving.signed_in(served, seat) for seat in ground.registrars]
    waits: list[tuple[float, int, str]] = []

    def read(who: serving.Person) -> None:
        while not done.is_set():
            for path in (f"{held}/", "/home/", f"{held}/nominations/"):
                answer = who.get(path)
                waits.append((answer.seconds, answer.status, path))
                time.sleep(0.03)

    def write(who: serving.Person) -> None:
        while not done.is_set():
            answer = who.post(f"{held}/shares/", {f"share-{ground.unit.pk}": "5000"})
            waits.append((answer.seconds, answer.status, "saved"))
            time.sleep(0.1)

    threads = [threading.Thread(target=act, args=(who,)) for act in (read, write) for who in people]
    for thread in threads:
        thread.start()
    working = serving.worker()
    begun.append(working)
    try:
        liaison = serving.signed_in(served, ground.liaison)
        answer = liaison.send(f"{held}/nominate/upload/", file)
        assert answer.status == 302
        assert liaison.post(f"{answer.headers['location']}confirm/", {}).status == 302
        until(lambda: Job.objects.filter(kind="kernel.import", state="done").exists(), f"{applied()} applied")
    finally:
        done.set()
        for thread in threads:
            thread.join()
    everyone_is_there_once(LONG)
    assert [wait for wait in waits if wait[1] >= 400] == []
    worst = max(waits)
    record_property("worst_wait_seconds", round(worst[0], 3))
    record_property("requests", len(waits))
    assert worst[0] < 10, worst
