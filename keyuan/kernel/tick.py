"""Schedules: what falls due every so many minutes or daily, once a slot however many workers there are."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from keyuan.kernel import jobs
from keyuan.kernel.access import SYSTEM
from keyuan.kernel.models.jobs import Job, Tick

Work = Callable[[], object]
TICKS_KEPT = timedelta(days=30)
JOBS_KEPT = timedelta(days=180)


@dataclass(frozen=True)
class Schedule:
    """One thing that falls due again and again (定时任务)."""

    name: str
    minutes: int = 0
    at: time | None = None

    def slot(self, now: datetime) -> datetime:
        """The last slot that began at or before `now`; of several missed only the last is made up."""
        if self.at is None:
            span = self.minutes * 60
            return datetime.fromtimestamp(int(now.timestamp()) // span * span, tz=now.tzinfo)
        local = timezone.localtime(now)
        today = local.replace(hour=self.at.hour, minute=self.at.minute, second=0, microsecond=0)
        return today if today <= local else today - timedelta(days=1)


SCHEDULES: dict[str, Schedule] = {}


def _register(schedule: Schedule, work: Work, title: str) -> None:
    if schedule.name in SCHEDULES:
        raise RuntimeError(f"two schedules called {schedule.name}")

    def run(_progress: jobs.Progress) -> None:
        work()

    SCHEDULES[schedule.name] = schedule
    jobs.job(f"tick.{schedule.name}", title=title)(run)


def _name_of(work: Work) -> str:
    return f"{getattr(work, '__module__', '')}.{getattr(work, '__name__', '')}".removeprefix("keyuan.")


def every(*, minutes: int, title: str = "定时任务") -> Callable[[Work], Work]:
    """Run the function once in every span of so many minutes; it must bear running twice."""
    if minutes < 1:
        raise ValueError("a schedule needs a minute at least")

    def register(work: Work) -> Work:
        _register(Schedule(_name_of(work), minutes=minutes), work, title)
        return work

    return register


def daily(clock: str, *, title: str = "每日任务") -> Callable[[Work], Work]:
    """Run the function once a day at or after "HH:MM" of the academy's clock; it must bear running twice."""
    at = time.fromisoformat(clock)

    def register(work: Work) -> Work:
        _register(Schedule(_name_of(work), at=at), work, title)
        return work

    return register


def take(schedule: Schedule, now: datetime) -> Job | None:
    """The job of the slot of now, if this call was the first to take the slot; else None."""
    slot = schedule.slot(now)
    if Tick.objects.filter(name=schedule.name, slot=slot).exists():
        return None
    try:
        with transaction.atomic():
            job = jobs.start(SYSTEM, f"tick.{schedule.name}", once=f"tick.{schedule.name}")
            Tick.objects.create(name=schedule.name, slot=slot, job_id=job.pk)
            return job
    except IntegrityError:
        return None


def take_due(now: datetime, taken: dict[str, datetime]) -> int:
    """Take every slot that has begun; `taken` remembers, for one worker, what it need not ask about."""
    count = 0
    for schedule in SCHEDULES.values():
        slot = schedule.slot(now)
        if taken.get(schedule.name) == slot:
            continue
        count += take(schedule, now) is not None
        taken[schedule.name] = slot
    return count


@daily("03:40", title="清理过期的任务记录")
def forget_old() -> None:
    """Slots of a month ago and jobs of half a year ago are dropped."""
    now = timezone.now()
    Tick.objects.filter(slot__lt=now - TICKS_KEPT).delete()
    Job.objects.filter(state__in=(Job.State.DONE, Job.State.FAILED), ended_at__lt=now - JOBS_KEPT).delete()
