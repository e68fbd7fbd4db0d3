"""`manage screenshot DIR`: the pictures of the README, taken from a demo that lives only for them."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from keyuan.desk.demo.cast import PASSWORD

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

MINUTE = 60
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "microsoft-edge")


@dataclass(frozen=True)
class Shot:
    """One picture (截图): who looks, through what window, and the links followed from the home page."""

    name: str
    account: str
    width: int
    height: int
    path: str = "/home/"
    follow: str = ""


SHOTS = (
    Shot("class", "registrar", 1440, 900, follow=".desk-classes li a"),
    Shot("trainee", "trainee", 390, 844),
)


class Command(BaseCommand):
    """Pictures of the running system (截图)."""

    help = "用演示数据截取 README 的图片：manage screenshot docs/screenshots（需要 Chromium 与开发依赖）"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where the pictures go, and in which language."""
        parser.add_argument("folder", type=Path, help="存放图片的文件夹")
        parser.add_argument("--language", default="zh-CN", help="界面语言，如 zh-CN、zh-TW、en")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Serve a demo from a temporary folder on this machine only, look, and leave nothing behind."""
        program = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
        if program is None:
            raise CommandError("没有找到 Chromium；请先安装，或用环境变量 CHROMIUM 写明它的位置。")
        try:
            from playwright.sync_api import sync_playwright
        except ImportError as fault:
            raise CommandError("截图需要 playwright（开发依赖）；请先运行一次 run.py test。") from fault
        folder: Path = options["folder"]
        folder.mkdir(parents=True, exist_ok=True)
        with served_demo() as address, sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=program, args=["--no-sandbox"])
            for shot in SHOTS:
                target = folder / f"{shot.name}.png"
                take(browser, address, shot, target, options["language"])
                self.stdout.write(f"{target} {target.stat().st_size // 1024} KB")
            browser.close()


def take(browser: "Browser", address: str, shot: Shot, target: Path, language: str) -> None:
    """Sign in, go where the shot is, and keep the picture."""
    context = browser.new_context(
        viewport={"width": shot.width, "height": shot.height}, locale=language, color_scheme="light"
    )
    page = context.new_page()
    sign_in(page, address, f"{shot.account}@example.com")
    page.goto(address + shot.path)
    if shot.follow:
        page.locator(shot.follow).first.click()
    page.wait_for_load_state("networkidle")
    page.screenshot(path=target)
    context.close()


def sign_in(page: "Page", address: str, email: str) -> None:
    """Sign in by the form, as a person does."""
    page.goto(f"{address}/accounts/login/")
    page.fill("input[name=login]", email)
    page.fill("input[name=password]", PASSWORD)
    page.locator("main form button[type=submit], main form button.primary").first.click()
    page.wait_for_load_state("networkidle")
    if "/login" in page.url:
        raise CommandError(f"演示账号 {email} 没能登录。")


@contextmanager
def served_demo() -> Iterator[str]:
    """The address of a server over a new demo; both end with the block."""
    with tempfile.TemporaryDirectory(prefix="keyuan-screenshot-", ignore_cleanup_errors=True) as var:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        address = f"http://127.0.0.1:{port}"
        surroundings = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        surroundings |= {"KEYUAN_VAR": var, "KEYUAN_URL": address, "PYTHONUTF8": "1"}
        home = Path(settings.BASE_DIR)
        prepare = [sys.executable, str(home / "manage.py"), "prepare"]
        if subprocess.run(prepare, env=surroundings, cwd=home, check=False).returncode:  # noqa: S603 - our own program
            raise CommandError("没能准备演示数据，原因见上。")
        command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"]
        command += ["--port", str(port), "--log-level", "warning", "keyuan.project.wsgi:application"]
        surroundings["KEYUAN_DEMO"] = "1"
        server = subprocess.Popen(command, env=surroundings, cwd=home)  # noqa: S603 - our own program
        try:
            wait_for(address, server)
            yield address
        finally:
            server.terminate()
            server.wait(MINUTE)


def wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    """Until the first page is there; raises CommandError when the server ends or a minute passes."""
    limit = time.monotonic() + MINUTE
    while time.monotonic() < limit and server.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=30).close()  # noqa: S310 - our own loopback address
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
        else:
            return
    raise CommandError("演示服务没有启动成功，原因见上。")
