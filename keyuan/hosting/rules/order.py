"""The order of a rota, worked out from its log and from nothing else: who is next, and what stood before them.

Nothing here reads a clock, a database or a name: the same entries give the same order for ever.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_CEILING, Decimal
from typing import Any

# How far the field balance may let the figures of two members drift apart; by order alone it is one.
MOST_APART = Decimal(2)


@dataclass(frozen=True)
class Entry:
    """One line of a rota's log: its number, what happened, and the figures it happened with."""

    seq: int
    kind: str
    facts: Mapping[str, Any]


@dataclass
class Member:
    """A unit in the rota: its field, when it joined, the lot drawn for it, what it was lifted by."""

    society: int
    field: str
    joined: date
    lot: int
    lift: Decimal = Decimal(0)
    active: bool = True


@dataclass(frozen=True)
class Held:
    """That a unit holds a turn, or helps with it: the turn's day and how much it counts."""

    society: int
    day: date
    weight: Decimal


@dataclass(frozen=True)
class Ranked:
    """A member's place in the order, with the figures it follows from."""

    society: int
    field: str
    level: Decimal
    turns: int
    last: date | None
    joined: date
    lot: int

    @property
    def key(self) -> tuple[Decimal, date, int, int]:
        """What decides: turns counted, then the longest wait (from joining, if never served), then the lot."""
        return (self.level, self.last or self.joined, self.lot, self.society)


@dataclass(frozen=True)
class Choice:
    """The outcome of a draw: whom it falls on, the order it was taken from, and which fields had their share."""

    society: int | None
    order: tuple[Ranked, ...]
    # Field → (turns it held within the window before this one, the most it may hold with this one).
    fields: Mapping[str, tuple[int, int]]
    # Those before the chosen one whose field had its share.
    balanced: tuple[int, ...]
    lifts: Mapping[int, Decimal]


@dataclass
class State:
    """A rota as its log leaves it."""

    seed: str
    members: dict[int, Member] = field(default_factory=dict)
    held: dict[int, Held] = field(default_factory=dict)
    helped: dict[tuple[int, int], Held] = field(default_factory=dict)
    # Who could be asked at the last draw: whoever could not, and can now, is lifted to the others' figure.
    asked: frozenset[int] = frozenset()

    def ranked(self) -> list[Ranked]:
        """Every active member with its figures, unsorted."""
        level = {pk: one.lift for pk, one in self.members.items()}
        turns: dict[int, int] = {}
        last: dict[int, date] = {}
        for one in (*self.held.values(), *self.helped.values()):
            level[one.society] = level.get(one.society, Decimal(0)) + one.weight
            turns[one.society] = turns.get(one.society, 0) + 1
            last[one.society] = max(last.get(one.society, one.day), one.day)
        return [
            Ranked(pk, one.field, level[pk], turns.get(pk, 0), last.get(pk), one.joined, one.lot)
            for pk, one in self.members.items()
            if one.active
        ]


def lot_of(seed: str, society: int) -> int:
    """The lot of a unit: the first 60 bits of SHA-256 over the published seed and the unit's number.

    Anybody can reckon it again; it depends on no name.
    """
    return int(hashlib.sha256(f"{seed}:{society}".encode()).hexdigest()[:15], 16)


def choose(
    state: State, day: date, *, passed: Iterable[int] = (), window: int = 0, tolerance: int = 1
) -> Choice:
    """Whom the turn of a day falls on, among the active members not passed over; a window of 0 asks no balance."""
    without = set(passed)
    rows = [one for one in state.ranked() if one.society not in without]
    lifts = _lifts(state, rows)
    lifted = [_lifted(one, lifts.get(one.society, Decimal(0))) for one in rows]
    order = sorted(lifted, key=lambda one: one.key)
    fields = _fields(state, order, day, window, tolerance)
    chosen = _pick(order, fields)
    before = order[: order.index(chosen)] if chosen else ()
    return Choice(
        chosen.society if chosen else None, tuple(order), fields, tuple(one.society for one in before), lifts
    )


def _lifts(state: State, rows: list[Ranked]) -> dict[int, Decimal]:
    """What newcomers and returners are lifted by: the least figure of those who could be asked all along.

    Without it a unit that was exempt for two rounds would be asked three times running when it comes back.
    """
    staying = [one.level for one in rows if one.society in state.asked]
    if not staying:
        return {}
    floor = min(staying)
    return {
        one.society: floor - one.level for one in rows if one.society not in state.asked and one.level < floor
    }


def _lifted(one: Ranked, by: Decimal) -> Ranked:
    if not by:
        return one
    return Ranked(one.society, one.field, one.level + by, one.turns, one.last, one.joined, one.lot)


def _fields(
    state: State, order: list[Ranked], day: date, window: int, tolerance: int
) -> dict[str, tuple[int, int]]:
    """Of each field: how many of the last `window` - 1 turns before the day it holds, and the most with this one."""
    if window < 2 or not order:
        return {}
    before = sorted((one.day, turn) for turn, one in state.held.items() if one.day < day)[-(window - 1) :]
    holds: dict[str, int] = {}
    for _day, turn in before:
        at = state.members[state.held[turn].society].field
        holds[at] = holds.get(at, 0) + 1
    sizes: dict[str, int] = {}
    for one in order:
        sizes[one.field] = sizes.get(one.field, 0) + 1
    return {
        name: (holds.get(name, 0), share_of(size, len(order), window) + tolerance)
        for name, size in sizes.items()
    }


def share_of(size: int, of: int, window: int) -> int:
    """A field's share of a window of turns, by its members, rounded up."""
    return int((Decimal(window * size) / Decimal(of)).to_integral_value(ROUND_CEILING))


def _pick(order: list[Ranked], fields: Mapping[str, tuple[int, int]]) -> Ranked | None:
    """The first whose field has room; the first of all where none has, or where it would put somebody off twice."""
    if not order:
        return None
    for one in order:
        if one.level - order[0].level + 1 > MOST_APART:
            break
        holds, most = fields.get(one.field, (0, 1))
        if holds < most:
            return one
    return order[0]


def apply(state: State, entry: Entry) -> Choice | None:
    """Take one entry into the state; of a draw, what it should have come to. Unknown kinds change nothing."""
    facts = entry.facts
    step = STEPS.get(entry.kind)
    return step(state, facts) if step else None


def _join(state: State, facts: Mapping[str, Any]) -> None:
    pk = int(facts["society"])
    before = state.members.get(pk)
    if before is not None:
        # Who comes back keeps what was counted before and is lifted at the next draw.
        before.active, before.field = True, str(facts["field"])
        return
    day = date.fromisoformat(facts["day"])
    state.members[pk] = Member(pk, str(facts["field"]), day, lot_of(state.seed, pk))


def _leave(state: State, facts: Mapping[str, Any]) -> None:
    state.members[int(facts["society"])].active = False
    state.asked = state.asked - {int(facts["society"])}


def _field(state: State, facts: Mapping[str, Any]) -> None:
    state.members[int(facts["society"])].field = str(facts["field"])


def _draw(state: State, facts: Mapping[str, Any]) -> Choice:
    day = date.fromisoformat(facts["day"])
    found = choose(
        state, day, passed=[int(pk) for pk in facts["passed"]], window=int(facts["window"]),
        tolerance=int(facts["tolerance"]),
    )  # fmt: skip
    for pk, by in found.lifts.items():
        state.members[pk].lift += by
    state.asked = frozenset(one.society for one in found.order)
    _hold(state, facts)
    return found


def _hold(state: State, facts: Mapping[str, Any]) -> None:
    day = date.fromisoformat(facts["day"])
    state.held[int(facts["turn"])] = Held(int(facts["society"]), day, Decimal(facts["weight"]))


def _free(state: State, facts: Mapping[str, Any]) -> None:
    state.held.pop(int(facts["turn"]), None)


def _help(state: State, facts: Mapping[str, Any]) -> None:
    key = int(facts["turn"]), int(facts["society"])
    state.helped[key] = Held(key[1], date.fromisoformat(facts["day"]), Decimal(facts["weight"]))


def _unhelp(state: State, facts: Mapping[str, Any]) -> None:
    state.helped.pop((int(facts["turn"]), int(facts["society"])), None)


def _swap(state: State, facts: Mapping[str, Any]) -> None:
    """Two turns exchange their hosts; each turn keeps its day, each host what it counts."""
    one, two = int(facts["turn"]), int(facts["other"])
    first, second = state.held[one], state.held[two]
    state.held[one] = Held(second.society, first.day, second.weight)
    state.held[two] = Held(first.society, second.day, first.weight)


STEPS: dict[str, Any] = {
    "join": _join, "leave": _leave, "field": _field, "draw": _draw, "past": _hold, "jump": _hold, "free": _free,
    "help": _help, "unhelp": _unhelp, "swap": _swap,
}  # fmt: skip


@dataclass(frozen=True)
class Replayed:
    """A log read from its beginning: the state at its end, each draw's outcome, and what does not agree."""

    state: State
    # seq of the draw → (whom the log names, what the rule comes to).
    draws: Mapping[int, tuple[int, Choice]]

    @property
    def wrong(self) -> list[int]:
        """The draws whose stored outcome is not the rule's."""
        return [seq for seq, (named, found) in self.draws.items() if named != found.society]


def replay(seed: str, entries: Iterable[Entry], *, until: int | None = None) -> Replayed:
    """Read a log from its first entry, as far as a number (it included) where one is given."""
    state, draws = State(seed), {}
    for entry in entries:
        if until is not None and entry.seq > until:
            break
        found = apply(state, entry)
        if found is not None:
            draws[entry.seq] = (int(entry.facts["society"]), found)
    return Replayed(state, draws)
