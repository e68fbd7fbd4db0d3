"""Seasons: the list, one season with its classes and proposals, the sessions that may be lectured in."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from keyuan.duty.actions import proposing
from keyuan.duty.actions import seasons as actions
from keyuan.duty.forms.seasons import SeasonForm, classes_typed, numbers
from keyuan.duty.models import Season
from keyuan.duty.queries import drafting, seasons
from keyuan.duty.queries.proposals import proposals_of
from keyuan.duty.rules.cities import NAMES
from keyuan.kernel import navigation
from keyuan.kernel.access import actor_of, require, visible
from keyuan.kernel.faults import Fault
from keyuan.kernel.pages import listing, page


def one(request: HttpRequest, pk: int) -> Season:
    """The season, for whoever arranges it."""
    found = get_object_or_404(visible(actor_of(request), Season), pk=pk)
    require(actor_of(request), "duty.schedule", found)
    return found


@navigation.entry(
    "听课讲课排期", "seasons:list", roles=seasons.ROLES, order=69, icon="calendar", group="资源"
)
@require_GET
def season_list(request: HttpRequest) -> HttpResponse:
    """The seasons of the school."""
    actor = actor_of(request)
    require(actor, "duty.schedule")
    found = listing(
        request, seasons.seasons_seen(actor), search=lambda rows, text: rows.filter(title__icontains=text),
        sorts={"title": "title", "starts": "starts"}, default="-starts",
    )  # fmt: skip
    return page(request, "duty/seasons.html", part="rows", listing=found)


def season_edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Put a season down, or correct its span and rules."""
    actor, season = actor_of(request), one(request, pk) if pk else None
    require(actor, "duty.schedule", season)
    form = SeasonForm(request.POST or None, instance=season)
    if form.is_bound and form.is_valid():
        try:
            made = actions.save_season(actor, season=season, facts=form.cleaned_data)
        except Fault as fault:
            form.add_error(fault.field if fault.field in form.fields else None, fault.message)
        else:
            return redirect("seasons:season", made.pk)
    back = reverse("seasons:season", args=[pk]) if pk else reverse("seasons:list")
    return page(
        request, "duty/season_form.html", form=form, title=_("修改排期") if pk else _("新建排期"), back=back,
        status=422 if form.is_bound else 200,
    )  # fmt: skip


def _shown(request: HttpRequest, season: Season, *, status: int = 200, fault: str = "") -> HttpResponse:
    found = listing(request, seasons.classes_of(season), per=100)
    lines = seasons.class_lines(season, found.rows)
    typed = request.POST if status != 200 else None
    return page(
        request, "duty/season.html", season=season, listing=found, lines=lines, cities=[(one, one) for one in NAMES],
        proposals=proposals_of(season)[:20], fault=fault, typed=typed, status=status,
        owing=drafting.outstanding_count(season), ticked=numbers(request.POST, "pk") if typed else None,
    )  # fmt: skip


@require_GET
def season_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The classes of a season with what they offer, and the proposals made of it."""
    return _shown(request, one(request, pk))


@require_POST
def season_classes(request: HttpRequest, pk: int) -> HttpResponse:
    """Which of the classes shown take part, with their figures."""
    season, ticked = one(request, pk), numbers(request.POST, "pk")
    try:
        given = classes_typed(request.POST, ticked)
        count = actions.set_classes(
            actor_of(request), season=season, shown=numbers(request.POST, "shown"), given=given
        )
    except Fault as fault:
        return _shown(request, season, status=fault.status, fault=fault.message)
    messages.success(request, _("已保存，%(n)s 个班次参加排期。") % {"n": count})
    return redirect("seasons:season", season.pk)


@require_POST
def season_fill(request: HttpRequest, pk: int) -> HttpResponse:
    """Take in what the timetable has brought since."""
    classes, slots = actions.fill(actor_of(request), season=one(request, pk))
    messages.success(
        request, _("新增班次 %(c)s 个、课次 %(s)s 个；原有的没有改动。") % {"c": classes, "s": slots}
    )
    return redirect("seasons:season", pk)


@require_POST
def season_propose(request: HttpRequest, pk: int) -> HttpResponse:
    """Have a proposal worked out behind the page."""
    season = one(request, pk)
    try:
        row = proposing.ask(actor_of(request), season=season)
    except Fault as fault:
        return _shown(request, season, status=fault.status, fault=fault.message)
    return redirect("seasons:proposal", row.pk)


def season_slots(request: HttpRequest, pk: int) -> HttpResponse:
    """Which sessions a leader may lecture in, and on what."""
    actor, season = actor_of(request), one(request, pk)
    if request.method == "POST":
        ticked = numbers(request.POST, "pk")
        themes = {key: request.POST.get(f"theme-{key}", "") for key in ticked}
        given = {
            key: int(text) if text.isdecimal() and len(text) < 19 else None for key, text in themes.items()
        }
        count = actions.set_slots(actor, season=season, shown=numbers(request.POST, "shown"), given=given)
        messages.success(request, _("已保存，%(n)s 个课次可讲。") % {"n": count})
        return redirect(request.get_full_path())
    found = listing(
        request, seasons.sessions_of(season), search=lambda rows, text: rows.filter(title__icontains=text),
        per=40, filters={"class": "training_class", "taking": lambda rows, value: rows.filter(taking=value == "yes")},
    )  # fmt: skip
    classes = [
        (row.training_class_id, row.training_class.title)
        for row in season.classes.select_related("training_class")
    ]
    return page(
        request, "duty/season_slots.html", season=season, listing=found, classes=classes,
        slots=seasons.slots_by_session(season, found.rows), themes=[(row.pk, row.name) for row in seasons.themes_seen(actor)],
    )  # fmt: skip
