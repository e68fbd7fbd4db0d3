"""Whoever owes a plan or results is reminded: by one click, or by itself; never twice the same day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.filings.models import OWED, Filing, Frame, Part, Reminder
from keyuan.filings.queries.people import receivers
from keyuan.filings.rules import last_mark
from keyuan.kernel import audit, bulk, notify
from keyuan.kernel.access import Actor, require
from keyuan.kernel.faults import Conflict

audit.sentence("filings.reminded", "催报了 {count} 个单位：{thing}")
notify.kind(
    "filings.reminder",
    title="催报：{frame}",
    text="“{frame}”的{part}截止日为{day}，贵单位尚未报送，请尽快填报。",
)


@dataclass(frozen=True)
class Reminded:
    """What came of reminding (催报结果): units told, units nobody of whom could be told, units told today already."""

    told: int = 0
    silent: int = 0
    again: int = 0


@transaction.atomic
def remind(
    actor: Actor, *, frame: Frame, part: str, only: Sequence[int] | None = None, today: date | None = None
) -> Reminded:
    """Remind all who owe this part (or those of `only`, by filing id) that were not reminded today.

    A unit without a liaison is noted as not told, so that the office sees whom to telephone.
    """
    require(actor, "filings.remind", frame)
    today = today or timezone.localdate()
    locked = Frame.objects.select_for_update().get(pk=frame.pk)
    if locked.state != Frame.State.ISSUED:
        raise Conflict(_("统筹要求不在报送期内，不能催报。"))
    rows = Filing.objects.filter(
        frame=locked, organisation__active=True, **{f"{Part(part).value}_state__in": OWED}
    )
    if only is not None:
        rows = rows.filter(pk__in=only)
    owing = list(rows.order_by("pk"))
    known = set(
        Reminder.objects.filter(filing__in=owing, part=part, on=today).values_list("filing_id", flat=True)
    )
    fresh = [filing for filing in owing if filing.pk not in known]
    people = receivers(fresh)
    made = [
        Reminder(
            filing=one, part=part, on=today, by_id=actor.person_id, told=len(set(people.get(one.pk, ())))
        )
        for one in fresh
    ]
    _stored(made)
    _tell(locked, part, people)
    if made:
        audit.record(actor, "filings.reminded", locked, part=part, count=len(made))
    told = sum(one.told > 0 for one in made)
    return Reminded(told, len(made) - told, len(known))


def _stored(made: Sequence[Reminder]) -> None:
    """Write them down; the database lets a unit be reminded once a day."""
    try:
        with transaction.atomic():
            bulk.insert(made)
    except IntegrityError as clash:
        raise Conflict(_("另一位同事刚刚催报过，请刷新后再看。")) from clash


def _tell(frame: Frame, part: str, people: dict[int, list[int]]) -> None:
    for filing, told in people.items():
        notify.tell(
            told, "filings.reminder", f"/filings/units/{filing}/", school_id=frame.school_id, frame=frame.title,
            part=str(Part(part).label), day=frame.deadline(part),
        )  # fmt: skip


def remind_due(actor: Actor, *, frame: Frame, today: date) -> int:
    """Remind who has not been reminded since the last day on which the frame's distances asked for it."""
    count = 0
    for part in Part.values:
        mark = last_mark(frame.deadline(part), frame.distances, today)
        if mark is None or (today - frame.deadline(part)).days > LAST:
            continue
        rows = Filing.objects.filter(frame=frame, **{f"{part}_state__in": OWED})
        since = Reminder.objects.filter(part=part, on__gte=mark).values("filing_id")
        due = list(rows.exclude(pk__in=since).values_list("pk", flat=True))
        if due:
            count += remind(actor, frame=frame, part=part, only=due, today=today).told
    return count


# Days after a deadline on which nothing reminds by itself any more.
LAST = 28
