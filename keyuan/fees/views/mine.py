"""A teacher's own lecture fees, by account or by personal link: look, give the account, sign or ask."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from keyuan.fees.actions import lectures as actions
from keyuan.fees.actions import payees
from keyuan.fees.forms import AccountForm
from keyuan.fees.models import LectureFee
from keyuan.fees.queries import lectures as queries
from keyuan.fees.rules.money import in_capitals
from keyuan.fees.views.lectures import TONES
from keyuan.kernel import navigation
from keyuan.kernel.access import actor_of, public, require
from keyuan.kernel.faults import Fault
from keyuan.kernel.pages import page
from keyuan.people.roles import Role


@navigation.entry("我的讲课费", "fees:mine", roles=(Role.TEACHER.value,), order=61, icon="chart")
def mine(request: HttpRequest) -> HttpResponse:
    """All one's own slips."""
    actor = actor_of(request)
    require(actor, "fees.sign")
    return page(request, "fees/mine.html", rows=list(queries.own_fees(actor)), tones=TONES)


@public
@never_cache
def own_slip(request: HttpRequest, pk: int) -> HttpResponse:
    """One's own slip: reckoning, account, signature or question; a personal link is enough."""
    actor = actor_of(request)
    fee = get_object_or_404(queries.own_fees(actor), pk=pk)
    require(actor, "fees.sign", fee)
    account = queries.account_of(fee.person_id)
    form = AccountForm(request.POST if request.POST.get("bank") is not None else None)
    refused = ""
    if request.method == "POST":
        try:
            return _answered(request, fee, form, kept=account is not None)
        except Fault as fault:
            refused = fault.message
    return page(
        request, "fees/own_slip.html", fee=fee, lines=list(fee.lines.all()), tones=TONES, account=account,
        masked=queries.masked_number(account), form=form, capitals=in_capitals(fee.net), refused=refused, asked=request.POST.get("note", ""),
        status=422 if request.method == "POST" else 200,
    )  # fmt: skip


def _answered(request: HttpRequest, fee: LectureFee, form: AccountForm, *, kept: bool) -> HttpResponse:
    """Sign, with the account where one was typed; or ask."""
    actor, move = actor_of(request), request.POST.get("move", "")
    if move == "query":
        actions.move_fee(actor, fee=fee, move="query", note=request.POST.get("note", ""))
        messages.success(request, _("已告知教务，核对后会重新发给您。"))
        return redirect("fees:own-slip", fee.pk)
    if form.is_bound and (form.data.get("number") or not kept):
        if not form.is_valid():
            raise Fault(_("请填写开户银行和账号。"))
        payees.save_account(actor, person=fee.person, **form.cleaned_data)
    actions.move_fee(actor, fee=fee, move="sign")
    messages.success(request, _("已签收，谢谢您。款项将转账支付。"))
    return redirect("fees:own-slip", fee.pk)
