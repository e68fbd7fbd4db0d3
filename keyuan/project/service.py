"""Keyuan in service: web server and worker, begun together, watched, and ended together; standard library only."""

import argparse
import contextlib
import http.client
import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from keyuan.kernel.alone import hold
from keyuan.project.children import HOME, WINDOWS, Stopped, begin, children, finished, say, tell, writable

PYTHON = HOME / ".venv" / ("Scripts/python.exe" if WINDOWS else "bin/python")
VAR = Path(os.environ.get("KEYUAN_VAR") or HOME / "var")
MINUTE = 60.0
WORKER_DEATHS = 5  # so many within a minute mean that restarting does not help


def alone() -> None:
    """Refuse a second run over the same data."""
    if not hold(VAR):
        raise Stopped(
            f"科苑已经在运行（数据文件夹 {VAR}）；请先停止它，或用 KEYUAN_VAR 指定另一个文件夹。",
            f"Keyuan already runs over {VAR}; stop it first, or set KEYUAN_VAR to another folder.",
        )


def free_port(host: str, port: int) -> None:
    """Refuse with one sentence when the address cannot be taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        if not WINDOWS:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as fault:
            raise Stopped(
                f"端口 {port} 用不了（已被占用或不允许）；请换一个，例如 python3 run.py --port {port + 1}。",
                f"Port {port} cannot be used ({fault.strerror}); try python3 run.py --port {port + 1}.",
            ) from fault


def start_anew(*, yes: bool) -> None:
    """Delete the data folder after a typed yes; `--yes` speaks for a person only under CI."""
    if os.environ.get("DATABASE_URL"):
        raise Stopped(
            "--fresh 只清空内置数据库；DATABASE_URL 指向的数据库请由管理员自己清空。",
            "--fresh only clears the built-in database; clear the one in DATABASE_URL yourself.",
        )
    if not VAR.exists():
        return
    if not (yes and os.environ.get("CI")):
        say(
            f"将删除 {VAR} 里的全部数据、文件和密钥，不能恢复。All data, files and keys there will be deleted."
        )
        try:
            answer = input("确定请输入 是 或 yes：").strip().lower()
        except EOFError:
            answer = ""
        if answer not in {"是", "yes"}:
            raise Stopped("没有删除任何东西。", "Nothing was deleted.")
    for path in VAR.iterdir():
        if path.name == "running.lock":
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


def own_address(host: str) -> str:
    """The address other machines reach this one by, for `--host 0.0.0.0`; no packet is sent."""
    if host not in {"0.0.0.0", "::"}:  # noqa: S104 - compared, not bound
        return host
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))
        return str(probe.getsockname()[0])
    return socket.gethostname()


def settle_surroundings(host: str, port: int) -> str:
    """Tell the children, by environment, where they are; returns the address to open."""
    name = own_address(host)
    address = f"http://{f'[{name}]' if ':' in name else name}:{port}"
    os.environ.setdefault("KEYUAN_URL", address)
    os.environ.setdefault("KEYUAN_HOSTS", f"127.0.0.1,localhost,[::1],{name}")
    os.environ["PYTHONUTF8"] = "1"
    return os.environ["KEYUAN_URL"]


def prepare(*, demo: bool) -> dict[str, str]:
    """Check, migrate, gather static files and load starting data, in one process; what it found."""
    VAR.mkdir(parents=True, exist_ok=True)
    report = VAR / "prepared.json"
    report.unlink(missing_ok=True)
    command = [str(PYTHON), str(HOME / "manage.py"), "prepare", "--report", str(report)]
    if finished(command if demo else [*command, "--no-demo"]):
        raise Stopped(
            "准备数据时出错，原因见上；没有启动服务。",
            "Preparing the data failed (see above); the service was not started.",
        )
    found: dict[str, str] = json.loads(report.read_text("utf-8"))
    return found


def begin_web(host: str, port: int) -> subprocess.Popen[bytes]:
    """The web server: two processes of four threads."""
    command = [str(PYTHON), "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port)]
    command += ["--workers", "2", "--blocking-threads", "4", "--no-ws", "--log-level", "warning"]
    return begin([*command, "--respawn-failed-workers", "keyuan.project.wsgi:application"])


def begin_worker() -> subprocess.Popen[bytes]:
    """The process that does background jobs and keeps the timetable of recurring ones."""
    return begin([str(PYTHON), str(HOME / "manage.py"), "worker"])


def first_page(web: subprocess.Popen[bytes], host: str, port: int) -> None:
    """Wait until the server answers."""
    name = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not bound
    limit = time.monotonic() + MINUTE
    while time.monotonic() < limit and web.poll() is None:
        line = http.client.HTTPConnection(name, port, timeout=30)
        try:
            line.request("GET", "/", headers={"Host": "127.0.0.1"})
            line.getresponse().read()
        except OSError:
            time.sleep(0.1)
        else:
            return
        finally:
            line.close()
    raise Stopped(
        "网页服务没有启动成功，原因见上。", "The web server did not come up (see the reason above)."
    )


def watch(web: subprocess.Popen[bytes], worker: subprocess.Popen[bytes]) -> None:
    """Stay until told to stop: a dead worker is begun anew, a dead web server ends all."""
    deaths: list[float] = []
    while True:
        time.sleep(0.5)
        if web.poll() is not None:
            raise Stopped(
                f"网页服务意外停止（代码 {web.returncode}），已全部停下；数据完好，请再运行一次。",
                f"The web server stopped unexpectedly (code {web.returncode}); data is safe, run again.",
            )
        if worker.poll() is None:
            continue
        tell(worker, hard=True)
        children.remove(worker)
        deaths = [at for at in deaths if time.monotonic() - at < MINUTE] + [time.monotonic()]
        if len(deaths) >= WORKER_DEATHS:
            raise Stopped(
                "后台任务进程一分钟内多次停止，已全部停下，原因见上。",
                "The background worker keeps stopping (see above); everything was stopped.",
            )
        say(f"后台任务进程停止（代码 {worker.returncode}），正在重启。Worker stopped; restarting.")
        time.sleep(len(deaths) - 1)
        worker = begin_worker()


def start(options: argparse.Namespace, environment: Callable[[], None]) -> None:
    """Everything from an empty folder to the address on the screen."""
    began = time.monotonic()
    writable(VAR)
    alone()
    free_port(options.host, options.port)
    environment()
    if options.fresh:
        start_anew(yes=options.yes)
    address = settle_surroundings(options.host, options.port)
    found = prepare(demo=not options.no_demo)
    if found["demo"]:
        os.environ.setdefault("KEYUAN_DEMO", "1")
    worker, web = begin_worker(), begin_web(options.host, options.port)
    first_page(web, options.host, options.port)
    say(f"\n科苑已启动（{time.monotonic() - began:.1f} 秒） Keyuan is running:\n\n    {address}\n")
    if found["demo"]:
        say(f"演示账号 Demo accounts:\n{found['demo']}\n")
    say("按 Ctrl-C 停止。Press Ctrl-C to stop.")
    watch(web, worker)
