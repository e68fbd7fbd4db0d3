"""A timetable from a sheet: template and upload, and taking back what one sheet placed."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from keyuan.kernel.access import actor_of, require, visible
from keyuan.kernel.downloads import attachment
from keyuan.kernel.faults import Fault
from keyuan.kernel.models.batches import Batch
from keyuan.kernel.pages import page
from keyuan.kernel.sheet import batches
from keyuan.training import sheets
from keyuan.training.actions import importing as actions
from keyuan.training.actions.timetable import refuse_final
from keyuan.training.forms.sessions import TimetableSheetForm
from keyuan.training.models import TrainingClass
from keyuan.training.queries import importing as queries
from keyuan.training.queries.classes import tabs_for


def _class(request: HttpRequest, pk: int) -> TrainingClass:
    actor = actor_of(request)
    found = get_object_or_404(visible(actor, TrainingClass).select_related("school"), pk=pk)
    require(actor, "training.timetable", found)
    return found


def timetable_import(request: HttpRequest, pk: int) -> HttpResponse:
    """Template, upload, and the sheets that went in before; POST reads a sheet and goes to its preview."""
    actor, training_class = actor_of(request), _class(request, pk)
    sending = request.method == "POST"
    form = TimetableSheetForm(*(request.POST, request.FILES) if sending else ())
    if sending and form.is_valid():
        try:
            refuse_final(training_class)
            batch = batches.receive(
                actor, purpose=queries.PURPOSE, upload=form.cleaned_data["file"], context={"class": pk}
            )
        except Fault as fault:
            form.add_error("file", fault.message)
        else:
            return redirect("kernel:batch", batch.pk)
    return page(
        request, "training/timetable_import.html", klass=training_class, form=form,
        tabs=tabs_for(actor, training_class, "timetable/"), imports=queries.imports_of(actor, training_class),
        me=actor.person_id,
        status=422 if form.errors else 200,
    )  # fmt: skip


def timetable_template(request: HttpRequest, pk: int) -> HttpResponse:
    """The timetable to fill in, with the days of the class."""
    return attachment(sheets.timetable_template(_class(request, pk)), _("课程表模板.xlsx"))


def _sent(request: HttpRequest, pk: int) -> tuple[Batch, TrainingClass]:
    """A sheet that was sent for a class whose timetable one keeps."""
    found = queries.sent_for(actor_of(request), pk)
    if found is None:
        raise Http404
    require(actor_of(request), "training.timetable", found[1])
    return found


def import_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """The sessions one sheet placed; POST takes all of them out."""
    actor = actor_of(request)
    batch, training_class = _sent(request, pk)
    refused = ""
    if request.method == "POST":
        try:
            count = actions.remove_imported(
                actor, training_class=training_class, batch=batch, seen=request.POST.get("seen", "")
            )
        except Fault as fault:
            refused = fault.message
        else:
            messages.success(request, _("已撤掉这次导入的 %(n)s 个课次。") % {"n": count})
            return redirect("training:timetable", training_class.pk)
    found = queries.import_of(actor, training_class, batch)
    if found is None:
        raise Http404
    return page(
        request, "training/timetable_import_undo.html", klass=training_class, found=found, refused=refused,
        tabs=tabs_for(actor, training_class, "timetable/"), status=422 if refused else 200,
    )  # fmt: skip
