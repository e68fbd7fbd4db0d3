"""Certificate templates: the list, one template with its seal, and a sample to look at."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from keyuan.credits import papers
from keyuan.credits.actions import templates as actions
from keyuan.credits.forms import SealForm, TemplateForm
from keyuan.credits.models import CertificateTemplate
from keyuan.credits.queries.templates import seal_of
from keyuan.kernel.access import actor_of, require, visible
from keyuan.kernel.faults import Fault
from keyuan.kernel.pages import page


def _template(request: HttpRequest, pk: int) -> CertificateTemplate:
    rows = visible(actor_of(request), CertificateTemplate).select_related("school")
    return get_object_or_404(rows, pk=pk)


@require_safe
def template_list(request: HttpRequest) -> HttpResponse:
    """The school's templates."""
    actor = actor_of(request)
    require(actor, "credits.template")
    return page(request, "credits/templates.html", rows=list(visible(actor, CertificateTemplate)))


def template_new(request: HttpRequest) -> HttpResponse:
    """A new template."""
    return _form(request, None)


def template_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a template."""
    return _form(request, _template(request, pk))


def _form(
    request: HttpRequest, row: CertificateTemplate | None, seal: SealForm | None = None
) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "credits.template", row)
    now = {name: getattr(row, name) for name in actions.FIELDS} if row else {}
    form = TemplateForm(
        request.POST if request.method == "POST" and seal is None else None, initial=now or None
    )
    if form.is_bound and form.is_valid():
        try:
            kept = actions.keep_template(actor, template=row, facts=form.cleaned_data)
        except Fault as fault:
            form.add_error(fault.field if fault.field in form.fields else None, fault.message)
        else:
            messages.success(request, _("模板已保存，可打开样张查看。"))
            return redirect("credits:template", kept.pk)
    return page(
        request, "credits/template.html", form=form, row=row, seal_form=seal or SealForm(), stored=seal_of(row) if row else None,
        status=422 if form.errors or (seal and seal.errors) else 200,
    )  # fmt: skip


@require_safe
def template_sample(request: HttpRequest, pk: int) -> HttpResponse:
    """The template with invented facts, marked as a sample."""
    row = _template(request, pk)
    require(actor_of(request), "credits.template", row)
    answer = HttpResponse(papers.sample(row), content_type="application/pdf")
    answer["Content-Disposition"] = "inline; filename=sample.pdf"
    answer["Cache-Control"] = "no-store"
    return answer


@require_safe
def template_picture(request: HttpRequest, pk: int) -> HttpResponse:
    """The sample as a picture, to choose by."""
    row = _template(request, pk)
    require(actor_of(request), "credits.template", row)
    answer = HttpResponse(papers.sample_picture(row), content_type="image/png")
    answer["Cache-Control"] = "no-store"
    return answer


@require_POST
def template_default(request: HttpRequest, pk: int) -> HttpResponse:
    """Make it the default."""
    row = _template(request, pk)
    actions.make_default(actor_of(request), template=row)
    messages.success(request, _("以后签发的证书用“%(name)s”。") % {"name": row.name})
    return redirect("credits:templates")


@require_POST
def template_seal(request: HttpRequest, pk: int) -> HttpResponse:
    """Upload the seal's picture."""
    actor, row = actor_of(request), _template(request, pk)
    require(actor, "credits.template", row)
    form = SealForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            actions.set_seal(actor, template=row, upload=form.cleaned_data["file"])
        except Fault as fault:
            form.add_error("file", fault.message)
        else:
            messages.success(request, _("印章图样已更换，可打开样张查看。"))
            return redirect("credits:template", pk)
    return _form(request, row, form)


@require_POST
def template_unseal(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the seal off."""
    row = _template(request, pk)
    actions.drop_seal(actor_of(request), template=row)
    messages.success(request, _("已去掉印章图样，证书打印后盖章。"))
    return redirect("credits:template", pk)
