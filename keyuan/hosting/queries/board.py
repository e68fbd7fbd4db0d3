"""The board of a rota: the order now with what it follows from, the fields, the turns of the years."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet

from keyuan.hosting.models import CoHost, Member, Report, Rota, Swap, Turn
from keyuan.hosting.queries.standing import Drawn, next_choice, replayed, turns_to_come
from keyuan.hosting.rules import unit_of
from keyuan.hosting.rules.explaining import CODES, lot_in_words
from keyuan.hosting.rules.order import Ranked
from keyuan.kernel.access import Actor, visible

# What waits in the office, as the to-dos name it.
WAITING = {
    "proposed": Q(state="proposed"), "late": Q(state="invited"), "over": Q(state="accepted"),
    "swaps": Q(swaps_asked__state=Swap.State.AGREED), "reports": Q(report__state=Report.State.SUBMITTED),
}  # fmt: skip
SORTS = ("place", "unit", "turns", "last")
TURN_SORTS = {
    "day": ("planned_on",),
    "number": ("year", "number"),
    "host": ("host__name",),
    "state": ("state",),
}


@dataclass(frozen=True)
class Line:
    """One unit's place in the order (轮值次序的一行); place 0 is not taking part this time."""

    place: int
    member: int
    organisation: int
    unit: str
    field: str
    figures: Ranked
    code: str

    @property
    def why(self) -> str:
        """Why it is not asked now, in words; empty for who is."""
        return str(CODES.get(self.code, self.code)) if self.code else ""

    @property
    def lot(self) -> str:
        """Its lot as published."""
        return lot_in_words(self.figures.lot)


@dataclass(frozen=True)
class Board:
    """The order for the next turn, and what it was reckoned with (轮值一览)."""

    lines: list[Line]
    drawn: Drawn
    turn: Turn | None
    chosen: Line | None


def board_of(rota: Rota, today: date) -> Board:
    """The order as it stands for the next turn without a host, or for today; a fixed number of queries."""
    turn = next(iter(turns_to_come(rota)), None)
    state = replayed(rota).state
    found = next_choice(rota, turn.planned_on if turn else today, today, state, turn)
    rows = Member.objects.filter(rota=rota, left_on=None).values_list(
        "organisation_id", "pk", "organisation__name", "field"
    )
    members = {unit: (pk, name, field) for unit, pk, name, field in rows}
    places = {one.society: n for n, one in enumerate(found.choice.order, 1)}
    figures = {one.society: one for one in (*state.ranked(), *found.choice.order)}
    lines = [
        Line(places.get(unit, 0), pk, unit, name, field, figures[unit], found.passed.get(unit, ""))
        for unit, (pk, name, field) in members.items()
        if unit in figures
    ]
    lines.sort(key=lambda one: (one.place == 0, one.place, one.figures.key))
    chosen = next((one for one in lines if one.organisation == found.choice.society), None)
    return Board(lines, found, turn, chosen)


def narrowed(lines: Sequence[Line], q: str, field: str, state: str) -> list[Line]:
    """The lines whose unit is called so, of a field, asked now or not."""
    words = q.split()
    return [
        one
        for one in lines
        if all(word in one.unit for word in words)
        and field in {"", one.field}
        and (not state or (state == "never" and not one.figures.turns) or state in (one.code, "in" if one.place else "out"))
    ]  # fmt: skip


def in_order(lines: Sequence[Line], sort: str) -> list[Line]:
    """The lines by a column, `-` turning it round."""
    keys: dict[str, Any] = {
        "unit": lambda one: one.unit, "turns": lambda one: (one.figures.level, one.figures.turns),
        "last": lambda one: one.figures.last or date.min,
    }  # fmt: skip
    key = keys.get(sort.removeprefix("-"))
    if key is None:
        return list(reversed(lines)) if sort == "-place" else list(lines)
    return sorted(lines, key=key, reverse=sort.startswith("-"))


@dataclass(frozen=True)
class FieldLine:
    """How a field stands (学科平衡的一行): its units, its share, what it hosted, and within the window."""

    name: str
    units: int
    share: Decimal
    hosted: int
    recent: int
    most: int


def fields_of(found: Board) -> list[FieldLine]:
    """Every field of the rota, the largest first."""
    sizes: dict[str, int] = {}
    hosted: dict[str, int] = {}
    for one in found.lines:
        sizes[one.field] = sizes.get(one.field, 0) + 1
        hosted[one.field] = hosted.get(one.field, 0) + one.figures.turns
    limits = found.drawn.choice.fields
    every = len(found.lines) or 1
    return [
        FieldLine(name, size, Decimal(100 * size) / Decimal(every), hosted[name], *limits.get(name, (0, 0)))
        for name, size in sorted(sizes.items(), key=lambda item: (-item[1], item[0]))
    ]


def rotas_with(actor: Actor) -> QuerySet[Rota]:
    """The rotas an actor sees, with how many units take part and how many turns are open or done."""
    rows = visible(actor, Rota).annotate(
        units=Count("members", filter=Q(members__left_on=None), distinct=True),
        done=Count("turns", filter=Q(turns__state="done"), distinct=True),
        to_come=Count(
            "turns", filter=Q(turns__state__in=("open", "proposed", "invited", "accepted")), distinct=True
        ),
    )
    return rows.order_by("-active", "pk")


def turns_of(actor: Actor) -> QuerySet[Turn]:
    """The turns an actor sees, with who hosts and helps."""
    helpers = Prefetch("co_hosts", CoHost.objects.select_related("organisation"))
    return visible(actor, Turn).select_related("rota", "host").prefetch_related(helpers)


def my_turns(actor: Actor) -> QuerySet[Turn]:
    """The turns a liaison's unit hosts, helps with, or is asked to exchange."""
    unit = unit_of(actor)
    mine = Q(host_id=unit) | Q(co_hosts__organisation_id=unit)
    mine |= Q(swaps_got__other_host_id=unit, swaps_got__state="asked")
    return turns_of(actor).filter(mine).distinct().order_by("-planned_on", "-pk")


def search_turns(rows: QuerySet[Turn], text: str) -> QuerySet[Turn]:
    """Turns by host, name or place."""
    return rows.filter(
        Q(host__name__icontains=text) | Q(title__icontains=text) | Q(place__icontains=text)
        | Q(co_hosts__organisation__name__icontains=text)
    ).distinct()  # fmt: skip


def years_of(rota: Rota) -> list[tuple[str, str]]:
    """The years that have turns, newest first."""
    rows = Turn.objects.filter(rota=rota).order_by("-year").values_list("year", flat=True).distinct()
    return [(str(year), str(year)) for year in rows]
