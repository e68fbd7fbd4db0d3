"""Background work: what can be done behind the page, how it is asked for, how far it is.

The table of jobs is the queue (docs/decisions/0002-jobs.md). A job may run twice, after a worker was killed,
so every job takes ids, looks what is still to be done, and does it in small transactions.
"""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from keyuan.kernel import audit
from keyuan.kernel.access import Actor, require, rule, scope
from keyuan.kernel.faults import Conflict
from keyuan.kernel.models.jobs import Job

# A worker that says nothing for so long has lost its jobs; it speaks three times in that span.
LEASE = timedelta(seconds=45)
HEARTBEAT = 15.0
# How often progress is written, in seconds: a page asks every two.
QUIET = 0.5
EVERYBODY = (
    "registrar", "department_head", "liaison", "head_teacher", "teacher", "trainee", "leader",
    "system_admin", "security_admin", "auditor",
)  # fmt: skip

audit.sentence("kernel.job.retried", "重新办理：{thing}")


class LeaseLost(BaseException):
    """Another worker has taken the job over; this one stops where it is. No job code may swallow it."""


class Handback(BaseException):
    """The worker is asked to stop; the job goes back into the queue and is taken up where it was left."""


class Progress:
    """How far a job is (进度), told by the job as it goes: `progress(done, total, "说明")`."""

    def __init__(self, job: Job, is_stopping: Callable[[], bool] = lambda: False) -> None:
        self.job, self.is_stopping = job, is_stopping
        self.actor = actor_of_job(job)
        self.school_id = job.school_id
        self.said = ""
        self._told = 0.0

    def __call__(self, done: int, total: int | None = None, message: str | None = None) -> None:
        """Write down how far it is, and renew the lease. Raises LeaseLost, or Handback when the worker stops."""
        job = self.job
        job.done, job.total = done, max(job.total if total is None else total, done)
        job.message = job.message if message is None else message[:300]
        if self.is_stopping():
            self._tell()
            raise Handback
        if time.monotonic() - self._told >= QUIET or done == job.total:
            self._tell()

    def link(self, place: str, said: str = "") -> None:
        """Where the result is to be seen and what came of it, both shown when the job is done."""
        self.job.link, self.said = place, said[:300]

    def _tell(self) -> None:
        self._told = time.monotonic()
        job = self.job
        if not held(job).update(
            done=job.done, total=job.total, message=job.message, lease_until=timezone.now() + LEASE
        ):
            raise LeaseLost


Work = Callable[..., None]


@dataclass(frozen=True)
class Kind:
    """One kind of background work (任务种类)."""

    name: str
    title: str
    work: Work
    attempts: int


KINDS: dict[str, Kind] = {}


def job(name: str, *, title: str, attempts: int = 5) -> Callable[[Work], Work]:
    """Register `fn(progress, **ids)`. It must bear running twice; a Fault ends it, anything else is retried."""

    def register(work: Work) -> Work:
        if name in KINDS:
            raise RuntimeError(f"two jobs called {name}")
        KINDS[name] = Kind(name, title, work, attempts)
        return work

    return register


@scope(Job)
def jobs_seen(actor: Actor, rows: QuerySet[Job]) -> QuerySet[Job]:
    """One's own; the registrars of a school see each other's, for one goes on where another left."""
    if "system" in actor.roles:
        return rows if actor.school_id is None else rows.filter(school_id=actor.school_id)
    seen = Q(person_id=actor.person_id)
    if "registrar" in actor.roles and actor.school_id is not None:
        seen |= Q(school_id=actor.school_id)
    return rows.filter(seen)


@rule("kernel.job.retry", title="重新办理后台任务", roles=EVERYBODY, limits="本人提交的任务；教务限本校")
def may_retry(actor: Actor, thing: Job) -> bool:
    """Whoever asked for it, or a registrar of the school."""
    own = thing.person_id is not None and thing.person_id == actor.person_id
    return own or ("registrar" in actor.roles and thing.school_id == actor.school_id)


def start(actor: Actor, kind: str, *, school_id: int | None = None, once: str = "", **ids: Any) -> Job:
    """Put work into the queue in the caller's transaction; it runs under the actor's seat.

    With `once`, work of that key that is still queued or running is returned instead of a second.
    """
    found = KINDS[kind]
    fields: dict[str, Any] = {
        "kind": kind,
        "title": found.title,
        "args": ids,
        "actor": {**asdict(actor), "roles": sorted(actor.roles)},
        "school_id": school_id if school_id is not None else actor.school_id,
        "person_id": actor.person_id,
        "once": once,
    }
    if not once:
        return Job.objects.create(**fields)
    try:
        with transaction.atomic():
            return live(once) or Job.objects.create(**fields)
    except IntegrityError:
        running = live(once)
        return running if running is not None else Job.objects.create(**fields)


def live(once: str) -> Job | None:
    """The job of that key which is queued or running."""
    return Job.objects.filter(once=once, state__in=(Job.State.QUEUED, Job.State.RUNNING)).first()


@transaction.atomic
def retry(actor: Actor, *, job: Job) -> Job:
    """Put a failed job into the queue again. Raises Conflict when it is not failed (any more)."""
    require(actor, "kernel.job.retry", job)
    if job.once and live(job.once):
        raise Conflict("同样的任务已在进行，请等它完成。")
    changed = Job.objects.filter(pk=job.pk, state=Job.State.FAILED).update(
        state=Job.State.QUEUED, attempts=0, error="", message="", due_at=timezone.now(), ended_at=None
    )
    if not changed:
        raise Conflict("这项任务不在“未完成”状态，请刷新后再看。")
    audit.record(actor, "kernel.job.retried", job, kind=job.kind)
    job.refresh_from_db()
    return job


def actor_of_job(job: Job) -> Actor:
    """The seat the job was asked for from."""
    kept = dict(job.actor)
    return Actor(**{**kept, "roles": frozenset(kept.get("roles", ()))})


def held(job: Job) -> QuerySet[Job]:
    """The job's row, as long as the worker that took this copy of it still holds it."""
    return Job.objects.filter(pk=job.pk, state=Job.State.RUNNING, holder=job.holder)


def recent(actor: Actor, limit: int = 20) -> list[Job]:
    """The last jobs a person asked for."""
    return list(Job.objects.filter(person_id=actor.person_id)[:limit]) if actor.person_id else []
