"""Telling liaisons who is due; only when the office presses the button."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from keyuan.kernel import audit, notify
from keyuan.kernel.access import Actor, require
from keyuan.kernel.faults import Fault
from keyuan.people.queries import liaisons_of
from keyuan.rotation.models import Reminder, Requirement
from keyuan.rotation.queries.coverage import Line

audit.sentence("rotation.reminded", "提醒联络员应训人员：{thing}，{units} 个单位共 {due} 人")
notify.kind(
    "rotation.due",
    title="应训人员提醒",
    text="“{title}”：贵单位还有 {due} 人应训未完成，截止 {until}。请查看名单，安排参训。",
)


@dataclass(frozen=True)
class Reminded:
    """What became of a reminder: units told, units without a liaison, people concerned."""

    units: int
    silent: tuple[str, ...]
    due: int


@transaction.atomic
def remind(actor: Actor, *, requirement: Requirement, lines: Iterable[Line], until: object) -> Reminded:
    """Tell the liaisons of each unit how many of theirs are due, with the way to the list; each telling is logged.

    Names are in no notice: the liaison sees them on the list, as far as they are the unit's own.
    """
    require(actor, "rotation.remind", requirement)
    due = [line for line in lines if line.standing.is_due and line.unit is not None]
    if not due:
        raise Fault(_("选定的人员里没有应训未完成的。"))
    counts = Counter(line.unit.pk for line in due if line.unit)
    names = {line.unit.pk: str(line.unit) for line in due if line.unit}
    liaisons = liaisons_of(counts)
    link = f"/rotation/?requirement={requirement.pk}&state=due"
    for unit, count in counts.items():
        notify.tell(
            liaisons.get(unit, []), "rotation.due", link, school_id=requirement.school_id,
            title=requirement.title, due=count, until=until,
        )  # fmt: skip
    Reminder.objects.bulk_create(
        Reminder(
            requirement=requirement, organisation_id=unit, due=count, told=len(set(liaisons.get(unit, []))),
            by_id=actor.person_id,
        )
        for unit, count in counts.items()
    )  # fmt: skip
    audit.record(actor, "rotation.reminded", requirement, units=len(counts), due=len(due))
    silent = tuple(names[unit] for unit in counts if not liaisons.get(unit))
    return Reminded(len(counts) - len(silent), silent, len(due))
