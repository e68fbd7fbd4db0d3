"""Handing one's approvals on while away."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from keyuan.approvals import actions
from keyuan.approvals.forms import DelegationForm
from keyuan.approvals.models import Delegation
from keyuan.approvals.rules import kind_title
from keyuan.kernel.access import actor_of, require, visible
from keyuan.kernel.faults import Fault
from keyuan.kernel.pages import page


def delegation_list(request: HttpRequest) -> HttpResponse:
    """The delegations one sees, and the form of a new one."""
    actor = actor_of(request)
    require(actor, "approvals.delegate")
    form = DelegationForm(actor, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.delegate(actor, **form.cleaned_data)
        except Fault as fault:
            form.add_error(fault.field if fault.field in form.fields else None, fault.message)
        else:
            messages.success(request, _("已设立委托，到期自动结束。"))
            return redirect("approvals:delegations")
    rows = visible(actor, Delegation).select_related("principal", "delegate")[:100]
    return page(
        request, "approvals/delegations.html", form=form, rows=[(row, kind_title(row.kind)) for row in rows],
        today_is=timezone.localdate(), me=actor.person_id, status=422 if form.errors else 200,
    )  # fmt: skip


@require_POST
def delegation_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one's own delegation back."""
    actor = actor_of(request)
    delegation = get_object_or_404(visible(actor, Delegation).select_related("principal"), pk=pk)
    actions.revoke(actor, delegation=delegation)
    messages.success(request, _("已收回委托。"))
    return redirect("approvals:delegations")
