"""The tables of who decides: what holds, who that is today, and laying down a new version."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from keyuan.approvals import actions, queries
from keyuan.approvals.forms import ChainForm, steps_form
from keyuan.approvals.queries.preview import preview
from keyuan.approvals.rules import KINDS, kind_title
from keyuan.approvals.rules.access import KEEPERS
from keyuan.kernel import navigation
from keyuan.kernel.access import actor_of, require
from keyuan.kernel.faults import Fault
from keyuan.kernel.pages import page


@navigation.entry(
    "审批链",
    "approvals:chains",
    roles=KEEPERS,
    order=75,
    icon="link",
    group="管理",
)
@require_GET
def chain_list(request: HttpRequest) -> HttpResponse:
    """Every kind with the chain that holds and the people it asks today."""
    actor = actor_of(request)
    require(actor, "approvals.chains")
    school = actor.school_id or 0
    rows = [
        (key, kind_title(key), queries.chain_in_force(school, key), preview(actor, key, queries.steps_in_force(school, key)))
        for key in sorted(KINDS)
    ]  # fmt: skip
    return page(request, "approvals/chains.html", rows=rows)


def chain_edit(request: HttpRequest, kind: str) -> HttpResponse:
    """One chain: its versions, a preview of what is typed, and a new version."""
    actor = actor_of(request)
    require(actor, "approvals.chains")
    if kind not in KINDS:
        raise Http404
    steps = queries.steps_in_force(actor.school_id or 0, kind)
    form, table = ChainForm(request.POST or None), steps_form(actor, kind, request.POST or None, steps)
    seen, status = preview(actor, kind, steps), 200
    if request.method == "POST":
        status = 422
        if form.is_valid() and table.is_valid():
            seen, status = preview(actor, kind, table.steps()), 200
            if request.POST.get("act") == "save":
                try:
                    chain = actions.set_chain(actor, kind=kind, steps=table.steps(), **form.cleaned_data)
                except Fault as fault:
                    form.add_error(None, fault.message)
                    status = fault.status
                else:
                    messages.success(request, _("已保存第 %(n)s 版。") % {"n": chain.version})
                    return redirect("approvals:chain", kind)
    return _edited(request, kind, status, form=form, table=table, seen=seen)


def _edited(request: HttpRequest, kind: str, status: int, **parts: Any) -> HttpResponse:
    actor = actor_of(request)
    return page(
        request, "approvals/chain.html", kind=kind, title=kind_title(kind), status=status,
        chain=queries.chain_in_force(actor.school_id or 0, kind), versions=list(queries.versions_of(actor, kind)), **parts,
    )  # fmt: skip
