"""One's own seat, data and first password."""

import json

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from keyuan.kernel import links
from keyuan.kernel.access import actor_of, public, signed_in
from keyuan.kernel.faults import Fault
from keyuan.kernel.pages import page
from keyuan.people import actions, queries
from keyuan.people.forms import PasswordForm
from keyuan.people.middleware import SEAT_KEY
from keyuan.people.models import Account, Person


@require_POST
@signed_in
def seat_switch(request: HttpRequest) -> HttpResponse:
    """Act in another of one's own seats from now on."""
    held = {str(seat.pk): seat for seat in getattr(request, "seats", [])}
    seat = held.get(request.POST.get("seat", ""))
    if seat is None:
        raise Fault(_("您没有这个身份，或它已到期。"))
    request.session[SEAT_KEY] = seat.pk
    messages.info(request, _("现在以“%(seat)s”的身份办理。") % {"seat": seat})
    wanted = request.POST.get("next", "/")
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    # A page of the old seat may not exist for the new one, so only the home is a safe landing.
    return redirect("/" if not safe or wanted.count("/") > 2 else wanted)


@signed_in
def me(request: HttpRequest) -> HttpResponse:
    """What is kept about oneself, with masked numbers."""
    person = get_object_or_404(
        Person.objects.select_related("organisation"), pk=actor_of(request).person_id or 0
    )
    seats = queries.seats_held(person.pk)
    cards = queries.profile_of(actor_of(request))
    return page(
        request, "people/me.html", person=person, masked=queries.masked(person), seats=seats, cards=cards
    )


@require_POST
@signed_in
def me_export(request: HttpRequest) -> HttpResponse:
    """One's own data as a file (PIPL art. 45); posted, because a line says that it was taken."""
    actor = actor_of(request)
    person = get_object_or_404(Person, pk=actor.person_id or 0)
    text = json.dumps(actions.export_self(actor, person=person), ensure_ascii=False, indent=2, default=str)
    answer = HttpResponse(text, content_type="application/json; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="my-data.json"'
    answer["Cache-Control"] = "no-store"
    return answer


@signed_in
def security(request: HttpRequest) -> HttpResponse:
    """Where password, second factor and devices are kept."""
    return page(request, "people/security.html")


@public
def activate(request: HttpRequest, token: str) -> HttpResponse:
    """Set the first password by an invitation's link."""
    ids = links.read("account.activate", token, days=7)
    account = Account.objects.filter(pk=ids.get("account") or 0).select_related("person").first()
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.activate(token=token, password=form.cleaned_data["password"])
        except links.LinkDead:
            raise
        except Fault as fault:
            form.add_error("password", fault.message)
        else:
            messages.success(request, _("密码已设置，请登录。"))
            return redirect("account_login")
    status = 422 if form.is_bound else 200
    return page(request, "people/activate.html", form=form, account=account, status=status)
