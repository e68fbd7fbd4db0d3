"""How people due become places of a class: counted by unit and cohort, laid beside what is shared out already."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import QuerySet

from keyuan.kernel.access import Actor, visible
from keyuan.orgs.models import Organisation
from keyuan.rotation.queries.coverage import Line
from keyuan.training.models import LIVE, Nomination, QuotaShare, TrainingClass

OPEN = ("draft", "submitted", "approved", "published")
TOP_UP, ADD = "top_up", "add"


@dataclass
class Portion:
    """The places of one unit: what it has, what it has used, how many are due, what it would get (单位名额)."""

    unit: Organisation
    before: int = 0
    used: int = 0
    due: int = 0
    cohorts: Counter[str] = field(default_factory=Counter)
    after: int = 0


@dataclass
class Draw:
    """A list of people due as places of a class, before anything is written (名额预览)."""

    portions: list[Portion]
    # Without a unit nobody can be given a place; who is in the class already needs none.
    homeless: list[Line] = field(default_factory=list)
    there: int = 0
    others: int = 0

    @property
    def total(self) -> int:
        """Places shared out afterwards, with those of units that have nobody due."""
        return self.others + sum(portion.after for portion in self.portions)

    @property
    def added(self) -> int:
        """Places more than before."""
        return sum(portion.after - portion.before for portion in self.portions)


def classes_to_fill(actor: Actor, requirement_kinds: Iterable[str] = ()) -> QuerySet[TrainingClass]:
    """The classes that take people by quota and can still be given places, the soonest first."""
    rows = visible(actor, TrainingClass).filter(entry=TrainingClass.Entry.QUOTA, state__in=OPEN)
    kinds = list(requirement_kinds)
    return (rows.filter(kind__in=kinds) if kinds else rows).order_by("starts", "pk")


def drawn(training_class: TrainingClass, lines: Iterable[Line], mode: str = TOP_UP) -> Draw:
    """The places a list of people asks for; three queries.

    Topping up uses the unit's free places first: it ends with used places and one a person due, never with fewer than
    it has. Adding puts one a person due on top of what the unit has.
    """
    there = set(
        Nomination.objects.filter(training_class=training_class, state__in=LIVE).values_list(
            "person_id", flat=True
        )
    )
    found: dict[int, Portion] = {}
    draw = Draw([])
    for line in lines:
        if line.pk in there:
            draw.there += 1
        elif line.unit is None:
            draw.homeless.append(line)
        else:
            portion = found.setdefault(line.unit.pk, Portion(line.unit))
            portion.due += 1
            portion.cohorts[line.words] += 1
    shares = QuotaShare.objects.filter(training_class=training_class)
    for unit, places, used in shares.values_list("organisation_id", "places", "used"):
        if unit in found:
            found[unit].before, found[unit].used = places, used
        else:
            draw.others += places
    for portion in found.values():
        wanted = portion.used if mode == TOP_UP else portion.before
        portion.after = max(portion.before, wanted + portion.due)
    draw.portions = sorted(found.values(), key=lambda one: (one.unit.kind, one.unit.order, one.unit.pk))
    return draw


def typed_into(draw: Draw, typed: Mapping[int, int]) -> Draw:
    """The draw with the numbers the office typed over the proposed ones."""
    for portion in draw.portions:
        portion.after = typed.get(portion.unit.pk, portion.after)
    return draw
