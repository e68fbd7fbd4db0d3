"""Background work of this room: reminders every morning."""

from django.utils import timezone

from keyuan.hosting import actions
from keyuan.hosting.models import Rota
from keyuan.kernel.access import system_of
from keyuan.kernel.tick import daily
from keyuan.orgs.models import School


@daily("08:35", title="承办轮值提醒")
def remind_hosts() -> None:
    """School by school."""
    today = timezone.localdate()
    for school in School.objects.filter(
        pk__in=Rota.objects.filter(active=True).order_by().values("school_id")
    ):
        actions.remind(system_of(school.pk), school=school, today=today)
