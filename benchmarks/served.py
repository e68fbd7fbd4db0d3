"""The real server: first page after a warm start, memory of two web processes and the worker, check-in by 8 clients."""

import http.client
import os
import socket
import subprocess
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

from ground import ROOT, installation, people, percentile, world

CLIENTS, TRAINEES = 8, 400
# Seconds between two arrivals of one client: eight of them then bring some thirty people a second into the hall.
PACE = 0.25


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def start(port: int) -> list[subprocess.Popen[bytes]]:
    """Web and worker as `run.py` starts them."""
    web = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    web += ["--workers", "2", "--blocking-threads", "4", "--no-access-log", "keyuan.project.wsgi:application"]
    quiet = {"cwd": ROOT, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "env": dict(os.environ)}
    return [subprocess.Popen(command, **quiet) for command in (web, [sys.executable, "manage.py", "worker"])]  # type: ignore[call-overload] # one set of keywords for both


def first_page(port: int) -> float:
    """Seconds until the sign-in page is answered."""
    began = time.perf_counter()
    while time.perf_counter() - began < 60:
        try:
            line = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
            line.request("GET", "/accounts/login/")
            if line.getresponse().status == 200:
                return time.perf_counter() - began
        except OSError:
            time.sleep(0.02)
    raise TimeoutError


def memory(roots: list[int]) -> float:
    """MB of proportional set size of these processes and all below them; 0 where the system does not tell."""
    below: dict[int, list[int]] = {}
    for place in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = place.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        below.setdefault(int(fields[1]), []).append(int(place.parent.name))
    waiting, total = list(roots), 0
    while waiting:
        process = waiting.pop()
        waiting += below.get(process, [])
        try:
            lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total / 1024


def check_in(
    port: int, sitting: int, ids: list[int], pace: float, found: tuple[list[float], list[int]]
) -> None:
    """One client: each trainee opens the scanned code and presses the button; the button's time is kept."""
    from django.core import signing

    from keyuan.attendance.rules import codes
    from keyuan.people.guests import _SALT, COOKIE

    waits, odd = found
    for key in ids:
        time.sleep(pace * (key % 9) / 4)
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        guest = f"{COOKIE}={signing.dumps(key, salt=_SALT)}"
        line.request("GET", f"/s/{sitting}/{codes.room_token(sitting)}/", headers={"Cookie": guest})
        shown = line.getresponse()
        text, cookie = shown.read().decode(), (shown.getheader("Set-Cookie") or "").split(";")[0]
        token = text.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
        body = urlencode({"csrfmiddlewaretoken": token, "ticket": codes.ticket(sitting, time.time())})
        began = time.perf_counter()
        line.request(
            "POST", f"/attendance/{sitting}/check-in/", body,
            {"Cookie": f"{guest}; {cookie}", "Content-Type": "application/x-www-form-urlencoded"},
        )  # fmt: skip
        answer = line.getresponse()
        answer.read()
        waits.append(time.perf_counter() - began)
        if answer.status not in {200, 302, 303}:
            odd.append(answer.status)
        line.close()


def measure(port: int, sitting: int, crowd: list[int], pace: float) -> None:
    """Check all in with 8 clients that come every `pace` seconds on average, or one right after another."""
    waits: list[float] = []
    odd: list[int] = []
    clients = [
        threading.Thread(target=check_in, args=(port, sitting, crowd[n::CLIENTS], pace, (waits, odd)))
        for n in range(CLIENTS)
    ]
    began = time.perf_counter()
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    wall = time.perf_counter() - began
    print(
        f"check-in {'at the pace of a hall' if pace else 'without pause'}: {len(waits)} by {CLIENTS} clients, {len(odd)} failed, {len(waits) / wall:.0f}/s, "
        f"p50 {percentile(waits, 0.5) * 1000:.0f} ms, p95 {percentile(waits, 0.95) * 1000:.0f} ms {sorted(set(odd))}"
    )


def main() -> None:
    """Start twice, measure the second."""
    with installation():
        from decimal import Decimal

        from django.utils import timezone

        from keyuan.attendance import actions
        from keyuan.attendance.actions.planning import Plan
        from keyuan.attendance.models import CheckIn
        from keyuan.kernel.access import system_of

        ground = world(places=TRAINEES)
        crowd = [each.pk for each in people(ground.school, ground.units, TRAINEES)]
        now = timezone.now()
        sitting = actions.plan_sitting(
            system_of(ground.school.pk), school_id=ground.school.pk, owner_label="bench", owner_id=1, key="1",
            plan=Plan("演示课", now - timedelta(minutes=1), now + timedelta(hours=2), Decimal(4), "演示厅"),
        )  # fmt: skip
        actions.expect(system_of(ground.school.pk), sittings=[sitting], person_ids=crowd)
        for turn in ("cold", "warm"):
            port = free_port()
            running = start(port)
            try:
                print(f"first page after a {turn} start: {first_page(port):.2f} s")
                if turn == "warm":
                    measure(port, sitting.pk, crowd[: TRAINEES // 2], PACE)
                    measure(port, sitting.pk, crowd[TRAINEES // 2 :], 0)
                    web, worker = (memory([process.pid]) for process in running)
                    print(f"memory after that: web {web:.0f} MB PSS, worker {worker:.0f} MB PSS")
            finally:
                for process in running:
                    process.terminate()
                for process in running:
                    process.wait(30)
        print(f"checked in: {CheckIn.objects.count()} of {TRAINEES}")


if __name__ == "__main__":
    main()
