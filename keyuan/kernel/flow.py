"""The life of a thing as a table of moves: buttons, audit lines, diagrams and tests come from it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from keyuan.kernel import audit
from keyuan.kernel.access import Actor, can, require
from keyuan.kernel.faults import Conflict, Fault

Thing = TypeVar("Thing", bound=models.Model)


@dataclass(frozen=True)
class Move(Generic[Thing]):
    """One permitted step: from which states, to which, by which right.

    `holds` names the parent row locked first: without that lock two approvers on PostgreSQL
    each count the last place as free. `then` runs in the same transaction and may refuse with a Fault.
    `noted` names the field of the thing that keeps the note of its last move.
    """

    name: str
    label: str
    sources: tuple[str, ...]
    target: str
    rule: str
    holds: str = ""
    then: Callable[[Thing, Actor], None] | None = None
    reason: bool = False
    danger: bool = False
    noted: str = ""
    word: str = field(init=False, default="")

    def __post_init__(self) -> None:
        """The label is read in the language of whoever reads it; `word` keeps it as the source has it."""
        object.__setattr__(self, "word", self.label)
        object.__setattr__(self, "label", gettext_lazy(self.label))


FLOWS: dict[str, "Flow[Any]"] = {}


class Flow(Generic[Thing]):
    """A registered table of moves over one model's `state` field (or the field named).

    A thing begins in the default of its field; `begins` names the other states that actions make it in.
    """

    def __init__(
        self,
        key: str,
        model: type[Thing],
        *moves: Move[Thing],
        field: str = "state",
        begins: tuple[str, ...] = (),
    ) -> None:
        if key in FLOWS:
            raise RuntimeError(f"two flows called {key}")
        self.key, self.model, self.field = key, model, field
        self.moves = {move.name: move for move in moves}
        first: Any = model._meta.get_field(field)
        self.begins = (str(first.get_default()), *(str(state) for state in begins))
        FLOWS[key] = self
        for move in moves:
            audit.sentence(f"{key}.{move.name}", f"{move.word}：{{thing}}")

    def state_of(self, thing: Thing) -> str:
        """The state word of a thing."""
        return str(getattr(thing, self.field))

    def open_moves(self, thing: Thing, actor: Actor) -> list[Move[Thing]]:
        """The buttons this actor sees on this thing now."""
        state = self.state_of(thing)
        return [
            move for move in self.moves.values() if state in move.sources and can(actor, move.rule, thing)
        ]

    @transaction.atomic
    def move(self, thing: Thing, name: str, *, actor: Actor, note: str = "", **facts: Any) -> None:
        """Check, move, write down, follow up: together or not at all.

        Raises Forbidden, Fault (reason missing, or the follow-up refused) or Conflict (already moved on).
        """
        move = self.moves[name]
        require(actor, move.rule, thing)
        if move.reason and not note.strip():
            raise Fault(_("“%(label)s”需要写明理由。") % {"label": move.label}, "note")
        if move.holds:
            parent = getattr(thing, move.holds)
            type(parent)._default_manager.select_for_update().get(pk=parent.pk)
        before = self.state_of(thing)
        # Compare-and-swap, so that two approvers cannot both win; alike on SQLite and PostgreSQL.
        rows = self.model._default_manager.filter(
            **{"pk": thing.pk, self.field: before, f"{self.field}__in": move.sources}
        )
        kept = {move.noted: note.strip()[:200]} if move.noted else {}
        if before not in move.sources or not rows.update(**{self.field: move.target}, **kept):
            raise Conflict(
                _("“%(label)s”没有办成：这一项已被他人处理或状态已变，请刷新后再看。") % {"label": move.label}
            )
        for name_of_field, value in {self.field: move.target, **kept}.items():
            setattr(thing, name_of_field, value)
        audit.record(
            actor,
            f"{self.key}.{name}",
            thing,
            before=before,
            after=move.target,
            **({"note": note} if note else {}),
            **facts,
        )
        if move.then:
            try:
                move.then(thing, actor)
            except BaseException:
                setattr(thing, self.field, before)
                raise
