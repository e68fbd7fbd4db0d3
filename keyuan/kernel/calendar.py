"""Chinese working days, with make-up days and the office's own corrections; half days; dates in words."""

import logging
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import lru_cache

import chinese_calendar
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from keyuan.kernel import audit
from keyuan.kernel.access import Actor, require, rule, scope
from keyuan.kernel.faults import Fault
from keyuan.kernel.models.calendar import CalendarDay

log = logging.getLogger("keyuan.calendar")
DAY = timedelta(days=1)
SATURDAY = 5
FARTHEST = 3660
# The public holidays by the names the published arrangement goes by.
HOLIDAYS = {
    "New Year's Day": _("元旦"), "Spring Festival": _("春节"), "Tomb-sweeping Day": _("清明节"),
    "Labour Day": _("劳动节"), "Dragon Boat Festival": _("端午节"), "National Day": _("国庆节"),
    "Mid-autumn Festival": _("中秋节"),
}  # fmt: skip

audit.sentence("kernel.calendar.set", "校正工作日历：{day} {working}")
audit.sentence("kernel.calendar.cleared", "取消校正工作日历：{day}")


class Half(models.TextChoices):
    """Part of a day on the timetable's grid (半天)."""

    MORNING = "am", _("上午")
    AFTERNOON = "pm", _("下午")
    EVENING = "ev", _("晚上")


@rule("kernel.calendar", title="校正工作日历", roles=("registrar", "system_admin"), limits="全部分校")
def may_correct(actor: Actor, thing: object) -> bool:
    """The registrar keeps the calendar, for it decides deadlines."""
    return True


@scope(CalendarDay)
def corrections_seen(actor: Actor, rows: models.QuerySet[CalendarDay]) -> models.QuerySet[CalendarDay]:
    """All, to those who keep the calendar."""
    return rows if actor.roles & {"registrar", "system_admin", "system"} else rows.none()


@lru_cache(maxsize=4096)
def _published(day: date) -> bool | None:
    """What the State Council's published arrangement says; None for a year it does not reach."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        _warn(day.year)
        return None


@lru_cache(maxsize=64)
def _warn(year: int) -> None:
    log.warning("no published holidays for %s: weekends only, until the calendar is corrected by hand", year)


def is_published(year: int) -> bool:
    """Whether the year's holidays are known; where not, screens say so beside their dates."""
    return _published(date(year, 1, 1)) is not None


def _corrections(start: date, end: date) -> dict[date, bool]:
    rows = CalendarDay.objects.filter(day__gte=start, day__lte=end)
    return dict(rows.values_list("day", "working"))


def _works(day: date, corrections: dict[date, bool]) -> bool:
    if day in corrections:
        return corrections[day]
    published = _published(day)
    return day.weekday() < SATURDAY if published is None else published


def is_workday(day: date) -> bool:
    """Whether the office works: its own correction, else the published arrangement, else Monday to Friday."""
    return _works(day, _corrections(day, day))


def workdays(start: date, end: date) -> list[date]:
    """The working days from `start` to `end`, both included; one query."""
    corrections = _corrections(start, end)
    return [day for day in days(start, end) if _works(day, corrections)]


def days(start: date, end: date) -> Iterator[date]:
    """Every day from `start` to `end`, both included."""
    for step in range((end - start).days + 1):
        yield start + step * DAY


def names(start: date, end: date) -> dict[date, str]:
    """What each day is called that is no plain working day: 国庆节, 周末, 调休上班; one query."""
    corrections = _corrections(start, end)
    found = {day: _name(day, corrections) for day in days(start, end)}
    return {day: words for day, words in found.items() if words}


def _name(day: date, corrections: dict[date, bool]) -> str:
    weekend = day.weekday() >= SATURDAY
    if _works(day, corrections):
        return str(_("调休上班")) if weekend else ""
    published = None if _published(day) is not False else chinese_calendar.get_holiday_detail(day)[1]
    # The library says plain weekends, and holidays it has no word of, alike.
    return str(HOLIDAYS.get(published or "", _("周末") if weekend else _("节假日")))


def add_workdays(day: date, count: int) -> date:
    """The working day `count` working days after `day` (before it when negative); 0 gives `day` itself."""
    step = DAY if count >= 0 else -DAY
    far = day + step * (abs(count) * 3 + 60)
    corrections = _corrections(min(day, far), max(day, far))
    left, here = abs(count), day
    for _step in range(FARTHEST):
        if not left:
            return here
        here += step
        left -= _works(here, corrections)
    raise Fault("十年内没有这么多工作日，请检查工作日历的校正。")


def next_workday(day: date) -> date:
    """The first working day after `day`."""
    return add_workdays(day, 1)


def half_days(
    start: date, end: date, *, evenings: bool = False, only_workdays: bool = False
) -> list[tuple[date, Half]]:
    """The grid of a timetable: each day's morning and afternoon, its evening when asked."""
    halves = list(Half) if evenings else [Half.MORNING, Half.AFTERNOON]
    found = workdays(start, end) if only_workdays else days(start, end)
    return [(day, half) for day in found for half in halves]


def half_of(moment: time | datetime) -> Half:
    """The part of the day a wall-clock time falls into: afternoon from 12:00, evening from 18:00."""
    clock = moment.time() if isinstance(moment, datetime) else moment
    if clock < time(12):
        return Half.MORNING
    return Half.AFTERNOON if clock < time(18) else Half.EVENING


def in_words(day: date) -> str:
    """2020年10月8日."""
    return f"{day.year}年{day.month}月{day.day}日"


def with_weekday(day: date) -> str:
    """10月8日（星期四）."""
    return f"{day.month}月{day.day}日（星期{'一二三四五六日'[day.weekday()]}）"


def span_in_words(start: date, end: date) -> str:
    """2020年10月8日至12日: what both share is said once."""
    if start == end:
        return in_words(start)
    if start.year != end.year:
        return f"{in_words(start)}至{in_words(end)}"
    tail = f"{end.day}日" if start.month == end.month else f"{end.month}月{end.day}日"
    return f"{in_words(start)}至{tail}"


def in_characters(day: date) -> str:
    """二〇二〇年十月八日, as papers are signed."""
    digits = "〇一二三四五六七八九"
    year = "".join(digits[int(figure)] for figure in str(day.year))
    return f"{year}年{_count(day.month)}月{_count(day.day)}日"


def _count(number: int) -> str:
    digits = "〇一二三四五六七八九"
    tens, ones = divmod(number, 10)
    head = {0: "", 1: "十"}.get(tens, f"{digits[tens]}十")
    return head + (digits[ones] if ones else "")


@transaction.atomic
def correct(actor: Actor, *, day: date, working: bool, note: str = "") -> CalendarDay:
    """Say whether a day is worked, against the published arrangement; saying it again changes nothing."""
    require(actor, "kernel.calendar", day)
    row, fresh = CalendarDay.objects.get_or_create(day=day, defaults={"working": working, "note": note})
    if not fresh and (row.working, row.note) == (working, note):
        return row
    CalendarDay.objects.filter(pk=row.pk).update(working=working, note=note)
    row.refresh_from_db()
    audit.record(actor, "kernel.calendar.set", row, day=str(day), working="上班" if working else "休息")
    return row


@transaction.atomic
def uncorrect(actor: Actor, *, day: date) -> None:
    """Return to the published arrangement."""
    require(actor, "kernel.calendar", day)
    if CalendarDay.objects.filter(day=day).delete()[0]:
        audit.record(actor, "kernel.calendar.cleared", None, day=str(day))
