"""Letters of invitation: made for one plan or for ticked terms, listed, handed out."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from keyuan.duty import actions, papers
from keyuan.duty.models import DutyPlan
from keyuan.duty.queries.letters import letters, search_letters
from keyuan.duty.views.frame import acted, found, tabs
from keyuan.kernel.access import actor_of, require
from keyuan.kernel.downloads import attachment
from keyuan.kernel.faults import Fault
from keyuan.kernel.models import IssuedPaper
from keyuan.kernel.pages import listing, page
from keyuan.kernel.papers import issuing

SORTS = {"number": ("year", "seq"), "name": "holder_name", "issued": "issued_at"}
FILTERS = {"void": lambda rows, value: rows.filter(revoked_at__isnull=value != "yes")}


@require_GET
def letter_list(request: HttpRequest) -> HttpResponse:
    """Every letter the school has issued, the newest first."""
    actor = actor_of(request)
    require(actor, "duty.invite")
    rows = listing(
        request, letters(actor), search=search_letters, filters=FILTERS, sorts=SORTS, default="-number"
    )
    return page(request, "duty/letters.html", part="rows", listing=rows, tabs=tabs(actor, "duty:letters"))


@require_POST
def invite(request: HttpRequest, pk: int) -> HttpResponse:
    """The letter of the duty's plan."""
    duty = found(request, pk, "duty.invite")
    plan = get_object_or_404(DutyPlan, duty=duty, cancelled_at=None)
    return acted(
        request, lambda: actions.invite(actor_of(request), plan=plan), back=reverse("duty:duty", args=[duty.pk]),
        done=_("已制发邀请函。"),
    )  # fmt: skip


@require_POST
def invite_ticked(request: HttpRequest) -> HttpResponse:
    """Letters for the plans of the ticked terms that have none yet."""
    actor = actor_of(request)
    require(actor, "duty.invite")
    keys = [int(text) for text in request.POST.getlist("pk") if text.isdecimal() and len(text) < 19]
    try:
        made = actions.invite_all(actor, term_ids=keys)
    except Fault as fault:
        messages.error(request, fault.message)
        return redirect("duty:board")
    if not made:
        messages.info(request, _("勾选的任期没有待发邀请函的安排：先安排班次或课次。"))
        return redirect("duty:board")
    messages.success(request, _("已制发邀请函 %(n)s 份。") % {"n": len(made)})
    return redirect("duty:letters")


def _paper(request: HttpRequest, pk: int) -> IssuedPaper:
    return get_object_or_404(letters(actor_of(request)), pk=pk)


@require_GET
def letter_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The letter as issued."""
    paper = _paper(request, pk)
    return attachment(issuing.content(paper), papers.name_of(paper, "pdf"))


@require_GET
def letter_docx(request: HttpRequest, pk: int) -> HttpResponse:
    """The same words as a document."""
    paper = _paper(request, pk)
    return attachment(papers.letter_docx(paper), papers.name_of(paper, "docx"))


@require_POST
def letter_archive(request: HttpRequest) -> HttpResponse:
    """The ticked letters in one archive; nothing is written."""
    actor = actor_of(request)
    require(actor, "duty.invite")
    keys = [int(text) for text in request.POST.getlist("pk") if text.isdecimal() and len(text) < 19][:100]
    rows = letters(actor).filter(pk__in=keys, revoked_at=None).order_by("year", "seq")
    if not rows:
        messages.info(request, _("请先勾选有效的邀请函。"))
        return redirect("duty:letters")
    return attachment(papers.archive(rows), _("邀请函.zip"))
