"""What lectures are about, and who can speak of it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from keyuan.duty.actions import seasons as actions
from keyuan.duty.forms.seasons import ThemeForm, expertise_typed, numbers
from keyuan.duty.models import Theme
from keyuan.duty.queries import seasons
from keyuan.duty.sheets.seasons import expertise_file
from keyuan.kernel.access import actor_of, require, visible
from keyuan.kernel.downloads import attachment
from keyuan.kernel.faults import Fault
from keyuan.kernel.pages import listing, page


@require_GET
def theme_list(request: HttpRequest) -> HttpResponse:
    """The school's themes."""
    actor = actor_of(request)
    require(actor, "duty.schedule")
    found = listing(
        request, seasons.themes_seen(actor), search=lambda rows, text: rows.filter(name__icontains=text),
        sorts={"name": "name", "base": "base"}, default="name",
    )  # fmt: skip
    return page(request, "duty/themes.html", part="rows", listing=found)


def theme_edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Put a theme down or correct it."""
    actor = actor_of(request)
    theme = get_object_or_404(visible(actor, Theme), pk=pk) if pk else None
    require(actor, "duty.schedule", theme)
    form = ThemeForm(request.POST or None, instance=theme)
    if form.is_bound and form.is_valid():
        try:
            actions.save_theme(actor, theme=theme, facts=form.cleaned_data)
        except Fault as fault:
            form.add_error(fault.field if fault.field in form.fields else None, fault.message)
        else:
            messages.success(request, _("已保存。"))
            return redirect("seasons:themes")
    return page(
        request, "duty/season_form.html", form=form, title=_("修改主题") if pk else _("登记主题"),
        back=reverse("seasons:themes"), status=422 if form.is_bound else 200,
    )  # fmt: skip


@require_POST
def theme_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a theme away."""
    actor = actor_of(request)
    theme = get_object_or_404(visible(actor, Theme), pk=pk)
    require(actor, "duty.schedule", theme)
    actions.remove_theme(actor, theme=theme)
    messages.success(request, _("已删除主题。"))
    return redirect("seasons:themes")


@require_POST
def theme_defaults(request: HttpRequest) -> HttpResponse:
    """Load the usual themes where they are missing."""
    actor = actor_of(request)
    require(actor, "duty.schedule")
    added = actions.load_themes(actor)
    messages.success(request, _("已载入常用主题 %(n)s 个；原有的没有改动。") % {"n": added})
    return redirect("seasons:themes")


def _typed(request: HttpRequest) -> dict[int, dict[int, int]]:
    """What was typed beside each leader; Fault where it cannot be read."""
    themes = {theme.name: theme.pk for theme in seasons.themes_seen(actor_of(request))}
    return {
        pk: expertise_typed(request.POST.get(f"known-{pk}", ""), themes)
        for pk in numbers(request.POST, "shown")
    }


def expertise(request: HttpRequest) -> HttpResponse:
    """Who can speak of what, typed beside each leader."""
    actor, fault = actor_of(request), ""
    require(actor, "duty.schedule")
    if request.method == "POST":
        try:
            count = actions.set_expertise(actor, told=_typed(request))
        except Fault as refused:
            fault = refused.message
        else:
            messages.success(request, _("已保存，%(n)s 人的专长有改动。") % {"n": count})
            return redirect(request.get_full_path())
    found = listing(
        request, seasons.leaders_seen(actor), search=seasons.search_leaders, sorts={"name": "pinyin"}
    )
    known = seasons.expertise_words(found.rows)
    typed = {pk: request.POST.get(f"known-{pk}", "") for pk in numbers(request.POST, "shown")}
    return page(
        request, "duty/expertise.html", listing=found, offices=seasons.offices_of(found.rows), known=known | typed,
        fault=fault, themes=seasons.themes_seen(actor), status=422 if fault else 200,
    )  # fmt: skip


@require_GET
def expertise_export(request: HttpRequest) -> HttpResponse:
    """The same list, all of it, as a workbook."""
    actor = actor_of(request)
    require(actor, "duty.schedule")
    found = listing(request, seasons.leaders_seen(actor), search=seasons.search_leaders, per=5000)
    content = expertise_file(found.rows, seasons.offices_of(found.rows), seasons.expertise_words(found.rows))
    return attachment(content, _("领导专长.xlsx"))
