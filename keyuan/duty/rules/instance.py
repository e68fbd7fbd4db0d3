"""What the scheduler is given: leaders with duties, classes with places, lecture slots, distances and rules."""

from dataclasses import dataclass, replace
from datetime import date

ATTEND, LECTURE = "attend", "lecture"
KINDS = (ATTEND, LECTURE)
PRESIDENT, SECRETARY = "president", "secretary"
ROLES = (PRESIDENT, SECRETARY)


@dataclass(frozen=True, slots=True)
class Leader:
    """One post of one person for one term (届), with the duties it brings (理事长或党组书记)."""

    id: str
    name: str
    person: str
    role: str
    field: str
    city: str
    term_from: date | None
    term_to: date
    expertise: dict[str, int]
    unavailable: tuple[tuple[date, date], ...]
    needs: frozenset[str]
    fixed: dict[str, str]


@dataclass(frozen=True, slots=True)
class Offer:
    """A training class as the scheduler sees it (班次): when, where, how many leaders it takes."""

    id: str
    name: str
    starts: date
    ends: date
    city: str
    places: int
    lecturers: int
    themes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Slot:
    """A lecture of a class that a leader may give (讲课时段)."""

    id: str
    offer: str
    day: date
    theme: str
    lecturers: int


@dataclass(frozen=True, slots=True)
class Weights:
    """Points (分) of the objective's last step; all whole numbers."""

    expertise: int = 10
    distance: int = 1
    fairness: int = 400
    spread: int = 12


@dataclass(frozen=True, slots=True)
class Rules:
    """What every proposal must keep and what it is judged by (规则)."""

    once_a_month: bool
    least_match: int
    farthest: int | None
    urgent_until: date
    moves_per_duty: int
    weights: Weights


@dataclass(frozen=True, slots=True)
class Distances:
    """How far cities lie apart (距离), in whole `unit`s; `step` units cost one point times the weight."""

    unit: str
    step: int
    between: dict[tuple[str, str], int]

    def of(self, one: str, other: str) -> int:
        """The distance between two cities; nothing within one."""
        return 0 if one == other else self.between[min(one, other), max(one, other)]


@dataclass(frozen=True, slots=True)
class Instance:
    """One problem to schedule (排期算例), judged sound by the reader; `fingerprint` names its content."""

    title: str
    fingerprint: str
    rules: Rules
    distances: Distances
    leaders: dict[str, Leader]
    offers: dict[str, Offer]
    slots: dict[str, Slot]

    def place(self, kind: str, at: str) -> tuple[Offer, date, date]:
        """The class and the first and last day of an attendance (class id) or a lecture (slot id)."""
        if kind == ATTEND:
            offer = self.offers[at]
            return offer, offer.starts, offer.ends
        slot = self.slots[at]
        return self.offers[slot.offer], slot.day, slot.day


@dataclass(frozen=True, slots=True)
class Out:
    """Who and what dropped out since the last proposal (退出), by id."""

    leaders: frozenset[str] = frozenset()
    offers: frozenset[str] = frozenset()
    slots: frozenset[str] = frozenset()

    def joined(self, other: "Out", instance: Instance) -> "Out":
        """Both together, as far as the instance knows them."""
        return Out(
            (self.leaders | other.leaders) & instance.leaders.keys(),
            (self.offers | other.offers) & instance.offers.keys(),
            (self.slots | other.slots) & instance.slots.keys(),
        )


def without(instance: Instance, out: Out) -> Instance:
    """The instance less what dropped out; a slot goes with its class, an arrangement fixed there is free again."""
    offers = {key: offer for key, offer in instance.offers.items() if key not in out.offers}
    slots = {
        key: slot for key, slot in instance.slots.items() if key not in out.slots and slot.offer in offers
    }
    places = {ATTEND: offers.keys(), LECTURE: slots.keys()}
    leaders = {
        key: replace(
            leader, fixed={kind: at for kind, at in leader.fixed.items() if at in places[kind]}
        )
        for key, leader in instance.leaders.items()
        if key not in out.leaders
    }  # fmt: skip
    return replace(instance, leaders=leaders, offers=offers, slots=slots)
