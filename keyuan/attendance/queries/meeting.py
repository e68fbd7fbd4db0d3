"""Whom a meeting's list may mean, and how long each stayed."""

from collections.abc import Iterable, Sequence

from keyuan.attendance.models import Expected, OnlineStay, Sitting
from keyuan.attendance.rules.codes import personal_letters
from keyuan.attendance.rules.meetings import Span, credited, plain_name
from keyuan.kernel.access import Actor, visible


class Roster:
    """The people expected at some sittings (应到名单) by plain name and by personal code."""

    def __init__(self, sittings: Sequence[Sitting]) -> None:
        self.sittings = sittings
        self.names: dict[str, list[int]] = {}
        self.codes: dict[str, int] = {}
        self.shown: dict[int, str] = {}
        owners = dict.fromkeys((sitting.owner_label, sitting.owner_id) for sitting in sittings)
        people = Expected.objects.filter(sitting__in=sittings).values_list("person_id", "person__name")
        for person_id, name in people.order_by("person_id").distinct():
            self.names.setdefault(plain_name(name), []).append(person_id)
            self.shown[person_id] = name
            self.codes.update({personal_letters(label, pk, person_id): person_id for label, pk in owners})


def sittings_together(actor: Actor, sitting: Sitting) -> list[Sitting]:
    """The sittings of the same owner on the same day, which one meeting may have covered."""
    rows = visible(actor, Sitting).filter(
        owner_label=sitting.owner_label,
        owner_id=sitting.owner_id,
        date=sitting.date,
        state=Sitting.State.PLANNED,
    )
    return list(rows.order_by("starts", "pk"))


def online_seconds(expected_ids: Iterable[int]) -> dict[int, int]:
    """Seconds each line was online, for the board."""
    spans: dict[int, list[Span]] = {}
    for stay in OnlineStay.objects.filter(expected_id__in=list(expected_ids)):
        spans.setdefault(stay.expected_id, []).append(Span(stay.starts, stay.ends, stay.seconds))
    return {key: credited(stays) for key, stays in spans.items()}
