"""Requirements with their lists, regimes with their figures, labels with who bears them."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from keyuan.kernel.access import actor_of, can, require, visible
from keyuan.kernel.downloads import attachment
from keyuan.kernel.pages import listing, page
from keyuan.kernel.sheet import batches
from keyuan.orgs.models import School
from keyuan.rotation import actions, sheets
from keyuan.rotation.forms import (
    LabelForm,
    ListForm,
    MemberForm,
    RegimeForm,
    RequirementForm,
    UploadForm,
    VersionForm,
)
from keyuan.rotation.models import (
    Bucket,
    CohortLabel,
    CohortMember,
    Exemption,
    ListedPerson,
    Regime,
    RegimeVersion,
    Requirement,
)
from keyuan.rotation.queries.coverage import norm_of, version_on
from keyuan.rotation.views.frame import answered, done_or_said, tabs, trail
from keyuan.training.models import TrainingClass


@require_GET
def requirements(request: HttpRequest) -> HttpResponse:
    """What is required of whom, in use or not."""
    actor = actor_of(request)
    require(actor, "rotation.see")
    rows = visible(actor, Requirement).select_related("regime").prefetch_related("groups__label")
    return page(
        request, "rotation/requirements.html", rows=rows, tabs=tabs(actor, "rotation:requirements"),
        may=can(actor, "rotation.keep"),
    )  # fmt: skip


@require_GET
def requirement(request: HttpRequest, pk: int) -> HttpResponse:
    """One requirement: groups, figures that hold, the named list, the exempt."""
    actor, on = actor_of(request), timezone.localdate()
    require(actor, "rotation.see")
    rows = visible(actor, Requirement).select_related("regime").prefetch_related("groups__label")
    one = get_object_or_404(rows, pk=pk)
    version = version_on(one, on)
    norm, until = norm_of(one, version, on)
    listed = visible(actor, ListedPerson).filter(requirement=one, removed_at=None)
    exempt = visible(actor, Exemption).filter(requirement=one, revoked_at=None)
    return page(
        request, "rotation/requirement.html", one=one, version=version, norm=norm, until=until,
        listing=listing(
            request, listed.select_related("person__organisation"), default="name", sorts={"name": "person__pinyin"},
            search=lambda found, text: found.filter(person__name__icontains=text),
        ),
        exempt=exempt.select_related("person__organisation", "by"), may=can(actor, "rotation.keep", one),
        amount=sheets.amount, tabs=tabs(actor, "rotation:requirements"), on=on,
        kinds="、".join(str(word) for kind, word in TrainingClass.Kind.choices if kind in one.class_kinds),
    )  # fmt: skip


def requirement_edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Lay a requirement down or change it."""
    actor = actor_of(request)
    one = get_object_or_404(visible(actor, Requirement), pk=pk) if pk else None
    require(actor, "rotation.keep", one)
    form = RequirementForm(actor, request.POST or None, one)
    back = reverse("rotation:requirement", args=[pk]) if pk else reverse("rotation:requirements")
    words = {
        "title": _("修改要求") if one else _("设立要求"), "back": back, "done": _("已保存，覆盖情况随即更新。"),
        "crumbs": trail((_("要求"), reverse("rotation:requirements"))), "layout": "requirement",
    }  # fmt: skip
    return answered(
        request, form,
        lambda: actions.save_requirement(actor, requirement=one, facts=form.facts(), groups=form.groups()), words,
    )  # fmt: skip


@require_POST
def load_defaults(request: HttpRequest) -> HttpResponse:
    """Load the usual labels, regimes and requirements where they are missing."""
    actor = actor_of(request)
    require(actor, "rotation.keep")
    school = get_object_or_404(visible(actor, School), pk=actor.school_id)
    done_or_said(
        request, lambda: actions.load_defaults(actor, school=school), _("已载入常用设置；原有的没有改动。")
    )
    return redirect("rotation:requirements")


def list_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Put somebody on the list."""
    actor = actor_of(request)
    one = get_object_or_404(visible(actor, Requirement), pk=pk)
    require(actor, "rotation.keep", one)
    form = ListForm(actor, request.POST or None)
    words = {
        "title": _("列入名单"), "lead": one.title, "back": reverse("rotation:requirement", args=[pk]),
        "done": _("已列入名单。"), "crumbs": trail((one.title, reverse("rotation:requirement", args=[pk]))),
    }  # fmt: skip
    return answered(
        request, form,
        lambda: actions.list_person(actor, requirement=one, person=form.person(), note=form.cleaned_data["note"]), words,
    )  # fmt: skip


@require_POST
def list_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take somebody off the list."""
    actor = actor_of(request)
    row = get_object_or_404(visible(actor, ListedPerson).select_related("requirement"), pk=pk)
    require(actor, "rotation.keep", row.requirement)
    done_or_said(request, lambda: actions.take_off(actor, listed=row), _("已移出名单。"))
    return redirect("rotation:requirement", row.requirement_id)


def _import(request: HttpRequest, context: dict[str, Any], words: dict[str, Any]) -> HttpResponse:
    form = UploadForm(request.POST or None, request.FILES or None)
    made: list[Any] = []

    def take() -> None:
        made.append(
            batches.receive(
                actor_of(request),
                purpose=sheets.PURPOSE,
                upload=form.cleaned_data["file"],
                context={"school": actor_of(request).school_id, **context},
            )
        )

    words = {**words, "submit": _("上传并预览"), "files": True, "done": _("已读取名单，请核对后确认导入。")}
    answer = answered(request, form, take, words)
    return redirect("kernel:batch", made[0].pk) if made else answer


def list_import(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a list of names in for a requirement; nothing is written before it is confirmed."""
    actor = actor_of(request)
    one = get_object_or_404(visible(actor, Requirement), pk=pk)
    require(actor, "rotation.keep", one)
    back = reverse("rotation:requirement", args=[pk])
    words = {"title": _("导入名单"), "lead": one.title, "back": back, "crumbs": trail((one.title, back))}
    return _import(request, {"requirement": pk}, words)


@require_GET
def list_template(request: HttpRequest) -> HttpResponse:
    """An empty list to fill in."""
    require(actor_of(request), "rotation.keep")
    return attachment(sheets.LIST.template(), _("应训人员名单模板.xlsx"))


@require_GET
def regimes(request: HttpRequest) -> HttpResponse:
    """Every regime with its figures from day to day and their sources, and to what classes count."""
    actor = actor_of(request)
    require(actor, "rotation.see")
    classes = (
        visible(actor, TrainingClass).exclude(state__in=("draft", "cancelled")).select_related("hour_sort")
    )
    return page(
        request, "rotation/regimes.html", rows=visible(actor, Regime).prefetch_related("versions__by"),
        tabs=tabs(actor, "rotation:regimes"), may=can(actor, "rotation.keep"), today_is=timezone.localdate(),
        listing=listing(
            request, classes, search=lambda found, text: found.filter(title__icontains=text), default="-starts",
            filters={"bucket": lambda found, value: found.filter(hour_sort__bucket="" if value == "none" else value)},
            sorts={"starts": "starts"},
        ),
        buckets=Bucket.choices,
    )  # fmt: skip


def regime_add(request: HttpRequest) -> HttpResponse:
    """A new regime."""
    actor = actor_of(request)
    require(actor, "rotation.keep")
    form = RegimeForm(request.POST or None)
    words = {
        "title": _("设立学时制度"), "back": reverse("rotation:regimes"), "done": _("已设立。"),
        "crumbs": trail((_("学时制度"), reverse("rotation:regimes"))),
    }  # fmt: skip
    return answered(
        request, form, lambda: actions.add_regime(actor, name=form.cleaned_data["name"], facts=form.cleaned_data), words
    )  # fmt: skip


def version_add(request: HttpRequest, pk: int) -> HttpResponse:
    """New figures from a day on."""
    actor = actor_of(request)
    one = get_object_or_404(visible(actor, Regime), pk=pk)
    require(actor, "rotation.keep", one)
    last = visible(actor, RegimeVersion).filter(regime=one).first()
    form = VersionForm(request.POST or None, initial={**vars(last), "since": None} if last else None)
    words = {
        "title": _("登记新标准"), "lead": _("%(name)s：已登记的标准不改写，从新的起用日期起按新标准计算。") % {"name": one.name},
        "back": reverse("rotation:regimes"), "done": _("已登记新标准。"), "crumbs": trail((_("学时制度"), reverse("rotation:regimes"))),
    }  # fmt: skip
    return answered(
        request, form, lambda: actions.add_version(actor, regime=one, facts=form.cleaned_data), words
    )


@require_POST
def class_sort(request: HttpRequest, pk: int) -> HttpResponse:
    """Say to what the hours of a class count."""
    actor = actor_of(request)
    one = get_object_or_404(visible(actor, TrainingClass), pk=pk)
    require(actor, "rotation.keep", one)
    bucket, online = request.POST.get("bucket", ""), bool(request.POST.get("online"))
    done_or_said(
        request, lambda: actions.sort_class(actor, training_class=one, bucket=bucket, online=online), _("已登记归类。")
    )  # fmt: skip
    return redirect("rotation:regimes")


def labels(request: HttpRequest) -> HttpResponse:
    """The labels, how many bear each, and a new one."""
    actor = actor_of(request)
    require(actor, "rotation.keep")
    form = LabelForm(request.POST or None)
    here = reverse("rotation:labels")
    if request.method == "POST":
        words = {"title": _("新建标签"), "back": here, "done": _("已新建标签。"), "crumbs": trail()}
        return answered(
            request, form, lambda: actions.add_label(actor, name=form.cleaned_data["name"]), words
        )
    rows = visible(actor, CohortLabel).prefetch_related("members")
    on = timezone.localdate()
    counted = [
        (row, sum(m.starts <= on and (m.ends is None or m.ends >= on) for m in row.members.all()))
        for row in rows
    ]
    return page(request, "rotation/labels.html", rows=counted, form=form, tabs=tabs(actor, "rotation:labels"))


@require_GET
def label(request: HttpRequest, pk: int) -> HttpResponse:
    """Who bears a label, and who bore it."""
    actor = actor_of(request)
    one = get_object_or_404(visible(actor, CohortLabel), pk=pk)
    require(actor, "rotation.keep", one)
    rows = visible(actor, CohortMember).filter(label=one).select_related("person__organisation")
    found = listing(
        request, rows, search=lambda some, text: some.filter(person__name__icontains=text), default="name",
        sorts={"name": "person__pinyin", "starts": "starts"},
    )  # fmt: skip
    return page(
        request, "rotation/label.html", one=one, listing=found, crumbs=trail((_("人员标签"), reverse("rotation:labels")))
    )  # fmt: skip


def member_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Give somebody a label."""
    actor = actor_of(request)
    one = get_object_or_404(visible(actor, CohortLabel), pk=pk)
    require(actor, "rotation.keep", one)
    form = MemberForm(actor, request.POST or None)
    back = reverse("rotation:label", args=[pk])

    def give() -> None:
        facts = {name: form.cleaned_data[name] for name in ("starts", "ends", "note")}
        actions.label_person(actor, label=one, person=form.person(), **facts)

    words = {
        "title": _("登记标签人员"),
        "lead": one.name,
        "back": back,
        "done": _("已登记。"),
        "crumbs": trail((one.name, back)),
    }
    return answered(request, form, give, words)


@require_POST
def member_end(request: HttpRequest, pk: int) -> HttpResponse:
    """A label ends."""
    actor = actor_of(request)
    row = get_object_or_404(visible(actor, CohortMember).select_related("label"), pk=pk)
    require(actor, "rotation.keep", row.label)
    done_or_said(request, lambda: actions.unlabel(actor, member=row), _("已结束。"))
    return redirect("rotation:label", row.label_id)


def label_import(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a list of names in for a label."""
    actor = actor_of(request)
    one = get_object_or_404(visible(actor, CohortLabel), pk=pk)
    require(actor, "rotation.keep", one)
    back = reverse("rotation:label", args=[pk])
    words = {"title": _("导入标签人员"), "lead": one.name, "back": back, "crumbs": trail((one.name, back))}
    return _import(request, {"label": pk}, words)
