"""Deadlines that remind: every working morning, whoever lets something wait hears of it."""

from django.db.models import Q
from django.utils import timezone

from keyuan.approvals.flows import tell_deciders
from keyuan.approvals.models import Request
from keyuan.approvals.queries import is_stuck
from keyuan.kernel import tick
from keyuan.kernel.calendar import is_workday, next_workday


@tick.daily("08:40", title="催办审批")
def remind() -> int:
    """Remind of what falls due by the next working day, is overdue, or waits for nobody; once a working day.

    How many requests were reminded of. Repeated on the same day it tells nobody twice.
    """
    today = timezone.localdate()
    if not is_workday(today):
        return 0
    rows = Request.objects.filter(state=Request.State.IN_PROGRESS)
    rows = rows.filter(Q(reminded_on=None) | Q(reminded_on__lt=today), submitted_at__date__lt=today)
    soon, count = next_workday(today), 0
    for request in rows.select_related("step", "chain"):
        is_due = request.due is not None and request.due <= soon
        if not is_due and not is_stuck(request):
            continue
        if Request.objects.filter(pk=request.pk, reminded_on=request.reminded_on).update(reminded_on=today):
            tell_deciders(request, "approvals.reminder")
            count += 1
    return count
