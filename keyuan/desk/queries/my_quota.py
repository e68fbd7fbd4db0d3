"""What a liaison sees on the phone: the unit's places in every class, and what became of its people."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from keyuan.credits.queries.ledger import year_totals
from keyuan.kernel.access import Actor, visible
from keyuan.people.models import Person
from keyuan.training.models import Completion, Nomination, QuotaShare, TrainingClass

N = Nomination.State
# Those of a unit who still count for a class; whom one may still exchange.
STANDING = (N.INVITED, N.SUBMITTED, N.RETURNED, N.WAITLISTED, N.ADMITTED)


@dataclass
class Share:
    """The places of a unit in one class (本单位名额), with how they stand."""

    share: QuotaShare
    today: date
    counts: dict[str, int] = field(default_factory=dict)
    people: list[Nomination] = field(default_factory=list)

    @property
    def klass(self) -> TrainingClass:
        """The class."""
        return self.share.training_class

    @property
    def left(self) -> int:
        """Places not yet filled."""
        return self.share.places - self.share.used

    @property
    def days_left(self) -> int:
        """Days until the deadline, the last day counting as nought; negative when it is past."""
        return (self.klass.nominate_by - self.today).days

    @property
    def is_open(self) -> bool:
        """Whether one may still nominate and exchange."""
        return self.klass.state == TrainingClass.State.PUBLISHED and self.days_left >= 0

    @property
    def is_urgent(self) -> bool:
        """Whether places are left and the deadline is near."""
        return self.is_open and self.left > 0 and self.days_left <= 3

    @property
    def admitted(self) -> int:
        """How many are admitted."""
        return self.counts.get(N.ADMITTED, 0)

    @property
    def waiting(self) -> int:
        """How many wait for the school's word, candidates on the waiting list with them."""
        return (
            self.counts.get(N.SUBMITTED, 0) + self.counts.get(N.WAITLISTED, 0) + self.counts.get(N.INVITED, 0)
        )

    @property
    def returned(self) -> int:
        """How many came back to be mended."""
        return self.counts.get(N.RETURNED, 0)


def _shares(actor: Actor) -> QuerySet[QuotaShare]:
    rows = visible(actor, QuotaShare).filter(organisation_id=actor.organisation_id or 0, places__gt=0)
    return rows.select_related("training_class")


def _open() -> Q:
    return Q(
        training_class__state=TrainingClass.State.PUBLISHED,
        training_class__nominate_by__gte=timezone.localdate(),
    )


def open_shares(actor: Actor) -> list[Share]:
    """The calls that still run, the soonest deadline first, with everybody put forward; three queries."""
    rows = list(_shares(actor).filter(_open()).order_by("training_class__nominate_by", "pk"))
    return with_counts(actor, rows, people=True)


def past_shares(actor: Actor) -> QuerySet[QuotaShare]:
    """The calls that are over, the latest first."""
    return _shares(actor).exclude(_open()).order_by("-training_class__starts", "-pk")


def with_counts(actor: Actor, rows: Sequence[QuotaShare], *, people: bool = False) -> list[Share]:
    """The shares with how many stand where; and by name where asked. One or two queries."""
    today = timezone.localdate()
    found = {row.training_class_id: Share(row, today) for row in rows}
    sent = visible(actor, Nomination).filter(
        organisation_id=actor.organisation_id or 0, training_class_id__in=list(found)
    )
    counted = sent.order_by().values("training_class_id", "state").annotate(n=Count("pk"))
    for line in counted:
        found[line["training_class_id"]].counts[line["state"]] = line["n"]
    if people:
        for row in (
            sent.filter(state__in=STANDING).select_related("person", "replaces__person").order_by("pk")
        ):
            found[row.training_class_id].people.append(row)
    return list(found.values())


def returned(actor: Actor) -> list[Nomination]:
    """What came back and can still be mended, with the reason; the soonest deadline first."""
    rows = visible(actor, Nomination).filter(
        _open(), organisation_id=actor.organisation_id or 0, state=Nomination.State.RETURNED
    )
    return list(rows.select_related("person", "training_class").order_by("training_class__nominate_by", "pk"))


def exchanged(actor: Actor, most: int = 10) -> list[Nomination]:
    """The latest exchanges: who stands in for whom, and how that stands."""
    rows = visible(actor, Nomination).filter(
        organisation_id=actor.organisation_id or 0, replaces__isnull=False,
        training_class__ends__gte=timezone.localdate(),
    )  # fmt: skip
    return list(rows.select_related("person", "replaces__person", "training_class").order_by("-pk")[:most])


def people_of(actor: Actor) -> QuerySet[Person]:
    """The unit's own people."""
    rows = visible(actor, Person).filter(
        organisation_id=actor.organisation_id or 0, erased_at=None, merged_into=None
    )
    return rows.order_by("pinyin", "id")


def search_people(rows: QuerySet[Person], text: str) -> QuerySet[Person]:
    """By name, pinyin, post, or the title of a class attended."""
    attended = Nomination.objects.filter(
        person=OuterRef("pk"), state=N.ADMITTED, training_class__title__icontains=text
    )
    wanted = Q(name__icontains=text) | Q(post_title__icontains=text) | Q(Exists(attended))
    if text.isascii():
        wanted |= Q(pinyin__icontains=text)
    return rows.filter(wanted)


@dataclass
class History:
    """One of the unit's people and the classes attended (人员培训情况)."""

    person: Person
    classes: list[Nomination] = field(default_factory=list)
    hours: Decimal = Decimal(0)

    def outcome(self, row: Nomination) -> Completion | None:
        """How a class ended, as its last closing froze it."""
        return next(
            (one for one in row.completions.all() if one.closing == row.training_class.closings), None
        )


def histories(actor: Actor, people: Sequence[Person], year: int) -> list[History]:
    """These people with every class they stand in and the hours of a year; four queries for any number."""
    found = {person.pk: History(person) for person in people}
    rows = visible(actor, Nomination).filter(person_id__in=list(found), state__in=STANDING)
    rows = rows.select_related("training_class").prefetch_related("completions")
    for row in rows.order_by("-training_class__starts", "-pk"):
        found[row.person_id].classes.append(row)
    for person_id, hours in year_totals(actor, list(found), year).items():
        found[person_id].hours = hours
    return list(found.values())
