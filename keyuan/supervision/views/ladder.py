"""Who is reminded when: the ladder in force, former ones, and a new one."""

from typing import Any

from django.contrib import messages
from django.forms import formset_factory
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.kernel.access import actor_of, require, visible
from keyuan.kernel.faults import Fault
from keyuan.kernel.pages import page
from keyuan.orgs.models import School
from keyuan.supervision import actions
from keyuan.supervision.forms import LadderForm, RungForm
from keyuan.supervision.models import Ladder
from keyuan.supervision.queries.reminders import ladder_on

MOST = 12


def _rungs(request: HttpRequest, now: list[tuple[int, str]]) -> Any:
    made = formset_factory(RungForm, extra=3, max_num=MOST, absolute_max=MOST, can_delete=True)
    return made(request.POST or None, prefix="rungs", initial=[{"days": days, "to": to} for days, to in now])


def _set(request: HttpRequest, school: School, form: LadderForm, rungs: Any) -> bool:
    """Whether what was typed became the ladder; what is wrong with it stands on the form."""
    if not all([form.is_valid(), rungs.is_valid()]):
        return False
    typed = [
        one.cleaned_data for one in rungs if one.cleaned_data.get("to") and not one.cleaned_data.get("DELETE")
    ]
    try:
        actions.set_ladder(
            actor_of(request),
            school=school,
            rungs=[(line["days"], line["to"]) for line in typed],
            **form.cleaned_data,
        )
    except Fault as fault:
        form.add_error(None, fault.message)
        return False
    return True


def ladder(request: HttpRequest) -> HttpResponse:
    """Show what holds today; a new ladder holds from the day given."""
    actor, today = actor_of(request), timezone.localdate()
    require(actor, "supervision.ladder")
    school = School.objects.get(pk=actor.school_id or 0)
    form = LadderForm(request.POST or None, initial={"since": today})
    rungs = _rungs(request, ladder_on(school.pk, today))
    if request.method == "POST" and _set(request, school, form, rungs):
        messages.success(request, _("提醒规则已保存。"))
        return redirect("supervision:ladder")
    former = visible(actor, Ladder).prefetch_related("rungs")
    return page(
        request, "supervision/ladder.html", form=form, rungs=rungs, former=former, status=422 if form.is_bound else 200
    )  # fmt: skip
