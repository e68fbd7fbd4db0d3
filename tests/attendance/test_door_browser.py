"""The door in Chromium: a day without a network, a killed browser, a code before the camera."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import segno
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from keyuan.attendance.models import CheckIn, DoorRecord
from keyuan.attendance.rules import codes
from tests import chromium
from tests.attendance.conftest import LABEL, OWNER

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
READY = "[data-door][data-ready]"
KEPT = "[data-door][data-kept]"
FRAMES, SIDE = 4, 480


@contextmanager
def phone(
    browser: Any, folder: Path, *, offline: bool = False, arguments: tuple[str, ...] = ()
) -> Iterator[Any]:
    """A phone's own browser with its disk in `folder`; leaving it kills the whole browser."""
    context = browser.browser_type.launch_persistent_context(
        str(folder), executable_path=chromium.found(), args=["--no-sandbox", *arguments], permissions=["camera"],
        viewport={"width": 390, "height": 844}, has_touch=True, locale="zh-CN", timezone_id="Asia/Shanghai",
    )  # fmt: skip
    context.set_offline(offline)
    try:
        yield context
    finally:
        context.close()


def carry(context: Any, client: Client, address: str) -> None:
    context.add_cookies(
        [{"name": name, "value": morsel.value, "url": address} for name, morsel in client.cookies.items()]
    )


def video(place: Path, text: str) -> Path:
    """A film (.y4m) of a personal code held still: what the camera of the test sees."""
    matrix = [list(row) for row in segno.make(text, micro=False).matrix_iter(border=6)]
    unit = SIDE // len(matrix)
    edge = (SIDE - unit * len(matrix)) // 2
    rows = []
    for y in range(SIDE):
        line = bytearray(b"\xeb" * 640)
        row = (y - edge) // unit
        if 0 <= row < len(matrix):
            for n, dark in enumerate(matrix[row]):
                start = 80 + edge + n * unit
                line[start : start + unit] = (b"\x10" if dark else b"\xeb") * unit
        rows.append(bytes(line))
    frame = b"FRAME\n" + b"".join(rows) + b"\x80" * (320 * 240 * 2)
    place.write_bytes(b"YUV4MPEG2 W640 H480 F10:1 Ip A1:1 C420jpeg\n" + frame * FRAMES)
    return place


def until(test: Any, seconds: float = 20) -> None:
    ends = time.monotonic() + seconds
    while not test():
        assert time.monotonic() < ends, "it did not come about in time"
        time.sleep(0.2)


def tick(page: Any, name: str) -> None:
    page.fill("[data-q]", name)
    page.click("[data-find] button")
    page.wait_for_selector(f"[data-last]:has-text('{name}')")


def test_a_day_without_network_and_a_killed_browser_lose_nothing_and_double_nothing(
    world: Any,
    office: Client,
    browser: Any,
    live_server: Any,
    tmp_path: Path,
) -> None:
    sitting = world.now()
    place = live_server.url + reverse("attendance:door")
    with phone(browser, tmp_path) as context:
        carry(context, office, live_server.url)
        page = context.new_page()
        page.goto(place)
        page.wait_for_selector(KEPT)
        page.wait_for_selector("text=已联网，记录全部上传")
        context.set_offline(True)
        tick(page, "演示学员0")
        page.wait_for_selector("text=没有网络，照常登记：1 条待上传")
        assert page.is_visible("text=1 条待上传")
    assert not CheckIn.objects.exists()
    with phone(browser, tmp_path, offline=True) as context:
        page = context.new_page()
        page.goto(place)
        page.wait_for_selector(READY)
        page.wait_for_selector("text=1 条待上传")
        tick(page, "演示学员1")
        page.fill("[data-q]", codes.personal_letters(LABEL, OWNER, world.people[2].pk).lower())
        page.click("[data-find] button")
        page.wait_for_selector("[data-last]:has-text('演示学员2')")
        tick(page, "演示学员3")
        page.click(".door-person:has-text('演示学员3') >> text=撤销")
        page.wait_for_selector("text=3 条待上传")
        assert page.inner_text("[data-here]") == "3"
    assert not CheckIn.objects.exists()
    with phone(browser, tmp_path) as context:
        carry(context, office, live_server.url)
        page = context.new_page()
        page.goto(place)
        page.wait_for_selector("text=已联网，记录全部上传")
        page.reload()
        page.wait_for_selector("text=已联网，记录全部上传")
        assert page.inner_text("[data-here]") == "3"
    assert sorted(CheckIn.objects.values_list("expected__person__name", flat=True)) == [
        "演示学员0", "演示学员1", "演示学员2",
    ]  # fmt: skip
    assert DoorRecord.objects.filter(sitting=sitting).count() == 3


def test_an_ended_session_keeps_the_records_and_says_so(
    world: Any,
    office: Client,
    browser: Any,
    live_server: Any,
    tmp_path: Path,
) -> None:
    world.now()
    with phone(browser, tmp_path) as context:
        carry(context, office, live_server.url)
        page = context.new_page()
        page.goto(live_server.url + reverse("attendance:door"))
        page.wait_for_selector(KEPT)
        page.wait_for_selector("text=已联网")
        context.clear_cookies()
        tick(page, "演示学员0")
        page.wait_for_selector("text=登录已过期：1 条待上传")
        assert not CheckIn.objects.exists()
        carry(context, office, live_server.url)
        page.click("[data-sync]")
        page.wait_for_selector("text=已联网，记录全部上传")
    assert CheckIn.objects.count() == 1


def test_a_code_before_the_camera_is_read_without_network(
    world: Any,
    office: Client,
    browser: Any,
    live_server: Any,
    tmp_path: Path,
) -> None:
    world.now()
    code = codes.personal_letters(LABEL, OWNER, world.people[4].pk)
    film = video(tmp_path / "code.y4m", f"KEYUAN:{code}")
    fake = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", f"--use-file-for-fake-video-capture={film}")  # fmt: skip
    with phone(browser, tmp_path / "disk", arguments=fake) as context:
        carry(context, office, live_server.url)
        page = context.new_page()
        page.goto(live_server.url + reverse("attendance:door"))
        page.wait_for_selector(KEPT)
        page.wait_for_selector("text=已联网")
        context.set_offline(True)
        page.click("[data-camera]")
        page.wait_for_selector("[data-last]:has-text('演示学员4')")
        page.wait_for_selector("text=1 条待上传")
        context.set_offline(False)
        page.click("[data-sync]")
        until(CheckIn.objects.exists)
    found = CheckIn.objects.get()
    assert (found.how, found.expected.person_id) == ("code", world.people[4].pk)
    assert abs((timezone.now() - found.at).total_seconds()) < 60
