"""One writer after another (写入轮次): the line in which threads and processes wait for SQLite's write lock.

SQLite lets a waiting writer sleep and try again, for longer each time, so that whoever asks at the right moment
wins: of eight writers one waits half a second, and beside a writer without pauses another may wait for ever.
Here threads of a process wait in order of arrival, and the first of each process waits for a lock of two bytes
in a file beside the database: the *door*, held while waiting for the *pen*, so that a process that has just
written stands behind the one at the door. The system drops both locks with the process, however it ends. What
protects the data remains SQLite's own lock; this one only says whose turn it is to ask for it.
"""

import os
import sys
import threading
import time
from collections import deque
from pathlib import Path

DOOR, PEN = 0, 1
# One thread of a process at most asks so often; a longer nap would be felt in every change of process.
NAP = 0.0005

if sys.platform == "win32":
    import msvcrt

    def _take(file: int, place: int) -> bool:
        """Lock one byte unless somebody else has it."""
        os.lseek(file, place, os.SEEK_SET)
        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _leave(file: int, place: int) -> None:
        """Unlock one byte."""
        os.lseek(file, place, os.SEEK_SET)
        msvcrt.locking(file, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _take(file: int, place: int) -> bool:
        """Lock one byte unless somebody else has it."""
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, place)
        except BlockingIOError:
            return False
        return True

    def _leave(file: int, place: int) -> None:
        """Unlock one byte."""
        fcntl.lockf(file, fcntl.LOCK_UN, 1, place)


class Turns:
    """The line before one database file: first by thread, then by process."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = -1
        self._fresh()
        if sys.platform != "win32":
            os.register_at_fork(after_in_child=self._fresh)

    def _fresh(self) -> None:
        # A child begins anew after a fork: it has neither the locks nor the threads that waited for them.
        self._mutex = threading.Lock()
        self._busy = False
        self._waiting: deque[threading.Lock] = deque()
        if self._file >= 0:
            os.close(self._file)
        self._file = -1

    def take(self, seconds: float) -> bool:
        """Wait for the turn; False when it did not come within so many seconds."""
        ends = time.monotonic() + seconds
        if not self._first_thread(seconds):
            return False
        try:
            came = self._first_process(ends)
        except BaseException:
            self._next_thread()
            raise
        if not came:
            self._next_thread()
        return came

    def give(self) -> None:
        """End the turn that `take` gave."""
        if self._file < 0:
            return  # a forked child that leaves its parent's transaction has nothing to end
        try:
            _leave(self._file, PEN)
        finally:
            self._next_thread()

    def _first_thread(self, seconds: float) -> bool:
        with self._mutex:
            if not self._busy:
                self._busy = True
                return True
            mine = threading.Lock()
            mine.acquire()
            self._waiting.append(mine)
        if mine.acquire(timeout=seconds):
            return True
        with self._mutex:
            if mine in self._waiting:
                self._waiting.remove(mine)
                return False
        return True  # it came while time ran out

    def _next_thread(self) -> None:
        with self._mutex:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._busy = False

    def _first_process(self, ends: float) -> bool:
        if self._file < 0:
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        if not self._byte(DOOR, ends):
            return False
        try:
            return self._byte(PEN, ends)
        finally:
            _leave(self._file, DOOR)

    def _byte(self, place: int, ends: float) -> bool:
        while not _take(self._file, place):
            if time.monotonic() > ends:
                return False
            time.sleep(NAP)
        return True


_LINES: dict[Path, Turns] = {}
_MAKING = threading.Lock()


def line_before(database: Path) -> Turns:
    """The one line of this process before a database file."""
    path = database.absolute()
    with _MAKING:
        if path not in _LINES:
            _LINES[path] = Turns(path.with_name(path.name + "-turn"))
        return _LINES[path]
