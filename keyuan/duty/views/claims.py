"""Claims waiting for the office, and what is decided of them; proofs taken back."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from keyuan.duty import actions
from keyuan.duty.forms.duties import ReasonForm
from keyuan.duty.models import DutyClaim, Kind, Proof
from keyuan.duty.queries.people import claims_in, search_claims
from keyuan.duty.views.frame import acted, answered, tabs, words
from keyuan.kernel.access import actor_of, require, visible
from keyuan.kernel.pages import listing, page

SORTS = {"made": "made_at", "name": "duty__term__holder__pinyin", "held": "held_on"}
FILTERS = {"state": "state", "duty": "duty__kind"}


@require_GET
def claim_list(request: HttpRequest) -> HttpResponse:
    """Every claim of the school, those waiting first."""
    actor = actor_of(request)
    require(actor, "duty.keep")
    found = listing(
        request, claims_in(actor), search=search_claims, filters=FILTERS, sorts=SORTS, default="-made"
    )
    return page(
        request, "duty/claims.html", part="rows", listing=found, states=DutyClaim.State.choices, duties=Kind.choices,
        tabs=tabs(actor, "duty:claims"),
    )  # fmt: skip


def _claim(request: HttpRequest, pk: int, right: str) -> DutyClaim:
    rows = visible(actor_of(request), DutyClaim).select_related(
        "duty__term__organisation", "duty__term__post", "duty__term__holder"
    )
    claim = get_object_or_404(rows, pk=pk)
    require(actor_of(request), right, claim.duty)
    return claim


@require_POST
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept a claim: the duty is proven."""
    claim = _claim(request, pk, "duty.keep")
    return acted(
        request, lambda: actions.decide(actor_of(request), claim=claim, accept=True),
        back=reverse("duty:duty", args=[claim.duty_id]), done=_("已认可，职责认定完成。"),
    )  # fmt: skip


def give_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Return a claim with the reason."""
    claim, actor = _claim(request, pk, "duty.keep"), actor_of(request)
    form = ReasonForm(request.POST or None)
    return answered(
        request, form, lambda: actions.decide(actor, claim=claim, accept=False, **form.cleaned_data),
        submit=_("不予认可"), **words(claim.duty, _("不予认可"), _("已退回，并通知本人。"), lead=claim.title),
    )  # fmt: skip


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a waiting claim back."""
    claim = _claim(request, pk, "duty.claim")
    return acted(
        request, lambda: actions.withdraw_claim(actor_of(request), claim=claim),
        back=reverse("duty:duty", args=[claim.duty_id]), done=_("已撤回举证。"),
    )  # fmt: skip


def reverse_proof(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a proof accepted by hand back."""
    actor = actor_of(request)
    rows = visible(actor, Proof).select_related(
        "duty__term__organisation", "duty__term__post", "duty__term__holder"
    )
    proof = get_object_or_404(rows, pk=pk)
    require(actor, "duty.keep", proof.duty)
    form = ReasonForm(request.POST or None)
    return answered(
        request, form, lambda: actions.reverse(actor, proof=proof, **form.cleaned_data), submit=_("冲销"),
        **words(proof.duty, _("冲销凭据"), _("已冲销，职责恢复为未完成。"), lead=proof.title),
    )  # fmt: skip
