"""Where a session could go: what stands in its way, which half-days are free, and what else would do."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from keyuan.kernel.access import Actor, visible
from keyuan.people.models import Availability
from keyuan.people.queries.availability import Stated, stated_of
from keyuan.training.models import Nomination, Session, TrainingClass
from keyuan.training.queries import timetable
from keyuan.training.rules import slots
from keyuan.training.rules.slots import Slot

OFFERED = 3
RATHER = ("prefers", "", "cannot")
# Rooms are known by the sessions held in them; older ones may be gone.
ROOM_YEARS = 2


@dataclass(frozen=True)
class Obstacle:
    """One session that stands in the way (冲突), in words, with a link for whoever may see it."""

    words: str
    link: str = ""


@dataclass(frozen=True)
class Offer:
    """Another place for a session (备选): what to call it, and the facts that change."""

    label: str
    facts: dict[str, str] = field(default_factory=dict)

    @property
    def value(self) -> str:
        """The facts in the one value of a button."""
        return "|".join(self.facts.get(name, "") for name in ("date", "half", "starts", "ends", "place"))


@dataclass(frozen=True)
class Cell:
    """One half-day as seen by a session that might go there (格)."""

    date: date
    half: str
    slot: Slot | None
    words: str = ""
    here: bool = False
    swap: Session | None = None
    # What the teacher said of this half-day: cannot, prefers, or nothing; and in words.
    said: str = ""
    told: str = ""

    @property
    def whole_words(self) -> str:
        """Whether it fits and what the teacher said, for whoever drags."""
        return "；".join(filter(None, (self.words, self.told)))


def edges(half: str) -> tuple[time, time]:
    """From when a session of a half-day may begin, and when it is over at the latest."""
    return slots.HALVES[half]


def in_the_way(session: Session, first: date, last: date) -> QuerySet[Session]:
    """Sessions of these days with the same class, teacher or room, whatever their time."""
    same = Q(training_class_id=session.training_class_id)
    if session.teacher_id:
        same |= Q(teacher_id=session.teacher_id)
    if session.place:
        same |= Q(place=session.place, school_id=session.school_id)
    rows = Session.objects.filter(same, date__range=(first, last)).exclude(training_class__state="cancelled")
    rows = rows.exclude(pk=session.pk) if session.pk else rows
    return rows.select_related("training_class", "teacher").order_by("date", "starts")


def obstacles(actor: Actor, session: Session) -> list[Obstacle]:
    """Everything that clashes with a session as it is meant to be; of what the actor may not see no name is said."""
    wanted = slots.slot_of(session)
    rows = [
        row for row in in_the_way(session, session.date, session.date) if slots.slot_of(row).meets(wanted)
    ]
    ids = [row.training_class_id for row in rows]
    seen = (
        set(visible(actor, TrainingClass).filter(pk__in=ids).values_list("pk", flat=True)) if ids else set()
    )
    found = []
    for row in rows:
        if row.training_class_id in seen:
            link = f"/classes/{row.training_class_id}/timetable/"
            found.append(Obstacle(timetable.clash_words(session, row), link))
        else:
            found.append(Obstacle(_("主讲或场地在这一时段另有安排，请换时间。")))
    return found


NO_CLASH: dict[str, Any] = {"obstacles": [], "offers": []}


def explained(actor: Actor, session: Session) -> dict[str, Any]:
    """For a page that was refused: what stands in the way, and what else would do."""
    found = obstacles(actor, session)
    return {"obstacles": found, "offers": offers(session) if found else []}


def cells(session: Session) -> list[Cell]:
    """Every half-day of the class as this session sees it, in two queries however many days there are."""
    training_class = session.training_class
    rows = list(in_the_way(session, training_class.starts, training_class.ends))
    lasting = slots.length(slots.slot_of(session))
    stated = _stated(session)
    found = []
    for number in range((training_class.ends - training_class.starts).days + 1):
        day = training_class.starts + timedelta(days=number)
        there = [row for row in rows if row.date == day]
        busy = [slots.slot_of(row) for row in there]
        for half in slots.ORDER:
            here = (day, half) == (session.date, session.half)
            wanted = session.starts if half == session.half else None
            slot = slots.free_in(day, half, lasting, busy, wanted)
            of_half = [row for row in there if row.half == half]
            stands = _cell_words(session, slot, of_half)
            row = stated.at(session.teacher_id, day, half)
            said, told = (row.kind, _said_words(row)) if row else ("", "")
            found.append(Cell(day, half, slot, stands, here, _swap(session, of_half), said, told))
    return found


def _stated(session: Session) -> Stated:
    """What the teacher said of the days of the class."""
    wanted = [session.teacher_id] if session.teacher_id else []
    return stated_of(wanted, session.training_class.starts, session.training_class.ends)


def _said_words(told: Availability) -> str:
    words = _("主讲不便") if told.kind == Availability.Kind.CANNOT else _("主讲方便")
    return f"{words}（{told.note}）" if told.note else words


def _cell_words(session: Session, slot: Slot | None, rows: Sequence[Session]) -> str:
    if slot is not None:
        return _("%(t)s 起可排") % {"t": f"{slot.starts:%H:%M}"}
    if not rows:
        return _("时长放不进这个半天")
    row = next((each for each in rows if each.training_class_id == session.training_class_id), rows[0])
    if row.training_class_id == session.training_class_id:
        return _("本班已有“%(title)s”") % {"title": row.title}
    if timetable.same_teacher(session, row):
        return _("主讲%(who)s另有安排") % {"who": row.teacher}
    return _("场地“%(place)s”已被占用") % {"place": row.place}


def full_words(session: Session, half: str, rows: Sequence[Session]) -> str:
    """Why a session does not go into a half-day, as a refusal."""
    words = _cell_words(session, None, [row for row in rows if row.half == half])
    return _("%(half)s排不下：%(why)s。请换半天，或先移开。") % {
        "half": dict(Session.Half.choices)[half],
        "why": words,
    }


def _swap(session: Session, rows: Sequence[Session]) -> Session | None:
    """The one session of the same class there, with which this one could change places."""
    own = [row for row in rows if row.training_class_id == session.training_class_id]
    return own[0] if len(own) == 1 else None


def offers(session: Session) -> list[Offer]:
    """At most three ways out of a clash: the nearest free half-day, another room at the same time, the next half-day.

    Half-days that the teacher stated as convenient come before the others, those stated as inconvenient last.
    """
    around = slots.slot_of(session)
    free = {(cell.date, cell.half): cell for cell in cells(session) if cell.slot and cell.half != "ev"}
    near = [free[key] for key in slots.nearest_first(around, free)]
    # Of what is as near as may be, first where the teacher would rather, last where the teacher cannot.
    near.sort(key=lambda cell: RATHER.index(cell.said))
    times = [_at(cell.slot, cell.said) for cell in near if cell.slot][:OFFERED]
    room = _other_room(session)
    return [*times[:1], *([room] if room else []), *times[1:]][:OFFERED]


def _at(slot: Slot, said: str) -> Offer:
    half = dict(Session.Half.choices)[slot.half]
    words = _("改到 %(d)s%(h)s %(s)s—%(e)s") % {
        "d": f"{slot.date:%m月%d日}", "h": half, "s": f"{slot.starts:%H:%M}", "e": f"{slot.ends:%H:%M}"
    }  # fmt: skip
    words += {"prefers": _("（主讲方便）"), "cannot": _("（主讲不便）")}.get(said, "")
    facts = {
        "date": slot.date.isoformat(), "half": slot.half, "starts": f"{slot.starts:%H:%M}", "ends": f"{slot.ends:%H:%M}"
    }  # fmt: skip
    return Offer(words, facts)


def _other_room(session: Session) -> Offer | None:
    """A room of the school that is free at this time, the most used first; none if the room is not the trouble."""
    if not session.place:
        return None
    at_once = Session.objects.filter(
        date=session.date, starts__lt=session.ends, ends__gt=session.starts, school_id=session.school_id
    ).exclude(training_class__state="cancelled")
    at_once = at_once.exclude(pk=session.pk) if session.pk else at_once
    mine = Q(training_class_id=session.training_class_id)
    if session.teacher_id:
        mine |= Q(teacher_id=session.teacher_id)
    if at_once.filter(mine).exists():
        return None
    since = session.date - timedelta(days=365 * ROOM_YEARS)
    used = Session.objects.filter(school_id=session.school_id, date__gte=since).exclude(place="")
    taken = set(at_once.values_list("place", flat=True)) | {session.place}
    often = Counter(used.order_by().values_list("place", flat=True))
    place = next((name for name, _n in often.most_common() if name not in taken), "")
    return Offer(_("时间不变，改到“%(p)s”") % {"p": place}, {"place": place}) if place else None


def also_elsewhere(session: Session) -> list[tuple[Session, list[str]]]:
    """Sessions of other classes at the same time that admitted trainees of this class attend too, with their names."""
    here = Nomination.objects.filter(training_class_id=session.training_class_id, state="admitted")
    rows = Session.objects.filter(
        date=session.date, starts__lt=session.ends, ends__gt=session.starts,
        training_class__nominations__state="admitted", training_class__nominations__person__in=here.values("person_id"),
    ).exclude(training_class_id=session.training_class_id).exclude(training_class__state="cancelled")  # fmt: skip
    found: dict[int, tuple[Session, list[str]]] = {}
    named = rows.select_related("training_class").order_by("starts", "pk")
    for row in named.annotate(who=F("training_class__nominations__person__name")):
        found.setdefault(row.pk, (row, []))[1].append(row.who)
    return list(found.values())
