"""Materials of a class: given out, read, counted, taken back."""

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from keyuan.coursework.actions import giving
from keyuan.coursework.forms import GiveForm, GiveToClassForm, MaterialForm
from keyuan.coursework.models import Material
from keyuan.coursework.queries import materials as reads
from keyuan.coursework.views import frame
from keyuan.kernel.access import actor_of, can, public, require, visible
from keyuan.kernel.downloads import kept
from keyuan.kernel.faults import Fault
from keyuan.kernel.models import StoredFile
from keyuan.kernel.pages import page
from keyuan.training.models import Session, TrainingClass


def materials(request: HttpRequest, pk: int) -> HttpResponse:
    """The materials of a class as who looks after it keeps them."""
    klass, actor = frame.kept(request, pk), actor_of(request)
    form = GiveToClassForm(klass, request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            given = giving.give(
                actor, training_class=klass, uploads=said["files"], use=said["use"], session=said["session"],
                title=said["title"],
            )  # fmt: skip
        except Fault as fault:
            form.add_error(fault.field if fault.field in form.fields else None, fault.message)
        else:
            messages.success(request, _("已发放 %(n)s 份资料。") % {"n": len(given)})
            return redirect("coursework:materials", pk)
    return frame.show(
        request, klass, "materials", "materials", form=form, rows=reads.kept_in(actor, klass),
        uses=Material.Use.choices, others=reads.borrowable(actor, klass), status=422 if form.is_bound else 200,
    )  # fmt: skip


@public
@never_cache
def for_session(request: HttpRequest, pk: int) -> HttpResponse:
    """The materials of one's own session, for its teacher with an account or by a personal link."""
    actor = actor_of(request)
    session = get_object_or_404(visible(actor, Session).select_related("training_class"), pk=pk)
    require(actor, "coursework.give", session)
    form = GiveForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            giving.give(
                actor, training_class=session.training_class, uploads=said["files"], use=said["use"],
                session=session, title=said["title"],
            )  # fmt: skip
        except Fault as fault:
            form.add_error(fault.field if fault.field in form.fields else None, fault.message)
        else:
            messages.success(request, _("已收到，学员现在可以看到。"))
            return redirect("coursework:session", pk)
    return page(
        request, "coursework/session.html", session=session, form=form, rows=reads.of_session(actor, session),
        uses=Material.Use.choices, status=422 if form.is_bound else 200,
    )  # fmt: skip


@public
@never_cache
def open_one(request: HttpRequest, pk: int) -> FileResponse:
    """One material to read, in the browser where that can show it."""
    actor = actor_of(request)
    row = get_object_or_404(visible(actor, Material), pk=pk)
    return kept(get_object_or_404(visible(actor, StoredFile), pk=row.file_id or 0), shown=True)


@require_POST
@public
def count(request: HttpRequest, pk: int) -> HttpResponse:
    """Count that a material was opened, and go on to it."""
    giving.count(get_object_or_404(visible(actor_of(request), Material), pk=pk))
    return redirect("coursework:open", pk)


@require_POST
@public
def act(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back, give out again, move up, or change one material."""
    actor = actor_of(request)
    row = get_object_or_404(visible(actor, Material).select_related("training_class", "session"), pk=pk)
    acts = {"withdraw": giving.withdraw, "restore": giving.restore, "up": giving.lift}
    wanted = request.POST.get("act", "")
    if wanted in acts:
        acts[wanted](actor, material=row)
    else:
        form = MaterialForm(request.POST)
        if not form.is_valid():
            raise Fault(_("名称要填写，最多 80 字。"))
        giving.change(actor, material=row, facts=form.cleaned_data)
    messages.success(request, _("已保存。"))
    if can(actor, "coursework.see", row.training_class) or row.session_id is None:
        return redirect("coursework:materials", row.training_class_id)
    return redirect("coursework:session", row.session_id)


@require_POST
def borrow(request: HttpRequest, pk: int) -> HttpResponse:
    """Give another class's material out here too."""
    klass, actor = frame.kept(request, pk), actor_of(request)
    number = request.POST.get("material", "")
    row = get_object_or_404(visible(actor, Material), pk=int(number) if number.isdecimal() else 0)
    giving.borrow(actor, training_class=klass, material=row)
    messages.success(request, _("已取用“%(title)s”。") % {"title": row.title})
    return redirect("coursework:materials", pk)


@public
@never_cache
def everything(request: HttpRequest, pk: int) -> FileResponse:
    """All materials of the class as one archive."""
    actor = actor_of(request)
    klass = get_object_or_404(visible(actor, TrainingClass), pk=pk)
    return frame.packed(reads.packable(actor, klass), f"{klass.title}{_('学习资料')}.zip")
