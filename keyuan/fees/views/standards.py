"""Fee standards and withholding tables: seen, copied to a new version, changed, ended, out and in."""

import tempfile
from pathlib import Path

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from keyuan.fees import sheets
from keyuan.fees.actions import standards as actions
from keyuan.fees.forms import DayForm, FiguresForm, FileForm, StandardForm, WithholdingForm
from keyuan.fees.models import FeeStandard
from keyuan.fees.queries import calculator
from keyuan.fees.queries import standards as queries
from keyuan.fees.rules.access import READERS
from keyuan.kernel import audit, navigation
from keyuan.kernel.access import actor_of, can, require, visible
from keyuan.kernel.downloads import attachment
from keyuan.kernel.faults import Fault
from keyuan.kernel.pages import page
from keyuan.orgs.models import School
from keyuan.people.roles import Role


def _standard(request: HttpRequest, pk: int) -> FeeStandard:
    return get_object_or_404(queries.standards_seen(actor_of(request)), pk=pk)


@navigation.entry("费用标准", "fees:standards", roles=READERS, order=62, icon="edit", group="经费")
def standards(request: HttpRequest) -> HttpResponse:
    """All standards, those in force first."""
    actor = actor_of(request)
    require(actor, "fees.read")
    now = {one.pk for one in queries.standards_on(actor.school_id or 0, timezone.localdate())}
    return page(
        request, "fees/standards.html", rows=list(queries.standards_seen(actor)), now=now,
        categories_of=queries.categories_of, may=can(actor, "fees.standards"),
    )  # fmt: skip


@require_POST
def standards_load(request: HttpRequest) -> HttpResponse:
    """The figures to start with, for a school that has none."""
    actor = actor_of(request)
    require(actor, "fees.standards")
    actions.load_defaults(actor, school=get_object_or_404(visible(actor, School), pk=actor.school_id))
    messages.success(request, _("已载入默认标准，请与财务部门核对后使用。"))
    return redirect("fees:standards")


def standard(request: HttpRequest, pk: int) -> HttpResponse:
    """One standard with all its figures, their sources and its history."""
    actor = actor_of(request)
    one = _standard(request, pk)
    return page(
        request, "fees/standard.html", one=one, categories=queries.categories_of(one), may=can(actor, "fees.standards", one),
        entries=audit.timeline(one, 20), words=audit.words, upload=FileForm(), used=one.budgets.count(),
        today=timezone.localdate(),
    )  # fmt: skip


def standard_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the parameters and amounts of a standard."""
    actor = actor_of(request)
    one = _standard(request, pk)
    require(actor, "fees.standards", one)
    form = StandardForm(request.POST or None, instance=FeeStandard.objects.get(pk=pk))
    figures = FiguresForm(one, request.POST or None)
    if request.method == "POST" and form.is_valid() and figures.is_valid():
        try:
            actions.save_standard(
                actor, school=one.school, facts=form.cleaned_data, standard=one, **sheets.typed_figures(one, figures.cleaned_data)
            )  # fmt: skip
        except Fault as fault:
            form.add_error(fault.field if fault.field in form.fields else None, fault.message)
        else:
            messages.success(request, _("已保存。已提交的预算不受影响。"))
            return redirect("fees:standard", pk)
    return page(
        request,
        "fees/standard_edit.html",
        one=one,
        form=form,
        figures=figures,
        status=422 if form.is_bound else 200,
    )


@require_POST
def standard_turn(request: HttpRequest, pk: int) -> HttpResponse:
    """A new version from a day on, or the standard's end."""
    actor, one, form = actor_of(request), _standard(request, pk), DayForm(request.POST)
    if not form.is_valid():
        raise Fault(_("请选择日期。"), "day")
    day = form.cleaned_data["day"]
    if "copy" in request.POST:
        if day is None:
            raise Fault(_("请选择新版的起用日期。"), "day")
        made = actions.copy_standard(actor, standard=one, valid_from=day)
        messages.success(request, _("已复制为新版，请修改有变化的金额。"))
        return redirect("fees:standard-edit", made.pk)
    actions.end_standard(actor, standard=one, valid_to=day)
    messages.success(request, _("已保存停用日期。"))
    return redirect("fees:standard", pk)


def standard_export(request: HttpRequest, pk: int) -> HttpResponse:
    """All figures as a workbook that the import reads back."""
    one = _standard(request, pk)
    return attachment(sheets.standard_file(one), f"费用标准{one}.xlsx")


@require_POST
def standard_import(request: HttpRequest, pk: int) -> HttpResponse:
    """All figures from a workbook."""
    actor, one, form = actor_of(request), _standard(request, pk), FileForm(request.POST, request.FILES)
    require(actor, "fees.standards", one)
    if not form.is_valid():
        raise Fault(_("请选择要导入的文件。"), "file")
    with tempfile.TemporaryDirectory(prefix="keyuan-fees-") as folder:
        path = Path(folder) / "upload"
        path.write_bytes(b"".join(form.cleaned_data["file"].chunks()))
        days, lectures = sheets.read_standard(path)
    actions.fill_standard(actor, standard=one, days=days, lectures=lectures)
    messages.success(request, _("已导入 %(n)s 行，请核对。") % {"n": len(days) + len(lectures)})
    return redirect("fees:standard", pk)


@navigation.entry(
    "预扣率表",
    "fees:withholding",
    roles=(Role.REGISTRAR.value,),
    order=64,
    icon="edit",
    group="经费",
)
def withholding(request: HttpRequest) -> HttpResponse:
    """The tables by day, a new one, and a calculator from net to gross."""
    actor = actor_of(request)
    require(actor, "fees.standards")
    school = get_object_or_404(visible(actor, School), pk=actor.school_id)
    now = queries.withholding_on(school.pk, timezone.localdate())
    form = WithholdingForm(request.POST or None, initial=calculator.typed_again(now))
    if request.method == "POST" and form.is_valid():
        try:
            actions.save_withholding(
                actor, school=school, facts=form.cleaned_data, brackets=form.cleaned_data["brackets"]
            )
        except Fault as fault:
            form.add_error("brackets", fault.message)
        else:
            messages.success(
                request, _("已保存，自 %(day)s 起执行。") % {"day": form.cleaned_data["valid_from"]}
            )
            return redirect("fees:withholding")
    return page(
        request, "fees/withholding.html", rows=queries.withholdings_seen(actor), form=form, now=now,
        net=request.GET.get("net", ""), sum=calculator.worked(now, request.GET.get("net", "")), examples=calculator.examples(now),
        status=422 if form.is_bound else 200,
    )  # fmt: skip
