"""The office's corrections of the working calendar: listed by day, added, changed, taken back."""

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from keyuan.kernel import calendar, calendarsheet, navigation
from keyuan.kernel.access import actor_of, require, visible
from keyuan.kernel.calendarforms import DayForm
from keyuan.kernel.downloads import attachment
from keyuan.kernel.faults import Fault
from keyuan.kernel.models.calendar import CalendarDay
from keyuan.kernel.pages import page
from keyuan.kernel.sheet import batches

FIRST, LAST = 2004, 2100  # the years the published arrangement can speak of, and a bound to what is asked


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
        years=[year - 1, year, year + 1],
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


def year_export(request: HttpRequest) -> HttpResponse:
    """Holidays, make-up days and corrections of one year."""
    require(actor_of(request), "kernel.calendar")
    asked = request.GET.get("year", "")
    typed = asked.isascii() and asked.isdigit() and len(asked) < 5
    year = int(asked) if typed else timezone.localdate().year
    if not FIRST <= year <= LAST:
        raise Fault(_("只能导出 %(a)s 至 %(b)s 年的日历。") % {"a": FIRST, "b": LAST})
    return attachment(calendarsheet.year_file(year), f"{year}{_('年放假安排')}.xlsx")


def template(request: HttpRequest) -> HttpResponse:
    """An empty sheet to fill in."""
    require(actor_of(request), "kernel.calendar")
    return attachment(calendarsheet.SHEET.template(), _("放假安排模板.xlsx"))


@require_POST
def upload(request: HttpRequest) -> HttpResponse:
    """Read an uploaded calendar and go to its preview."""
    actor = actor_of(request)
    require(actor, "kernel.calendar")
    sent = request.FILES.get("file")
    if sent is None:
        raise Fault(_("请选择要导入的表格（.xlsx）。"))
    batch = batches.receive(actor, purpose=calendarsheet.PURPOSE, upload=sent, context={})
    return redirect("kernel:batch", batch.pk)
