"""Invitations and open registration read."""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from keyuan.kernel.access import Actor, visible
from keyuan.people.models import Person
from keyuan.training.models import LIVE, Nomination, TrainingClass

CANDIDATES = 30


def invited(actor: Actor, training_class: TrainingClass) -> QuerySet[Nomination]:
    """Everybody invited to a class and what they answered, those who have not yet answered first."""
    rows = visible(actor, Nomination).filter(training_class=training_class)
    return rows.select_related("person__organisation", "organisation").order_by(
        "state", "person__pinyin", "pk"
    )


def candidates(actor: Actor, training_class: TrainingClass, text: str) -> list[Person]:
    """At most thirty people who match and are not in the class yet; nobody until something is typed."""
    if not text:
        return []
    here = Nomination.objects.filter(
        training_class=training_class, state__in=LIVE, person=OuterRef("pk")
    ).order_by()
    match = Q(name__icontains=text) | Q(pinyin__icontains=text) | Q(organisation__name__icontains=text)
    rows = visible(actor, Person).filter(match, ~Exists(here), erased_at=None)
    return list(rows.select_related("organisation").order_by("pinyin", "pk")[:CANDIDATES])


def open_classes(actor: Actor) -> list[tuple[TrainingClass, Nomination | None]]:
    """Classes one may ask to join until their deadline, with one's own request, the soonest first."""
    rows = visible(actor, TrainingClass).filter(
        entry=TrainingClass.Entry.OPEN, state=TrainingClass.State.PUBLISHED, ends__gte=timezone.localdate()
    )
    classes = list(rows.select_related("activity", "department").order_by("starts", "pk"))
    own = Nomination.objects.filter(training_class__in=classes, person_id=actor.person_id or 0)
    mine = {row.training_class_id: row for row in own.order_by("pk")}
    return [(row, mine.get(row.pk)) for row in classes]


def own_invitation(actor: Actor, training_class: TrainingClass) -> Nomination | None:
    """The actor's own newest standing in the class."""
    rows = Nomination.objects.filter(training_class=training_class, person_id=actor.person_id or 0)
    return rows.select_related("person", "training_class").order_by("-pk").first()
