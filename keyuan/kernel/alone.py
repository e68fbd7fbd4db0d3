"""One run over one data folder: a lock that falls when its holder ends, however it ends; standard library only."""

import os
from pathlib import Path
from typing import IO

_held: dict[Path, IO[bytes]] = {}


def hold(folder: Path) -> bool:
    """Take the folder for this process until it ends; False when another process has it."""
    if folder in _held:
        return True
    handle = (folder / "running.lock").open("a+b")
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore] # Windows only
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        handle.close()
        return False
    _held[folder] = handle
    return True


def release(folder: Path) -> None:
    """Give the folder back before the process ends."""
    _held.pop(folder).close()
