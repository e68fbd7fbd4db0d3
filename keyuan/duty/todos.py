"""What waits for the office: proofs to look at, terms that end soon with duties undone."""

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Count, Min, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.duty.models import Duty, DutyClaim
from keyuan.duty.queries.states import UNTIL
from keyuan.kernel import todos
from keyuan.kernel.access import Actor, visible
from keyuan.people.roles import Role

GROUP = "听一课讲一课"
DAYS = 90


@todos.source
def claims_to_look_at(actor: Actor) -> Iterator[todos.ToDo]:
    """For the registrar: how many claims wait, and how many terms end within 90 days with a duty undone; one query."""
    if Role.REGISTRAR not in actor.roles:
        return
    today = timezone.localdate()
    rows = visible(actor, Duty).filter(term__withdrawn_at=None).annotate(until=UNTIL)
    undone = (
        Q(until__range=(today, today + timedelta(days=DAYS)), term__ends=None)
        & ~Q(pk__in=Duty.objects.filter(proofs__standing=True).values("pk"))
        & ~Q(pk__in=Duty.objects.filter(exemptions__isnull=False, exemptions__revoked_at=None).values("pk"))
    )
    waiting = Q(pk__in=DutyClaim.objects.filter(state="waiting").values("duty_id"))
    found = rows.order_by().aggregate(
        claims=Count("pk", filter=waiting), ending=Count("term", filter=undone, distinct=True),
        soonest=Min("until", filter=undone),
    )  # fmt: skip
    if found["claims"]:
        title = _("%(n)s 份听课讲课举证待审核") % {"n": found["claims"]}
        yield todos.ToDo(title, "/duties/claims/", count=found["claims"], group=GROUP)
    if found["ending"]:
        title = _("%(n)s 个任期在 %(d)s 天内届满，听课讲课未完成") % {"n": found["ending"], "d": DAYS}
        yield todos.ToDo(
            title, f"/duties/?within={DAYS}", due=found["soonest"], count=found["ending"], group=GROUP
        )
