"""What waits for somebody in this room: papers to check and approve, slips to sign, settle and pay."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.db.models import Case, Count, Q, When
from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.fees.models import LectureFee
from keyuan.kernel import todos
from keyuan.kernel.access import Actor, visible
from keyuan.people.roles import Role
from keyuan.training.models import TrainingClass

GROUP = "经费"


@todos.source
def classes_to_bring_on(actor: Actor) -> Iterator[todos.ToDo]:
    """The registrar's papers and slips of every class, in one query."""
    if Role.REGISTRAR not in actor.roles:
        return
    over = Q(budget__state="approved", ends__lt=timezone.localdate(), budget__settlement=None)
    rows = visible(actor, TrainingClass).annotate(
        asked=Count("lecture_fees", filter=Q(lecture_fees__state="queried")),
        due=Count("lecture_fees", filter=Q(lecture_fees__state="signed")),
        back=Case(When(budget__state="returned", then=1), default=0),
        over=Case(When(over, then=1), default=0),
    )
    waits = Q(asked__gt=0) | Q(due__gt=0) | Q(back=1) | Q(over=1)
    for row in rows.filter(waits).order_by("starts"):
        yield from _papers(row)
        yield from _slips(row)


def _papers(row: Any) -> Iterator[todos.ToDo]:
    """A budget that came back; a settlement not yet written thirty days after the class."""
    if row.back:
        title = _("修改被退回的预算：%(title)s") % {"title": row.title}
        yield todos.ToDo(title, f"/classes/{row.pk}/fees/", due=row.starts, urgent=True, group=GROUP)
    if row.over:
        title = _("编制决算：%(title)s") % {"title": row.title}
        due = row.ends + timedelta(days=30)
        yield todos.ToDo(title, f"/classes/{row.pk}/fees/settlement/", due=due, group=GROUP)


def _slips(row: Any) -> Iterator[todos.ToDo]:
    """Teachers' questions, and what is signed and not paid."""
    link = f"/classes/{row.pk}/fees/lectures/"
    if row.asked:
        title = _("答复 %(n)s 位老师的讲课费疑问：%(title)s") % {"n": row.asked, "title": row.title}
        yield todos.ToDo(title, link, count=row.asked, urgent=True, group=GROUP)
    if row.due:
        title = _("支付 %(n)s 份讲课费：%(title)s") % {"n": row.due, "title": row.title}
        yield todos.ToDo(title, link, count=row.due, group=GROUP)


@todos.source
def fees_to_sign(actor: Actor) -> Iterator[todos.ToDo]:
    """A teacher signs."""
    rows = visible(actor, LectureFee).filter(person_id=actor.person_id or 0, state="sent")
    for fee in rows.select_related("training_class"):
        title = _("签收讲课费：%(title)s") % {"title": fee.training_class.title}
        yield todos.ToDo(title, f"/fees/mine/{fee.pk}/", group=GROUP)
