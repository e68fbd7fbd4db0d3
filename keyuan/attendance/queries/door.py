"""What the door needs in hand: today's sittings, who is expected, by which code or name they are found."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from keyuan.attendance.models import DoorRecord, Expected, Sitting
from keyuan.attendance.queries import granted, limits_on
from keyuan.attendance.rules.codes import personal_letters
from keyuan.attendance.rules.door import Pack, sign_pack
from keyuan.kernel.access import Actor, can, visible


def kept_today(actor: Actor) -> list[Sitting]:
    """Today's sittings whose attendance this actor keeps, in order of time."""
    rows = visible(actor, Sitting).filter(date=timezone.localdate(), state=Sitting.State.PLANNED)
    return [sitting for sitting in rows.order_by("starts", "pk") if can(actor, "attendance.mark", sitting)]


def pack_for(actor: Actor, *, moment: datetime | None = None) -> dict[str, Any]:
    """The day's list as a phone keeps it: names, units, own codes and marks, until midnight; nothing else of anybody.

    All moments are milliseconds since 1970, as browsers count.
    """
    now = moment or timezone.now()
    sittings = kept_today(actor)
    day = timezone.localdate(now)
    ends = timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
    pack = Pack(actor.person_id or 0, day, now, frozenset(sitting.pk for sitting in sittings))
    rows = list(
        Expected.objects.filter(sitting__in=sittings)
        .annotate(on_leave=granted())
        .select_related("person__organisation", "checkin")
        .order_by("person__pinyin", "person_id")
    )
    return {
        "pack": sign_pack(pack), "keeper": actor.person_id, "day": day.isoformat(), "now": _ms(now),
        "issued": _ms(now), "expires": _ms(ends), "people": _people(sittings, rows),
        "sittings": [_sitting(each, [row for row in rows if row.sitting_id == each.pk]) for each in sittings],
    }  # fmt: skip


def _ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def _sitting(sitting: Sitting, rows: Sequence[Any]) -> dict[str, Any]:
    limits = limits_on(sitting.school_id, sitting.date)
    return {
        "id": sitting.pk, "owner": f"{sitting.owner_label}.{sitting.owner_id}", "title": sitting.title,
        "place": sitting.place, "starts": _ms(sitting.starts), "ends": _ms(sitting.ends),
        "opens": _ms(sitting.starts - timedelta(minutes=limits.opens_before)), "late": limits.late_after,
        "people": [row.person_id for row in rows],
        "marks": {
            row.person_id: [row.checkin.verdict, _ms(row.checkin.at)]
            for row in rows
            if getattr(row, "checkin", None) is not None
        },
        "leave": [row.person_id for row in rows if row.on_leave],
    }  # fmt: skip


def _people(sittings: Sequence[Sitting], rows: Sequence[Any]) -> dict[str, list[list[Any]]]:
    owners = {sitting.pk: (sitting.owner_label, sitting.owner_id) for sitting in sittings}
    found: dict[str, dict[int, list[Any]]] = {}
    for row in rows:
        label, owner_id = owners[row.sitting_id]
        people = found.setdefault(f"{label}.{owner_id}", {})
        if row.person_id not in people:
            code = personal_letters(label, owner_id, row.person_id)
            people[row.person_id] = [
                row.person_id, row.person.name, row.person.pinyin, row.person.unit, code,
            ]  # fmt: skip
    return {owner: list(people.values()) for owner, people in found.items()}


def open_records(actor: Actor, sitting: Sitting) -> QuerySet[DoorRecord]:
    """Arrivals handed in for a sitting that wait for a person to look at them."""
    rows = visible(actor, DoorRecord).filter(sitting=sitting, state=DoorRecord.State.OPEN)
    return rows.select_related("person", "by", "sitting").order_by("at", "pk")
