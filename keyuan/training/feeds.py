"""The calendar feed (iCalendar, RFC 5545) of one person's sessions."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.core import signing
from django.db.models import Q
from django.utils import timezone

from keyuan.attendance.models import Expected
from keyuan.kernel.links import LinkDead, absolute
from keyuan.people.models import Person
from keyuan.training.models import Nomination, ReleasedSession, TrainingClass

if TYPE_CHECKING:
    from icalendar import Event

OWNER = "training.class"

SALT = "keyuan.training.feed"


def token_of(person_id: int | None) -> str:
    """The secret part of a person's feed address; it carries no name and does not expire."""
    return signing.dumps(person_id, salt=SALT)


def person_of(token: str) -> int:
    """Whose feed it is. Raises LinkDead when the address was altered."""
    try:
        found: int = signing.loads(token, salt=SALT)
    except signing.BadSignature as dead:
        raise LinkDead("日历地址不完整，请从课程表页面重新复制。") from dead
    return found


def calendar_of(person: Person) -> bytes:
    """Sessions of the last 30 days and all to come, as they were released, as trainee or teacher.

    SEQUENCE rises with each change of a session; one taken out, or of a class called off, is CANCELLED.
    """
    # Its dictionaries of zones are read only by a process that is asked for a feed.
    from icalendar import Calendar

    book = Calendar()
    book.add("prodid", "-//Keyuan//课程表//ZH")
    book.add("version", "2.0")
    book.add("x-wr-calname", f"{person.name}的课程表")
    for row in rows_of(person):
        book.add_component(_event(row))
    feed: bytes = book.to_ical()
    return feed


def rows_of(person: Person) -> list[ReleasedSession]:
    """What the feed of a person tells of: each session once, what holds before what is cancelled."""
    since = timezone.localdate() - timedelta(days=30)
    admitted = Nomination.objects.filter(person=person, state=Nomination.State.ADMITTED)
    # Whoever was on the list of a class called off is on no roster any more, but stands with its sittings.
    stood = Expected.objects.filter(person=person, sitting__owner_label=OWNER)
    mine = Q(for_class=True, training_class__in=admitted.values("training_class"))
    mine |= Q(training_class__state="cancelled", sitting_id__in=stood.values("sitting_id"))
    rows = ReleasedSession.objects.filter(mine | Q(teacher=person), date__gte=since)
    found: dict[int, ReleasedSession] = {}
    for row in rows.select_related("training_class", "teacher").order_by("date", "starts", "number"):
        if row.number not in found or row.cancelled_at is None:
            found[row.number] = row
    return list(found.values())


def _event(row: ReleasedSession) -> "Event":
    from icalendar import Event

    event, zone = Event(), timezone.get_current_timezone()
    off = row.cancelled_at is not None or row.training_class.state == TrainingClass.State.CANCELLED
    event.add("uid", f"session-{row.number}@keyuan")
    event.add("summary", f"{row.title}（{row.training_class.title}）")
    event.add("dtstart", datetime.combine(row.date, row.starts, zone))
    event.add("dtend", datetime.combine(row.date, row.ends, zone))
    event.add("dtstamp", row.changed_at)
    event.add("last-modified", row.changed_at)
    # Calling off a class is one change more of each of its sessions.
    event.add("sequence", row.sequence + (off and row.cancelled_at is None))
    event.add("status", "CANCELLED" if off else "CONFIRMED")
    event.add("location", row.place or row.training_class.venue)
    event.add("description", f"{row.get_kind_display()} {row.teacher or ''}".strip())
    event.add("url", absolute(f"/classes/{row.training_class_id}/timetable/"))
    return event
