"""Screens of hours: one's own, a person's, and the school's totals."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from keyuan.credits import queries, sheets
from keyuan.credits.queries.ledger import account_search
from keyuan.kernel import navigation
from keyuan.kernel.access import actor_of, can, require, signed_in, visible
from keyuan.kernel.downloads import attachment
from keyuan.kernel.pages import Listing, listing, page
from keyuan.people.models import Person
from keyuan.people.roles import OFFICE, Role


@navigation.entry(
    "我的学时与证书",
    "credits:mine",
    roles=(Role.TRAINEE, Role.TEACHER),
    order=30,
    icon="certificate",
    phone=True,
    short="学时证书",
)
@signed_in
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """One's own statement and certificates."""
    actor = actor_of(request)
    if actor.person_id is None:
        raise Http404
    return page(
        request, "credits/mine.html", statement=queries.statement_for(actor, actor.person_id),
        certificates=queries.certificates_of(actor, actor.person_id), today_is=timezone.localdate(),
    )  # fmt: skip


@signed_in
@require_safe
def mine_sheet(request: HttpRequest) -> HttpResponse:
    """One's own statement as .xlsx."""
    actor = actor_of(request)
    if actor.person_id is None:
        raise Http404
    statement = queries.statement_for(actor, actor.person_id)
    return attachment(sheets.STATEMENT.export(sheets.statement_rows(statement)), _("学时对账单.xlsx"))


def _accounts(request: HttpRequest, per: int = 50) -> Listing:
    return listing(
        request,
        queries.account_rows(actor_of(request)),
        search=account_search,
        sorts={
            "name": ("person__pinyin", "person__name"),
            "unit": "person__organisation__name",
            "held": "held",
        },
        default="name",
        per=per,
    )


@navigation.entry(
    "学时台账", "credits:accounts", roles=(*OFFICE, Role.LIAISON), order=55, icon="clock", group="办班"
)
@require_safe
def accounts(request: HttpRequest) -> HttpResponse:
    """Who holds how many hours."""
    actor = actor_of(request)
    require(actor, "credits.see_totals")
    return page(
        request,
        "credits/accounts.html",
        found=_accounts(request),
        opens=can(actor, "credits.see_certificates"),
    )


@require_safe
def accounts_sheet(request: HttpRequest) -> HttpResponse:
    """The same list as .xlsx, all its pages."""
    require(actor_of(request), "credits.see_totals")
    rows = _accounts(request, per=20_000).rows
    return attachment(sheets.TOTALS.export(sheets.total_rows(rows)), _("学时汇总.xlsx"))


@require_safe
def person(request: HttpRequest, person_id: int) -> HttpResponse:
    """One person's statement and certificates, for the office."""
    actor = actor_of(request)
    require(actor, "credits.see_certificates")
    found = get_object_or_404(visible(actor, Person).select_related("organisation"), pk=person_id)
    return page(
        request, "credits/person.html", person=found, statement=queries.statement_for(actor, found.pk),
        certificates=queries.certificates_of(actor, found.pk),
    )  # fmt: skip


@require_safe
def person_sheet(request: HttpRequest, person_id: int) -> HttpResponse:
    """One person's statement as .xlsx."""
    actor = actor_of(request)
    require(actor, "credits.see_certificates")
    found = get_object_or_404(visible(actor, Person), pk=person_id)
    content = sheets.STATEMENT.export(sheets.statement_rows(queries.statement_for(actor, found.pk)))
    return attachment(content, _("学时对账单-%(name)s.xlsx") % {"name": found.name})
