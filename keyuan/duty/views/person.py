"""One person's duties: for the office with all that happened, for oneself on the phone."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from keyuan.duty import actions
from keyuan.duty.forms.duties import ClaimForm, PlanForm, ProofForm, ReasonForm
from keyuan.duty.models import Duty
from keyuan.duty.queries import people
from keyuan.duty.queries.letters import letters_of
from keyuan.duty.queries.states import detailed
from keyuan.duty.rules.standing import OUTSTANDING, STATES, TONES
from keyuan.duty.views.frame import acted, answered, found, words
from keyuan.kernel.access import actor_of, can, require, visible
from keyuan.kernel.pages import page
from keyuan.people.models import Person


def _shown(request: HttpRequest, person: Person, *, own: bool) -> HttpResponse:
    actor, on = actor_of(request), timezone.localdate()
    held = people.of_person(actor, person, on)
    return page(
        request, "duty/person.html", person=person, held=held, own=own, on=on, states=dict(STATES), tones=TONES,
        offers=people.to_attend(held, person.school_id, on), outstanding=OUTSTANDING,
        may_keep=can(actor, "duty.keep", person), may_claim=own or can(actor, "duty.keep", person),
    )  # fmt: skip


@require_GET
def person_duties(request: HttpRequest, pk: int) -> HttpResponse:
    """The duties of anybody the actor may look at."""
    actor = actor_of(request)
    owing = visible(actor, Duty).filter(term__withdrawn_at=None).values("term__holder_id")
    person = get_object_or_404(Person.objects.filter(pk__in=owing), pk=pk, school_id=actor.school_id)
    require(actor, "duty.person", person)
    return _shown(request, person, own=person.pk == actor.person_id)


@require_GET
def my_duties(request: HttpRequest) -> HttpResponse:
    """One's own duties, what is planned and what one may attend."""
    actor = actor_of(request)
    require(actor, "duty.person")
    return _shown(request, get_object_or_404(Person, pk=actor.person_id), own=True)


@require_GET
def duty_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One duty with everything that happened to it, and what can be done now."""
    actor, on = actor_of(request), timezone.localdate()
    one = found(request, pk, "duty.person")
    duty = detailed(Duty.objects.filter(pk=one.pk), on).get()
    return page(
        request, "duty/duty.html", duty=duty, term=one.term, on=on, states=dict(STATES), tones=TONES,
        outstanding=OUTSTANDING, plans=people.plans_of(one), proofs=people.proofs_of(one), claims=people.claims_of(one), claim_files=people.files_of(one),
        exemptions=people.exemptions_of(one), reminders=people.reminders_of(one),
        letters=letters_of(one) if can(actor, "duty.see", one) else [],
        enrolled=people.enrolled(one), may_keep=can(actor, "duty.keep", one), may_claim=can(actor, "duty.claim", one),
        may_invite=can(actor, "duty.invite", one), may_see=can(actor, "duty.see", one),
    )  # fmt: skip


def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """Name a class or session for the duty, or name another."""
    duty, actor = found(request, pk, "duty.keep"), actor_of(request)
    form = PlanForm(duty, timezone.localdate(), request.POST or None)
    return answered(
        request, form, lambda: actions.plan(actor, duty=duty, **form.facts()),
        **words(duty, _("安排%(duty)s") % {"duty": duty}, _("已安排，并通知本人。")),
    )  # fmt: skip


def _reasoned(
    request: HttpRequest, pk: int, act: Callable[..., Any], *, title: str, submit: str, done: str
) -> HttpResponse:
    """A step that needs nothing but its reason."""
    duty, actor = found(request, pk, "duty.keep"), actor_of(request)
    form = ReasonForm(request.POST or None)
    return answered(
        request,
        form,
        lambda: act(actor, duty=duty, **form.cleaned_data),
        submit=submit,
        **words(duty, title, done),
    )


def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the plan off."""
    done = _("已取消安排，并通知本人。")
    return _reasoned(request, pk, actions.cancel, title=_("取消安排"), submit=_("取消安排"), done=done)


def waive(request: HttpRequest, pk: int) -> HttpResponse:
    """Free the term of the duty."""
    return _reasoned(request, pk, actions.waive, title=_("免除职责"), submit=_("免除"), done=_("已免除。"))


def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a waiver back."""
    done = _("已撤销免除，职责恢复。")
    return _reasoned(request, pk, actions.revoke, title=_("撤销免除"), submit=_("撤销免除"), done=done)


def prove(request: HttpRequest, pk: int) -> HttpResponse:
    """The office proves the duty by hand."""
    duty, actor = found(request, pk, "duty.keep"), actor_of(request)
    form = ProofForm(request.POST, request.FILES) if request.method == "POST" else ProofForm()
    return answered(
        request, form, lambda: actions.prove(actor, duty=duty, **form.cleaned_data), files=True, submit=_("认定完成"),
        **words(duty, _("人工认定"), _("已认定完成。")),
    )  # fmt: skip


def claim(request: HttpRequest, pk: int) -> HttpResponse:
    """The person or the unit says it was done outside the system."""
    duty, actor = found(request, pk, "duty.claim"), actor_of(request)
    form = ClaimForm(request.POST, request.FILES) if request.method == "POST" else ClaimForm()
    return answered(
        request, form, lambda: actions.claim(actor, duty=duty, **form.cleaned_data), files=True, submit=_("提交"),
        **words(duty, _("提交举证"), _("已提交，等待教务审核。")),
    )  # fmt: skip


@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Yes or no to the plan."""
    duty = found(request, pk, "duty.answer")
    yes = request.POST.get("answer") == "yes"
    return acted(
        request, lambda: actions.answer(actor_of(request), duty=duty, yes=yes),
        back=reverse("duty:duty", args=[duty.pk]), done=_("已答复。"),
    )  # fmt: skip
