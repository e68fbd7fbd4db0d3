"""What waits because terms end."""

from collections.abc import Iterator

from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.kernel import todos
from keyuan.kernel.access import Actor, can, visible
from keyuan.orgs.models import Organisation
from keyuan.people.roles import Role
from keyuan.terms.models import DEADLINE, Term
from keyuan.terms.rules import added_months

MONTHS = 6


@todos.source
def terms_that_end(actor: Actor) -> Iterator[todos.ToDo]:
    """For the registrar: how many terms end within six months, and how many are past their end without an election."""
    if Role.REGISTRAR not in actor.roles or not can(actor, "terms.keep"):
        return
    today = timezone.localdate()
    running = visible(actor, Term).filter(holder__isnull=False, acting=False, ends=None, withdrawn_at=None)
    running = running.filter(organisation__in=Organisation.objects.filter(active=True))
    near = running.annotate(until=DEADLINE).filter(until__lte=added_months(today, MONTHS))
    ends = [day for term in near if (day := term.deadline) is not None]
    late = [day for day in ends if day < today]
    soon = [day for day in ends if day >= today]
    if late:
        yield todos.ToDo(
            _("%(n)s 个任期已届满，尚未换届") % {"n": len(late)}, "/terms/?state=overdue", count=len(late), urgent=True,
            group=_("任期"),
        )  # fmt: skip
    if soon:
        yield todos.ToDo(
            _("%(n)s 个任期在 %(m)s 个月内届满") % {"n": len(soon), "m": MONTHS}, f"/terms/?within={MONTHS}",
            due=min(soon), count=len(soon), group=_("任期"),
        )  # fmt: skip
