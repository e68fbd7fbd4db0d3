"""Lists of courses, and one course as its learner reads it."""

from dataclasses import dataclass

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from keyuan.kernel.access import Actor, visible
from keyuan.learning.models import Done, Edition, Enrolment, Item


def catalogue(actor: Actor) -> QuerySet[Edition]:
    """The published editions one may take up, the latest first."""
    rows = visible(actor, Edition).filter(state=Edition.State.PUBLISHED)
    return rows.select_related("course").annotate(items=Count("units__items")).order_by("-pk")


def workshop(actor: Actor) -> QuerySet[Edition]:
    """Every edition of the school, for who makes or reviews them."""
    return visible(actor, Edition).select_related("course", "made_by").order_by("-pk")


def own(actor: Actor) -> QuerySet[Enrolment]:
    """What one is learning or has learnt, with how many items of how many are done; one query."""
    rows = visible(actor, Enrolment).select_related("edition__course")
    return rows.annotate(
        of=Count("edition__units__items", distinct=True), so_far=Count("done", distinct=True)
    ).order_by("finished_at", "-pk")


@dataclass(frozen=True)
class Part:
    """One unit with its items, each with whether it is done (单元)."""

    pk: int
    title: str
    items: list[tuple[Item, bool]]


@dataclass(frozen=True)
class Outline:
    """One edition as somebody reads it (课程目录): its units, the own enrolment, where to go on."""

    parts: list[Part]
    enrolment: Enrolment | None
    following: Item | None
    count: int
    done: int

    @property
    def rule(self) -> str:
        """When the course counts as completed, in words."""
        return _("逐项学习并点“学完了”，全部 %(n)s 项完成即为学完。") % {"n": self.count}

    @property
    def left(self) -> str:
        """What is still to do, in words."""
        if self.count and self.done >= self.count:
            return _("已学完全部 %(n)s 项。") % {"n": self.count}
        return _("已学 %(a)s 项，还有 %(b)s 项。") % {"a": self.done, "b": self.count - self.done}


def outline(actor: Actor, edition: Edition) -> Outline:
    """The units and items of an edition without their texts; four queries at most."""
    items = Item.objects.filter(unit__edition=edition).defer("text")
    by_unit: dict[int, list[Item]] = {}
    for item in items:
        by_unit.setdefault(item.unit_id, []).append(item)
    enrolment = visible(actor, Enrolment).filter(edition=edition).first()
    done = set(visible(actor, Done).filter(enrolment__edition=edition).values_list("item_id", flat=True))
    parts = [
        Part(unit.pk, unit.title, [(item, item.pk in done) for item in by_unit.get(unit.pk, [])])
        for unit in edition.units.all()
    ]
    flat = [pair for part in parts for pair in part.items]
    following = next((item for item, over in flat if not over), None)
    return Outline(parts, enrolment, following, len(flat), sum(over for _item, over in flat))
