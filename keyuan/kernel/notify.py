"""Telling people: kinds of notices, the outbox written with the deed, delivery into inboxes exactly once."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext

from keyuan.kernel import bulk, calendar, erasure, hours, navigation
from keyuan.kernel.access import Actor, scope, visible
from keyuan.kernel.models.notify import Message, Outbox

# Persons in one outbox row; one row is delivered in one small transaction.
SHARE = 500
ATTEMPTS = 8


@dataclass(frozen=True)
class Kind:
    """One kind of notice (通知种类): `{name}` in title and text stands for the fact of that name."""

    name: str
    title: str
    text: str
    urgent: bool = False


KINDS: dict[str, Kind] = {}
# What mail owes each of these persons at that moment: person → when, None for not at all. Set by kernel.mail.
Owed = Callable[[list[int], Kind, datetime], dict[int, datetime]]
CHANNELS: list[Owed] = []


def kind(name: str, *, title: str, text: str, urgent: bool = False) -> Kind:
    """Register a kind of notice. An urgent one pays no heed to quiet hours."""
    if name in KINDS:
        raise RuntimeError(f"two kinds of notice called {name}")
    KINDS[name] = Kind(name, title, text, urgent)
    return KINDS[name]


def told(fact: Any) -> Any:
    """A fact as a sentence carries it: dates in words, decimals without idle zeros."""
    if isinstance(fact, datetime):
        local = timezone.localtime(fact) if timezone.is_aware(fact) else fact
        return f"{calendar.in_words(local.date())} {local:%H:%M}"
    if isinstance(fact, date):
        return calendar.in_words(fact)
    if isinstance(fact, Decimal):
        return hours.plain(fact)
    return fact if isinstance(fact, int | float | bool | str) else str(fact)


def tell(
    person_ids: Iterable[int] | int,
    kind: str,
    link: str = "",
    *,
    school_id: int | None = None,
    about: int | None = None,
    **facts: Any,
) -> int:
    """Tell persons in the caller's transaction: it goes out when the deed is committed, or not at all.

    Each person once, however often named; the number of persons. `about` is the person the text names when
    that is somebody else than the receiver: erasing that person erases the notice. Raises KeyError for a
    kind nobody registered.
    """
    found = KINDS[kind]
    people = [person_ids] if isinstance(person_ids, int) else [number for number in person_ids if number]
    people = list(dict.fromkeys(people))
    kept = {name: told(fact) for name, fact in facts.items() if fact is not None}
    Outbox.objects.bulk_create(
        Outbox(
            kind=found.name, link=link, school_id=school_id, facts=kept,
            person_ids=people[begin : begin + SHARE], about_id=about,
        )
        for begin in range(0, len(people), SHARE)
    )  # fmt: skip
    return len(people)


class _Words(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return ""


def waiting(now: datetime) -> QuerySet[Outbox]:
    """What is due and not yet delivered."""
    return Outbox.objects.filter(sent_at=None, due_at__lte=now, attempts__lt=ATTEMPTS)


def stuck() -> int:
    """How many notices could not be delivered and are tried no more; doctor asks."""
    return Outbox.objects.filter(sent_at=None, attempts__gte=ATTEMPTS).count()


def deliver(most: int = 1000) -> int:
    """Carry out what waits in the outbox; the number of rows delivered. Workers never deliver a row twice."""
    count = 0
    while count < most and waiting(timezone.now()).exists():
        if not _deliver_one():
            break
        count += 1
        bulk.pause()
    return count


def _deliver_one() -> bool:
    with transaction.atomic():
        rows = waiting(timezone.now()).order_by("due_at", "id")
        row = rows.select_for_update(skip_locked=connection.vendor == "postgresql").first()
        if row is None:
            return False
        try:
            with transaction.atomic():
                Message.objects.bulk_create(_messages(row), ignore_conflicts=True)
        except Exception as wrong:  # noqa: BLE001 - one bad notice must not hold up all others
            wait = timedelta(minutes=2**row.attempts)
            Outbox.objects.filter(pk=row.pk).update(
                attempts=row.attempts + 1, error=repr(wrong)[:500], due_at=timezone.now() + wait
            )
            return True
        # What was said stands in the inboxes; here it would only outlive a person's erasure.
        Outbox.objects.filter(pk=row.pk).update(
            sent_at=timezone.now(), facts={}, person_ids=[], about_id=None, error=""
        )
        return True


def _messages(row: Outbox) -> list[Message]:
    found, words, now = KINDS[row.kind], _Words(row.facts), timezone.now()
    people: list[int] = list(row.person_ids)
    owed: dict[int, datetime] = {}
    for channel in CHANNELS:
        owed |= channel(people, found, now)
    title, text = str(found.title).format_map(words)[:120], str(found.text).format_map(words)
    return [
        Message(
            person_id=person, outbox_id=row.pk, about_id=row.about_id, school_id=row.school_id, kind=row.kind,
            title=title, text=text, link=row.link, at=row.created_at, mail_due=owed.get(person),
        )
        for person in people
    ]  # fmt: skip


@scope(Message)
def messages_seen(actor: Actor, rows: QuerySet[Message]) -> QuerySet[Message]:
    """Everybody's inbox is their own."""
    return rows.filter(person_id=actor.person_id) if actor.person_id is not None else rows.none()


@navigation.counter("inbox")
def unread(actor: Actor) -> int:
    """How many messages wait unread; answered from an index that holds the unread alone."""
    return visible(actor, Message).filter(read_at=None).count()


def unread_of(person_id: OuterRef) -> Coalesce:
    """The same number as part of another query about a person, so that a page needs no query of its own for it."""
    rows = Message.objects.filter(person_id=person_id, read_at=None).order_by().values("person_id")
    return Coalesce(Subquery(rows.annotate(n=Count("pk")).values("n")), 0)


def read(actor: Actor, message: Message) -> None:
    """Mark one's own message read; again changes nothing. No audit line: it concerns nobody else."""
    visible(actor, Message).filter(pk=message.pk, read_at=None).update(read_at=timezone.now())


def read_all(actor: Actor, kind: str = "") -> int:
    """Mark all of one's messages read (of a kind when given); how many there were."""
    rows = visible(actor, Message).filter(read_at=None)
    return (rows.filter(kind=kind) if kind else rows).update(read_at=timezone.now())


def kinds_of(actor: Actor) -> list[tuple[str, str]]:
    """The kinds a person has messages of, with their titles, for the inbox's filter."""
    names = visible(actor, Message).order_by().values_list("kind", flat=True).distinct()
    known = {name: gettext(KINDS[name].title) if name in KINDS else name for name in names}
    plain = {name: title.replace("{", "").replace("}", "") for name, title in known.items()}
    return sorted(plain.items(), key=lambda pair: pair[1])


@erasure.eraser
def forget(person_id: int) -> None:
    """Drop a person's inbox, what others were told of them, and their place in notices still waiting."""
    Message.objects.filter(Q(person_id=person_id) | Q(about_id=person_id)).delete()
    Outbox.objects.filter(sent_at=None, about_id=person_id).delete()
    for row in Outbox.objects.filter(sent_at=None):
        if person_id in row.person_ids:
            row.person_ids = [number for number in row.person_ids if number != person_id]
            row.save(update_fields=["person_ids"])
