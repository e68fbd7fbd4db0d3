"""Filling vehicles (排车): groups stay whole where they fit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Rider:
    """One person who rides (乘车学员), with the group to stay with; 0 for none."""

    key: int
    group: int = 0


def propose(
    riders: Sequence[Rider], vehicles: Sequence[tuple[int, int]], locked: Mapping[int, int] | None = None
) -> dict[int, int]:
    """A vehicle (by key) for every rider as far as seats go; `vehicles` are (key, seats), `locked` rider → vehicle.

    Group after group goes whole into the first vehicle that holds it, beside its own people if some are locked;
    a group that fits nowhere whole is divided over what is left.
    """
    held = dict(locked or {})
    left = dict(vehicles)
    for vehicle in held.values():
        left[vehicle] = left.get(vehicle, 0) - 1
    placed = dict(held)
    parties: dict[int, list[Rider]] = {}
    for rider in sorted(riders, key=lambda rider: (rider.group == 0, rider.group)):
        if rider.key not in held:
            parties.setdefault(rider.group, []).append(rider)
    groups = {rider.key: rider.group for rider in riders}
    begun: dict[int, int] = {}
    for key, vehicle in held.items():
        begun.setdefault(groups.get(key, 0), vehicle)
    torn: list[Rider] = []
    for group, party in parties.items():
        first = begun.get(group) if group else None
        choices = [first, *left] if first is not None else list(left)
        whole = next((vehicle for vehicle in choices if left.get(vehicle or 0, 0) >= len(party)), None)
        if whole is None or not group:
            torn += party
            continue
        placed.update({rider.key: whole for rider in party})
        left[whole] -= len(party)
    for rider in torn:
        free = next((vehicle for vehicle, seats in left.items() if seats > 0), None)
        if free is None:
            break
        placed[rider.key] = free
        left[free] -= 1
    return placed
