"""The yearly plan's key activities and their milestones as things to follow up, and classes held as proof."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from keyuan.kernel.access import Actor, visible
from keyuan.plan.models import KeyActivity, Milestone
from keyuan.plan.queries import leads_of, with_leads
from keyuan.supervision.queries.sources import Found, proof, source
from keyuan.training.models import TrainingClass

HELD = ("closed",)


@source("plan", _lazy("年度计划"))
def plan_of_the_year(actor: Actor) -> Iterator[Found]:
    """Each key activity of the newest plan with its open milestones, owned by the department that leads it."""
    rows = visible(actor, KeyActivity).select_related("plan").order_by("-plan__year", "number")
    years = list(rows.values_list("plan__year", flat=True)[:1])
    found = list(with_leads(rows.filter(plan__year__in=years)))
    for one in found:
        yield _activity(one)
    known = {one.pk: one for one in found}
    for row in visible(actor, Milestone).filter(done_on=None, activity__in=known).order_by("due", "pk"):
        yield _milestone(known[row.activity_id], row)


def _activity(one: KeyActivity) -> Found:
    """An activity, due by the end of its year."""
    lead = next(iter(leads_of(one)), None)
    return Found(
        f"activity:{one.pk}", one.name, f"/plan/activities/{one.pk}/", lead.pk if lead else None,
        lead.name if lead else "", deadline=date(one.plan.year, 12, 31),
        note=_("%(year)s年度计划第 %(n)s 项") % {"year": one.plan.year, "n": one.number},
    )  # fmt: skip


def _milestone(activity: KeyActivity, one: Milestone) -> Found:
    """A milestone, due on its day, owned as its activity is."""
    whole = _activity(activity)
    title = f"{activity.name}：{one.name}"
    return replace(whole, ref=f"milestone:{one.pk}", title=title, deadline=one.due)


@proof("class", _lazy("已结班的班次"))
def classes(actor: Actor) -> Iterator[Found]:
    """Classes that were closed, the latest first."""
    for one in visible(actor, TrainingClass).filter(state__in=HELD).order_by("-ends", "-pk")[:100]:
        yield Found(f"class:{one.pk}", one.title, f"/classes/{one.pk}/", day=one.ends)
