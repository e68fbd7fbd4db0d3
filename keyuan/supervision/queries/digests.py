"""What a week's digest says: due this week, overdue, reports owed, newly closed; frozen as plain facts."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from keyuan.kernel import calendar
from keyuan.kernel.access import Actor, visible
from keyuan.orgs.models import School
from keyuan.supervision.models import Digest, Item
from keyuan.supervision.queries.people import Told
from keyuan.supervision.rules.ladder import monday_of
from keyuan.supervision.rules.lights import OPEN, Light, light_of

# The parts of a digest in their order, with their titles on paper (公文用字不随界面语言).
PARTS = (
    ("overdue", "已超期"), ("due", "本周到期"), ("reports", "应报未报进展"),
    ("waiting", "待核验"), ("later", "其他在办"), ("closed", "上周以来销号"),
)  # fmt: skip
LIGHT_WORDS = {Light.RED: "红灯·超期", Light.AMBER: "黄灯·临期", Light.GREEN: "绿灯·正常", Light.OFF: "—"}


def is_digest_day(day: date) -> bool:
    """Whether it is the first working day of its week: Monday, or later where Monday is a holiday."""
    monday = monday_of(day)
    works = calendar.workdays(monday, day)
    return bool(works) and works[0] == day


def light(item: Item, today: date) -> Light:
    """The light of an item today."""
    submitted = timezone.localdate(item.submitted_at) if item.submitted_at else None
    return light_of(item.state, item.deadline, item.next_report_on, submitted, today)


def watched(rows: QuerySet[Item], today: date) -> QuerySet[Item]:
    """What a digest of that day looks at: all open items and those closed since the Monday before."""
    since = monday_of(today) - timedelta(days=7)
    begins = timezone.make_aware(datetime.combine(since, time()))
    return rows.filter(Q(state__in=OPEN) | Q(state="closed", closed_at__gte=begins)).select_related("owner")


def facts_of(items: Iterable[Item], today: date) -> dict[str, Any]:
    """The digest of these items: lines by part and the three lights counted. No names of persons."""
    parts: dict[str, list[dict[str, Any]]] = {key: [] for key, _title in PARTS}
    lights = {one.value: 0 for one in Light if one is not Light.OFF}
    sunday = monday_of(today) + timedelta(days=6)
    for item in sorted(items, key=lambda one: (one.deadline, one.pk)):
        shown = light(item, today)
        parts[_part(item, shown, today, sunday)].append(_line(item, shown))
        if shown is not Light.OFF:
            lights[shown.value] += 1
    return {"day": today.isoformat(), "until": sunday.isoformat(), "lights": lights, "parts": parts}


def _part(item: Item, shown: Light, today: date, sunday: date) -> str:
    if item.state == Item.State.CLOSED:
        return "closed"
    if item.state == Item.State.SUBMITTED:
        return "waiting"
    if shown is Light.RED:
        return "overdue"
    if item.deadline <= sunday:
        return "due"
    owed = item.next_report_on is not None and item.next_report_on < today
    return "reports" if owed else "later"


def _line(item: Item, shown: Light) -> dict[str, Any]:
    return {
        "pk": item.pk, "number": item.number, "title": item.title, "owner": item.owner.name,
        "deadline": item.deadline.isoformat(), "state": item.state, "stage": item.stage, "light": shown.value,
        "closed": timezone.localdate(item.closed_at).isoformat() if item.closed_at else "",
    }  # fmt: skip


def digest_now(actor: Actor, today: date) -> dict[str, Any]:
    """The digest of what the actor sees, as it would be made today."""
    return facts_of(watched(visible(actor, Item), today), today)


def size_of(facts: dict[str, Any]) -> int:
    """How many items a digest speaks of."""
    return sum(len(rows) for rows in facts["parts"].values())


def due_to(school: School, today: date) -> list[Digest]:
    """The digests of a week, unsaved: the whole to registrars and leaders, a unit's or one's own to owners.

    The head of a department gets what the department follows up together with what it owns.
    """
    items = list(watched(Item.objects.filter(school=school), today))
    told = Told(items, today)
    whole = {person for role in ("registrar", "leader") for person in told.whole(role, school.pk)}
    theirs: dict[int, list[Item]] = dict.fromkeys(whole, items)
    for item in items:
        for person in dict.fromkeys((*told.owners(item), *_heads(told, item))):
            if person not in whole:
                theirs.setdefault(person, []).append(item)
    week = monday_of(today)
    return [
        Digest(school=school, person_id=person, week=week, whole=person in whole, facts=facts_of(rows, today))
        for person, rows in sorted(theirs.items())
        if rows
    ]


def _heads(told: Told, item: Item) -> Sequence[int]:
    return told.heads(item) if item.department_id is not None else ()


def digests_of(actor: Actor) -> QuerySet[Digest]:
    """One's own digests, the latest first."""
    return visible(actor, Digest).filter(person_id=actor.person_id or 0).defer("facts")
