"""The learner's home, a course, an item; making and reviewing courses."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST

from keyuan.kernel import navigation
from keyuan.kernel.access import actor_of, can, require, visible
from keyuan.kernel.faults import Fault
from keyuan.kernel.pages import listing, page
from keyuan.learning.actions import making, studying
from keyuan.learning.flows import EDITION
from keyuan.learning.forms import CourseForm, ItemForm, UnitForm
from keyuan.learning.models import Course, Edition, Item
from keyuan.learning.queries import courses
from keyuan.people.roles import EVERYBODY


def _edition(request: HttpRequest, pk: int) -> Edition:
    return get_object_or_404(visible(actor_of(request), Edition).select_related("course"), pk=pk)


@navigation.entry(
    gettext_noop("在线学习"), "learning:home", roles=EVERYBODY, order=46, icon="class", phone=False
)
def home(request: HttpRequest) -> HttpResponse:
    """What one is learning, and what one may take up."""
    actor = actor_of(request)
    require(actor, "learning.learn")
    found = listing(
        request, courses.catalogue(actor), filters={"subject": "course__subject"},
        search=lambda rows, q: rows.filter(course__title__icontains=q),
    )  # fmt: skip
    return page(
        request, "learning/home.html", mine=list(courses.own(actor)[:50]), listing=found,
        may_make=can(actor, "learning.review"),
    )  # fmt: skip


def workshop(request: HttpRequest) -> HttpResponse:
    """Every edition of the school with where it stands."""
    actor = actor_of(request)
    require(actor, "learning.review")
    found = listing(
        request, courses.workshop(actor), filters={"state": "state"},
        search=lambda rows, q: rows.filter(course__title__icontains=q),
    )  # fmt: skip
    return page(
        request, "learning/workshop.html", listing=found, states=Edition.State.choices,
        may_make=can(actor, "learning.make"),
    )  # fmt: skip


def new(request: HttpRequest) -> HttpResponse:
    """Make a course."""
    actor = actor_of(request)
    require(actor, "learning.make")
    form = CourseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = making.make_course(actor, facts=form.cleaned_data)
        except Fault as fault:
            form.add_error(fault.field if fault.field in form.fields else None, fault.message)
        else:
            return redirect("learning:course", made.pk)
    return page(request, "learning/new.html", form=form, status=422 if form.is_bound else 200)


@require_POST
def begin(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin the next edition of a course."""
    actor = actor_of(request)
    row = making.begin_edition(actor, course=get_object_or_404(visible(actor, Course), pk=pk))
    return redirect("learning:course", row.pk)


def _course(
    request: HttpRequest,
    edition: Edition,
    unit_form: UnitForm | None = None,
    item_form: ItemForm | None = None,
) -> HttpResponse:
    actor = actor_of(request)
    writing = edition.state == Edition.State.DRAFT and can(actor, "learning.make", edition)
    past = edition.state in {Edition.State.PUBLISHED, Edition.State.WITHDRAWN}
    return page(
        request, "learning/course.html", edition=edition, outline=courses.outline(actor, edition), writing=writing,
        moves=EDITION.open_moves(edition, actor), renewing=past and can(actor, "learning.make", edition.course),
        unit_form=unit_form or UnitForm(auto_id="unit_%s"), item_form=item_form or ItemForm(edition),
        status=422 if unit_form or item_form else 200,
    )  # fmt: skip


def course(request: HttpRequest, pk: int) -> HttpResponse:
    """One edition: its units and items, what is left, and what may be done with it."""
    return _course(request, _edition(request, pk))


@require_POST
def enrol(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a course up."""
    studying.enrol(actor_of(request), edition=_edition(request, pk))
    messages.success(request, _("已选学，随时可以接着学。"))
    return redirect("learning:course", pk)


@require_POST
def add_unit(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a unit."""
    edition, form = _edition(request, pk), UnitForm(request.POST, auto_id="unit_%s")
    require(actor_of(request), "learning.make", edition)
    if not form.is_valid():
        return _course(request, edition, unit_form=form)
    making.add_unit(actor_of(request), edition=edition, title=form.cleaned_data["title"])
    return redirect("learning:course", pk)


@require_POST
def add_item(request: HttpRequest, pk: int) -> HttpResponse:
    """Add an item to a unit."""
    edition = _edition(request, pk)
    require(actor_of(request), "learning.make", edition)
    form = ItemForm(edition, request.POST)
    if form.is_valid():
        try:
            making.add_item(actor_of(request), edition=edition, facts=form.cleaned_data)
        except Fault as fault:
            form.add_error(fault.field if fault.field in form.fields else None, fault.message)
        else:
            return redirect("learning:course", pk)
    return _course(request, edition, item_form=form)


@require_POST
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Submit, review, return or withdraw an edition."""
    edition, name = _edition(request, pk), request.POST.get("move", "")
    if name not in EDITION.moves:
        raise Fault(_("请选择要办理的事项。"))
    making.move(actor_of(request), edition=edition, name=name, note=request.POST.get("note", ""))
    messages.success(request, _("已办理。"))
    return redirect("learning:course", pk)


def item(request: HttpRequest, pk: int) -> HttpResponse:
    """One thing to learn, with the way on."""
    actor = actor_of(request)
    row = get_object_or_404(visible(actor, Item).select_related("unit__edition__course"), pk=pk)
    found = courses.outline(actor, row.unit.edition)
    over = any(done for part in found.parts for one, done in part.items if one.pk == row.pk)
    return page(request, "learning/item.html", item=row, edition=row.unit.edition, outline=found, over=over)


@require_POST
def finish(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that an item is done, and go on to the next."""
    actor = actor_of(request)
    row = get_object_or_404(visible(actor, Item).select_related("unit__edition__course"), pk=pk)
    studying.finish(actor, item=row)
    following = courses.outline(actor, row.unit.edition).following
    if following is not None:
        return redirect("learning:item", following.pk)
    messages.success(request, _("这门课程已全部学完。"))
    return redirect("learning:course", row.unit.edition_id)
