"""What a home shows."""

from dataclasses import dataclass

from keyuan.kernel import todos
from keyuan.kernel.access import Actor


@dataclass
class Home:
    """One seat's home (工作台)."""

    actor: Actor
    todos: list[todos.ToDo]


def home_of(actor: Actor) -> Home:
    """The home of a seat."""
    return Home(actor, todos.for_actor(actor))
