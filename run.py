#!/usr/bin/env python3
"""Starts Keyuan on a fresh machine: `python3 run.py`; tests it: `python3 run.py test`; nothing but Python needed."""

import argparse
import contextlib
import hashlib
import http.client
import importlib.util
import json
import os
import re
import shutil
import signal
import socket
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

from keyuan.kernel.alone import hold

HOME = Path(__file__).resolve().parent
WINDOWS = os.name == "nt"
VENV = HOME / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if WINDOWS else "bin/python")
STAMP = VENV / "keyuan-locks.json"
VAR = Path(os.environ.get("KEYUAN_VAR") or HOME / "var")
MINUTE = 60.0
WORKER_DEATHS = 5  # so many within a minute mean that restarting does not help
children: list[subprocess.Popen[bytes]] = []


class Stopped(SystemExit):
    """The end of the run, said in one sentence of Chinese and one of English."""

    def __init__(self, chinese: str, english: str, code: int = 1) -> None:
        """Print both sentences when the run ends with this."""
        super().__init__(code)
        self.sentences = f"{chinese}\n{english}"


def say(text: str) -> None:
    """One line for the person who waits."""
    print(text, flush=True)


def writable(folder: Path) -> None:
    """Refuse with one sentence when nothing can be written there."""
    probe = folder / f".writable-{os.getpid()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.touch()
        probe.unlink()
    except OSError as fault:
        raise Stopped(
            f"文件夹 {folder} 不能写入（{fault.strerror}）；请换个位置，或改它的权限、腾出空间。",
            f"The folder {folder} cannot be written ({fault.strerror}); move it, or mend its permissions.",
        ) from fault


def begin(command: list[str], **more: object) -> subprocess.Popen[bytes]:
    """Start a child in a process group of its own, so that its own children end with it."""
    group = {"creationflags": 0x200} if WINDOWS else {"start_new_session": True}  # 0x200: new process group
    child: subprocess.Popen[bytes] = subprocess.Popen(command, cwd=HOME, **group, **more)  # type: ignore[call-overload] # keywords differ by system
    children.append(child)
    return child


def manage(*arguments: str) -> list[str]:
    """The command that runs Django's manage.py inside the environment."""
    return [str(PYTHON), str(HOME / "manage.py"), *arguments]


def ended(child: subprocess.Popen[bytes]) -> int:
    """Wait for a child; its exit code."""
    code = child.wait()
    children.remove(child)
    return code


def finished(command: list[str], *, quiet: bool = False) -> int:
    """Run a command to its end; its exit code."""
    sink = subprocess.DEVNULL if quiet else None
    return ended(begin(command, stdout=sink, stderr=sink))


def tell(child: subprocess.Popen[bytes], *, hard: bool = False) -> None:
    """Ask a child and its group to end; `hard` leaves no choice."""
    with contextlib.suppress(ProcessLookupError, PermissionError, OSError):
        if not WINDOWS:
            os.killpg(child.pid, signal.SIGKILL if hard else signal.SIGTERM)
        elif hard:
            taskkill = ["taskkill", "/F", "/T", "/PID", str(child.pid)]
            subprocess.run(taskkill, check=False, capture_output=True)
        else:
            child.send_signal(signal.CTRL_BREAK_EVENT)  # type: ignore[attr-defined,unused-ignore] # Windows only


def end_children(patience: float = 10) -> None:
    """End every process this run began; whoever does not leave in time is killed."""
    for child in children:
        tell(child)
    limit = time.monotonic() + patience
    for child in children:
        with contextlib.suppress(subprocess.TimeoutExpired, KeyboardInterrupt):
            child.wait(max(0.1, limit - time.monotonic()))
    for child in children:
        tell(child, hard=True)  # also whatever the child left behind in its group
    children.clear()


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
    by_uv = ["pip", "install", "--python", str(PYTHON), "--require-hashes", "-r", str(lock)]
    if (uv is None or finished([uv, *by_uv])) and install_with_pip(lock):
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


def install_with_pip(lock: Path) -> int:
    """Install the lock with pip, counting packages as they come; the exit code."""
    total = len(re.findall(r"^[\w.-]+==", lock.read_text("utf-8"), re.MULTILINE))
    if finished([str(PYTHON), "-m", "pip", "--version"], quiet=True):
        finished([str(PYTHON), "-m", "ensurepip", "-q"])
    command = [str(PYTHON), "-m", "pip", "install", "--require-hashes", "--no-deps", "--no-input"]
    child = begin([*command, "--disable-pip-version-check", "-r", str(lock)], stdout=subprocess.PIPE)
    seen = 0
    for raw in child.stdout or ():
        line = raw.decode("utf-8", "replace").rstrip()
        if found := re.match(r"(?:Collecting |Requirement already satisfied: )([^ ;]+)", line):
            seen += 1
            say(f"  [{seen}/{total}] {found[1]}")
        elif line.startswith(("Installing collected", "ERROR", "WARNING: Ret", "Successfully")):
            say(f"  {line[:110]}")
    return ended(child)


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
    if finished(manage("prepare", "--report", str(report), *([] if demo else ["--no-demo"]))):
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
    return begin(manage("worker"))


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


def start(options: argparse.Namespace) -> None:
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


def become(command: list[str]) -> None:
    """Run the command in place of this process, with the terminal."""
    os.environ["PYTHONUTF8"] = "1"
    if WINDOWS:
        raise SystemExit(subprocess.call(command, cwd=HOME))
    os.chdir(HOME)
    os.execv(command[0], command)  # noqa: S606 - the very point: signals and exit code are its own


def options_of(arguments: list[str]) -> argparse.Namespace:
    """What was asked for on the command line."""
    parser = argparse.ArgumentParser(
        prog="run.py",
        description="启动科苑。Start Keyuan.",
        epilog="其他：run.py test [--quick] [--no-browser] …｜run.py manage …",
    )
    parser.add_argument("--port", type=int, default=8000, help="端口 port")
    parser.add_argument("--host", default="127.0.0.1", help="地址，0.0.0.0 供局域网访问 address to listen on")
    parser.add_argument("--fresh", action="store_true", help="删除全部数据重新开始（先询问） asks first")
    parser.add_argument("--yes", action="store_true", help="只在 CI 里代替输入 yes answer --fresh under CI")
    parser.add_argument("--no-demo", action="store_true", help="不载入演示数据 without demo data")
    return parser.parse_args(arguments)


def main(arguments: list[str]) -> None:
    """The verb that was asked for; starting when none was."""
    verb = arguments[0] if arguments else ""
    if verb == "manage":
        environment()
        become(manage(*arguments[1:]))
    elif verb == "test":
        environment("dev")
        become([str(PYTHON), "-m", "tests.gates", *arguments[1:]])
    else:
        start(options_of(arguments))


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
