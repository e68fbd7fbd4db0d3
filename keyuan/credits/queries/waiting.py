"""What waits for the office in this room."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from keyuan.credits.models import Certificate
from keyuan.kernel import todos
from keyuan.kernel.access import Actor, can, visible


@todos.source
def certificates_waiting(actor: Actor) -> Iterator[todos.ToDo]:
    """Certificates asked for and not yet issued; normally gone within a minute."""
    if not can(actor, "credits.issue"):
        return
    count = visible(actor, Certificate).filter(state=Certificate.State.REQUESTED).count()
    if count:
        link = f"{reverse('credits:certificates')}?state=requested"
        yield todos.ToDo(_("%(n)s 本证书正在后台签发") % {"n": count}, link, count=count, group=_("证书"))
