"""The processes that one run of Keyuan begins, and their certain end; standard library only."""

import contextlib
import os
import signal
import subprocess
import time
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent.parent
WINDOWS = os.name == "nt"
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
