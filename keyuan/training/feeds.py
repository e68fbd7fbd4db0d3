"""The calendar feed (iCalendar, RFC 5545) of one person's sessions."""

from datetime import datetime, timedelta

from django.core import signing
from django.utils import timezone

from keyuan.kernel.links import LinkDead, absolute
from keyuan.people.models import Person
from keyuan.training.models import Session

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
    """Released sessions of the last 30 days and all to come, as trainee or teacher."""
    # Its dictionaries of zones are read only by a process that is asked for a feed.
    from icalendar import Calendar, Event

    since = timezone.localdate() - timedelta(days=30)
    released = Session.objects.filter(released=True, date__gte=since).exclude(
        training_class__state="cancelled"
    )
    mine = released.filter(
        training_class__nominations__person=person, training_class__nominations__state="admitted"
    ) | released.filter(teacher=person)
    book = Calendar()
    book.add("prodid", "-//Keyuan//课程表//ZH")
    book.add("version", "2.0")
    book.add("x-wr-calname", f"{person.name}的课程表")
    zone = timezone.get_current_timezone()
    for session in mine.select_related("training_class", "teacher").distinct():
        event = Event()
        event.add("uid", f"session-{session.pk}@keyuan")
        event.add("summary", f"{session.title}（{session.training_class.title}）")
        event.add("dtstart", datetime.combine(session.date, session.starts, zone))
        event.add("dtend", datetime.combine(session.date, session.ends, zone))
        event.add("dtstamp", timezone.now())
        event.add("sequence", session.training_class.timetable_version)
        event.add("location", session.place or session.training_class.venue)
        event.add("description", f"{session.get_kind_display()} {session.teacher or ''}".strip())
        event.add("url", absolute(f"/classes/{session.training_class_id}/timetable/"))
        book.add_component(event)
    feed: bytes = book.to_ical()
    return feed
