"""Everything that must hold, one gate after the other; `python3 run.py test` runs it in the environment."""

import argparse
import contextlib
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from tests import chromium, postgres

HOME = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
NOTHING_COLLECTED = 5
COUNT = re.compile(r"(\d+) (failed|passed|skipped|deselected|xfailed|xpassed|warnings?|errors?)")
CLOSING = re.compile(
    r"^=*\s?(?:no tests ran|\d+ (?:failed|passed|skipped|deselected|xfailed|xpassed|error)).* in [\d.]+s"
)
SAME_WORD = {"warning": "warnings", "errors": "error"}
ORDER = ("failed", "passed", "skipped", "deselected", "xfailed", "xpassed", "warnings", "error")


@dataclass
class Gate:
    """One thing that must hold, and how it went."""

    name: str
    passed: bool
    seconds: float
    note: str = ""


class Run:
    """The gates gone through so far, and the tests counted in them."""

    def __init__(self) -> None:
        self.gates: list[Gate] = []
        self.counts: Counter[str] = Counter()
        self.began = time.monotonic()

    def gate(self, name: str, *command: str, **surroundings: str) -> bool:
        """Run one command; its output is shown whole."""
        began = self._announce(name)
        code, _ = _streamed([*command], surroundings)
        self._note(name, began, passed=code == 0)
        return code == 0

    def tests(self, name: str, arguments: list[str], **surroundings: str) -> None:
        """Run pytest once; its counts are added up."""
        began = self._announce(name)
        code, closing = _streamed([sys.executable, "-m", "pytest", *arguments], surroundings)
        counts = Counter({SAME_WORD.get(word, word): int(number) for number, word in COUNT.findall(closing)})
        self.counts += counts
        passed = code in (0, NOTHING_COLLECTED)
        if not passed and not counts["failed"] and not counts["error"]:
            self.counts["error"] += 1  # pytest itself did not come to its end
        self._note(name, began, closing.strip("= ") or "没有收尾行", passed=passed, counted=True)

    def missing(self, name: str, why: str) -> None:
        """A gate that could not be tried has failed."""
        self._announce(name)
        print(f"!!! {why}", flush=True)
        self._note(name, time.monotonic(), why, passed=False)

    def close(self) -> int:
        """The summary, then one closing line in pytest's own form; the exit code."""
        print("\n──── 小结 summary ────")
        for gate in self.gates:
            print(f"{'✓' if gate.passed else '✗'} {gate.name:<24} {gate.seconds:7.1f} s  {gate.note}")
        if not self.counts["passed"] and not self.counts["failed"]:
            print("✗ 没有运行任何测试 no test ran")
            self.counts["error"] += 1
        failed = bool(self.counts["failed"] or self.counts["error"])
        words = ", ".join(f"{self.counts[word]} {word}" for word in ORDER if self.counts[word])
        if self.counts["error"] > 1:
            words += "s"
        seconds = time.monotonic() - self.began
        line = f" {words} in {seconds:.2f}s ({int(seconds) // 3600}:{int(seconds) // 60 % 60:02}:{int(seconds) % 60:02}) "
        print(line.center(80, "="), flush=True)
        return int(failed)

    def _announce(self, name: str) -> float:
        print(f"\n──── {name} ────", flush=True)
        return time.monotonic()

    def _note(self, name: str, began: float, note: str = "", *, passed: bool, counted: bool = False) -> None:
        self.gates.append(Gate(name, passed, time.monotonic() - began, note))
        if not passed and not counted:
            self.counts["error"] += 1


def _streamed(command: list[str], surroundings: dict[str, str]) -> tuple[int, str]:
    """Run a command, show its output as it comes; the exit code and pytest's closing line."""
    closing = ""
    child = subprocess.Popen(
        command,
        cwd=HOME,
        env=os.environ | {"PYTHONUNBUFFERED": "1", "PYTHONUTF8": "1"} | surroundings,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    )
    try:
        for line in child.stdout or ():
            print(line, end="", flush=True)
            if CLOSING.match(line):
                closing = line.strip()
        return child.wait(), closing
    finally:
        if child.stdout:
            child.stdout.close()
        if child.poll() is None:
            child.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(20)
            child.kill()


def _still(run: Run, *, quick: bool) -> None:
    """The gates that run no test."""
    run.gate("ruff format", str(BIN / "ruff"), "format", "--check", ".")
    run.gate("ruff check", str(BIN / "ruff"), "check", ".")
    run.gate("mypy", str(BIN / "mypy"))
    if quick:
        return
    run.gate("lint-imports", str(BIN / "lint-imports"), "--no-cache")
    with tempfile.TemporaryDirectory(prefix="keyuan-gates-") as folder:
        manage = [sys.executable, "manage.py"]
        run.gate(
            "makemigrations --check", *manage, "makemigrations", "--check", "--dry-run", KEYUAN_VAR=folder
        )
        served = {
            "KEYUAN_URL": "https://keyuan.example",
            "KEYUAN_HOSTS": "keyuan.example",
            "KEYUAN_BEHIND_PROXY": "1",
        }
        run.gate(
            "check --deploy",
            *manage,
            "check",
            "--deploy",
            "--fail-level",
            "WARNING",
            KEYUAN_VAR=folder,
            **served,
        )


def _suites(run: Run, options: argparse.Namespace, rest: list[str]) -> None:
    """The suite on each database, then in the browser."""
    parallel = (
        []
        if any(word == "-n" or word.startswith("-n") for word in rest)
        else ["-n", "2", "--dist", "loadgroup"]
    )
    if options.quick:
        run.tests("pytest · SQLite", ["-m", "not browser and not slow and not race", *parallel, *rest])
        return
    run.tests("pytest · SQLite", ["-m", "not browser", *parallel, *rest], DATABASE_URL="")
    try:
        with postgres.server() as url:
            # What cannot reach a database has been run; it would say the same again.
            again = ["-m", "not browser and database", *parallel, *rest]
            run.tests("pytest · PostgreSQL", again, DATABASE_URL=url)
    except (OSError, subprocess.CalledProcessError, ModuleNotFoundError, StopIteration) as fault:
        run.missing(
            "pytest · PostgreSQL", f"内嵌的 PostgreSQL 没有启动：{fault} The embedded server did not start."
        )
    if options.no_browser:
        print("\n!!! 按 --no-browser 略过浏览器测试。Browser journeys were left out.", flush=True)
    elif path := chromium.found_or_installed():
        run.tests(
            "pytest · Chromium", ["-m", "browser", *parallel, *rest], DATABASE_URL="", KEYUAN_CHROMIUM=path
        )
    else:
        run.missing(
            "pytest · Chromium",
            "没有找到 Chromium，浏览器测试一项也没有运行；请安装 Chromium，或加 --no-browser。"
            " No Chromium: not one browser journey was run; install it or say --no-browser.",
        )


def main() -> int:
    """Go through every gate, also when an early one fails; the exit code."""
    parser = argparse.ArgumentParser(
        prog="run.py test",
        allow_abbrev=False,
        description="格式、类型、契约、迁移、两种数据库与浏览器的全部测试",
    )
    parser.add_argument("--quick", action="store_true", help="日常：格式、类型、SQLite 上的快测试")
    parser.add_argument("--no-browser", action="store_true", help="不运行浏览器测试")
    options, rest = parser.parse_known_args()

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, interrupt)
    run = Run()
    try:
        _still(run, quick=options.quick)
        _suites(run, options, rest)
    except KeyboardInterrupt:
        run.missing("中断 interrupted", "被中断，其余没有运行。Interrupted; the rest was not run.")
    return run.close()


if __name__ == "__main__":
    sys.exit(main())
