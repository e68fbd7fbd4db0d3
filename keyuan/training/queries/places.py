"""Places: how many there are, who holds them, who waits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, Value

from keyuan.training.models import LIVE, Nomination, QuotaShare, TrainingClass


@dataclass(frozen=True)
class Board:
    """The figures at the head of a class page."""

    places: int
    shared: int
    submitted: int
    returned: int
    waitlisted: int
    admitted: int
    declined: int
    units: int
    answered: int
    invited: int = 0

    @property
    def left(self) -> int:
        """Places still free."""
        return self.places - self.admitted

    @property
    def silent(self) -> int:
        """Units with a share that have nominated nobody."""
        return self.units - self.answered


def board_of(training_class: TrainingClass) -> Board:
    """All figures of one class, in one query."""
    return board_and_units(training_class)[0]


def board_and_units(training_class: TrainingClass) -> tuple[Board, list[tuple[int, str]]]:
    """The figures, and the units that may have nominated, in their order; two tables in one query."""
    nothing = Value(0)
    states = Nomination.objects.filter(training_class=training_class).order_by().values("state")
    shares = QuotaShare.objects.filter(training_class=training_class).order_by()
    found = states.annotate(n=Count("pk")).values_list(
        "state", "n", nothing, nothing, Value(""), nothing
    ).union(
        shares.values_list("organisation__name", "places", "used", "organisation__order", "organisation__kind", "organisation_id"),
        all=True,
    )  # fmt: skip
    rows = list(found)
    units = sorted((row for row in rows if row[5]), key=lambda row: (row[4], row[3], row[5]))
    board = _board(
        training_class, {row[0]: row[1] for row in rows if not row[5]}, [row[1:3] for row in units]
    )
    return board, [(row[5], row[0]) for row in units]


def _board(
    training_class: TrainingClass, states: Mapping[str, int], shares: Sequence[tuple[int, int]]
) -> Board:
    """The figures from how many nominations stand in each state, and the places and nominations of each unit."""
    return Board(
        places=training_class.places,
        shared=sum(places for places, _used in shares),
        submitted=states.get("submitted", 0),
        returned=states.get("returned", 0),
        waitlisted=states.get("waitlisted", 0),
        admitted=states.get("admitted", 0),
        declined=states.get("declined", 0),
        units=sum(1 for places, _used in shares if places),
        answered=sum(1 for places, used in shares if places and used),
        invited=states.get("invited", 0),
    )


def share_of(training_class: TrainingClass, organisation_id: int | None) -> QuotaShare | None:
    """The share of one unit, or None when it has none."""
    return QuotaShare.objects.filter(
        training_class=training_class, organisation_id=organisation_id or 0
    ).first()


def first_waiting(training_class: TrainingClass) -> Nomination | None:
    """Who has waited longest; a freed place goes there."""
    rows = Nomination.objects.filter(training_class=training_class, state=Nomination.State.WAITLISTED)
    return rows.order_by("waiting_since", "pk").first()


def live_elsewhere(person_id: int, training_class: TrainingClass) -> Nomination | None:
    """The person's live nomination for the same class, by whichever unit."""
    rows = Nomination.objects.filter(training_class=training_class, person_id=person_id, state__in=LIVE)
    return rows.select_related("organisation").first()


def overlapping(person_id: int, training_class: TrainingClass) -> Nomination | None:
    """A live nomination of the person for another class in the same days."""
    rows = Nomination.objects.filter(
        person_id=person_id,
        state__in=LIVE,
        training_class__starts__lte=training_class.ends,
        training_class__ends__gte=training_class.starts,
        training_class__state__in=("published", "approved"),
    )
    return rows.exclude(training_class=training_class).select_related("training_class").first()
