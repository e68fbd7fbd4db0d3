"""What waits for a person: computed from the things themselves, so that a to-do can never be stale."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from keyuan.kernel.access import Actor


@dataclass(frozen=True)
class ToDo:
    """One thing that waits (待办): what, where to do it, until when, how many."""

    title: str
    link: str
    due: date | None = None
    count: int = 1
    urgent: bool = False
    group: str = ""


Source = Callable[[Actor], Iterable[ToDo]]
SOURCES: list[Source] = []


def source(function: Source) -> Source:
    """Register a room's to-dos; the function passes through `visible` like any other read."""
    SOURCES.append(function)
    return function


def for_actor(actor: Actor) -> list[ToDo]:
    """All that waits for this actor, the urgent and the soonest due first."""
    found = [item for function in SOURCES for item in function(actor)]
    return sorted(found, key=lambda item: (not item.urgent, item.due or date.max, item.title))
