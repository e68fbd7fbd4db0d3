"""Background work of this room: the handbook, and forgetting what was asked for a class only."""

from keyuan.kernel.access import require, system_of
from keyuan.kernel.jobs import Progress, job
from keyuan.kernel.tick import daily
from keyuan.logistics.actions import handbooks, purging
from keyuan.logistics.papers.handbook import handbook_pdf
from keyuan.training.models import TrainingClass


@job("logistics.handbook", title="生成学员手册")
def make_handbook(progress: Progress, *, training_class: int, size: str) -> None:
    """Set the handbook and keep it with the class; the newest is the one trainees get."""
    klass = TrainingClass.objects.select_related(
        "activity__plan", "department", "school", "head_teacher"
    ).get(pk=training_class)
    require(progress.actor, "logistics.see", klass)
    content = handbook_pdf(progress.actor, klass, size=size, step=progress)
    stored = handbooks.keep(progress.actor, training_class=klass, content=content, size=size)
    progress.link(f"/files/{stored.pk}/")


@daily("03:20", title="清除到期的会务需要")
def purge_due() -> None:
    """Classes closed longer ago than they keep answers forget them; class by class, each whole."""
    for arrangement in purging.due():
        purging.purge(system_of(arrangement.training_class.school_id), arrangement=arrangement)
