"""What waits: a unit's plan or results to file, and for the office what was filed."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.filings.models import OWED, Filing, Frame, Part, S
from keyuan.filings.rules.access import answers_for
from keyuan.kernel import todos
from keyuan.kernel.access import Actor, visible
from keyuan.people.roles import Role

# A unit is shown what it owes so many days ahead.
AHEAD = 30


@todos.source
def filings_to_make(actor: Actor) -> Iterator[todos.ToDo]:
    """For whoever files: plan and results that are owed, from a month ahead; for the registrar: what waits to be received."""
    if not actor.roles.intersection((Role.LIAISON, Role.REGISTRAR)):
        return
    owed = Q(plan_state__in=OWED, frame__plan_by__lte=_horizon()) | Q(
        result_state__in=OWED, frame__result_by__lte=_horizon()
    )
    mine = answers_for(actor) & (owed | Q(plan_state=S.RETURNED) | Q(result_state=S.RETURNED))
    waiting = Q(pk__in=())
    if Role.REGISTRAR in actor.roles:
        waiting = Q(frame__school_id=actor.school_id or 0) & (Q(plan_state=S.FILED) | Q(result_state=S.FILED))
    rows = (
        visible(actor, Filing).filter(mine | waiting, frame__state=Frame.State.ISSUED).select_related("frame")
    )
    received = Counter[tuple[int, str]]()
    frames: dict[int, Frame] = {}
    for filing in rows:
        for part in Part.values:
            if (
                filing.state(part) == S.FILED
                and Role.REGISTRAR in actor.roles
                and filing.frame.school_id == actor.school_id
            ):
                received[filing.frame_id, part] += 1
                frames[filing.frame_id] = filing.frame
            elif filing.state(part) in OWED and not _at_office(actor, filing):
                yield from _owed(filing, part)
    for (pk, part), count in received.items():
        words = {"n": count, "part": Part(part).label, "title": frames[pk].title}
        yield todos.ToDo(
            _("签收 %(n)s 个单位的%(part)s：%(title)s") % words,
            f"/filings/{pk}/?{part}=waiting",
            count=count,
            group=_("报备"),
        )


def _horizon() -> Any:
    return timezone.localdate() + timedelta(days=AHEAD)


def _at_office(actor: Actor, filing: Filing) -> bool:
    return Role.REGISTRAR in actor.roles and filing.frame.school_id == actor.school_id


def _owed(filing: Filing, part: str) -> Iterator[todos.ToDo]:
    due, today = filing.frame.deadline(part), timezone.localdate()
    back = filing.state(part) == S.RETURNED
    if not back and due > _horizon():
        return
    says = _("%(part)s被退回，请修改：%(title)s") if back else _("报送%(part)s：%(title)s")
    yield todos.ToDo(
        says % {"part": Part(part).label, "title": filing.frame.title}, f"/filings/units/{filing.pk}/", due=due,
        urgent=back or due <= today + timedelta(days=7), group=_("报备"),
    )  # fmt: skip
