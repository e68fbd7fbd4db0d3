"""Screens of certificates: the register, one certificate, its file, and what the office does with it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from keyuan.credits import actions, papers, queries, sheets
from keyuan.credits.forms import RevokeForm
from keyuan.credits.models import Certificate
from keyuan.credits.queries.certificates import certificate_rows, search
from keyuan.kernel import audit, navigation
from keyuan.kernel.access import actor_of, can, require, visible
from keyuan.kernel.downloads import attachment
from keyuan.kernel.faults import Fault
from keyuan.kernel.pages import Listing, listing, page
from keyuan.people.roles import OFFICE


def _listed(request: HttpRequest, per: int = 50) -> Listing:
    return listing(
        request,
        certificate_rows(actor_of(request)),
        search=search,
        filters={"state": "state", "title": "title", "year": "ends__year"},
        sorts={
            "number": "number",
            "name": ("person__pinyin", "holder_name"),
            "title": "title",
            "ends": "ends",
        },
        default="-ends",
        per=per,
    )


@navigation.entry("证书", "credits:certificates", roles=OFFICE, order=56, icon="certificate", group="办班")
@require_safe
def certificate_list(request: HttpRequest) -> HttpResponse:
    """The register of certificates."""
    actor = actor_of(request)
    require(actor, "credits.see_certificates")
    return page(
        request, "credits/certificates.html", found=_listed(request), counts=queries.certificate_count(actor),
        titles=queries.certificate_titles(actor), years=queries.certificate_years(actor),
        states=Certificate.State.choices, may_template=can(actor, "credits.template"),
    )  # fmt: skip


@require_safe
def certificate_sheet(request: HttpRequest) -> HttpResponse:
    """The register as .xlsx, all pages of what is listed."""
    require(actor_of(request), "credits.see_certificates")
    rows = _listed(request, per=20_000).rows
    return attachment(sheets.CERTIFICATES.export(sheets.certificate_rows(rows)), _("证书发放登记.xlsx"))


@require_safe
def certificate_archive(request: HttpRequest) -> HttpResponse:
    """The valid certificates among those listed, as PDF files in one archive."""
    require(actor_of(request), "credits.see_certificates")
    content = papers.archive(_listed(request, per=papers.ARCHIVE_LIMIT).rows)
    return attachment(content, _("结业证书.zip"))


def _shown(request: HttpRequest, row: Certificate, form: RevokeForm, status: int = 200) -> HttpResponse:
    actor = actor_of(request)
    return page(
        request, "credits/certificate.html", row=row, form=form, status=status,
        link=papers.verify_link(row),
        may_download=bool(row.number) and can(actor, "credits.download", row), may_revoke=row.state == "issued" and can(actor, "credits.revoke", row),
        may_reissue=queries.may_be_reissued(row) and can(actor, "credits.issue", row),
        history=audit.timeline(row, 30) if can(actor, "credits.see_certificates", row) else [], audit_words=audit.words,
    )  # fmt: skip


@require_safe
def certificate(request: HttpRequest, pk: int) -> HttpResponse:
    """One certificate with its verification code."""
    row = get_object_or_404(visible(actor_of(request), Certificate).select_related("person", "school"), pk=pk)
    return _shown(request, row, RevokeForm())


@require_safe
def certificate_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The certificate's file."""
    actor = actor_of(request)
    row = get_object_or_404(visible(actor, Certificate), pk=pk)
    require(actor, "credits.download", row)
    return attachment(papers.pdf(row), f"{row.holder_name}-{row.number}.pdf")


@require_POST
def certificate_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Revoke it, with a reason."""
    actor = actor_of(request)
    row = get_object_or_404(visible(actor, Certificate).select_related("person", "school"), pk=pk)
    require(actor, "credits.revoke", row)
    form = RevokeForm(request.POST)
    if not form.is_valid():
        return _shown(request, row, form, status=422)
    try:
        actions.revoke(actor, certificate=row, reason=form.cleaned_data["reason"])
    except Fault as fault:
        form.add_error("reason", fault.message)
        return _shown(request, row, form, status=fault.status)
    messages.success(request, _("已作废证书 %(number)s，持证人会收到消息。") % {"number": row.number})
    return redirect("credits:certificate", row.pk)


@require_POST
def certificate_reissue(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for a new certificate in place of a revoked one."""
    actor = actor_of(request)
    row = get_object_or_404(visible(actor, Certificate), pk=pk)
    require(actor, "credits.issue", row)
    fresh = actions.reissue(actor, certificate=row)
    messages.success(request, _("已申请重发，新证书正在后台签发，稍后刷新可见编号。"))
    return redirect("credits:certificate", fresh.pk)
