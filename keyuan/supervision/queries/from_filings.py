"""What units still owe the province's frame as things to follow up."""

from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from keyuan.filings.models import OWED, Filing, Frame, Part
from keyuan.kernel.access import Actor, visible
from keyuan.supervision.queries.sources import Found, source


@source("filing", _lazy("单位报备"))
def filings(actor: Actor) -> Iterator[Found]:
    """Plans and results not handed in yet, unit by unit, by the frame's own deadlines."""
    rows = visible(actor, Filing).filter(
        frame__school_id=actor.school_id or 0, frame__state=Frame.State.ISSUED
    )
    owed = rows.filter(Q(plan_state__in=OWED) | Q(result_state__in=OWED)).select_related(
        "frame", "organisation"
    )
    for one in owed.order_by("frame", "organisation__kind", "organisation__order"):
        for part in Part:
            if one.state(part.value) in OWED:
                yield Found(
                    f"filing-{part.value}:{one.pk}",
                    _("%(unit)s报送%(frame)s：%(part)s")
                    % {"unit": one.organisation.name, "frame": one.frame.title, "part": part.label},
                    f"/filings/units/{one.pk}/", one.organisation_id, one.organisation.name,
                    deadline=one.frame.deadline(part.value),
                )  # fmt: skip
