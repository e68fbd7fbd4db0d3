"""The yearly plan's key activities as things to follow up, and classes held as proof."""

from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from keyuan.kernel.access import Actor, visible
from keyuan.plan.models import KeyActivity
from keyuan.plan.queries import leads_of, with_leads
from keyuan.supervision.queries.sources import Found, proof, source
from keyuan.training.models import TrainingClass

HELD = ("closed",)


@source("plan", _lazy("年度计划"))
def activities(actor: Actor) -> Iterator[Found]:
    """Each key activity of the newest plan, owned by the department that leads it, due by the year's end."""
    rows = visible(actor, KeyActivity).select_related("plan").order_by("-plan__year", "number")
    years = list(rows.values_list("plan__year", flat=True)[:1])
    for one in with_leads(rows.filter(plan__year__in=years)):
        lead = next(iter(leads_of(one)), None)
        yield Found(
            f"activity:{one.pk}", one.name, f"/plan/activities/{one.pk}/", lead.pk if lead else None,
            lead.name if lead else "", deadline=date(one.plan.year, 12, 31),
            note=_("%(year)s年度计划第 %(n)s 项") % {"year": one.plan.year, "n": one.number},
        )  # fmt: skip


@proof("class", _lazy("已结班的班次"))
def classes(actor: Actor) -> Iterator[Found]:
    """Classes that were closed, the latest first."""
    for one in visible(actor, TrainingClass).filter(state__in=HELD).order_by("-ends", "-pk")[:100]:
        yield Found(f"class:{one.pk}", one.title, f"/classes/{one.pk}/", day=one.ends)
