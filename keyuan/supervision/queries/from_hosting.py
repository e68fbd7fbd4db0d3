"""What hosts of society events still have to do as things to follow up, and events held as proof."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _lazy

from keyuan.hosting.models import Task, Turn
from keyuan.kernel.access import Actor, visible
from keyuan.supervision.queries.sources import Found, proof, source


@source("hosting", _lazy("承办任务"))
def tasks(actor: Actor) -> Iterator[Found]:
    """The open tasks of turns that a host agreed to, the soonest due first."""
    rows = visible(actor, Task).filter(done_at=None, turn__state=Turn.State.ACCEPTED)
    for one in rows.select_related("turn__host", "turn__rota").order_by("due", "pk"):
        host = one.turn.host
        yield Found(
            f"hosting:{one.pk}", f"{one.turn}：{one.title}", reverse("hosting:turn", args=[one.turn_id]), host.pk if host else None,
            host.name if host else "", deadline=one.due,
        )  # fmt: skip


@proof("turn", _lazy("已举办的承办活动"))
def held(actor: Actor) -> Iterator[Found]:
    """Turns whose event was held, the latest first."""
    rows = (
        visible(actor, Turn).filter(state=Turn.State.DONE).select_related("rota").order_by("-held_on", "-pk")
    )
    for one in rows[:100]:
        yield Found(f"turn:{one.pk}", str(one), reverse("hosting:turn", args=[one.pk]), day=one.held_on)
