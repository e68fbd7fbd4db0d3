"""One unit's filing: plan and results, entered, handed in, received, returned, accepted, corrected."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from keyuan.filings import actions
from keyuan.filings.flows import LIVES
from keyuan.filings.forms import LineForm, OutcomeForm
from keyuan.filings.models import Demonstration, Filing, Frame, Line, Outcome, Part, Reminder, Version
from keyuan.filings.queries import own, sides
from keyuan.filings.views.answering import acted, answered, filing_of, part_of
from keyuan.kernel.access import actor_of, can, require, visible
from keyuan.kernel.pages import page


@require_GET
def unit_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A unit's plan and results under a frame, with what may be done now."""
    actor, filing = actor_of(request), filing_of(request, pk)
    frame, may_file = filing.frame, can(actor, "filings.file", filing)
    is_open = frame.state == Frame.State.ISSUED
    found = sides.both(filing, timezone.localdate())
    for side in found:
        side.moves = LIVES[side.part].open_moves(filing, actor) if is_open else []
        side.may_enter = may_file and is_open and side.is_owed
    return page(
        request, "filings/unit.html", filing=filing, asked=frame, sides=found, may_file=may_file,
        may_reveal=can(actor, "filings.reveal", filing), offered=own.untaken(filing) if may_file and is_open else [],
        demonstrations=visible(actor, Demonstration).filter(frame=frame, withdrawn_at=None).select_related("activity", "training_class"),
        reminders=visible(actor, Reminder).filter(filing=filing).select_related("by")[:10],
    )  # fmt: skip


@require_POST
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """One step of the plan or of the results."""
    actor, filing = actor_of(request), filing_of(request, pk)
    part, name = part_of(request.POST.get("part", "")), request.POST.get("move", "")
    step = LIVES[part].moves.get(name)
    if step is None:
        return redirect("filings:unit", pk)
    return acted(
        request,
        lambda: actions.moving.move_filing(
            actor, filing=filing, part=part, move=name, note=request.POST.get("note", "")
        ),
        reverse("filings:unit", args=[pk]), _("已办理：%(label)s。") % {"label": step.label},
    )  # fmt: skip


@require_GET
def versions(request: HttpRequest, pk: int) -> HttpResponse:
    """What was handed in each time, newest first."""
    filing = filing_of(request, pk)
    rows = visible(actor_of(request), Version).filter(filing=filing).select_related("by")
    found = [(row, sides.changes(row, rows)) for row in rows]
    return page(request, "filings/versions.html", filing=filing, versions=found)


def _entered(
    request: HttpRequest, filing: Filing, form: Any, act: Any, title: str, *, part: str
) -> HttpResponse:
    back = reverse("filings:unit", args=[filing.pk]) + f"#{part}"
    crumbs = [(_("报备"), reverse("filings:list")), (filing.organisation.name, back)]
    return answered(
        request, form, act, back, _("已保存。"), title=title, lead=filing.frame.title, crumbs=crumbs
    )


def line_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter a planned activity."""
    actor, filing = actor_of(request), filing_of(request, pk, "filings.file")
    form = LineForm(filing, request.POST if request.method == "POST" else None)

    def act() -> None:
        actions.filing.save_line(actor, filing=filing, facts=form.facts())

    return _entered(request, filing, form, act, _("添加计划活动"), part=Part.PLAN)


def _line(request: HttpRequest, pk: int, rule: str = "filings.file") -> Line:
    rows = visible(actor_of(request), Line).filter(withdrawn_at=None)
    line = get_object_or_404(
        rows.select_related("filing__frame__school", "filing__organisation", "type"), pk=pk
    )
    require(actor_of(request), rule, line.filing)
    return line


def line_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a planned activity."""
    actor, line = actor_of(request), _line(request, pk)
    form = LineForm(line.filing, request.POST if request.method == "POST" else None, line)

    def act() -> None:
        actions.filing.save_line(actor, filing=line.filing, facts=form.facts(), line=line)

    return _entered(request, line.filing, form, act, _("修改计划活动"), part=Part.PLAN)


@require_POST
def line_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a planned activity out."""
    actor, line = actor_of(request), _line(request, pk)
    back = reverse("filings:unit", args=[line.filing_id]) + "#plan"
    return acted(request, lambda: actions.filing.withdraw_line(actor, line=line), back, _("已删去。"))


@require_POST
def line_phone(request: HttpRequest, pk: int) -> HttpResponse:
    """Say the whole number of a contact once; the look is written down."""
    line = _line(request, pk, "filings.reveal")
    number = actions.filing.show_phone(actor_of(request), line=line)
    messages.info(
        request,
        _("%(name)s：%(phone)s（查看已记录）") % {"name": line.contact_name or line.name, "phone": number},
    )
    return redirect(reverse("filings:unit", args=[line.filing_id]) + "#plan")


def outcome_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter what was held, of a planned activity or besides."""
    actor, filing = actor_of(request), filing_of(request, pk, "filings.file")
    asked = request.GET.get("line", "")
    line = filing.lines.filter(pk=asked, withdrawn_at=None).first() if asked.isdigit() else None
    form = OutcomeForm(filing, request.POST if request.method == "POST" else None, line=line)

    def act() -> None:
        actions.filing.save_outcome(actor, filing=filing, facts=form.facts())

    return _entered(request, filing, form, act, _("添加活动结果"), part=Part.RESULT)


def _outcome(request: HttpRequest, pk: int) -> Outcome:
    rows = visible(actor_of(request), Outcome).filter(withdrawn_at=None)
    one = get_object_or_404(
        rows.select_related("filing__frame__school", "filing__organisation", "type"), pk=pk
    )
    require(actor_of(request), "filings.file", one.filing)
    return one


def outcome_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a result."""
    actor, one = actor_of(request), _outcome(request, pk)
    form = OutcomeForm(one.filing, request.POST if request.method == "POST" else None, one)

    def act() -> None:
        actions.filing.save_outcome(actor, filing=one.filing, facts=form.facts(), outcome=one)

    return _entered(request, one.filing, form, act, _("修改活动结果"), part=Part.RESULT)


@require_POST
def outcome_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a result out."""
    actor, one = actor_of(request), _outcome(request, pk)
    back = reverse("filings:unit", args=[one.filing_id]) + "#result"
    return acted(request, lambda: actions.filing.withdraw_outcome(actor, outcome=one), back, _("已删去。"))


@require_POST
def take_over(request: HttpRequest, pk: int) -> HttpResponse:
    """A sub-school files from its own plan in one click."""
    actor, filing = actor_of(request), filing_of(request, pk, "filings.file")
    back = reverse("filings:unit", args=[pk]) + "#plan"
    done = _("已从本校年度计划带入；缺月份、天数或人数的，请补齐后报送。")
    return acted(request, lambda: actions.filing.take_over(actor, filing=filing), back, done)
