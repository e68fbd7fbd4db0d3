"""What the worker does for duties: opens them, reads their proofs and reminds, school by school."""

from django.utils import timezone

from keyuan.duty.actions import open_duties, recompute, remind
from keyuan.duty.models import DutyRule
from keyuan.kernel.access import system_of
from keyuan.kernel.tick import daily, every
from keyuan.orgs.models import School


def _schools() -> list[School]:
    return list(School.objects.filter(pk__in=DutyRule.objects.order_by().values("school")))


@every(minutes=60, title="核对听课讲课职责")
def keep_in_step() -> None:
    """Duties of new terms are opened, proofs follow attendance and timetables; each school whole."""
    today = timezone.localdate()
    for school in _schools():
        actor = system_of(school.pk)
        open_duties(actor, school=school, on=today)
        recompute(actor, school=school, on=today)


@daily("08:30", title="任期届满前的听课讲课提醒")
def remind_all() -> None:
    """Whoever has come within a set distance of the term's end is reminded, once."""
    for school in _schools():
        remind(system_of(school.pk), school=school, on=timezone.localdate())
