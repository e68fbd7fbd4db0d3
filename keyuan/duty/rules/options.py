"""Where each duty could be done at all: every single rule asked of every class and every slot."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from keyuan.duty.rules.instance import ATTEND, KINDS, LECTURE, Instance, Leader

# The single rules in the order in which the words tell of them: what cannot be moved comes first.
TERM, PLACES, MATCH, FAR, UNAVAILABLE, TAKEN, OWN = SINGLE = (
    "term", "places", "match", "far", "unavailable", "taken", "own",
)  # fmt: skip
Duty = tuple[str, str]  # (leader id, kind)


@dataclass(frozen=True, slots=True)
class Option:
    """One way to do one duty (可选安排), with what it is worth."""

    leader: str
    person: str
    kind: str
    at: str
    offer: str
    starts: date
    ends: date
    match: int
    distance: int
    points: int

    @property
    def duty(self) -> Duty:
        """Whose, and which of the two."""
        return self.leader, self.kind


def option(instance: Instance, leader: Leader, kind: str, at: str) -> Option:
    """What attending this class or giving this lecture would mean for this leader."""
    offer, starts, ends = instance.place(kind, at)
    themes = offer.themes if kind == ATTEND else (instance.slots[at].theme,)
    match = max((leader.expertise.get(theme, 0) for theme in themes), default=0)
    distance = instance.distances.of(leader.city, offer.city)
    weights = instance.rules.weights
    points = match * weights.expertise - distance // instance.distances.step * weights.distance
    return Option(leader.id, leader.person, kind, at, offer.id, starts, ends, match, distance, points)


def months(one: Option) -> Iterator[tuple[int, int]]:
    """Every month an option touches."""
    year, month = one.starts.year, one.starts.month
    while (year, month) <= (one.ends.year, one.ends.month):
        yield year, month
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)


def moments(instance: Instance, one: Option) -> Iterator[date]:
    """What a person can give away once only: each month (by its first day), or else each day."""
    if instance.rules.once_a_month:
        yield from (date(year, month, 1) for year, month in months(one))
        return
    for n in range((one.ends - one.starts).days + 1):
        yield one.starts + timedelta(days=n)


def clash(instance: Instance, one: Option, other: Option) -> bool:
    """Whether one person cannot do both."""
    return one.person == other.person and not set(moments(instance, one)).isdisjoint(moments(instance, other))


class Field:
    """All duties of an instance and every option of each (可选安排总表)."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.duties: list[Duty] = [
            (key, kind) for key, leader in instance.leaders.items() for kind in KINDS if kind in leader.needs
        ]
        self.fixed = {
            (key, kind): option(instance, leader, kind, at)
            for key, leader in instance.leaders.items()
            for kind, at in leader.fixed.items()
        }
        self._fixed_at = Counter((one.kind, one.at) for one in self.fixed.values())
        self._fixed_in = Counter(one.offer for one in self.fixed.values() if one.kind == LECTURE)
        self._held: dict[str, list[Option]] = {}
        for one in self.fixed.values():
            self._held.setdefault(one.person, []).append(one)
        self.options: dict[Duty, list[Option]] = {duty: self._options(duty) for duty in self.duties}

    def urgent(self, duty: Duty) -> bool:
        """Whether the term ends before the next plan could help."""
        return self.instance.leaders[duty[0]].term_to <= self.instance.rules.urgent_until

    def everywhere(self, kind: str) -> list[str]:
        """All classes, or all slots."""
        return list(self.instance.offers if kind == ATTEND else self.instance.slots)

    def _options(self, duty: Duty) -> list[Option]:
        if duty in self.fixed:
            return [self.fixed[duty]]
        leader = self.instance.leaders[duty[0]]
        every = (option(self.instance, leader, duty[1], at) for at in self.everywhere(duty[1]))
        return [one for one in every if next(self.refusals(one), None) is None]

    def refusals(self, one: Option) -> Iterator[str]:
        """Every single rule that forbids this option, told in the order of SINGLE."""
        leader, rules = self.instance.leaders[one.leader], self.instance.rules
        if one.ends > leader.term_to or (leader.term_from and one.starts < leader.term_from):
            yield TERM
        if self.room(one) == 0:
            yield PLACES
        if one.kind == LECTURE and one.match < rules.least_match:
            yield MATCH
        if rules.farthest is not None and one.distance > rules.farthest:
            yield FAR
        if any(first <= one.ends and one.starts <= last for first, last in leader.unavailable):
            yield UNAVAILABLE
        if self.room(one) > 0 and self.fixed_room(one) <= 0:
            yield TAKEN
        if any(clash(self.instance, one, other) for other in self._held.get(one.person, ())):
            yield OWN

    def room(self, one: Option) -> int:
        """How many leaders fit there at all."""
        offer = self.instance.offers[one.offer]
        if one.kind == ATTEND:
            return offer.places
        return min(self.instance.slots[one.at].lecturers, offer.lecturers)

    def fixed_room(self, one: Option) -> int:
        """How many still fit beside those fixed beforehand."""
        offer = self.instance.offers[one.offer]
        if one.kind == ATTEND:
            return offer.places - self._fixed_at[one.kind, one.at]
        return min(
            self.instance.slots[one.at].lecturers - self._fixed_at[one.kind, one.at],
            offer.lecturers - self._fixed_in[one.offer],
        )
