"""What waits for a host's liaison and for the office; the seat is asked before anything is read."""

from collections.abc import Iterator

from django.db.models import Count, Min, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.hosting.models import Report, Swap, Turn
from keyuan.kernel import todos
from keyuan.kernel.access import Actor
from keyuan.people.roles import Role

GROUP = "承办轮值"


@todos.source
def for_the_host(actor: Actor) -> Iterator[todos.ToDo]:
    """An invitation to answer, an exchange to answer, tasks that are due, a report; one query."""
    if Role.LIAISON not in actor.roles or actor.organisation_id is None:
        return
    unit, today = actor.organisation_id, timezone.localdate()
    rows = Turn.objects.filter(host_id=unit, state__in=("invited", "accepted", "done")).order_by()
    swaps = Swap.objects.filter(other_host_id=unit, state="asked").order_by().values("pk")
    due = Q(tasks__done_at=None, tasks__due__lte=today, state__in=("accepted", "done"))
    found = rows.aggregate(
        asked=Count("pk", filter=Q(state="invited"), distinct=True), by=Min("answer_by", filter=Q(state="invited")),
        late_tasks=Count("tasks", filter=due, distinct=True), first=Min("tasks__due", filter=due),
        reports=Count("pk", filter=Q(state="done", report__state__in=("draft", "returned")), distinct=True),
        report_due=Min("report__due", filter=Q(state="done", report__state__in=("draft", "returned"))),
        to_answer=Count("swaps_got", filter=Q(swaps_got__in=swaps), distinct=True),
    )  # fmt: skip
    for count, words, day, urgent in (
        (found["asked"], _("%(n)s 个承办邀请待答复"), found["by"], True),
        (found["to_answer"], _("%(n)s 个承办对调待答复"), None, True),
        (found["late_tasks"], _("%(n)s 项承办任务已到期"), found["first"], False),
        (found["reports"], _("%(n)s 份活动总结待报送"), found["report_due"], False),
    ):
        if count:
            yield todos.ToDo(words % {"n": count}, "/hosting/mine/", day, count, urgent, _(GROUP))


@todos.source
def for_the_office(actor: Actor) -> Iterator[todos.ToDo]:
    """Turns to draw or to invite for, exchanges to confirm, reports to judge."""
    if Role.REGISTRAR not in actor.roles:
        return
    school, today = actor.school_id or 0, timezone.localdate()
    rows = (
        Turn.objects.filter(rota__school_id=school, rota__active=True).exclude(state="cancelled").order_by()
    )
    found = rows.aggregate(
        proposed=Count("pk", filter=Q(state="proposed"), distinct=True),
        late=Count("pk", filter=Q(state="invited", answer_by__lt=today), distinct=True),
        over=Count("pk", filter=Q(state="accepted", held_on__lt=today), distinct=True),
        swaps=Count("swaps_asked", filter=Q(swaps_asked__state=Swap.State.AGREED), distinct=True),
        reports=Count("pk", filter=Q(report__state=Report.State.SUBMITTED), distinct=True),
    )  # fmt: skip
    for key, words in (
        ("proposed", _("%(n)s 期承办单位已排出，待发邀请")),
        ("late", _("%(n)s 个承办邀请逾期未答复")),
        ("over", _("%(n)s 期承办活动已过举办日期，待登记")),
        ("swaps", _("%(n)s 个承办对调待确认")),
        ("reports", _("%(n)s 份活动总结待审核")),
    ):
        if found[key]:
            yield todos.ToDo(
                words % {"n": found[key]}, f"/hosting/waiting/?wait={key}", count=found[key], group=_(GROUP)
            )
