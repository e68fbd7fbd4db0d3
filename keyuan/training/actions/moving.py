"""Moving sessions on the half-day grid: to another half-day, or two of them the one to the place of the other."""

from dataclasses import dataclass
from datetime import date, time

from django.db import transaction
from django.utils.translation import gettext as _

from keyuan.kernel import audit
from keyuan.kernel.access import Actor, require
from keyuan.kernel.faults import Conflict, Fault
from keyuan.training.actions import timetable
from keyuan.training.models import Session
from keyuan.training.queries import slots as queries
from keyuan.training.rules import slots

audit.sentence("training.session.swapped", "对调课次：{thing}与“{other}”")

# Where a session waits while another takes its place; no class is held then, so nothing can clash there.
ASIDE = date(1900, 1, 1)


@dataclass(frozen=True)
class Place:
    """Where a session stood (原位置), so that a move can be taken back."""

    date: date
    half: str
    starts: time

    @classmethod
    def of(cls, session: Session) -> "Place":
        """Where a session stands now."""
        return cls(session.date, session.half, session.starts)

    def __str__(self) -> str:
        """For an address: 2026-09-01.am.09:00."""
        return f"{self.date:%Y-%m-%d}.{self.half}.{self.starts:%H:%M}"

    @classmethod
    def read(cls, text: str) -> "Place | None":
        """What `str` wrote; None for anything else."""
        parts = text.split(".")
        try:
            found = cls(date.fromisoformat(parts[0]), parts[1], time.fromisoformat(parts[2]))
        except (ValueError, IndexError):
            return None
        return found if found.half in slots.ORDER else None


def _held(actor: Actor, session: Session) -> Session:
    require(actor, "training.timetable", session.training_class)
    timetable.hold_open(session.training_class_id)
    stored = (
        Session.objects.select_for_update(of=("self",)).select_related("training_class").get(pk=session.pk)
    )
    timetable.refuse_begun(stored)
    return stored


def _unchanged(stored: Session, expected: Place | None) -> None:
    if expected is not None and Place.of(stored) != expected:
        raise Conflict(_("“%(title)s”已被别人调到另一时间，请刷新后再办。") % {"title": stored.title})


@transaction.atomic
def move_session(
    actor: Actor, *, session: Session, day: date, half: str, starts: time | None = None,
    expected: Place | None = None,
) -> Session:  # fmt: skip
    """Put a session into another half-day at its own length, at `starts` or else at the first free time there.

    Raises Conflict naming what stands in the way, or when the session no longer stands at `expected`.
    """
    stored = _held(actor, session)
    _unchanged(stored, expected)
    slot = _slot(stored, day, half, starts)
    facts = {"date": slot.date, "half": slot.half, "starts": slot.starts, "ends": slot.ends}
    timetable.change_session(actor, session=stored, facts=facts)
    stored.refresh_from_db()
    return stored


def _slot(stored: Session, day: date, half: str, starts: time | None) -> slots.Slot:
    if half not in slots.HALVES:
        raise Fault(_("请选择上午、下午或晚上。"), "half")
    lasting = slots.length(slots.slot_of(stored))
    if starts is not None:
        exact = slots.placed(day, half, starts, lasting)
        if exact is None:
            raise Fault(_("从这个时间起放不进这个半天，请换时间。"), "starts")
        return exact
    rows = list(queries.in_the_way(stored, day, day))
    wanted = stored.starts if half == stored.half else None
    found = slots.free_in(day, half, lasting, [slots.slot_of(row) for row in rows], wanted)
    if found is None:
        raise Conflict(queries.full_words(stored, half, rows), "date")
    return found


@transaction.atomic
def swap_sessions(
    actor: Actor, *, first: Session, second: Session,
    first_at: Place | None = None, second_at: Place | None = None,
) -> None:  # fmt: skip
    """Let two sessions of a class change places; each keeps its length. Refused when either does not fit."""
    one, other = _held(actor, first), _held(actor, second)
    if one.pk == other.pk or one.training_class_id != other.training_class_id:
        raise Fault(_("只能对调同一班次的两个课次。"))
    _unchanged(one, first_at)
    _unchanged(other, second_at)
    here, there = Place.of(one), Place.of(other)
    Session.objects.filter(pk=one.pk).update(date=ASIDE)
    _settle(actor, other, here)
    one.refresh_from_db()
    _settle(actor, one, there)
    audit.record(actor, "training.session.swapped", one, other=other.title)


def _settle(actor: Actor, session: Session, place: Place) -> None:
    slot = _slot(session, place.date, place.half, place.starts)
    facts = {"date": slot.date, "half": slot.half, "starts": slot.starts, "ends": slot.ends}
    timetable.change_session(actor, session=session, facts=facts)
