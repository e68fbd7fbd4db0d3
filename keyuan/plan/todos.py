"""What waits for somebody in a plan that is being drawn up: proposals to take in, proposals sent back."""

from collections.abc import Iterator

from django.db.models import Count, Max
from django.utils.translation import gettext as _

from keyuan.kernel import todos
from keyuan.kernel.access import Actor, visible
from keyuan.people.roles import Role
from keyuan.plan.models import AnnualPlan, PlanProposal


@todos.source
def proposals_waiting(actor: Actor) -> Iterator[todos.ToDo]:
    """For the registrar what departments proposed, for a department's head what was sent back to mend."""
    if not actor.roles.intersection((Role.REGISTRAR, Role.DEPARTMENT_HEAD)):
        return
    brings = Role.REGISTRAR in actor.roles
    state = PlanProposal.State.PROPOSED if brings else PlanProposal.State.RETURNED
    rows = visible(actor, PlanProposal).filter(state=state, plan__state=AnnualPlan.State.DRAFT).order_by()
    found = rows.aggregate(all=Count("pk"), year=Max("plan__year"))
    if found["all"]:
        words = (
            _("%(n)s 项重点活动申报待审核") if brings else _("%(n)s 项重点活动申报被退回，修改后可重新申报")
        )
        yield todos.ToDo(
            words % {"n": found["all"]}, f"/plan/{found['year']}/proposals/?state={state.value}",
            count=found["all"], group=_("年度计划"),
        )  # fmt: skip
