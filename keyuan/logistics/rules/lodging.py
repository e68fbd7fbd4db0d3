"""Filling rooms (排房): sexes apart, wishes to share kept where they can be, locked beds untouched."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Guest:
    """One person who needs a bed (住宿学员)."""

    key: int
    sex: str
    # Guests are put together in this order where nothing else speaks: group, then unit.
    order: tuple[object, ...] = ()


@dataclass(frozen=True)
class Space:
    """One room as the proposal sees it (可用客房): beds, whom it is kept for, who is locked in."""

    key: int
    beds: int
    sex: str = ""
    inside: tuple[int, ...] = ()


@dataclass
class Lodging:
    """What came of a proposal (排房结果): beds by guest, who has none and why, wishes that were not met."""

    beds: dict[int, int] = field(default_factory=dict)
    unknown_sex: list[int] = field(default_factory=list)
    no_bed: list[int] = field(default_factory=list)
    unmet: list[tuple[int, int]] = field(default_factory=list)


def propose(
    guests: Iterable[Guest], spaces: Sequence[Space], wishes: Iterable[tuple[int, int]] = ()
) -> Lodging:
    """A bed for every guest as far as they go. Guests inside a space stay there; a space takes one sex only.

    When the free rooms can be shared out between the sexes so that everybody has a bed, everybody gets one.
    """
    found = Lodging()
    everybody = {guest.key: guest for guest in guests}
    inside = {key: space.key for space in spaces for key in space.inside}
    found.beds.update(inside)
    waiting = [guest for guest in everybody.values() if guest.key not in inside]
    found.unknown_sex = [guest.key for guest in waiting if not guest.sex]
    waiting = [guest for guest in waiting if guest.sex]
    kept_for = _share_out(waiting, spaces, everybody)
    pairs = list(wishes)
    for sex in ("男", "女"):
        rooms = [space for space in spaces if kept_for.get(space.key) == sex]
        left = {space.key: space.beds - len(space.inside) for space in rooms}
        mine = [guest for guest in waiting if guest.sex == sex]
        _fill(found, mine, left, _parties(mine, pairs, inside))
    found.unmet = [
        (a, b) for a, b in pairs if found.beds.get(a) is None or found.beds.get(a) != found.beds.get(b)
    ]
    return found


def _share_out(
    waiting: Sequence[Guest], spaces: Sequence[Space], everybody: Mapping[int, Guest]
) -> dict[int, str]:
    """Which sex each room takes: as it is kept or begun, and the free ones so that both have beds enough."""
    kept: dict[int, str] = {}
    need = {sex: sum(guest.sex == sex for guest in waiting) for sex in ("男", "女")}
    free: list[Space] = []
    for space in spaces:
        begun = next((everybody[key].sex for key in space.inside if key in everybody), "")
        sex = space.sex or begun
        if sex:
            kept[space.key] = sex
            need[sex] -= space.beds - len(space.inside)
        elif space.inside:
            # Somebody of unknown sex is locked in: nobody is put beside them.
            continue
        else:
            free.append(space)
    men = set(_chosen(free, max(need["男"], 0), max(need["女"], 0)))
    return kept | {space.key: "男" if space.key in men else "女" for space in free}


def _chosen(free: Sequence[Space], men: int, women: int) -> list[int]:
    """Rooms for the men: the fewest beds that hold them, so that the rest hold the women if any choice does."""
    total = sum(space.beds for space in free)
    ways: dict[int, tuple[int, ...]] = {0: ()}
    for at, space in enumerate(free):
        for beds, chosen in sorted(ways.items(), reverse=True):
            if beds < men:
                ways.setdefault(beds + space.beds, (*chosen, at))
    enough = [beds for beds in ways if beds >= men]
    if enough and total - min(enough) >= women:
        best = min(enough)
    else:
        # Beds are too few for all: both go short alike.
        wanted = total * men // max(men + women, 1)
        best = min(ways, key=lambda beds: (abs(beds - wanted), beds))
    return [free[at].key for at in ways[best]]


def _parties(
    mine: Sequence[Guest], wishes: Iterable[tuple[int, int]], inside: Mapping[int, int]
) -> list[tuple[list[Guest], int | None]]:
    """Those who wish to be together, each party with the room one of it is already locked into."""
    keys = {guest.key: guest for guest in mine}
    root: dict[int, int] = {}

    def find(key: int) -> int:
        while root.get(key, key) != key:
            key = root[key]
        return key

    for one, two in wishes:
        if (one in keys or one in inside) and (two in keys or two in inside):
            root[find(max(one, two))] = find(min(one, two))
    parties: dict[int, list[Guest]] = {}
    for guest in sorted(mine, key=lambda guest: (guest.order, guest.key)):
        parties.setdefault(find(guest.key), []).append(guest)
    homes = {find(key): room for key, room in inside.items()}
    return [(party, homes.get(key)) for key, party in parties.items()]


def _fill(
    found: Lodging, mine: Sequence[Guest], left: dict[int, int], parties: list[tuple[list[Guest], int | None]]
) -> None:
    """Parties first, each whole into the room it fits closest; then one by one, begun rooms before empty ones."""
    rank = {room: at for at, room in enumerate(left)}
    singles: list[Guest] = []
    for party, home in sorted(parties, key=lambda party: -len(party[0])):
        if home is None and len(party) == 1:
            singles += party
            continue
        fitting = [room for room, beds in left.items() if beds >= len(party)]
        if home in fitting:
            fitting = [room for room in fitting if room == home]
        if not fitting:
            singles += party
            continue
        best = min(fitting, key=lambda room: (left[room] - len(party), rank[room]))
        for guest in party:
            found.beds[guest.key] = best
        left[best] -= len(party)
    begun = set(found.beds.values())
    for guest in sorted(singles, key=lambda guest: (guest.order, guest.key)):
        open_rooms = [room for room, beds in left.items() if beds]
        if not open_rooms:
            found.no_bed.append(guest.key)
            continue
        best = min(open_rooms, key=lambda room: (room not in begun, rank[room]))
        found.beds[guest.key] = best
        left[best] -= 1
        begun.add(best)
