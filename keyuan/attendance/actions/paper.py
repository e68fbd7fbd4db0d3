"""Photos of the signed paper sheet: kept with the sitting, copied into the list beside the picture."""

from collections.abc import Iterable, Sequence
from pathlib import PurePath

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.attendance.actions.checking import mark
from keyuan.attendance.flows import PHOTO
from keyuan.attendance.models import CheckIn, Expected, SheetPhoto, Sitting
from keyuan.kernel import audit, files, pictures
from keyuan.kernel.access import Actor, require, visible
from keyuan.kernel.faults import Conflict, Fault

OWNER = "attendance.SheetPhoto"
MOST = 10
# A page of thirty signatures must still be read beside the list.
LONGEST = 3000
PDF = b"%PDF-"

audit.sentence("attendance.photo_added", "上传纸质签到表照片：{thing}")
audit.sentence("attendance.photo_dropped", "删除纸质签到表照片：{thing}")
files.owner(OWNER, lambda actor: visible(actor, SheetPhoto))


@transaction.atomic
def add_photos(actor: Actor, *, sitting: Sitting, uploads: Sequence[UploadedFile]) -> list[SheetPhoto]:
    """Keep photos of a sitting's signed sheet, upright and without what the camera wrote beside them.

    A scanned PDF is kept as it came. Faults: none given, more than ten at once, not a picture.
    """
    require(actor, "attendance.mark", sitting)
    if not uploads:
        raise Fault(_("请选择签到表的照片（JPG、PNG 或 PDF）。"), "photos")
    if len(uploads) > MOST:
        raise Fault(_("一次最多上传 %(n)s 张，请分几次上传。") % {"n": MOST}, "photos")
    made = []
    for upload in uploads:
        photo = SheetPhoto.objects.create(sitting=sitting, by_id=actor.person_id, at=timezone.now())
        _keep(actor, photo, upload)
        audit.record(actor, "attendance.photo_added", sitting, photo=photo.pk)
        made.append(photo)
    return made


def _keep(actor: Actor, photo: SheetPhoto, upload: UploadedFile) -> None:
    head = upload.read(len(PDF))
    upload.seek(0)
    if head == PDF:
        files.keep(actor, OWNER, photo.pk, upload, kinds=("pdf",))
        return
    clean = pictures.cleaned(upload, LONGEST)
    name = f"{PurePath(files.clean_name(upload.name or '')).stem}.jpg"
    files.keep(actor, OWNER, photo.pk, clean, kinds=("jpg",), name=name)


@transaction.atomic
def copy_sheet(
    actor: Actor, *, photo: SheetPhoto, person_ids: Iterable[int], rest_absent: bool = False
) -> tuple[int, int]:
    """Mark those who signed the sheet as present, and the rest absent where asked. Answers how many of each.

    Marks already made stand; an absence of somebody who signed is put right.
    """
    require(actor, "attendance.paper", photo)
    sitting, signed = photo.sitting, set(person_ids)
    came = set(
        CheckIn.objects.filter(
            expected__sitting=sitting, verdict__in=(CheckIn.Verdict.PRESENT, CheckIn.Verdict.LATE)
        ).values_list("expected__person_id", flat=True)
    )
    present = mark(actor, sitting=sitting, person_ids=signed - came, tick="present", paper=True)
    absent = 0
    if rest_absent:
        silent = Expected.objects.filter(sitting=sitting, checkin__isnull=True).exclude(leaves__live=True)
        ids = silent.values_list("person_id", flat=True)
        absent = mark(actor, sitting=sitting, person_ids=list(ids), tick="absent", paper=True)
    if photo.state == SheetPhoto.State.WAITING:
        PHOTO.move(photo, "copy", actor=actor, present=present, absent=absent)
    return present, absent


@transaction.atomic
def drop_photo(actor: Actor, *, photo: SheetPhoto) -> None:
    """Take away a photo that was sent by mistake, as long as nothing was copied from it."""
    require(actor, "attendance.paper", photo)
    if photo.state == SheetPhoto.State.COPIED:
        raise Conflict(_("这张签到表已经补登，作为依据留存，不能删除。"))
    audit.record(actor, "attendance.photo_dropped", photo.sitting, photo=photo.pk)
    for stored in files.of(OWNER, photo.pk):
        files.drop(actor, stored=stored)
    photo.delete()
