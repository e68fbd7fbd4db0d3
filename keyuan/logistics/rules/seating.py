"""Filling a hall (排座): from the front row, from the left, in an order of people, locked seats passed over."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

Place = tuple[int, int]
Key = TypeVar("Key")


def places(rows: int, columns: int, kept_rows: int = 0) -> Iterator[Place]:
    """The seats in the order they are filled: (row, column), both from 1; the kept front rows stay empty."""
    return ((row, column) for row in range(kept_rows + 1, rows + 1) for column in range(1, columns + 1))


def rotated(groups: Sequence[Key], turn: int) -> list[Key]:
    """The groups in the order they sit from the front, the first `turn` of them gone to the back."""
    if not groups:
        return []
    at = turn % len(groups)
    return [*groups[at:], *groups[:at]]


def propose(
    people: Iterable[int], free: Iterable[Place], locked: Mapping[int, Place] | None = None
) -> dict[int, Place]:
    """A seat for each person in turn as far as seats go; who is locked keeps the seat."""
    held = dict(locked or {})
    taken = set(held.values())
    seats = (place for place in free if place not in taken)
    placed = dict(held)
    placed.update(zip((key for key in people if key not in held), seats, strict=False))
    return placed


def read_aisles(text: str, columns: int) -> list[int]:
    """`5，10` as the columns after which an aisle runs. Raises ValueError for what is no column."""
    found = []
    for part in text.replace("，", ",").replace("、", ",").replace(" ", ",").split(","):
        if not part:
            continue
        if not part.isdecimal() or not 1 <= int(part) < columns:
            raise ValueError(part)
        found.append(int(part))
    return sorted(set(found))
