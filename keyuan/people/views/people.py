"""The people bank: list, one person, adding and correcting."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from keyuan.kernel import audit, links, navigation
from keyuan.kernel.access import actor_of, can, require, visible
from keyuan.kernel.downloads import attachment
from keyuan.kernel.faults import Fault
from keyuan.kernel.pages import Listing, listing, page
from keyuan.orgs.models import Organisation
from keyuan.people import actions, queries, sheets
from keyuan.people.forms import PersonForm, SeatForm
from keyuan.people.models import Account, Person, Seat
from keyuan.people.roles import OFFICE, Role


@navigation.entry(
    "人员",
    "people:list",
    roles=(*OFFICE, Role.LIAISON, Role.SECURITY_ADMIN),
    order=60,
    icon="people",
    group="资源",
)
def people_list(request: HttpRequest) -> HttpResponse:
    """The people one knows, by name, pinyin, unit or post."""
    actor = actor_of(request)
    units = visible(actor, Organisation).filter(queries.has_people()).values_list("pk", "name")[:400]
    return page(
        request, "people/list.html", found=_listed(request), units=list(units), cohorts=Person.Cohort.choices,
        may_add=can(actor, "people.add"), may_merge=can(actor, "people.merge_decide"), may_export=can(actor, "people.export"),
    )  # fmt: skip


def people_export(request: HttpRequest) -> HttpResponse:
    """The list as it is narrowed, all pages of it, with masked numbers."""
    require(actor_of(request), "people.export")
    content = sheets.people_file(_listed(request, per=20_000).rows)
    return attachment(content, _("人员名单.xlsx"))


def _listed(request: HttpRequest, per: int = 50) -> Listing:
    """The people as searched, filtered and sorted."""
    actor = actor_of(request)
    return listing(
        request,
        queries.people_matching(actor),
        search=queries.search_people,
        filters={"organisation": "organisation", "cohort": "cohort"},
        sorts={"name": "pinyin", "unit": ("organisation__kind", "organisation__order")},
        default="name",
        per=per,
    )


def person_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One person with masked numbers, seats and history."""
    actor = actor_of(request)
    person = get_object_or_404(visible(actor, Person).select_related("organisation"), pk=pk)
    return page(
        request, "people/detail.html", person=person, masked=queries.masked(person),
        may_change=can(actor, "people.change", person), may_reveal=can(actor, "people.reveal", person),
        may_seat=can(actor, "people.seats", person), may_erase=can(actor, "people.erase", person), seat_form=SeatForm(actor),
        seats=queries.seats_held(person.pk), account=Account.objects.filter(person=person).first(),
        may_merge=can(actor, "people.merge", person),
        entries=audit.timeline(person, 30), audit_words=audit.words,
    )  # fmt: skip


def person_add(request: HttpRequest) -> HttpResponse:
    """Register somebody."""
    actor = actor_of(request)
    require(actor, "people.add")
    form = PersonForm(actor, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            person = actions.add_person(actor, facts=form.facts())
        except Fault as fault:
            form.add_error(fault.field if fault.field in form.fields else None, fault.message)
        else:
            messages.success(request, _("已登记%(name)s。") % {"name": person.name})
            return redirect("people:detail", person.pk)
    status = 422 if form.is_bound else 200
    return page(request, "people/form.html", form=form, person=None, status=status)


def person_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct somebody."""
    actor = actor_of(request)
    person = get_object_or_404(visible(actor, Person), pk=pk)
    require(actor, "people.change", person)
    form = PersonForm(actor, request.POST or None, person=person)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_person(actor, person=person, facts=form.facts())
        except Fault as fault:
            form.add_error(fault.field if fault.field in form.fields else None, fault.message)
        else:
            messages.success(request, _("已保存。"))
            return redirect("people:detail", person.pk)
    status = 422 if form.is_bound else 200
    return page(request, "people/form.html", form=form, person=person, status=status)


@require_POST
def person_reveal(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one number in full, once, and write down who looked."""
    actor = actor_of(request)
    person = get_object_or_404(visible(actor, Person), pk=pk)
    what = request.POST.get("what", "")
    value = actions.reveal(actor, person=person, what=what)
    answer = page(request, "people/reveal.html", part="value", person=person, value=value, what=what)
    answer["Cache-Control"] = "no-store"
    return answer


@require_POST
def person_invite(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the link by which a person opens the account."""
    actor = actor_of(request)
    person = get_object_or_404(visible(actor, Person), pk=pk)
    token = actions.invite(actor, person=person)
    address = links.absolute(f"/activate/{token}/")
    return page(request, "people/invited.html", person=person, address=address)


@require_POST
def seat_grant(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a seat."""
    actor = actor_of(request)
    person = get_object_or_404(visible(actor, Person), pk=pk)
    form = SeatForm(actor, request.POST)
    if form.is_valid():
        actions.grant_seat(actor, person=person, **form.cleaned_data)
        messages.success(request, _("已授予身份。"))
        return redirect("people:detail", person.pk)
    return page(request, "people/seat.html", form=form, person=person, status=422)


@require_POST
def seat_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a seat away."""
    actor = actor_of(request)
    seat = get_object_or_404(visible(actor, Seat), pk=pk)
    actions.end_seat(actor, seat=seat)
    messages.success(request, _("已收回身份。"))
    return redirect("people:detail", seat.person_id)


@require_POST
def person_erase(request: HttpRequest, pk: int) -> HttpResponse:
    """Erase a person's data; the name must be typed, since nothing brings it back."""
    actor = actor_of(request)
    person = get_object_or_404(visible(actor, Person), pk=pk)
    if request.POST.get("name", "").strip() != person.name:
        raise Fault(_("请准确输入此人姓名以确认注销。"), "name")
    actions.erase_person(actor, person=person)
    messages.success(request, _("已注销此人的个人信息，学时与证书编号按规定保留。"))
    return redirect("people:list")
