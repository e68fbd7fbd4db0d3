"""A confirmed batch runs as a job; where its page leads back to."""

from collections.abc import Callable
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from keyuan.kernel import jobs
from keyuan.kernel.access import Actor
from keyuan.kernel.jobs import Progress, job
from keyuan.kernel.models.batches import Batch, BatchRow
from keyuan.kernel.models.jobs import Job
from keyuan.kernel.sheet import batches
from keyuan.kernel.tick import daily

Back = Callable[[Batch], str]
BACKS: dict[str, Back] = {}


def back(purpose: str) -> Callable[[Back], Back]:
    """Register where the pages of a purpose lead back to."""

    def register(function: Back) -> Back:
        BACKS[purpose] = function
        return function

    return register


def back_of(batch: Batch) -> str:
    """The page the sheet was sent from."""
    function = BACKS.get(batch.purpose)
    return function(batch) if function else "/"


def _key(batch: Batch) -> str:
    return f"batch:{batch.pk}"


@transaction.atomic
def confirm_and_start(actor: Actor, *, batch: Batch) -> Job:
    """Confirm a batch and put its import into the queue, together; pressed again it is the same job."""
    confirmed = batches.confirm(actor, batch=batch)
    running = job_of(confirmed)
    if running is not None:
        return running
    return jobs.start(actor, "kernel.import", school_id=batch.school_id, once=_key(batch), batch=batch.pk)


def job_of(batch: Batch) -> Job | None:
    """The newest job of a batch."""
    return Job.objects.filter(kind="kernel.import", args__batch=batch.pk).order_by("-id").first()


@job("kernel.import", title="导入表格")
def run_import(progress: Progress, *, batch: int) -> None:
    """Take in the good rows; killed and run again it goes on where it was."""
    found = Batch.objects.get(pk=batch)
    total = found.rows.filter(is_bad=False).count()
    gone_in = found.rows.filter(state="applied").count()
    batches.apply_rows(progress.actor, batch=found, progress=lambda done: progress(gone_in + done, total))
    progress(total, total)
    progress.link(f"/batches/{batch}/")


@daily("03:50", title="清理未读完的导入表格")
def forget_unread() -> None:
    """A sheet whose reading was killed is seen by nobody; after a day its sealed rows go."""
    stale = Batch.objects.filter(state=Batch.State.READING, created_at__lt=timezone.now() - timedelta(days=1))
    BatchRow.objects.filter(batch__in=stale).delete()
    stale.update(state=Batch.State.DROPPED)
