#!/usr/bin/env python3
"""Starts Keyuan on a fresh machine: `python3 run.py`; tests it: `python3 run.py test`; nothing but Python needed."""

import argparse
import hashlib
import importlib.util
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

MINIMUM = (3, 11)
if sys.version_info[:2] < MINIMUM:  # before any line that an older Python could not run
    sys.exit(
        "需要 Python 3.11 或更新的版本，现在是 {0}.{1}；请安装新版后再运行。\n"
        "Keyuan needs Python 3.11 or newer; this is {0}.{1}.".format(*sys.version_info)
    )

from keyuan.project import service
from keyuan.project.children import (
    HOME,
    WINDOWS,
    Stopped,
    begin,
    children,
    end_children,
    ended,
    finished,
    say,
    writable,
)

VENV = HOME / ".venv"
PYTHON = service.PYTHON
STAMP = VENV / "keyuan-locks.json"


def lock_hash(name: str) -> str:
    """What stands in the stamp when the environment holds this lock under this Python."""
    text = (HOME / "requirements" / f"{name}.txt").read_bytes()
    return hashlib.sha256(text + repr(sys.version_info[:2]).encode()).hexdigest()


def stamped() -> dict[str, str]:
    """The locks that the environment holds; none when it was never finished."""
    try:
        found: dict[str, str] = json.loads(STAMP.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found


def environment(name: str = "run") -> None:
    """Make `.venv` hold the hashed lock `name` ("dev" includes "run"); a second call does nothing."""
    found = stamped()
    if PYTHON.exists() and found.get(name) == lock_hash(name):
        return
    writable(HOME)
    say("正在准备运行环境（只在第一次或依赖更新时需要，约一两分钟）… Preparing the environment …")
    uv = shutil.which("uv")
    if not PYTHON.exists():
        make_venv(uv)
    began = time.monotonic()
    lock = HOME / "requirements" / f"{name}.txt"
    code = install_with_uv(uv, lock) if uv else 1
    if code:
        code = install_with_pip(lock)
    if code:
        raise Stopped(
            "依赖没有装全：请检查网络与软件源（pip 配置），看上面的原因，然后再运行一次，会接着装。",
            "Dependencies could not be installed: check the network and package registry, then run again.",
        )
    names = ["run", "dev"] if name == "dev" else [name]
    fresh = {kept: value for kept, value in found.items() if name == "dev" or kept == "dev"}
    STAMP.write_text(json.dumps(fresh | {each: lock_hash(each) for each in names}), "utf-8")
    say(f"运行环境就绪，用时 {time.monotonic() - began:.0f} 秒。Environment ready.")


def make_venv(uv: str | None) -> None:
    """An empty `.venv` of this Python."""
    if uv is None and (
        importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None
    ):
        raise Stopped(
            "这个 Python 缺少 venv/ensurepip 模块；Debian/Ubuntu 请运行 apt install python3-venv，再运行一次。",
            "This Python lacks venv/ensurepip; on Debian or Ubuntu: apt install python3-venv, then run again.",
        )
    command = [uv, "venv", "-q", "--python", sys.executable] if uv else [sys.executable, "-m", "venv"]
    if finished([*command, str(VENV)]):
        raise Stopped(
            "建立 .venv 没有成功，原因见上；请删除 .venv 文件夹后再运行一次。",
            "Making .venv failed (see above); delete the .venv folder and run again.",
        )


def install_with_uv(uv: str, lock: Path) -> int:
    """Install the lock with uv, which shows its own progress; the exit code."""
    return finished([uv, "pip", "install", "--python", str(PYTHON), "--require-hashes", "-r", str(lock)])


def install_with_pip(lock: Path) -> int:
    """Install the lock with pip, counting packages as they come; the exit code."""
    total = len(re.findall(r"^[\w.-]+==", lock.read_text("utf-8"), re.MULTILINE))
    command = [
        str(PYTHON),
        "-m",
        "pip",
        "install",
        "--require-hashes",
        "--no-deps",
        "--disable-pip-version-check",
    ]
    if finished([str(PYTHON), "-m", "pip", "--version"], quiet=True):
        finished([str(PYTHON), "-m", "ensurepip", "-q"])
    child = begin([*command, "--no-input", "-r", str(lock)], stdout=subprocess.PIPE)
    seen = 0
    for raw in child.stdout or ():
        line = raw.decode("utf-8", "replace").rstrip()
        if line.startswith(("Collecting ", "Requirement already satisfied: ")):
            seen += 1
            say(
                f"  [{seen}/{total}] {line.split(': ')[-1].removeprefix('Collecting ').split(' (')[0].split(';')[0]}"
            )
        elif line.startswith(("Installing collected", "ERROR", "WARNING: Ret", "Successfully")):
            say(f"  {line[:110]}")
    return ended(child)


def become(command: list[str]) -> None:
    """Run the command in place of this process, with the terminal."""
    os.environ["PYTHONUTF8"] = "1"
    if WINDOWS:
        raise SystemExit(subprocess.call(command, cwd=HOME))
    os.chdir(HOME)
    os.execv(command[0], command)  # noqa: S606 - the very point: signals and exit code are its own


def renew_locks() -> None:
    """Resolve the newest allowed versions for every system and write both hashed locks."""
    uv = shutil.which("uv")
    if uv is None:
        raise Stopped(
            "更新锁定文件需要 uv（pip install uv）。", "Renewing the locks needs uv (pip install uv)."
        )
    common = [
        uv,
        "pip",
        "compile",
        "pyproject.toml",
        "--universal",
        "--generate-hashes",
        "--python-version",
        "3.11",
    ]
    common += ["--no-header", "--no-annotate", "--upgrade", "-q"]
    for name, group in (("run", []), ("dev", ["--group", "dev"])):
        lock = HOME / "requirements" / f"{name}.txt"
        if finished([*common, *group, "-o", str(lock)]):
            raise Stopped("没能算出依赖版本，原因见上。", "Resolving failed (see above).")
        if "://" in lock.read_text("utf-8"):
            raise Stopped(
                f"{lock.name} 里出现了软件源地址，请去掉。", f"{lock.name} names a registry; remove it."
            )
    say("requirements/run.txt, requirements/dev.txt ✓")


def options_of(arguments: list[str]) -> argparse.Namespace:
    """What was asked for on the command line."""
    parser = argparse.ArgumentParser(
        prog="run.py",
        description="启动科苑。Start Keyuan.",
        epilog="其他：run.py test [--quick] [--no-browser] …｜run.py manage …｜run.py lock",
    )
    parser.add_argument("--port", type=int, default=8000, help="端口 port")
    parser.add_argument(
        "--host", default="127.0.0.1", help="监听地址，0.0.0.0 供局域网访问 address to listen on"
    )
    parser.add_argument(
        "--fresh", action="store_true", help="删除全部数据重新开始（先询问） start anew, asks first"
    )
    parser.add_argument(
        "--yes", action="store_true", help="自动化环境（CI）里代替输入 yes answer --fresh under CI"
    )
    parser.add_argument("--no-demo", action="store_true", help="不载入演示数据 without demo data")
    return parser.parse_args(arguments)


def main(arguments: list[str]) -> None:
    """The verb that was asked for; starting when none was."""
    verb = arguments[0] if arguments else ""
    if verb == "manage":
        environment()
        become([str(PYTHON), str(HOME / "manage.py"), *arguments[1:]])
    elif verb == "test":
        environment("dev")
        become([str(PYTHON), "-m", "tests.gates", *arguments[1:]])
    elif verb == "lock":
        renew_locks()
    else:
        service.start(options_of(arguments), environment)


def run() -> int:
    """Run to the end, leave no child behind, and end with one clear sentence; the exit code."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr] # both are text streams here

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    for name in ("SIGTERM", "SIGHUP", "SIGBREAK"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), interrupt)
    code, words = 0, ""
    try:
        main(sys.argv[1:])
    except Stopped as end:
        code, words = int(str(end.code)), end.sentences
    except KeyboardInterrupt:
        running = any("granian" in map(str, child.args) for child in children)  # type: ignore[arg-type] # always a list here
        code = 0 if running else 130
        words = (
            "已停止。Stopped." if running else "已中断；再次运行会接着做。\nInterrupted; run again to go on."
        )
    except OSError as fault:
        code, words = 1, f"系统拒绝了操作：{fault}\nThe system refused: {fault}"
    if children:
        say("\n正在停止… Stopping …")
    end_children()
    if words:
        print(words, file=sys.stderr if code else sys.stdout, flush=True)
    return code


if __name__ == "__main__":
    sys.exit(run())
