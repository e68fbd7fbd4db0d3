"""What waits for somebody to approve."""

from collections.abc import Iterator
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.approvals.queries import waiting
from keyuan.approvals.rules import APPROVERS, kind_title
from keyuan.kernel import todos
from keyuan.kernel.access import Actor


@todos.source
def requests_to_decide(actor: Actor) -> Iterator[todos.ToDo]:
    """Each request that the actor may decide now, in the own name or a principal's."""
    if not actor.roles.intersection(APPROVERS):
        return
    soon = timezone.localdate() + timedelta(days=1)
    for request in waiting(actor)[:50]:
        yield todos.ToDo(
            _("审批%(kind)s：%(title)s") % {"kind": short(request.kind), "title": request.title},
            f"/approvals/{request.pk}/",
            due=request.due,
            urgent=request.due is not None and request.due <= soon,
            group=_("审批"),
        )


def short(kind: str) -> str:
    """A kind within a sentence: 开班审批 → 开班."""
    return kind_title(kind).removesuffix(_("审批"))
