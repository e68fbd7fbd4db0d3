"""The board of items: what is shown to whom, narrowed and sorted; one item with all that belongs to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Case, Count, F, Prefetch, Q, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from keyuan.kernel.access import Actor, visible
from keyuan.orgs.models import Organisation
from keyuan.supervision.models import CoOwner, Item, Postponement, Report, Step
from keyuan.supervision.queries.digests import light
from keyuan.supervision.rules import FOR_A_UNIT
from keyuan.supervision.rules.lights import NEAR, OPEN, OWED, PERCENT, Light

# More than one state, by what is asked of them.
GROUPS = {"open": OPEN, "owed": OWED}
STATES = (
    ("open", _("全部在办")),
    ("owed", _("待责任单位办理")),
    ("asked", _("申请延期")),
    *Item.State.choices,
)
LIGHTS = tuple((one.value, one.word) for one in Light if one is not Light.OFF)
SORTS = {
    "number": ("year", "seq"), "title": "title", "owner": "owner__name", "kind": "kind", "deadline": "deadline",
    "state": "state", "stage": "stage",
}  # fmt: skip


def items(actor: Actor, whose: str = "") -> QuerySet[Item]:
    """The items one sees: all of them, those one answers for (`mine`), or those of one's unit (`unit`)."""
    rows = visible(actor, Item).select_related("owner", "owner_person", "department")
    # What has ended stands after what has not.
    ended = Case(When(state__in=("closed", "withdrawn"), then=Value(1)), default=Value(0))
    rows = rows.annotate(ended=ended).order_by("ended", "deadline", "pk")
    if whose == "mine":
        return rows.filter(owner_person_id=actor.person_id or 0)
    if whose == "unit":
        unit = actor.organisation_id or 0
        mine = Q(owner_id=unit) | Q(pk__in=CoOwner.objects.filter(organisation_id=unit).values("item_id"))
        return rows.filter(mine | Q(owner_person_id=actor.person_id or 0))
    return rows


def in_state(rows: QuerySet[Item], value: str) -> QuerySet[Item]:
    """Items in a state, in a group of states, or with a postponement asked for."""
    if value == "asked":
        return rows.filter(pk__in=Postponement.objects.filter(state="asked").values("item_id"))
    return rows.filter(state__in=GROUPS[value]) if value in GROUPS else rows.filter(state=value)


def lit(today: date) -> dict[str, Q]:
    """The lights as conditions of the database; the same reckoning as `rules.lights.light_of`."""
    late = Q(state="submitted", submitted_at__date__gt=F("deadline"))
    red = Q(state__in=OWED, deadline__lt=today) | late
    soon = Q(deadline__lte=today + NEAR) | Q(state="returned") | Q(next_report_on__lt=today)
    amber = Q(state__in=OWED, deadline__gte=today) & soon
    return {"red": red, "amber": amber, "green": Q(state__in=OPEN) & ~red & ~amber}


def search(rows: QuerySet[Item], text: str) -> QuerySet[Item]:
    """Items whose number, words, source, unit or person holds the words."""
    units = Organisation.objects.filter(Q(name__icontains=text) | Q(short_name__icontains=text)).values("pk")
    wanted = Q(title__icontains=text) | Q(number__icontains=text) | Q(source_title__icontains=text)
    wanted |= Q(source_number__icontains=text) | Q(owner__in=units) | Q(owner_person__name__icontains=text)
    return rows.filter(wanted)


def until(rows: QuerySet[Item], value: str) -> QuerySet[Item]:
    """Items due by a day; a day that is none is passed over."""
    try:
        return rows.filter(deadline__lte=date.fromisoformat(value))
    except ValueError:
        return rows


def filters(today: date) -> dict[str, Any]:
    """What the list narrows by: GET name → lookup or function."""
    lights = lit(today)
    return {
        "state": in_state, "light": lambda rows, value: rows.filter(lights.get(value, Q(pk__in=()))),
        "kind": "kind", "unit": "owner_id", "importance": "importance", "until": until,
    }  # fmt: skip


def counted(rows: QuerySet[Item], today: date) -> dict[str, int]:
    """How many are open, stand under each light, wait for verification; one query."""
    lights = lit(today)
    return rows.order_by().aggregate(
        open=Count("pk", filter=Q(state__in=OPEN)), submitted=Count("pk", filter=Q(state="submitted")),
        closed=Count("pk", filter=Q(state="closed")),
        **{name: Count("pk", filter=wanted) for name, wanted in lights.items()},
    )  # fmt: skip


def units_of(rows: QuerySet[Item]) -> list[tuple[int, str]]:
    """The owners among some items, for the filter."""
    found = Organisation.objects.filter(pk__in=rows.order_by().values("owner_id"))
    return list(found.order_by("kind", "order", "pk").values_list("pk", "name"))


def acts_for_a_unit(actor: Actor) -> bool:
    """Whether “my unit” means anything to the actor."""
    return actor.organisation_id is not None and bool(actor.roles & FOR_A_UNIT)


def lights_of(rows: Sequence[Item], today: date) -> dict[int, Light]:
    """The light of each of some items."""
    return {item.pk: light(item, today) for item in rows}


def of_numbers(actor: Actor, numbers: Sequence[int]) -> QuerySet[Item]:
    """The items of these keys that the actor sees."""
    return items(actor).filter(pk__in=numbers)


@dataclass(frozen=True)
class Whole:
    """An item with all that belongs to it, as its page shows it."""

    item: Item
    reports: list[Report]
    evidence: list[Any]
    postponements: list[Postponement]
    history: list[tuple[datetime, str, str, str]]
    light: Light
    stages: list[tuple[str, str, str]]

    @property
    def asked(self) -> Postponement | None:
        """The postponement that waits to be decided."""
        return next((one for one in self.postponements if one.state == "asked"), None)


def _stages(item: Item) -> list[tuple[str, str, str]]:
    """The stages as steps: done, now or to do, with the share of the work each stands for."""
    at = list(PERCENT).index(item.stage)
    done = item.stage == Item.Stage.DONE
    return [
        (
            str(Item.Stage(key).label),
            "done" if n < at or done else "now" if n == at else "todo",
            f"{PERCENT[key]}%",
        )
        for n, key in enumerate(PERCENT)
    ]


def whole_of(item: Item, today: date) -> Whole:
    """The item's page, once the actor was found to see it."""
    steps = Step.objects.filter(item=item).select_related("done_by")
    reports = item.reports.select_related("sent_by").prefetch_related("files")
    return Whole(
        item, list(reports), list(item.evidence.select_related("added_by")),
        list(item.postponements.select_related("asked_by", "decided_by")),
        [
            (step.at, step.done_by.name if step.done_by else str(_("系统")), step.get_kind_display(), step.note)
            for step in steps
        ],
        light(item, today), _stages(item),
    )  # fmt: skip


def with_helpers(rows: QuerySet[Item]) -> QuerySet[Item]:
    """Items together with the units that help."""
    return rows.prefetch_related(Prefetch("co_owners", CoOwner.objects.select_related("organisation")))
