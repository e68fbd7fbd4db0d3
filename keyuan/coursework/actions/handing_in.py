"""Writing and handing in: what was typed is kept as it is typed, and every version stays."""

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.coursework import flows
from keyuan.coursework.models import Enclosure, Submission, Task, Version
from keyuan.coursework.models.tasks import MOST_TEXT
from keyuan.coursework.queries.handins import current_of
from keyuan.coursework.rules.writing import MOST_FILES, TEXT_AND_FILES, fault_of
from keyuan.kernel import audit, files, pictures
from keyuan.kernel.access import Actor, require
from keyuan.kernel.faults import Conflict, Fault
from keyuan.kernel.models import StoredFile
from keyuan.training.models import Nomination

OWNER = "coursework.Enclosure"
WRITABLE = frozenset({"draft", "returned"})

audit.sentence("coursework.begun", "开始写作业：{thing}")
audit.sentence("coursework.enclosed", "添加作业附件：{thing}")
audit.sentence("coursework.unenclosed", "去掉作业附件：{thing}")


def _held(actor: Actor, task: Task, nomination: Nomination) -> Submission:
    """The work, locked and ready to be written on; made at the first sign typed."""
    stored = Nomination.objects.select_for_update(of=("self",)).select_related("training_class")
    own = stored.get(pk=nomination.pk)
    require(actor, "coursework.hand_in", own)
    if task.training_class_id != own.training_class_id or task.withdrawn_at is not None:
        raise Fault(_("这项任务已经撤回，不用再交。"))
    row, fresh = Submission.objects.get_or_create(task=task, nomination=own)
    if fresh:
        audit.record(actor, "coursework.begun", row, task=task.pk)
    if row.state not in WRITABLE:
        raise Conflict(_("作业已提交，不能再改；如需修改，请先“收回修改”。"))
    return row


@transaction.atomic
def save_draft(actor: Actor, *, task: Task, nomination: Nomination, text: str, consent: bool) -> Submission:
    """Keep what has been written so far; the last version handed in stays as it was.

    No audit line for each stroke: the first one says that the work was begun. Raises Fault when too long.
    """
    if len(text) > MOST_TEXT:
        raise Fault(_("正文最多 %(n)s 字，请把全文作为附件上传。") % {"n": MOST_TEXT}, "text")
    row = _held(actor, task, nomination)
    row.text, row.consent, row.saved_at = text, consent, timezone.now()
    row.save(update_fields=["text", "consent", "saved_at"])
    return row


@transaction.atomic
def submit(actor: Actor, *, task: Task, nomination: Nomination, text: str, consent: bool) -> Submission:
    """Hand in what is written now as a version of its own. Raises Fault when it is too short or empty."""
    row = save_draft(actor, task=task, nomination=nomination, text=text, consent=consent)
    fault = fault_of(row.text, current_of(row).count(), task.least)
    if fault:
        raise Fault(fault, "text")
    now = timezone.now()
    Submission.objects.filter(pk=row.pk).update(
        number=F("number") + 1, submitted_at=now, first_at=row.first_at or now, reason=""
    )
    row.refresh_from_db()
    Version.objects.create(submission=row, number=row.number, text=row.text, at=now)
    flows.SUBMISSION.move(row, "submit", actor=actor, number=row.number)
    return row


@transaction.atomic
def reopen(actor: Actor, *, submission: Submission) -> None:
    """Take a work back to change it, while nobody has accepted it."""
    row = Submission.objects.select_for_update(of=("self",)).get(pk=submission.pk)
    flows.SUBMISSION.move(row, "reopen", actor=actor)


@transaction.atomic
def enclose(actor: Actor, *, task: Task, nomination: Nomination, upload: UploadedFile) -> Enclosure:
    """Add a file to the draft: judged by its bytes; a picture is written anew without place, time and camera."""
    row = _held(actor, task, nomination)
    if current_of(row).count() >= MOST_FILES:
        raise Fault(_("最多 %(n)s 个附件，请先去掉几个。") % {"n": MOST_FILES}, "file")
    name = str(upload.name or "附件")
    found = Enclosure.objects.create(submission=row, name=name[:120], since=row.number + 1)
    if name.lower().endswith((".jpg", ".jpeg", ".png", ".webp")):
        clean = pictures.cleaned(upload)
        stored = files.keep(
            actor, OWNER, found.pk, clean, kinds=("jpg",), name=f"{name.rsplit('.', 1)[0]}.jpg"
        )
    else:
        stored = files.keep(actor, OWNER, found.pk, upload, kinds=TEXT_AND_FILES)
    found.file_id, found.name, found.kind, found.size = stored.pk, stored.name, stored.kind, stored.size
    found.save()
    audit.record(actor, "coursework.enclosed", row, file=stored.pk)
    return found


@transaction.atomic
def unenclose(actor: Actor, *, enclosure: Enclosure) -> None:
    """Take a file out of the draft: versions handed in with it keep it, else it is deleted."""
    held = Enclosure.objects.select_related("submission__task", "submission__nomination").get(pk=enclosure.pk)
    row = _held(actor, held.submission.task, held.submission.nomination)
    if held.since <= row.number:
        Enclosure.objects.filter(pk=held.pk, until=None).update(until=row.number + 1)
    else:
        stored = StoredFile.objects.filter(pk=held.file_id or 0).first()
        if stored is not None:
            files.drop(actor, stored=stored)
        held.delete()
    audit.record(actor, "coursework.unenclosed", row, file=enclosure.file_id)
