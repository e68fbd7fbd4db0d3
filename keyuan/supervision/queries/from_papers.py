"""Documents in force as proof: what the register of numbers holds as used."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _lazy

from keyuan.kernel.access import Actor, visible
from keyuan.kernel.models import DocNumber
from keyuan.kernel.papers.registering import link_of
from keyuan.supervision.queries.sources import Found, proof


@proof("paper", _lazy("发文登记"))
def papers(actor: Actor) -> Iterator[Found]:
    """Documents whose number is used, the latest first."""
    for one in visible(actor, DocNumber).filter(state=DocNumber.State.USED).order_by("-pk")[:100]:
        yield Found(f"paper:{one.pk}", f"{one.number} {one.title}".strip(), link_of(one))
