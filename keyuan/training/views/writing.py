"""Writing a document of the class, giving it a number, and the photographs of its summary."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from keyuan.kernel import files
from keyuan.kernel.access import actor_of, can, require, visible
from keyuan.kernel.faults import Fault
from keyuan.kernel.models import StoredFile
from keyuan.kernel.pages import page
from keyuan.kernel.papers import drafts, registering
from keyuan.kernel.papers.registering import Entry
from keyuan.training.actions import writing as actions
from keyuan.training.forms.papers import NumberForm, PhotoForm, WriteForm
from keyuan.training.models import TrainingClass
from keyuan.training.papers import notice
from keyuan.training.queries import writing as queries
from keyuan.training.queries.classes import tabs_for

TITLES = {"notice": "开班通知", "minutes": "会议纪要"}


def _class(request: HttpRequest, pk: int) -> TrainingClass:
    rows = visible(actor_of(request), TrainingClass).select_related(
        "activity__plan", "department", "head_teacher", "school"
    )
    return get_object_or_404(rows, pk=pk)


def write(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """The form and the words of a document; its number beside them."""
    actor = actor_of(request)
    klass = _class(request, pk)
    require(actor, "training.write", klass)
    form = WriteForm(kind, request.POST or None, initial=_shown(notice.words_of(klass, kind)))
    if form.is_bound and form.is_valid():
        chosen, said = notice.changed(klass, kind, form.cleaned_data)
        actions.write_paper(actor, training_class=klass, kind=kind, form=chosen, said=said)
        messages.success(request, _("已保存，下载的文件按此生成。"))
        return redirect(request.path)
    return _page(request, klass, kind, form, NumberForm(registering.series_for(actor)))


def _shown(words: notice.Words) -> dict[str, Any]:
    """The words as a form shows them."""
    shown = dict(vars(words)) | {"form": words.form.value, "body": drafts.text_of(words.body)}
    joined = {name: "、".join(shown[name]) for name in ("present", "excused", "observing")}
    return shown | joined | {"copies_to": "，".join(words.copies_to)}


def _page(
    request: HttpRequest, klass: TrainingClass, kind: str, form: WriteForm, number: NumberForm
) -> HttpResponse:
    actor = actor_of(request)
    taken, series = queries.numbers_of(klass)[kind], registering.series_for(actor)
    return page(
        request, "training/paper_write.html", klass=klass, kind=kind, title=_(TITLES[kind]), form=form, number_form=number,
        tabs=tabs_for(actor, klass, "papers/"), taken=taken, status=422 if form.errors or number.errors else 200,
        loose="" if taken or kind != "notice" else klass.notice_number, has_series=series.exists(),
        may_see_register=can(actor, "papers.register"), may_keep_series=can(actor, "papers.series"),
    )  # fmt: skip


@require_POST
def number(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Draw a number or enter one."""
    actor = actor_of(request)
    klass = _class(request, pk)
    require(actor, "training.write", klass)
    form = NumberForm(registering.series_for(actor), request.POST)
    words = notice.words_of(klass, kind)
    if form.is_valid():
        said = form.cleaned_data
        entry = Entry(words.title, words.form.value, words.day)
        try:
            taken = actions.number_paper(
                actor,
                training_class=klass,
                kind=kind,
                series=said["series"],
                entry=entry,
                typed=said["typed"],
            )
        except Fault as fault:
            form.add_error(fault.field if fault.field in form.fields else None, fault.message)
        else:
            messages.success(request, _("文号：%(number)s。") % {"number": taken.number})
            return redirect("training:write-" + kind, pk)
    return _page(request, klass, kind, WriteForm(kind, initial=_shown(words)), form)


def photos(request: HttpRequest, pk: int) -> HttpResponse:
    """The photographs that the summary carries."""
    actor = actor_of(request)
    klass = _class(request, pk)
    require(actor, "training.write", klass)
    form = PhotoForm(request.POST or None, request.FILES or None)
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        try:
            actions.add_photo(actor, training_class=klass, upload=said["file"], caption=said["caption"])
        except Fault as fault:
            form.add_error(fault.field if fault.field in form.fields else None, fault.message)
        else:
            messages.success(request, _("照片已放入办班总结。"))
            return redirect("training:photos", pk)
    return page(
        request, "training/photos.html", klass=klass, form=form, photos=queries.photos_of(klass), most=actions.MOST_PHOTOS,
        tabs=tabs_for(actor, klass, "papers/"), status=422 if form.errors else 200,
    )  # fmt: skip


def photo(request: HttpRequest, pk: int) -> FileResponse:
    """One photograph, to be shown on the page; no cache but one's own keeps it."""
    rows = visible(actor_of(request), StoredFile).filter(owner_label=queries.PHOTOS, kind="jpg")
    stored = get_object_or_404(rows, pk=pk)
    answer = FileResponse(files.opened(stored), content_type="image/jpeg", filename=stored.name)
    answer["Cache-Control"] = "private, max-age=3600"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@require_POST
def photo_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a photograph away."""
    actor = actor_of(request)
    rows = visible(actor, StoredFile).filter(owner_label=queries.PHOTOS)
    stored = get_object_or_404(rows, pk=pk)
    actions.drop_photo(actor, training_class=_class(request, stored.owner_id), photo=stored)
    messages.success(request, _("照片已删除。"))
    return redirect("training:photos", stored.owner_id)
