"""Dividing people into groups of equal size with units, sexes and fields spread evenly (分组).

First each person is dealt to the group where like people are fewest, units taken one after another; then
pairs are exchanged as long as that makes the spread more even. The same is done from people dealt in turn, and
the more even end is taken. Nothing is drawn by lot: the same people,
locks and count always give the same groups.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

# What an even spread is worth: of units most, then of sexes, then of fields.
WEIGHTS = (8, 3, 2)
# A pass that exchanges nothing ends the search; three or four are usual.
PASSES = 12


@dataclass(frozen=True)
class Member:
    """One person to be put in a group (待分组学员), with what is to be spread evenly."""

    key: int
    unit: str
    sex: str = ""
    field: str = ""

    @property
    def traits(self) -> tuple[str, str, str]:
        """Unit, sex and field, in the order of WEIGHTS."""
        return (self.unit, self.sex, self.field)


def sizes_for(total: int, locked: Sequence[int]) -> list[int]:
    """How large each group becomes: as equal as the locked people allow, the first groups the larger.

    They differ by one at most unless more people are locked into one group than its equal share.
    """
    sizes = list(locked)
    for _n in range(total - sum(locked)):
        sizes[min(range(len(sizes)), key=lambda at: (sizes[at], at))] += 1
    return sizes


class _Deal:
    """A division under way: who is where, and how many of each kind each group has."""

    def __init__(self, groups: int) -> None:
        self.home: dict[int, int] = {}
        self.counts: list[list[Counter[str]]] = [[Counter() for _w in WEIGHTS] for _g in range(groups)]

    def put(self, member: Member, group: int) -> None:
        self.home[member.key] = group
        for at, trait in enumerate(member.traits):
            self.counts[group][at][trait] += 1

    def take(self, member: Member) -> int:
        group = self.home.pop(member.key)
        for at, trait in enumerate(member.traits):
            self.counts[group][at][trait] -= 1
        return group

    def crowd(self, member: Member, group: int) -> int:
        """How many alike are in a group already, weighed."""
        found = self.counts[group]
        return sum(
            weight * found[at][trait]
            for at, (weight, trait) in enumerate(zip(WEIGHTS, member.traits, strict=True))
            if trait
        )

    def unevenness(self) -> int:
        """The sum of squares of how many alike each group has, weighed; the smaller the more even."""
        return sum(
            weight * sum(count**2 for trait, count in found[at].items() if trait)
            for found in self.counts
            for at, weight in enumerate(WEIGHTS)
        )

    def gain(self, one: Member, two: Member) -> int:
        """By how much exchanging two people lowers the sum of squares that measures unevenness, halved."""
        here, there = self.home[one.key], self.home[two.key]
        total = 0
        for at, weight in enumerate(WEIGHTS):
            first, second = one.traits[at], two.traits[at]
            if first == second:
                continue
            mine, theirs = self.counts[here][at], self.counts[there][at]
            if first:
                total += weight * (mine[first] - theirs[first] - 1)
            if second:
                total += weight * (theirs[second] - mine[second] - 1)
        return total


def propose(
    members: Iterable[Member], groups: int, locked: Mapping[int, int] | None = None
) -> dict[int, int]:
    """A group from 1 to `groups` for every member, by key; members in `locked` stay in the group it names.

    Sizes are as `sizes_for` says. Raises ValueError for fewer than one group.
    """
    if groups < 1:
        raise ValueError("at least one group")
    people = list(members)
    held = {key: number - 1 for key, number in (locked or {}).items() if 1 <= number <= groups}
    fixed = Counter(held[member.key] for member in people if member.key in held)
    there = [fixed[group] for group in range(groups)]
    sizes = sizes_for(len(people), there)
    free = [member for member in people if member.key not in held]
    found = []
    # Exchanging pairs can end short of the best; of two beginnings the better end is taken.
    for hand_out in (_hand_out, _in_turn):
        deal = _Deal(groups)
        for member in people:
            if member.key in held:
                deal.put(member, held[member.key])
        hand_out(deal, free, [size - kept for size, kept in zip(sizes, there, strict=True)])
        _even_out(deal, free)
        found.append(deal)
    best = min(found, key=_Deal.unevenness)
    return {member.key: best.home[member.key] + 1 for member in people}


def _hand_out(deal: _Deal, free: Sequence[Member], left: list[int]) -> None:
    """Deal round by round, the members of one unit one after another."""
    homes = Counter(member.unit for member in free)
    turn = 0
    for member in sorted(free, key=lambda m: (m.field, -homes[m.unit], m.unit, m.sex, m.key)):
        open_groups = [group for group, room in enumerate(left) if room]
        best = min(
            open_groups,
            key=lambda group: (deal.crowd(member, group), -left[group], (group - turn) % len(left)),
        )
        deal.put(member, best)
        left[best] -= 1
        turn = best + 1


def _in_turn(deal: _Deal, free: Sequence[Member], left: list[int]) -> None:
    """Deal as people stand in the list, one to each group in turn that has room."""
    group = 0
    for member in free:
        while not left[group % len(left)]:
            group += 1
        deal.put(member, group % len(left))
        left[group % len(left)] -= 1
        group += 1


def _even_out(deal: _Deal, free: Sequence[Member]) -> None:
    """Exchange pairs while it helps; each exchange lowers a whole number, so the search ends."""
    for _pass in range(PASSES):
        moved = False
        for at, one in enumerate(free):
            for two in free[at + 1 :]:
                if deal.home[one.key] != deal.home[two.key] and deal.gain(one, two) > 0:
                    here, there = deal.take(one), deal.take(two)
                    deal.put(one, there)
                    deal.put(two, here)
                    moved = True
        if not moved:
            return


@dataclass(frozen=True)
class Spread:
    """How evenly one trait lies over the groups (分布): each value with its count in every group."""

    value: str
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        """How many there are."""
        return sum(self.counts)

    @property
    def most(self) -> int:
        """The largest number in one group."""
        return max(self.counts, default=0)

    @property
    def least_possible(self) -> int:
        """The smallest number that the fullest group can have."""
        return -(-self.total // len(self.counts)) if self.counts else 0

    @property
    def line(self) -> str:
        """The counts of the groups from the first on; a dot where there is none."""
        return " ".join(str(count or "·") for count in self.counts)

    @property
    def is_even(self) -> bool:
        """Whether it could not lie more evenly."""
        return self.most <= self.least_possible


def spreads(pairs: Iterable[tuple[str, int]], groups: int) -> list[Spread]:
    """The spread of each value over groups 1 to `groups`, the most frequent first."""
    found: dict[str, list[int]] = {}
    for value, number in pairs:
        if 1 <= number <= groups:
            found.setdefault(value, [0] * groups)[number - 1] += 1
    rows = [Spread(value, tuple(counts)) for value, counts in found.items()]
    return sorted(rows, key=lambda row: (-row.total, row.value))
