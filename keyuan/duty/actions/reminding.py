"""Reminders at set distances from the end of a term, each once, to the holder and the unit's liaison."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.db import transaction

from keyuan.duty.models import Duty, Reminder, ReminderRule
from keyuan.duty.queries.states import outstanding
from keyuan.kernel import audit, notify
from keyuan.kernel.access import Actor, require
from keyuan.orgs.models import School
from keyuan.people.queries import liaisons_of


def distance(days: Sequence[int], left: int) -> int | None:
    """The distance that a number of days left has come under: of 180, 90, 30 with 40 left it is 90.

    Of several passed at once only the nearest: a term recorded late is reminded of once, not three times.
    """
    return min((each for each in days if left <= each), default=None) if left >= 0 else None


def rule_on(school: School, on: date) -> ReminderRule | None:
    """What holds on a day of reminders."""
    return ReminderRule.objects.filter(school=school, since__lte=on).order_by("-since").first()


@transaction.atomic
def remind(actor: Actor, *, school: School, on: date) -> int:
    """Remind of every duty not done whose term's end has come within a set distance; how many were reminded of.

    Never twice for the same duty, end and distance; an extended term is reminded of anew.
    """
    require(actor, "duty.keep", Duty(school=school))
    rule = rule_on(school, on)
    if rule is None or not rule.days:
        return 0
    School.objects.select_for_update().get(pk=school.pk)
    last = on + timedelta(days=max(rule.days))
    rows = list(outstanding(school.pk, on).filter(until__gte=on, until__lte=last))
    sent = set(Reminder.objects.filter(duty__in=rows).values_list("duty_id", "end", "days"))
    liaisons = liaisons_of({row.term.organisation_id for row in rows}) if rule.liaison else {}
    made = []
    for row in rows:
        end = row.term.deadline or last
        days = distance(rule.days, (end - on).days)
        if days is None or (row.pk, end, days) in sent:
            continue
        told = _tell(row, (end - on).days, liaisons.get(row.term.organisation_id, []))
        made.append(Reminder(duty=row, end=end, days=days, told=told))
    Reminder.objects.bulk_create(made)
    if made:
        audit.record(actor, "duty.reminded", school, n=len(made))
    return len(made)


def _tell(duty: Duty, left: int, liaisons: Sequence[int]) -> int:
    term = duty.term
    return notify.tell(
        [term.holder_id or 0, *liaisons], "duty.ending", f"/duties/people/{term.holder_id}/",
        school_id=duty.school_id, about=term.holder_id, name=term.holder.name if term.holder else "",
        unit=term.organisation.name, end=term.deadline, days=left, duty=str(duty),
    )  # fmt: skip
