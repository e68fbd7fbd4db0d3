"""Background work of this room: the ladder of reminders every morning, the digest on the week's first working day."""

from django.utils import timezone

from keyuan.kernel.access import system_of
from keyuan.kernel.tick import daily
from keyuan.orgs.models import School
from keyuan.supervision.actions import watching
from keyuan.supervision.models import Item
from keyuan.supervision.queries.digests import is_digest_day


def _schools() -> list[School]:
    return list(School.objects.filter(pk__in=Item.objects.order_by().values("school_id")))


@daily("08:20", title="督办提醒")
def remind_by_ladder() -> None:
    """Tell whom the ladder names, school by school."""
    today = timezone.localdate()
    for school in _schools():
        watching.climb(system_of(school.pk), school=school, today=today)


@daily("08:10", title="每周督办通报")
def weekly_digest() -> None:
    """Make the digests on the first working day of the week."""
    today = timezone.localdate()
    if is_digest_day(today):
        for school in _schools():
            watching.make_digests(system_of(school.pk), school=school, today=today)
