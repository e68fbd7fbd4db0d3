"""The office's corrections of the working calendar: listed by day, added, changed, taken back."""

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from keyuan.kernel import calendar, navigation
from keyuan.kernel.access import actor_of, require, visible
from keyuan.kernel.calendarforms import DayForm
from keyuan.kernel.models.calendar import CalendarDay
from keyuan.kernel.pages import page


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@navigation.entry(
    "工作日历",
    "kernel:calendar",
    roles=("registrar", "system_admin"),
    order=91,
    icon="calendar",
    group="设置",
)
def days(request: HttpRequest) -> HttpResponse:
    """Every correction, the latest day first; saying a day again changes it."""
    actor = actor_of(request)
    require(actor, "kernel.calendar")
    rows = visible(actor, CalendarDay).order_by("-day")
    asked = _day(request.GET.get("day", ""))
    chosen = rows.filter(day=asked).first() if asked else None
    initial = (
        {"day": chosen.day, "kind": "work" if chosen.working else "rest", "note": chosen.note}
        if chosen
        else {}
    )
    form = DayForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        calendar.correct(actor, **form.facts())
        messages.success(request, _("已保存，今后的期限按新的日历计算。"))
        return redirect("kernel:calendar")
    year = timezone.localdate().year
    return page(
        request, "kernel/calendar.html", form=form, rows=rows, chosen=chosen, status=422 if form.is_bound else 200,
        unknown=[each for each in (year, year + 1) if not calendar.is_published(each)],
    )  # fmt: skip


@require_POST
def day_clear(request: HttpRequest) -> HttpResponse:
    """Return a day to the published arrangement."""
    actor = actor_of(request)
    require(actor, "kernel.calendar")
    if day := _day(request.POST.get("day", "")):
        calendar.uncorrect(actor, day=day)
        messages.success(request, _("已取消校正，按国家公布的安排执行。"))
    return redirect("kernel:calendar")
