"""What waits for somebody here: items to receive, to work on, to verify; one query each, after the seat was asked."""

from collections.abc import Iterator

from django.db.models import Count, Min, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.kernel import todos
from keyuan.kernel.access import Actor, visible
from keyuan.people.roles import Role
from keyuan.supervision.models import Item
from keyuan.supervision.rules.lights import OWED

GROUP = "督办"


@todos.source
def items_owed(actor: Actor) -> Iterator[todos.ToDo]:
    """For who acts for a unit: what the unit, or the person, has to receive and to finish."""
    if not actor.roles.intersection((Role.LIAISON, Role.DEPARTMENT_HEAD)) or actor.organisation_id is None:
        return
    today = timezone.localdate()
    mine = Q(owner_id=actor.organisation_id) | Q(owner_person_id=actor.person_id or 0)
    rows = visible(actor, Item).filter(mine, state__in=OWED).order_by()
    found = rows.aggregate(
        issued=Count("pk", filter=Q(state="issued")), late=Count("pk", filter=Q(deadline__lt=today)),
        all=Count("pk"), due=Min("deadline"),
    )  # fmt: skip
    if found["issued"]:
        yield todos.ToDo(
            _("%(n)s 个督办事项待签收") % {"n": found["issued"]}, "/supervision/?whose=unit&state=issued",
            count=found["issued"], urgent=True, group=_(GROUP),
        )  # fmt: skip
    if found["all"]:
        words = _("%(n)s 个督办事项在办，其中 %(m)s 个已超期") if found["late"] else _("%(n)s 个督办事项在办")
        yield todos.ToDo(
            words % {"n": found["all"], "m": found["late"]}, "/supervision/?whose=unit&state=owed",
            due=found["due"], count=found["all"], urgent=bool(found["late"]), group=_(GROUP),
        )  # fmt: skip


@todos.source
def items_to_verify(actor: Actor) -> Iterator[todos.ToDo]:
    """For who follows items up: what was handed in, and postponements that are asked for."""
    if not actor.roles.intersection((Role.REGISTRAR, Role.LEADER)):
        return
    rows = visible(actor, Item).order_by()
    found = rows.aggregate(
        submitted=Count("pk", filter=Q(state="submitted"), distinct=True),
        asked=Count("pk", filter=Q(postponements__state="asked"), distinct=True),
    )
    if found["submitted"]:
        yield todos.ToDo(
            _("%(n)s 个督办事项待核验") % {"n": found["submitted"]}, "/supervision/?state=submitted",
            count=found["submitted"], group=_(GROUP),
        )  # fmt: skip
    if found["asked"]:
        yield todos.ToDo(
            _("%(n)s 个督办延期申请待审批") % {"n": found["asked"]}, "/supervision/?state=asked",
            count=found["asked"], group=_(GROUP),
        )  # fmt: skip
