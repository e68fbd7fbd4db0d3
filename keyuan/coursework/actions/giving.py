"""Giving out materials: several files at once, in an order, taken back rather than deleted."""

from collections.abc import Sequence
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.coursework.models import Material
from keyuan.kernel import audit, files
from keyuan.kernel.access import Actor, require
from keyuan.kernel.faults import Fault
from keyuan.training.models import Session, TrainingClass

OWNER = "coursework.Material"
KINDS = ("pdf", "docx", "pptx", "xlsx", "jpg", "png", "mp3", "mp4", "zip")
MOST = 100 * files.MEGABYTE
AT_ONCE = 20

audit.sentence("coursework.material.given", "发放学习资料：{thing}")
audit.sentence("coursework.material.changed", "修改学习资料：{thing}")
audit.sentence("coursework.material.withdrawn", "撤下学习资料：{thing}")
audit.sentence("coursework.material.restored", "重新发放学习资料：{thing}")
audit.sentence("coursework.material.borrowed", "取用他班学习资料：{thing}")


@transaction.atomic
def give(
    actor: Actor, *, training_class: TrainingClass, uploads: Sequence[UploadedFile], use: str, session: Session | None = None,
    title: str = "",
) -> list[Material]:  # fmt: skip
    """Give out one file or several: all of them or none. The title is the file's name where none is said.

    Raises Fault naming the file that is not taken and why.
    """
    held = TrainingClass.objects.select_for_update().get(pk=training_class.pk)
    if session is not None and session.training_class_id != held.pk:
        raise Fault(_("这个课次不属于本班。"), "session")
    require(actor, "coursework.give", session or held)
    if not uploads:
        raise Fault(_("请选择要发放的文件。"), "files")
    if len(uploads) > AT_ONCE:
        raise Fault(_("一次最多上传 %(n)s 个文件，请分几次。") % {"n": AT_ONCE}, "files")
    return [
        _keep(actor, held, session, upload, use=use, title=title if len(uploads) == 1 else "")
        for upload in uploads
    ]


def _last(training_class: TrainingClass) -> int:
    return int(Material.objects.filter(training_class=training_class).aggregate(n=Max("order"))["n"] or 0)


def _keep(
    actor: Actor, held: TrainingClass, session: Session | None, upload: UploadedFile | bytes, *, use: str, title: str,
    name: str = "",
) -> Material:  # fmt: skip
    name = name or str(getattr(upload, "name", "") or "")
    row = Material.objects.create(
        training_class=held, session=session, use=use, order=_last(held) + 1, added_by_id=actor.person_id,
        title=(" ".join(title.split()) or name.rsplit(".", 1)[0])[:80] or _("学习资料"),
    )  # fmt: skip
    try:
        stored = files.keep(actor, OWNER, row.pk, upload, kinds=KINDS, most=MOST, name=name)
    except Fault as fault:
        raise Fault(_("“%(name)s”：%(why)s") % {"name": name, "why": fault.message}, "files") from fault
    row.file_id, row.kind, row.size = stored.pk, stored.kind, stored.size
    row.save(update_fields=["file_id", "kind", "size"])
    audit.record(actor, "coursework.material.given", row, training_class=held.pk, kind=stored.kind)
    return row


@transaction.atomic
def change(actor: Actor, *, material: Material, facts: dict[str, Any]) -> None:
    """Change title or use of a material."""
    held = Material.objects.select_for_update().get(pk=material.pk)
    require(actor, "coursework.give", held)
    held.title, held.use = facts["title"], facts["use"]
    held.save(update_fields=["title", "use"])
    audit.record(actor, "coursework.material.changed", held)


@transaction.atomic
def withdraw(actor: Actor, *, material: Material) -> None:
    """Take a material back: trainees see it no more, the class's record keeps it. Again changes nothing."""
    require(actor, "coursework.give", material)
    if Material.objects.filter(pk=material.pk, withdrawn_at=None).update(withdrawn_at=timezone.now()):
        audit.record(actor, "coursework.material.withdrawn", material)


@transaction.atomic
def restore(actor: Actor, *, material: Material) -> None:
    """Give a material out again. Again changes nothing."""
    require(actor, "coursework.give", material)
    if Material.objects.filter(pk=material.pk, withdrawn_at__isnull=False).update(withdrawn_at=None):
        audit.record(actor, "coursework.material.restored", material)


@transaction.atomic
def lift(actor: Actor, *, material: Material) -> None:
    """Move a material one place up in the class's order; the first stays."""
    TrainingClass.objects.select_for_update().get(pk=material.training_class_id)
    require(actor, "coursework.give", material)
    rows = list(Material.objects.filter(training_class_id=material.training_class_id).order_by("order", "pk"))
    at = next(n for n, row in enumerate(rows) if row.pk == material.pk)
    if not at:
        return
    rows[at - 1], rows[at] = rows[at], rows[at - 1]
    for n, row in enumerate(rows, 1):
        row.order = n
    Material.objects.bulk_update(rows, ["order"], batch_size=500)
    audit.record(actor, "coursework.material.changed", material)


@transaction.atomic
def borrow(actor: Actor, *, training_class: TrainingClass, material: Material) -> Material:
    """Give another class's material out here too, where its author allows the school."""
    held = TrainingClass.objects.select_for_update().get(pk=training_class.pk)
    require(actor, "coursework.give", held)
    source = Material.objects.select_related("training_class").get(pk=material.pk)
    same = source.training_class.school_id == held.school_id
    if not same or source.use != Material.Use.SCHOOL or source.withdrawn_at is not None:
        raise Fault(_("这份资料只供原班学习，不能取用。"))
    stored = files.of(OWNER, source.pk).first()
    if stored is None:
        raise Fault(_("这份资料的文件已不在，不能取用。"))
    with files.opened(stored) as kept:
        row = _keep(actor, held, None, kept.read(), use=source.use, title=source.title, name=stored.name)
    audit.record(actor, "coursework.material.borrowed", row, source=source.pk)
    return row


def count(material: Material) -> None:
    """Count that a material was opened; by whom is nobody's business, so there is no audit line."""
    Material.objects.filter(pk=material.pk).update(taken=F("taken") + 1)
