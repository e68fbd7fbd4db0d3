"""The worker: takes jobs under a lease, runs them, takes over from the dead, delivers notices, keeps schedules."""

import logging
import os
import socket
import threading
import traceback
from datetime import datetime, timedelta
from importlib import import_module
from pathlib import Path

from django.conf import settings
from django.db import OperationalError, close_old_connections, connection, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.module_loading import autodiscover_modules

from keyuan.kernel import jobs, mail, notify, tick
from keyuan.kernel.faults import Fault
from keyuan.kernel.models.jobs import Job

log = logging.getLogger("keyuan.worker")
FIRST_WAIT = timedelta(seconds=5)
IDLE = 0.5
ALIVE_EVERY = timedelta(seconds=10)
LOST = "办理中断次数过多。请再试一次；仍不成功时请联系系统管理员，并告知任务编号。"
BROKEN = "程序出错，没有办成。已自动重试过；请再试一次，仍不成功时请联系系统管理员，并告知任务编号。"
AGAIN = "遇到问题，稍后自动再试"


def started_at(pid: int) -> str:
    """When a process of this host began, in the kernel's count; empty where /proc does not tell."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rsplit(")", 1)[-1].split()[19]
    except (OSError, IndexError):
        return ""


def name_here() -> str:
    """This process as a holder of leases: host, number, and its beginning, since numbers are used again."""
    return f"{socket.gethostname()[:60]}|{os.getpid()}|{started_at(os.getpid())}"


def is_dead(holder: str) -> bool:
    """Whether a holder is surely gone: a process of this host that no longer runs. Elsewhere only time tells."""
    host, _sep, rest = holder.partition("|")
    pid, _sep, began = rest.partition("|")
    began = began.split("#")[0]
    if host != socket.gethostname()[:60] or not pid.isdigit() or not began:
        return False
    return started_at(int(pid)) != began


def learn() -> None:
    """Read every room's jobs and actions, so that all kinds of work and of notices are known here."""
    import_module(settings.ROOT_URLCONF)
    autodiscover_modules("jobs", "hooks")


class Worker:
    """One process (or thread) that works (后台工人)."""

    def __init__(self, number: int = 0) -> None:
        self.name = f"{name_here()}#{number}"
        self.stop = threading.Event()
        self.taken: dict[str, datetime] = {}
        self._looked: datetime | None = None

    # ---- the queue ----

    def claim(self) -> Job | None:
        """Take the next due job under a lease; None when there is none. No two workers get the same."""
        due = Job.objects.filter(state=Job.State.QUEUED, due_at__lte=timezone.now()).order_by("due_at", "id")
        if not due.exists():
            return None
        with transaction.atomic():
            job = due.select_for_update(skip_locked=connection.vendor == "postgresql").first()
            if job is None:
                return None
            now = timezone.now()
            job.state, job.holder, job.lease_until = Job.State.RUNNING, self.name, now + jobs.LEASE
            job.attempts, job.started_at = job.attempts + 1, job.started_at or now
            job.save(update_fields=["state", "holder", "lease_until", "attempts", "started_at"])
        return job

    def recover(self) -> int:
        """Put the jobs of killed workers back: at once when their process is gone, else when the lease ends."""
        now, count = timezone.now(), 0
        for job in Job.objects.filter(state=Job.State.RUNNING).exclude(holder=self.name):
            if job.lease_until is not None and job.lease_until > now and not is_dead(job.holder):
                continue
            count += _hand_back(job, counts=True)
        return count

    def run(self, job: Job) -> None:
        """Do one job the worker holds, and write down how it ended."""
        found = jobs.KINDS.get(job.kind)
        if found is None:
            _fail(job, f"没有名为 {job.kind} 的任务，程序可能已更新。")
            return
        with _Heartbeat(job):
            try:
                progress = jobs.Progress(job, self.stop.is_set)
                found.work(progress, **job.args)
            except jobs.LeaseLost:
                log.warning("job %s was taken over by another worker", job.pk)
            except jobs.Handback:
                _hand_back(job, counts=False)
            except Fault as refused:
                _fail(job, refused.message)
            except Exception:  # noqa: BLE001 - whatever a job raises, the worker goes on
                _again(job, found.attempts)
            else:
                _finish(job, progress.said)

    def run_one(self) -> bool:
        """Take and do one job; False when nothing is due."""
        job = self.claim()
        if job is not None:
            self.run(job)
        return job is not None

    # ---- the round ----

    def round(self) -> bool:
        """Once through everything there is to do; whether anything was done."""
        now = timezone.now()
        busy = 0
        if self._looked is None or now - self._looked > ALIVE_EVERY:
            self._looked = now
            busy += self.recover() + mail.send_due()
        busy += tick.take_due(now, self.taken)
        busy += notify.deliver()
        busy += self.run_one()
        return bool(busy)

    def work(self) -> None:
        """Go round until told to stop; a tired database is waited for, not fallen over."""
        log.info("worker %s begins", self.name)
        while not self.stop.is_set():
            try:
                close_old_connections()
                if not self.round():
                    self.stop.wait(IDLE)
            except OperationalError as tired:
                log.warning("database does not answer, trying again: %s", tired)
                connection.close()
                self.stop.wait(2)
        log.info("worker %s ends", self.name)

    def drain(self, most: int = 1000) -> int:
        """Do all that is due now, then return; how many rounds did something."""
        count = 0
        while count < most and self.round():
            count += 1
        return count


class _Heartbeat:
    """Renews the lease from a thread of its own, for jobs that take long between two words of progress."""

    def __init__(self, job: Job) -> None:
        self.job, self.over = job, threading.Event()
        self.thread = threading.Thread(target=self._beat, name=f"lease-{job.pk}", daemon=True)

    def __enter__(self) -> None:
        self.thread.start()

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self.thread.join()

    def _beat(self) -> None:
        while not self.over.wait(jobs.HEARTBEAT):
            try:
                jobs.held(self.job).update(lease_until=timezone.now() + jobs.LEASE)
            except OperationalError as tired:
                log.warning("lease of job %s not renewed: %s", self.job.pk, tired)
            finally:
                connection.close()


def _hand_back(job: Job, *, counts: bool) -> bool:
    """Into the queue again; a job whose workers keep dying is given up. `counts`: the try was spent."""
    found = jobs.KINDS.get(job.kind)
    if counts and job.attempts >= (found.attempts if found else 1):
        return _fail(job, LOST)
    spent = F("attempts") if counts else F("attempts") - 1
    return bool(
        jobs.held(job).update(
            state=Job.State.QUEUED, holder="", lease_until=None, attempts=spent, due_at=timezone.now()
        )
    )


def _fail(job: Job, error: str) -> bool:
    return bool(
        jobs.held(job).update(
            state=Job.State.FAILED, holder="", lease_until=None, error=error[:500], ended_at=timezone.now()
        )
    )


def _again(job: Job, attempts: int) -> None:
    """After a program error: once more, later each time, until the tries are spent."""
    log.error("job %s (%s) attempt %s broke\n%s", job.pk, job.kind, job.attempts, traceback.format_exc())
    if job.attempts >= attempts:
        _fail(job, BROKEN)
        return
    jobs.held(job).update(
        state=Job.State.QUEUED, holder="", lease_until=None, message=AGAIN,
        due_at=timezone.now() + FIRST_WAIT * 3 ** (job.attempts - 1),
    )  # fmt: skip


def _finish(job: Job, said: str) -> None:
    done = max(job.done, job.total)
    jobs.held(job).update(
        state=Job.State.DONE, holder="", lease_until=None, ended_at=timezone.now(), done=done, total=job.total,
        message=said, link=job.link,
    )  # fmt: skip


def beat_of(now: datetime) -> int:
    """How many jobs wait longer than five minutes past their time: a sign that no worker runs."""
    late = Q(state=Job.State.QUEUED, due_at__lt=now - timedelta(minutes=5))
    return Job.objects.filter(late).count()
