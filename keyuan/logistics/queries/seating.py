"""A hall as rows of seats with who sits in them."""

from dataclasses import dataclass

from keyuan.kernel.access import Actor, visible
from keyuan.logistics.models import Hall, Seat
from keyuan.logistics.queries.boards import Card, card, trainees
from keyuan.training.models import TrainingClass


@dataclass(frozen=True)
class Cell:
    """One seat of the plan (座位格)."""

    row: int
    column: int
    card: Card | None
    aisle: bool
    kept: bool

    @property
    def key(self) -> str:
        """`3-5`: row and seat, as the form sends it."""
        return f"{self.row}-{self.column}"


@dataclass(frozen=True)
class Plan:
    """The seat plan of one hall (座次表): rows from the front, and who has no seat."""

    hall: Hall
    rows: list[list[Cell]]
    waiting: list[Card]

    @property
    def placed(self) -> int:
        """How many have a seat."""
        return sum(cell.card is not None for row in self.rows for cell in row)


def halls_of(actor: Actor, training_class: TrainingClass) -> list[Hall]:
    """The halls of a class."""
    return list(visible(actor, Hall).filter(training_class=training_class))


def plan_of(actor: Actor, hall: Hall) -> Plan:
    """The plan of a hall, whole, in two queries."""
    seats = {seat.nomination_id: seat for seat in visible(actor, Seat).filter(hall=hall)}
    taken: dict[tuple[int, int], Card] = {}
    waiting = []
    for row in trainees(hall.training_class):
        seat = seats.get(row.pk)
        if seat is None:
            waiting.append(card(row))
        else:
            taken[(seat.row, seat.column)] = card(row, locked=seat.locked)
    rows = [
        [
            Cell(line, column, taken.get((line, column)), column in hall.aisles, line <= hall.kept_rows)
            for column in range(1, hall.columns + 1)
        ]
        for line in range(1, hall.rows + 1)
    ]
    return Plan(hall, rows, waiting)
