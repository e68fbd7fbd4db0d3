"""Stating when somebody can teach, correcting it, taking it away, and forgetting what is long past."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.kernel import audit, bulk, erasure
from keyuan.kernel.access import Actor, require, system_of
from keyuan.kernel.faults import Conflict, Fault
from keyuan.people import actions
from keyuan.people.models import Availability, Person
from keyuan.people.queries.availability import held_of
from keyuan.people.rules import availability as rules

audit.sentence("people.availability_stated", "登记了可授课时间：{thing}")
audit.sentence("people.availability_changed", "修改了可授课时间：{thing}")
audit.sentence("people.availability_removed", "删除了可授课时间：{thing}")
audit.sentence("people.availability_imported", "导入了可授课时间 {count} 条")
audit.sentence("people.availability_purged", "清除了过期一年的可授课时间 {count} 条")

KEPT = timedelta(days=365)

actions.exports("可授课时间", held_of)


@dataclass(frozen=True)
class AvailabilityFacts:
    """What is stated: of which days, weekdays (a bit each, Monday first) and half-day."""

    kind: str
    starts: date
    ends: date
    weekdays: int = Availability.EVERY_DAY
    half: str = ""
    note: str = ""

    def stored(self) -> dict[str, Any]:
        """As a session keeps it until a deletion is taken back."""
        return {**asdict(self), "starts": self.starts.isoformat(), "ends": self.ends.isoformat()}

    @classmethod
    def restored(cls, stored: dict[str, Any]) -> "AvailabilityFacts":
        """What `stored` gave."""
        days = {name: date.fromisoformat(stored[name]) for name in ("starts", "ends")}
        return cls(**{**stored, **days})


def facts_of(row: Availability) -> AvailabilityFacts:
    """What a stored statement says."""
    return AvailabilityFacts(row.kind, row.starts, row.ends, row.weekdays, row.half, row.note)


def _clean(facts: AvailabilityFacts) -> None:
    if facts.ends < facts.starts:
        raise Fault(_("结束日期早于开始日期，请改正。"), "ends")
    if (facts.ends - facts.starts).days >= rules.LONGEST_DAYS:
        raise Fault(_("一次最多登记两年，请核对年份或分次登记。"), "ends")
    if not rules.reaches(facts):
        raise Fault(_("这段日期里没有所选的星期，请改日期或星期。"), "weekdays")
    if len(facts.note) > Availability.NOTE:
        raise Fault(_("备注最多 60 字，请缩短。"), "note")


def _twice() -> Conflict:
    return Conflict(_("已经登记过同样的时间，不必再登记。"), "starts")


@transaction.atomic
def state(actor: Actor, *, person: Person, facts: AvailabilityFacts) -> Availability:
    """Put down when somebody cannot or would rather teach; Conflict where the same is said already."""
    require(actor, "people.availability", person)
    _clean(facts)
    row = Availability(
        person=person, school_id=person.school_id, entered_by_id=actor.person_id, **asdict(facts)
    )
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as clash:
        raise _twice() from clash
    audit.record(actor, "people.availability_stated", person, row=row.pk)
    return row


@transaction.atomic
def state_many(actor: Actor, *, stated: Sequence[tuple[Person, AvailabilityFacts]]) -> list[int]:
    """Put down many at once, with one audit line; the key of each, that of the stored one where it is said already."""
    for person, facts in stated:
        require(actor, "people.availability", person)
        _clean(facts)
    people = {person.pk for person, _facts in stated}
    found = {_key(row): row for row in Availability.objects.select_for_update().filter(person__in=people)}
    fresh: list[Availability] = []
    keys = []
    for person, facts in stated:
        row = Availability(
            person=person, school_id=person.school_id, entered_by_id=actor.person_id, **asdict(facts)
        )
        if _key(row) not in found:
            found[_key(row)] = row
            fresh.append(row)
        keys.append(_key(row))
    bulk.insert(fresh)
    if fresh:
        audit.record(actor, "people.availability_imported", count=len(fresh), ids=[row.pk for row in fresh])
    return [found[key].pk for key in keys]


def _key(row: Availability) -> tuple[int, str, date, date, int, str]:
    return (row.person_id, row.kind, row.starts, row.ends, row.weekdays, row.half)


@transaction.atomic
def change(actor: Actor, *, row: Availability, facts: AvailabilityFacts) -> Availability:
    """Correct a statement; Conflict where another says the same, or where it was deleted meanwhile."""
    held = _held(actor, row)
    _clean(facts)
    for name, value in asdict(facts).items():
        setattr(held, name, value)
    held.entered_by_id, held.entered_at = actor.person_id, timezone.now()
    try:
        with transaction.atomic():
            held.save()
    except IntegrityError as clash:
        raise _twice() from clash
    audit.record(actor, "people.availability_changed", held.person, row=held.pk)
    return held


@transaction.atomic
def remove(actor: Actor, *, row: Availability) -> AvailabilityFacts:
    """Delete a statement; what it said, so that it can be stated again."""
    held = _held(actor, row)
    facts, key = facts_of(held), held.pk
    held.delete()
    audit.record(actor, "people.availability_removed", held.person, row=key)
    return facts


def _held(actor: Actor, row: Availability) -> Availability:
    require(actor, "people.availability", row.person)
    held = Availability.objects.select_for_update(of=("self",)).select_related("person").filter(pk=row.pk)
    found = held.first()
    if found is None:
        raise Conflict(_("这条时间已被删除，请刷新后再看。"))
    return found


def purge() -> int:
    """Delete statements that ended a year ago, school by school; how many. Purging again finds nothing."""
    due = Availability.objects.filter(ends__lt=timezone.localdate() - KEPT)
    total = 0
    for school in due.order_by().values_list("school_id", flat=True).distinct():
        with transaction.atomic():
            count, _kinds = due.filter(school_id=school).delete()
            audit.record(system_of(school), "people.availability_purged", count=count)
        total += count
    return total


@erasure.eraser
def forget(person_id: int) -> None:
    """What somebody stated goes; that they stated something of others stays a number."""
    Availability.objects.filter(person_id=person_id).delete()
