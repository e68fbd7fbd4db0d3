"""Reminders that go out by themselves, and units that joined the list meanwhile."""

from django.utils import timezone

from keyuan.filings.actions import frames, reminding
from keyuan.filings.models import Frame
from keyuan.kernel import tick
from keyuan.kernel.access import system_of


@tick.daily("09:10", title="催报计划和总结")
def remind() -> int:
    """Once a day, for every frame that is out: how many units were told. Repeated it tells nobody twice."""
    today, count = timezone.localdate(), 0
    for frame in Frame.objects.filter(state=Frame.State.ISSUED).select_related("school"):
        actor = system_of(frame.school_id)
        frames.add_units(actor, frame=frame)
        count += reminding.remind_due(actor, frame=frame, today=today)
    return count
