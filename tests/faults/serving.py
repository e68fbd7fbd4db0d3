"""Keyuan's own processes over the test database: web server and worker as in service, and a plain client."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.test import Client

from keyuan.people.models import Seat
from tests.credits.test_kill import database_url

HOME = Path(__file__).parents[2]
PATIENCE = 60
TOKEN = "f" * 32


def environment(**more: str) -> dict[str, str]:
    """The surroundings of a process in service: the real settings over the data of the test."""
    return {
        **os.environ,
        "DATABASE_URL": database_url(),
        "KEYUAN_VAR": str(settings.VAR),
        "DJANGO_SETTINGS_MODULE": "keyuan.project.settings",
        **more,
    }


def begin(*command: str, **more: str) -> "subprocess.Popen[bytes]":
    """A process in a group of its own, so that it is killed with its children."""
    return subprocess.Popen(
        [sys.executable, *command], cwd=HOME, env=environment(**more), start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def kill(process: "subprocess.Popen[bytes]") -> None:
    """kill -9 of the whole group, as when the power goes."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def worker(*flags: str) -> "subprocess.Popen[bytes]":
    return begin("manage.py", "worker", *flags)


def drain() -> None:
    """A worker that does all that is due."""
    assert worker("--drain").wait(PATIENCE) == 0


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes
    seconds: float

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")


@dataclass
class Server:
    """Two web processes on a port of their own."""

    port: int
    process: "subprocess.Popen[bytes]" = field(repr=False)

    def ask(
        self, method: str, path: str, *, cookies: dict[str, str], body: bytes = b"", kind: str = "",
        **headers: str,
    ) -> Answer:  # fmt: skip
        """One request; raises OSError when the server goes away meanwhile."""
        began = time.monotonic()
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        sent = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()), **headers}
        if kind:
            sent |= {"Content-Type": kind}
        try:
            line.request(method, path, body or None, sent)
            found = line.getresponse()
            content = found.read()
        except http.client.HTTPException as fault:
            raise OSError(str(fault)) from fault
        finally:
            line.close()
        names = {name.lower(): value for name, value in found.getheaders()}
        return Answer(found.status, names, content, time.monotonic() - began)


@dataclass
class Person:
    """Somebody signed in at a server."""

    server: Server
    cookies: dict[str, str]

    def get(self, path: str) -> Answer:
        return self.server.ask("GET", path, cookies=self.cookies)

    def post(self, path: str, data: dict[str, Any]) -> Answer:
        return self.server.ask(
            "POST", path, cookies=self.cookies, body=urlencode(data, doseq=True).encode(),
            kind="application/x-www-form-urlencoded", **{"X-CSRFToken": TOKEN},
        )  # fmt: skip

    def send(self, path: str, file: Path, **data: str) -> Answer:
        """A file from a form."""
        mark = uuid.uuid4().hex
        parts = [
            f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in data.items()
        ]
        head = f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{file.name}"\r\n'
        parts += [head.encode(), b"Content-Type: application/octet-stream\r\n\r\n", file.read_bytes()]
        return self.server.ask(
            "POST", path, cookies=self.cookies, body=b"".join([*parts, f"\r\n--{mark}--\r\n".encode()]),
            kind=f"multipart/form-data; boundary={mark}", **{"X-CSRFToken": TOKEN},
        )  # fmt: skip


def signed_in(server: Server, seat: Seat) -> Person:
    """The person of a seat at a server, by a session made as the login makes it."""
    client = Client()
    client.force_login(seat.person.account)
    name = settings.SESSION_COOKIE_NAME
    return Person(server, {name: client.cookies[name].value, "csrftoken": TOKEN})


def open_server() -> Server:
    """A server that answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = begin(
        "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", "2",
        "--blocking-threads", "4", "--no-ws", "--log-level", "warning", "--respawn-failed-workers",
        "keyuan.project.wsgi:application", KEYUAN_URL=f"http://127.0.0.1:{port}",
    )  # fmt: skip
    server, until = Server(port, process), time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        try:
            server.ask("GET", "/", cookies={})
        except OSError:
            time.sleep(0.1)
        else:
            return server
    kill(process)
    raise RuntimeError("the web server did not come up")


def prepare() -> None:
    """What `manage prepare` makes besides tables: gathered static files and the table of the cache."""
    words = "import django; django.setup(); from keyuan.kernel import gathering; gathering.gather(); "
    words += "from django.core.management import call_command; call_command('createcachetable')"
    assert begin("-c", words).wait(PATIENCE) == 0


def number_in(location: str) -> int:
    """The key in an address such as /batches/7/."""
    found = re.search(r"/(\d+)/", location)
    assert found, location
    return int(found[1])
