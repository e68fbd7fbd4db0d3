"""Who sees and states when somebody can teach; whether a statement covers a slot, and how it reads; pure."""

import re
from datetime import date
from typing import Any, Protocol

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from keyuan.kernel.access import Actor, rule, scope
from keyuan.people.models import Availability, Person
from keyuan.people.roles import Role

PLACERS = (Role.REGISTRAR.value, Role.HEAD_TEACHER.value)
# Nobody knows two years ahead; a longer span is a slip of the year.
LONGEST_DAYS = 731
_DAYS = "一二三四五六日"
_WORDS = {"每天": 127, "每日": 127, "全部": 127, "天天": 127, "工作日": 31, "周末": 96, "双休日": 96}


class Span(Protocol):
    """What a statement says of time, stored or only typed."""

    @property
    def starts(self) -> date:
        """The first day."""

    @property
    def ends(self) -> date:
        """The last day."""

    @property
    def weekdays(self) -> int:
        """One bit a weekday, Monday first."""

    @property
    def half(self) -> str:
        """The half-day; blank for the whole day."""


def covers(span: Span, day: date, half: str) -> bool:
    """Whether a statement speaks of a half-day: in its dates, on its weekdays, in its half or the whole day."""
    return (
        span.starts <= day <= span.ends
        and bool(span.weekdays >> day.weekday() & 1)
        and span.half in {"", half}
    )


def reaches(span: Span) -> bool:
    """Whether any day at all falls under the statement: a weekday may not occur in a short span."""
    days = min((span.ends - span.starts).days + 1, 7)
    first = span.starts.weekday()
    return any(span.weekdays >> (first + n) % 7 & 1 for n in range(days))


def days_of(weekdays: int) -> list[int]:
    """The weekdays of a mask, Monday as 0."""
    return [number for number in range(7) if weekdays >> number & 1]


def mask_of(days: list[int]) -> int:
    """The mask of some weekdays; none said means every day."""
    return sum(1 << number for number in set(days)) or Availability.EVERY_DAY


def weekdays_read(text: str) -> int | None:
    """Weekdays as offices write them (周一、三, 周一至周五, 135, 工作日) as a mask; None where it cannot be read."""
    plain = re.sub(r"[\s、，,；;/.和及每]|星期|礼拜|周(?!末)", "", text).replace("天", "日")
    if text.strip() in _WORDS or plain in _WORDS:
        return _WORDS.get(text.strip()) or _WORDS[plain]
    plain = plain.translate(str.maketrans("1234567", _DAYS))
    if not plain:
        return Availability.EVERY_DAY
    if not re.fullmatch(rf"([{_DAYS}]([至到\-—~～][{_DAYS}])?)+", plain):
        return None
    found: list[int] = []
    for one, two in re.findall(rf"([{_DAYS}])(?:[至到\-—~～]([{_DAYS}]))?", plain):
        first, last = _DAYS.index(one), _DAYS.index(two or one)
        found += [number % 7 for number in range(first, last + (1 if first <= last else 8))]
    return mask_of(found)


def weekdays_said(weekdays: int) -> str:
    """The weekdays in words, nothing for every day; `weekdays_read` reads it back."""
    if weekdays == Availability.EVERY_DAY:
        return ""
    names = (_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日"))
    return "、".join(names[number] for number in days_of(weekdays))


def span_said(span: Span) -> str:
    """A statement's time in words: dates, weekdays where not every day, the half-day or the whole day."""
    dates = f"{span.starts:%Y-%m-%d}"
    if span.ends != span.starts:
        dates = _("%(a)s 至 %(b)s") % {"a": dates, "b": f"{span.ends:%Y-%m-%d}"}
    half = str(dict(Availability.Half.choices)[span.half]) if span.half else _("全天")
    return " ".join(part for part in (dates, weekdays_said(span.weekdays), half) if part)


@scope(Availability)
def availabilities_i_see(actor: Actor, rows: QuerySet[Availability]) -> QuerySet[Availability]:
    """Whoever places sessions sees those of the school; everybody else the own."""
    rows = rows.filter(school_id=actor.school_id or 0)
    if actor.roles.intersection({"system", *PLACERS}):
        return rows
    return rows.filter(person_id=actor.person_id or 0)


@rule(
    "people.availability",
    title="登记可授课时间",
    roles=(*PLACERS, Role.TEACHER, Role.TRAINEE),
    limits="教务员、班主任限本校师资；其他人限本人",
)
def may_state(actor: Actor, person: Person | None) -> bool:
    """Whoever places sessions for the school's teachers; everybody else for oneself, by account or personal link."""
    if person is None:
        return True
    if person.school_id != actor.school_id or person.erased_at is not None:
        return False
    return person.pk == actor.person_id or bool(actor.roles.intersection({"system", *PLACERS}))


@rule("people.availabilities", title="查看和导入师资可授课时间", roles=PLACERS, limits="本校")
def may_see_all(actor: Actor, _thing: Any) -> bool:
    """Whoever places sessions."""
    return actor.school_id is not None
