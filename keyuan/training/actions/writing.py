"""Writing the documents of a class, giving them numbers, and keeping its photographs."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from keyuan.kernel import files, pictures
from keyuan.kernel.access import Actor, require
from keyuan.kernel.faults import Fault
from keyuan.kernel.models import DocNumber, DocSeries, PaperDraft, StoredFile
from keyuan.kernel.papers import drafts, registering
from keyuan.kernel.papers.registering import Entry
from keyuan.training.models import TrainingClass
from keyuan.training.queries.writing import NUMBERED, OWNER, PHOTOS, photos_of

MOST_PHOTOS = 24


@transaction.atomic
def write_paper(
    actor: Actor, *, training_class: TrainingClass, kind: str, form: str, said: dict[str, Any]
) -> PaperDraft:
    """Keep the form and the words of a document; what is empty comes from the class again."""
    require(actor, "training.write", training_class)
    return drafts.write(
        actor, school_id=training_class.school_id, kind=kind, owner=(OWNER, training_class.pk), form=form, said=said
    )  # fmt: skip


@transaction.atomic
def number_paper(
    actor: Actor, *, training_class: TrainingClass, kind: str, series: DocSeries, entry: Entry, typed: str = ""
) -> DocNumber:  # fmt: skip
    """Draw the next number of the series for a document of the class, or enter the one typed.

    Doing so again gives the number it bears. Raises Fault or Conflict as the register does.
    """
    held = TrainingClass.objects.select_for_update().get(pk=training_class.pk)
    require(actor, "training.write", held)
    whole = Entry(entry.title, entry.form, entry.day, (NUMBERED[kind], held.pk))
    year = entry.day.year if entry.day else None
    if typed.strip():
        taken = registering.type_number(actor, series=series, typed=typed, entry=whole, year=year)
    else:
        taken = registering.draw_number(actor, series=series, entry=whole, year=year)
    if kind == "notice":
        TrainingClass.objects.filter(pk=held.pk).update(notice_number=taken.number[:40])
        training_class.refresh_from_db()
    return taken


def _lost(_actor: Actor, class_id: int, number: str) -> None:
    """A class whose notice's number was voided has none any more."""
    TrainingClass.objects.filter(pk=class_id, notice_number=number).update(notice_number="")


registering.bearer(NUMBERED["notice"], link=lambda pk: f"/classes/{pk}/papers/notice/write/", lost=_lost)
registering.bearer(
    NUMBERED["minutes"], link=lambda pk: f"/classes/{pk}/papers/minutes/write/", lost=lambda *_said: None
)


def add_photo(
    actor: Actor, *, training_class: TrainingClass, upload: UploadedFile, caption: str
) -> StoredFile:
    """Keep a photograph for the summary: turned upright, made small, stripped of place, time and camera."""
    require(actor, "training.write", training_class)
    if len(photos_of(training_class)) >= MOST_PHOTOS:
        raise Fault(_("照片已有 %(n)s 张，请先删去几张。") % {"n": MOST_PHOTOS}, "file")
    clean = pictures.cleaned(upload)
    name = " ".join(caption.split())[:60] or "活动照片"
    return files.keep(
        actor, PHOTOS, training_class.pk, clean, kinds=("jpg",), most=8 * files.MEGABYTE, name=f"{name}.jpg"
    )


@transaction.atomic
def drop_photo(actor: Actor, *, training_class: TrainingClass, photo: StoredFile) -> None:
    """Remove a photograph of the class."""
    require(actor, "training.write", training_class)
    if (photo.owner_label, photo.owner_id) != (PHOTOS, training_class.pk):
        raise Fault("这张照片不属于本班。")
    files.drop(actor, stored=photo)
