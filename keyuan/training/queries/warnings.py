"""What to think of before a session stays where it stands: warnings, never refusals."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from keyuan.kernel import calendar
from keyuan.people.queries.availability import Stated, stated_of
from keyuan.training.models import ClassPolicy, Session, Stop
from keyuan.training.rules import travel
from keyuan.training.rules.travel import Visit

# 4 hours a half-day are what a lecture fee is counted for (财行〔2016〕540号).
HALF_DAY_HOURS = Decimal(4)


@dataclass(frozen=True)
class Around:
    """What is read once for many sessions: those of the same days, stops, working days, stated times.

    `minutes`: how long changing places takes at least, as laid down for a school's day.
    """

    sessions: Sequence[Session]
    stops: list[Stop]
    working: frozenset[date]
    stated: Stated
    minutes: Mapping[tuple[int, date], int]


def warnings_of(session: Session) -> list[str]:
    """What the office should know about a stored session, each with what to do."""
    return warnings_for([session]).get(session.pk, [])


def warnings_for(sessions: Sequence[Session]) -> dict[int, list[str]]:
    """The warnings of many stored sessions by key, in four queries however many there are."""
    if not sessions:
        return {}
    around = _around(sessions)
    stored = {row.pk: row for row in around.sessions}
    asked = [stored[each.pk] for each in sessions if each.pk in stored]
    return {row.pk: words for row in asked if (words := _said(row, around))}


def warnings_ahead(drafts: Sequence[Session]) -> dict[int, list[str]]:
    """The same of sessions not stored yet, as they would stand among the stored ones; their keys are below nought.

    A teacher nobody has asked yet is not waited for.
    """
    if not drafts:
        return {}
    around = _around(drafts)
    policies = ClassPolicy.objects.filter(school__in={each.school_id for each in drafts})
    ahead = {(each.school_id, each.date): _minutes(each, policies) for each in drafts}
    around = replace(around, sessions=[*around.sessions, *drafts], minutes={**around.minutes, **ahead})
    found = {row.pk: [words for words in _said(row, around) if words not in _answer(row)] for row in drafts}
    return {key: words for key, words in found.items() if words}


def marks_for(sessions: Sequence[Session]) -> dict[int, list[str]]:
    """The warnings a grid shows beside its sessions, without the teacher's answer, which has a mark of its own."""
    answers = {row.pk: _answer(row) for row in sessions}
    found = {
        key: [words for words in said if words not in answers[key]]
        for key, said in warnings_for(sessions).items()
    }
    return {key: said for key, said in found.items() if said}


def _around(sessions: Sequence[Session]) -> Around:
    days = [each.date for each in sessions]
    classes = {each.training_class_id for each in sessions}
    teachers = {each.teacher_id for each in sessions if each.teacher_id}
    rows = Session.objects.filter(Q(training_class__in=classes) | Q(teacher__in=teachers), date__in=set(days))
    rows = rows.exclude(training_class__state="cancelled").select_related("teacher")
    laid_down = ClassPolicy.objects.filter(school=OuterRef("school"), valid_from__lte=OuterRef("date"))
    standard = ClassPolicy().travel_minutes
    rows = rows.annotate(travel=Coalesce(Subquery(laid_down.values("travel_minutes")[:1]), standard))
    stored = list(rows)
    return Around(
        stored,
        list(Stop.objects.filter(training_class__in=classes, date__in=set(days))),
        frozenset(calendar.workdays(min(days), max(days))),
        stated_of(teachers, min(days), max(days)),
        {(row.school_id, row.date): row.travel for row in stored},
    )


def _minutes(draft: Session, policies: Iterable[ClassPolicy]) -> int:
    """How long changing places takes at least, as laid down for the day of a session not stored yet."""
    held = (row for row in policies if row.school_id == draft.school_id and row.valid_from <= draft.date)
    return (max(held, key=lambda row: row.valid_from, default=None) or ClassPolicy()).travel_minutes


def _said(session: Session, around: Around) -> list[str]:
    same_day = [row for row in around.sessions if row.date == session.date]
    own = [row for row in same_day if session.teacher_id and row.teacher_id == session.teacher_id]
    beside = [row for row in same_day if row.training_class_id == session.training_class_id]
    stops = [
        Visit(stop.arrives, stop.leaves, f"{stop.city}{stop.place}")
        for stop in around.stops
        if stop.date == session.date and stop.training_class_id == session.training_class_id
    ]
    minutes = around.minutes[session.school_id, session.date]
    return [
        *_answer(session),
        *_stated(session, around.stated),
        *_hours(session, own),
        *_travel(session, _visits(own), minutes, _("主讲")),
        *_travel(session, [*_visits(beside), *stops], minutes, _("本班")),
        *_day(session, working=session.date in around.working),
    ]


def _visits(rows: Iterable[Session]) -> list[Visit]:
    return [Visit(row.starts, row.ends, row.place, row.pk) for row in rows]


def _answer(session: Session) -> list[str]:
    if session.teacher is None or session.teacher_answer == "yes":
        return []
    words = (
        _("%(who)s已婉拒“%(title)s”，请换主讲。")
        if session.teacher_answer == "no"
        else _("%(who)s还没有答复是否讲“%(title)s”，请把邀请链接发给对方。")
    )
    return [words % {"who": session.teacher, "title": session.title}]


def _stated(session: Session, stated: Stated) -> list[str]:
    row = stated.cannot(session.teacher_id, session.date, session.half)
    if row is None:
        return []
    words = _("%(who)s于%(day)s%(half)s不便%(note)s，请换半天、换主讲，或先与本人商定。")
    return [
        words % {
            "who": session.teacher, "day": calendar.with_weekday(session.date),
            "half": dict(Session.Half.choices)[session.half], "note": f"（{row.note}）" if row.note else "",
        }
    ]  # fmt: skip


def _hours(session: Session, own: Iterable[Session]) -> list[str]:
    total = sum((row.hours for row in own if row.half == session.half), Decimal(0))
    if total <= HALF_DAY_HOURS:
        return []
    words = _("%(who)s在这个半天共讲 %(n)s 学时，超过 4 学时，请分到别的半天。")
    return [words % {"who": session.teacher, "n": f"{total.normalize():f}"}]


def _travel(session: Session, visits: Iterable[Visit], minutes: int, who: str) -> list[str]:
    words = _(
        "%(who)s %(a)s 在“%(p)s”结束，%(b)s 在“%(q)s”开始，换地点只有 %(n)s 分钟，少于 %(m)s 分钟。"
        "请错开时间或换近的地点；两处其实是一处的，请写成同一个名称。"
    )
    return [
        words % {
            "who": who, "a": f"{one.ends:%H:%M}", "p": one.place, "b": f"{two.starts:%H:%M}", "q": two.place,
            "n": gap, "m": minutes,
        }
        for one, two, gap in travel.too_short(visits, minutes)
        if session.pk in {one.key, two.key}
    ]  # fmt: skip


def _day(session: Session, *, working: bool) -> list[str]:
    found = []
    weekend = session.date.weekday() >= calendar.SATURDAY
    told = {"day": calendar.with_weekday(session.date)}
    if not weekend and not working:
        found.append(_("%(day)s是节假日，请确认照常上课，或换一天。") % told)
    if weekend and working:
        found.append(_("%(day)s是调休上班日，学员可能要上班，请确认。") % told)
    if travel.crosses_lunch(session.starts, session.ends):
        words = _("“%(title)s”占了 12:00 至 13:00，请留出午餐时间。")
        found.append(words % {"title": session.title})
    return found
