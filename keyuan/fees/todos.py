"""What waits for somebody in this room: papers to check and approve, slips to sign, settle and pay."""

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.fees.models import Budget, LectureFee, Settlement
from keyuan.kernel import todos
from keyuan.kernel.access import Actor, visible
from keyuan.people.roles import Role
from keyuan.training.models import TrainingClass

GROUP = "经费"


@todos.source
def papers_to_decide(actor: Actor) -> Iterator[todos.ToDo]:
    """A department's head checks, a leader approves."""
    if Role.DEPARTMENT_HEAD in actor.roles:
        state, mine = "submitted", Q(training_class__department_id=actor.organisation_id or 0)
    elif Role.LEADER in actor.roles:
        state, mine = "checked", Q()
    else:
        return
    budgets = visible(actor, Budget)
    for budget in budgets.filter(mine, state=state).select_related("training_class"):
        klass = budget.training_class
        title = _("审批预算：%(title)s") % {"title": klass.title}
        yield todos.ToDo(title, f"/classes/{klass.pk}/fees/", due=klass.starts, group=GROUP)
    rows = visible(actor, Settlement).filter(state=state, budget__in=budgets.filter(mine))
    for settlement in rows.select_related("budget__training_class"):
        klass = settlement.budget.training_class
        title = _("审批决算：%(title)s") % {"title": klass.title}
        yield todos.ToDo(title, f"/classes/{klass.pk}/fees/settlement/", group=GROUP)


@todos.source
def papers_to_write(actor: Actor) -> Iterator[todos.ToDo]:
    """The registrar mends what was returned, and settles what is over."""
    if Role.REGISTRAR not in actor.roles:
        return
    for budget in visible(actor, Budget).filter(state="returned").select_related("training_class"):
        klass = budget.training_class
        title = _("修改被退回的预算：%(title)s") % {"title": klass.title}
        yield todos.ToDo(title, f"/classes/{klass.pk}/fees/", due=klass.starts, urgent=True, group=GROUP)
    over = visible(actor, TrainingClass).filter(
        budget__state="approved", ends__lt=timezone.localdate(), budget__settlement=None
    )
    for klass in over.order_by("ends"):
        title = _("编制决算：%(title)s") % {"title": klass.title}
        due = klass.ends + timedelta(days=30)
        yield todos.ToDo(title, f"/classes/{klass.pk}/fees/settlement/", due=due, group=GROUP)


@todos.source
def fees_to_bring_on(actor: Actor) -> Iterator[todos.ToDo]:
    """The registrar answers teachers' questions and pays what is signed, one line a class."""
    if Role.REGISTRAR not in actor.roles:
        return
    rows = visible(actor, TrainingClass).annotate(
        asked=Count("lecture_fees", filter=Q(lecture_fees__state="queried")),
        due=Count("lecture_fees", filter=Q(lecture_fees__state="signed")),
    )
    for klass in rows.filter(Q(asked__gt=0) | Q(due__gt=0)).order_by("starts"):
        link = f"/classes/{klass.pk}/fees/lectures/"
        if klass.asked:
            title = _("答复 %(n)s 位老师的讲课费疑问：%(title)s") % {"n": klass.asked, "title": klass.title}
            yield todos.ToDo(title, link, count=klass.asked, urgent=True, group=GROUP)
        if klass.due:
            title = _("支付 %(n)s 份讲课费：%(title)s") % {"n": klass.due, "title": klass.title}
            yield todos.ToDo(title, link, count=klass.due, group=GROUP)


@todos.source
def fees_to_sign(actor: Actor) -> Iterator[todos.ToDo]:
    """A teacher signs."""
    rows = visible(actor, LectureFee).filter(person_id=actor.person_id or 0, state="sent")
    for fee in rows.select_related("training_class"):
        title = _("签收讲课费：%(title)s") % {"title": fee.training_class.title}
        yield todos.ToDo(title, f"/fees/mine/{fee.pk}/", group=GROUP)
