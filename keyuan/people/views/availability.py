"""When teachers can teach: the teacher's own page, the office's page of each teacher, the list, the sheet."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from keyuan.kernel import navigation
from keyuan.kernel.access import Actor, actor_of, public, require, visible
from keyuan.kernel.downloads import attachment
from keyuan.kernel.faults import Fault
from keyuan.kernel.pages import Listing, listing, page
from keyuan.kernel.sheet import batches
from keyuan.people.actions import availability as actions
from keyuan.people.actions.availability import AvailabilityFacts
from keyuan.people.forms import AvailabilityForm
from keyuan.people.models import Availability, Person
from keyuan.people.queries import availability as reads
from keyuan.people.queries import search_people
from keyuan.people.roles import Role
from keyuan.people.sheets import availability as sheets

# Where a session keeps what was just deleted, until something else is.
REMOVED = "availability_removed"
SAID = (
    ("cannot", _lazy("登记了不便")),
    ("prefers", _lazy("登记了方便")),
    ("none", _lazy("没有登记")),
)


def _listed(request: HttpRequest, per: int = 50) -> Listing:
    """The teachers as searched and filtered."""
    return listing(
        request, reads.teachers(actor_of(request)), search=search_people, filters={"said": reads.who_said},
        sorts={"name": "pinyin", "unit": ("organisation__kind", "organisation__order")}, default="name", per=per,
    )  # fmt: skip


@navigation.entry(
    "可授课时间",
    "people:availability",
    roles=(Role.REGISTRAR, Role.HEAD_TEACHER),
    order=62,
    icon="calendar",
    group="资源",
)
@require_safe
def availability_list(request: HttpRequest) -> HttpResponse:
    """Every teacher with what was stated from today on."""
    found = _listed(request)
    ahead = reads.ahead_of(actor_of(request), found.rows)
    return page(
        request, "people/availability_list.html", found=found, ahead=ahead, said_options=SAID, span=reads.span_words
    )  # fmt: skip


@require_safe
def availability_export(request: HttpRequest) -> HttpResponse:
    """What the teachers of the list as narrowed stated, past and coming."""
    actor = actor_of(request)
    people = [person.pk for person in _listed(request, per=20_000).rows]
    return attachment(
        sheets.availability_file(reads.statements_of_many(actor, people)), _("师资可授课时间.xlsx")
    )


@require_safe
def availability_template(request: HttpRequest) -> HttpResponse:
    """The empty sheet to fill in."""
    require(actor_of(request), "people.availabilities")
    return attachment(sheets.AVAILABILITY.template(), _("师资可授课时间（模板）.xlsx"))


@require_POST
def availability_import(request: HttpRequest) -> HttpResponse:
    """Read a filled-in sheet and go to its preview."""
    actor, upload = actor_of(request), request.FILES.get("file")
    require(actor, "people.availabilities")
    if upload is None:
        raise Fault(_("请选择要导入的表格（.xlsx）。"))
    return redirect(
        "kernel:batch", batches.receive(actor, purpose=sheets.PURPOSE, upload=upload, context={}).pk
    )


def availability_of(request: HttpRequest, pk: int) -> HttpResponse:
    """One teacher's stated times, for whoever places sessions; POST adds one."""
    person = get_object_or_404(reads.teachers(actor_of(request)), pk=pk)
    return _stated(request, person, own=False)


@public
@never_cache
def availability_mine(request: HttpRequest) -> HttpResponse:
    """One's own stated times, by account or personal link; POST adds one."""
    actor = actor_of(request)
    person = Person.objects.filter(pk=actor.person_id or 0).first()
    if person is None:
        return page(request, "people/availability.html", person=None)
    return _stated(request, person, own=True)


def _stated(request: HttpRequest, person: Person, *, own: bool) -> HttpResponse:
    actor = actor_of(request)
    require(actor, "people.availability", person)
    form = AvailabilityForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.state(actor, person=person, facts=form.facts())
        except Fault as fault:
            form.add_error(fault.field if fault.field in form.fields else None, fault.message)
        else:
            messages.success(request, _("已登记，排课的人会看到。"))
            return redirect(_page_of(actor, person.pk))
    return page(
        request, "people/availability.html", person=person, own=own, form=form, span=reads.span_words,
        rows=reads.statements_of(actor, person), removed=_removed(request, person), status=422 if form.is_bound else 200,
    )  # fmt: skip


def _page_of(actor: Actor, person_id: int) -> str:
    """The page on which a person's times stand for this actor."""
    if person_id == actor.person_id:
        return reverse("people:availability-mine")
    return reverse("people:availability-of", args=[person_id])


def _removed(request: HttpRequest, person: Person) -> str:
    """What was just deleted of this person, in words; only on the page that follows the deletion."""
    kept: dict[str, Any] = request.session.get(REMOVED, {}) if "removed" in request.GET else {}
    if kept.get("person") != person.pk:
        return ""
    return reads.span_words(_facts(kept))


def _facts(kept: dict[str, Any]) -> AvailabilityFacts:
    return AvailabilityFacts.restored(kept["facts"])


def _own_row(request: HttpRequest, pk: int) -> tuple[Actor, Availability]:
    actor = actor_of(request)
    row = get_object_or_404(visible(actor, Availability).select_related("person"), pk=pk)
    require(actor, "people.availability", row.person)
    return actor, row


@public
@never_cache
def availability_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct one stated time."""
    actor, row = _own_row(request, pk)
    form = AvailabilityForm(request.POST if request.method == "POST" else None, row=row)
    back = _page_of(actor, row.person_id)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change(actor, row=row, facts=form.facts())
        except Fault as fault:
            form.add_error(fault.field if fault.field in form.fields else None, fault.message)
        else:
            messages.success(request, _("已保存。"))
            return redirect(back)
    return page(
        request, "people/availability_form.html", form=form, row=row, back=back, status=422 if form.is_bound else 200
    )  # fmt: skip


@public
@require_POST
def availability_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete one stated time; the page that follows offers to take that back."""
    actor, row = _own_row(request, pk)
    facts = actions.remove(actor, row=row)
    request.session[REMOVED] = {"person": row.person_id, "facts": facts.stored()}
    return redirect(_page_of(actor, row.person_id) + "?removed=1")


@public
@require_POST
def availability_restore(request: HttpRequest) -> HttpResponse:
    """State again what was just deleted."""
    actor, kept = actor_of(request), request.session.get(REMOVED)
    if kept is None:
        raise Fault(_("没有可以撤销的删除，请重新登记这段时间。"))
    person = get_object_or_404(Person, pk=kept["person"])
    actions.state(actor, person=person, facts=_facts(kept))
    del request.session[REMOVED]
    messages.success(request, _("已恢复。"))
    return redirect(_page_of(actor, person.pk))
