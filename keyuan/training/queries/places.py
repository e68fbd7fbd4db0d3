"""Places: how many there are, who holds them, who waits."""

from dataclasses import dataclass

from django.db.models import Count, Q, Sum

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
    """All figures of one class in two queries."""
    states = dict(
        Nomination.objects.filter(training_class=training_class)
        .order_by()
        .values_list("state")
        .annotate(Count("pk"))
    )
    shares = QuotaShare.objects.filter(training_class=training_class).aggregate(
        shared=Sum("places"),
        units=Count("pk", filter=Q(places__gt=0)),
        answered=Count("pk", filter=Q(places__gt=0, used__gt=0)),
    )
    return Board(
        places=training_class.places,
        shared=shares["shared"] or 0,
        submitted=states.get("submitted", 0),
        returned=states.get("returned", 0),
        waitlisted=states.get("waitlisted", 0),
        admitted=states.get("admitted", 0),
        declined=states.get("declined", 0),
        units=shares["units"],
        answered=shares["answered"],
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
