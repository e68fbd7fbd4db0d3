"""Classes: the list, one class, opening and changing it, and its steps."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from keyuan.kernel import audit, navigation
from keyuan.kernel.access import actor_of, can, require, visible
from keyuan.kernel.downloads import attachment
from keyuan.kernel.faults import Fault
from keyuan.kernel.pages import Listing, listing, page
from keyuan.orgs.models import Organisation
from keyuan.people.roles import OFFICE, Role
from keyuan.plan.models import KeyActivity
from keyuan.training import flows
from keyuan.training.actions import approving, classes, life
from keyuan.training.forms.classes import ClassForm
from keyuan.training.models import TrainingClass
from keyuan.training.queries import places
from keyuan.training.queries.approving import approval_of, waiting_words
from keyuan.training.queries.classes import classes_seen, search_classes, tabs_for
from keyuan.training.sheets import class_file

TONES = {
    "draft": "neutral", "submitted": "warn", "approved": "info", "published": "accent", "closed": "good",
    "cancelled": "bad",
}  # fmt: skip


@navigation.entry(
    "班次",
    "training:list",
    roles=(*OFFICE, Role.LIAISON, Role.HEAD_TEACHER, Role.TEACHER),
    order=20,
    icon="class",
    phone=True,
)
def class_list(request: HttpRequest) -> HttpResponse:
    """The classes one sees, newest first."""
    actor = actor_of(request)
    departments = (
        visible(actor, Organisation)
        .filter(kind__in=("department", "affiliate"))
        .values_list("pk", "short_name")
    )
    found = _listed(request)
    # At which step one waits is its chain's affair; whoever filters asks for all that wait.
    states = [
        (key, _("待审批") if key == "submitted" else words) for key, words in TrainingClass.State.choices
    ]
    return page(
        request, "training/list.html", found=found, tones=TONES, states=states, waits=waiting_words(found.rows),
        departments=list(departments), may_plan=can(actor, "training.plan"),
    )  # fmt: skip


def class_export(request: HttpRequest) -> HttpResponse:
    """The list as it is narrowed, all pages of it."""
    return attachment(class_file(_listed(request, per=20_000).rows), _("班次一览.xlsx"))


def _listed(request: HttpRequest, per: int = 50) -> Listing:
    """The classes as searched, filtered and sorted."""
    return listing(
        request, classes_seen(actor_of(request)), search=search_classes, per=per,
        filters={"state": "state", "department": "department", "year": "activity__plan__year"},
        sorts={"starts": "starts", "title": "title", "taken": "taken"}, default="-starts",
    )  # fmt: skip


def class_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One class: its facts, figures, next steps and history."""
    actor = actor_of(request)
    rows = visible(actor, TrainingClass).select_related(
        "activity__plan", "department", "head_teacher", "school"
    )
    training_class = get_object_or_404(rows, pk=pk)
    apart = {"close", "reopen", "approve", "return"}
    moves = [m for m in flows.CLASS.open_moves(training_class, actor) if m.name not in apart]
    return page(
        request, "training/detail.html", klass=training_class, board=places.board_of(training_class), tones=TONES,
        tabs=tabs_for(actor, training_class, ""), moves=moves, may_plan=can(actor, "training.plan", training_class),
        entries=audit.timeline(training_class, 20), words=audit.words, approval=approval_of(actor, training_class),
        waits=waiting_words([training_class]).get(pk, ""),
    )  # fmt: skip


def class_open(request: HttpRequest, activity_id: int) -> HttpResponse:
    """Open a class under a key activity."""
    actor = actor_of(request)
    require(actor, "training.plan")
    activity = get_object_or_404(visible(actor, KeyActivity).select_related("plan"), pk=activity_id)
    form = ClassForm(actor, activity, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = classes.open_class(actor, activity=activity, facts=form.cleaned_data)
        except Fault as fault:
            form.add_error(fault.field if fault.field in form.fields else None, fault.message)
        else:
            messages.success(request, _("已存为草稿。核对无误后提交审批。"))
            return redirect("training:detail", made.pk)
    return page(
        request,
        "training/form.html",
        form=form,
        activity=activity,
        klass=None,
        status=422 if form.is_bound else 200,
    )


def class_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a class."""
    actor = actor_of(request)
    training_class = get_object_or_404(visible(actor, TrainingClass).select_related("activity__plan"), pk=pk)
    require(actor, "training.plan", training_class)
    form = ClassForm(actor, training_class.activity, request.POST or None, instance=training_class)
    if request.method == "POST" and form.is_valid():
        try:
            classes.change_class(actor, training_class=training_class, facts=form.cleaned_data)
        except Fault as fault:
            form.add_error(fault.field if fault.field in form.fields else None, fault.message)
        else:
            messages.success(request, _("已保存。"))
            return redirect("training:detail", pk)
    return page(
        request, "training/form.html", form=form, activity=training_class.activity, klass=training_class,
        status=422 if form.is_bound else 200,
    )  # fmt: skip


@require_POST
def class_move(request: HttpRequest, pk: int) -> HttpResponse:
    """One step of the class's life."""
    actor = actor_of(request)
    training_class = get_object_or_404(visible(actor, TrainingClass), pk=pk)
    move, note = request.POST.get("move", ""), request.POST.get("note", "")
    if move not in flows.CLASS.moves:
        raise Fault(_("没有这一步操作，请刷新页面后重试。"))
    if move == "cancel":
        life.call_off(actor, training_class=training_class, reason=note)
    else:
        classes.move_class(actor, training_class=training_class, move=move, note=note)
    messages.success(request, _("已办理：%(label)s。") % {"label": flows.CLASS.moves[move].label})
    return redirect("training:detail", pk)


@require_POST
def class_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the signed approval of a class out of plan."""
    actor = actor_of(request)
    training_class = get_object_or_404(visible(actor, TrainingClass), pk=pk)
    require(actor, "training.plan", training_class)
    upload = request.FILES.get("file")
    if upload is None:
        raise Fault(_("请选择要上传的审批件。"), "file")
    approving.keep_paper(actor, training_class=training_class, upload=upload)
    messages.success(request, _("已上传审批件。"))
    return redirect("training:detail", pk)
