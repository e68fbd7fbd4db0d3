"""The list of organisations: search, one entry, export, and the office's own file with a preview."""

import tempfile
from dataclasses import asdict
from pathlib import Path

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from keyuan.kernel import navigation
from keyuan.kernel.access import Actor, actor_of, can, require, visible
from keyuan.kernel.downloads import attachment
from keyuan.kernel.faults import Fault
from keyuan.kernel.pages import Listing, listing, page
from keyuan.orgs import actions, queries, sheets
from keyuan.orgs.forms import ListForm, OrganisationForm, RenameForm
from keyuan.orgs.models import Organisation, School

SALT, SECONDS = "keyuan.orgs.import", 2 * 3600
KINDS, CERTAINTIES = Organisation.Kind.choices, Organisation.Certainty.choices
STATES = (("1", gettext_lazy("在用")), ("0", gettext_lazy("停用")))


def _listing(request: HttpRequest, actor: Actor, per: int = 50) -> Listing:
    """The organisations as searched, filtered and sorted."""
    return listing(
        request, queries.in_official_order(visible(actor, Organisation)), search=queries.matching, per=per,
        filters={
            "kind": "kind", "field": "field_or_region", "certainty": "certainty",
            "active": lambda rows, value: rows.filter(active=value != "0"),
        },
        sorts={"order": ("rank", "order"), "name": "name", "certainty": ("certainty", "rank", "order")}, default="order",
    )  # fmt: skip


@navigation.entry(
    "单位",
    "orgs:list",
    roles=("registrar", "department_head", "leader"),
    order=65,
    icon="org",
    group="资源",
)
@require_GET
def organisation_list(request: HttpRequest) -> HttpResponse:
    """The school's organisations in official order."""
    actor = actor_of(request)
    return page(
        request, "orgs/list.html", part="rows", listing=_listing(request, actor), kinds=KINDS, states=STATES,
        certainties=CERTAINTIES, fields=queries.fields_and_regions(actor), may_keep=can(actor, "orgs.keep"),
    )  # fmt: skip


@require_GET
def organisation_export(request: HttpRequest) -> HttpResponse:
    """The list as it is narrowed, as a workbook that the import reads back."""
    rows = sheets.export_rows(_listing(request, actor_of(request), per=20_000).rows)
    return attachment(sheets.ORGANISATIONS.export(rows), "单位名单.xlsx")


@require_GET
def organisation_template(request: HttpRequest) -> HttpResponse:
    """An empty list to fill in."""
    require(actor_of(request), "orgs.keep")
    return attachment(sheets.ORGANISATIONS.template(), "单位名单模板.xlsx")


def organisation_edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Register an organisation or correct its entry."""
    actor = actor_of(request)
    one = get_object_or_404(visible(actor, Organisation), pk=pk) if pk else None
    require(actor, "orgs.keep", one)
    school = get_object_or_404(visible(actor, School), pk=actor.school_id)
    form = OrganisationForm(request.POST if request.method == "POST" else None, one)
    if form.is_bound and form.is_valid():
        try:
            saved = actions.save_organisation(actor, school=school, organisation=one, facts=form.facts())
        except Fault as fault:
            form.add_error(fault.field if fault.field in form.fields else None, fault.message)
        else:
            messages.success(request, _("已保存“{name}”。").format(name=saved.name))
            return redirect("orgs:list")
    names = queries.names_of([one])[one.pk] if one else []
    return page(
        request, "orgs/edit.html", form=form, one=one, names=names, status=422 if form.is_bound else 200
    )


def organisation_rename(request: HttpRequest, pk: int) -> HttpResponse:
    """Give an organisation another name from a day on, or take the latest rename back."""
    actor = actor_of(request)
    one = get_object_or_404(visible(actor, Organisation), pk=pk)
    require(actor, "orgs.keep", one)
    if request.POST.get("act") == "undo":
        actions.undo_rename(actor, organisation=one)
        messages.success(request, _("已撤销最近一次更名。"))
        return redirect("orgs:rename", pk)
    form = RenameForm(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            actions.rename(actor, organisation=one, **form.cleaned_data)
        except Fault as fault:
            form.add_error(fault.field if fault.field in form.fields else None, fault.message)
        else:
            messages.success(request, _("已更名，原名称留在名称沿革里。"))
            return redirect("orgs:edit", pk)
    return page(
        request, "orgs/rename.html", form=form, one=one, names=queries.names_of([one])[pk],
        last=queries.last_rename(one), status=422 if form.is_bound else 200,
    )  # fmt: skip


def organisation_import(request: HttpRequest) -> HttpResponse:
    """Upload a list; the answer is its preview, nothing is written yet."""
    actor = actor_of(request)
    school = get_object_or_404(visible(actor, School), pk=actor.school_id)
    require(actor, "orgs.keep", school)
    form = ListForm(request.POST, request.FILES) if request.method == "POST" else ListForm()
    if form.is_bound and form.is_valid():
        whole = form.cleaned_data["whole"]
        try:
            with tempfile.TemporaryDirectory(prefix="keyuan-orgs-") as folder:
                path = Path(folder) / "upload"
                path.write_bytes(b"".join(form.cleaned_data["file"].chunks()))
                listed = sheets.read_list(path)
            found = queries.compare(school, listed, whole=whole)
        except Fault as fault:
            for sentence in fault.message.split("\n"):
                form.add_error("file", sentence)
        else:
            facts = [found.state, whole, [asdict(line) for line in listed]]
            token = signing.dumps(facts, salt=f"{SALT}.{school.pk}", compress=True)
            return page(request, "orgs/preview.html", found=found, token=token)
    return page(request, "orgs/import.html", form=form, status=422 if form.is_bound else 200)


@require_POST
def organisation_confirm(request: HttpRequest) -> HttpResponse:
    """Take the list as previewed; everything is checked again."""
    actor = actor_of(request)
    school = get_object_or_404(visible(actor, School), pk=actor.school_id)
    try:
        # The salt binds the preview to the school, so that one made in another seat is not taken here.
        token = request.POST.get("list", "")
        state, whole, rows = signing.loads(token, salt=f"{SALT}.{school.pk}", max_age=SECONDS)
        listed = [queries.ListedOrganisation(**row) for row in rows]
        actions.take_list(actor, school=school, listed=listed, whole=whole, expected=state)
    except signing.BadSignature:
        words = _("预览已过期或不完整，请重新上传文件。")
        return page(request, "orgs/import.html", form=ListForm(), refused=words, status=422)
    except Fault as fault:
        return page(request, "orgs/import.html", form=ListForm(), refused=fault.message, status=fault.status)
    messages.success(request, _("已导入单位名单。"))
    return redirect("orgs:list")
