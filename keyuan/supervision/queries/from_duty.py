"""Duties of terms of office as things to follow up, and proven ones as proof."""

from collections.abc import Iterator

from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy

from keyuan.duty.models import Duty, Proof
from keyuan.duty.queries import outstanding
from keyuan.kernel.access import Actor, visible
from keyuan.supervision.queries.sources import Found, proof, source


def _said(duty: Duty) -> str:
    """Which duty of which post of which organisation; the holder is named by the item's own field alone."""
    return f"{duty.term.organisation.name}{duty.term.post.name}：{duty.get_kind_display()}"


@source("duty", _lazy("听一课讲一课"))
def duties(actor: Actor) -> Iterator[Found]:
    """Duties still to be done, the soonest due first; what is planned is said."""
    rows = outstanding(actor.school_id or 0, timezone.localdate())
    words = {"open": _lazy("尚未安排"), "planned": _lazy("已安排"), "overdue": _lazy("已逾期")}
    for one in rows.filter(pk__in=visible(actor, Duty).order_by().values("pk")):
        yield Found(
            f"duty:{one.pk}", _said(one), f"/duties/{one.pk}/", one.term.organisation_id, one.term.organisation.name,
            one.term.holder_id, one.limit, note=str(words.get(one.state, "")),
        )  # fmt: skip


@proof("duty", _lazy("已完成的听一课讲一课"))
def proven(actor: Actor) -> Iterator[Found]:
    """Duties with a standing proof, the latest first."""
    rows = visible(actor, Proof).filter(standing=True).order_by("-pk")
    for one in rows.select_related("duty__term__organisation", "duty__term__post")[:100]:
        yield Found(f"duty:{one.duty_id}", f"{_said(one.duty)}（{one.title}）", f"/duties/{one.duty_id}/")
