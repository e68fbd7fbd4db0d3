"""The handbook as a file of the class."""

from django.db import transaction

from keyuan.kernel import audit, files, jobs
from keyuan.kernel.access import Actor, require
from keyuan.kernel.faults import Fault
from keyuan.kernel.models import StoredFile
from keyuan.kernel.models.jobs import Job
from keyuan.logistics.actions.arranging import arrangement_for
from keyuan.logistics.actions.purging import OWNER
from keyuan.logistics.models import Arrangement
from keyuan.training.models import TrainingClass

audit.sentence("logistics.handbook.made", "生成学员手册：{thing}")
SIZES = ("a5", "a4")


@transaction.atomic
def ask(actor: Actor, *, training_class: TrainingClass, size: str) -> Job:
    """Have the handbook made behind the page; asked again while it is under way it is the same job."""
    require(actor, "logistics.see", training_class)
    if size not in SIZES:
        raise Fault("请选择 A5 或 A4。", "size")
    return jobs.start(
        actor, "logistics.handbook", school_id=training_class.school_id,
        once=f"logistics.handbook:{training_class.pk}:{size}", training_class=training_class.pk, size=size,
    )  # fmt: skip


@transaction.atomic
def keep(actor: Actor, *, training_class: TrainingClass, content: bytes, size: str) -> StoredFile:
    """Keep a handbook in place of the one before."""
    held = TrainingClass.objects.select_for_update().get(pk=training_class.pk)
    require(actor, "logistics.see", held)
    found = arrangement_for(held)
    for old in files.of(OWNER, found.pk):
        files.drop(actor, stored=old)
    name = f"{held.title}学员手册（{size.upper()}）.pdf"
    stored = files.keep(actor, OWNER, found.pk, content, kinds=("pdf",), name=name)
    Arrangement.objects.filter(pk=found.pk).update(handbook_id=stored.pk)
    audit.record(actor, "logistics.handbook.made", held, file=stored.pk, size=size)
    return stored
