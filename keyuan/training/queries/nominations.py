"""Nominations read: a unit's own people with a verdict each, and the office's review list."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from keyuan.kernel.access import Actor, visible
from keyuan.orgs.models import Organisation
from keyuan.people.models import Person
from keyuan.training.models import LIVE, Nomination, QuotaShare, TrainingClass


@dataclass(frozen=True)
class Candidate:
    """One of the unit's people: may be nominated, or why not."""

    person: Person
    verdict: str

    @property
    def free(self) -> bool:
        """Whether nothing stands against it."""
        return not self.verdict


def candidates(
    actor: Actor, training_class: TrainingClass, organisation_id: int, text: str = ""
) -> list[Candidate]:
    """The unit's own people, first those who can be nominated; three queries."""
    rows = visible(actor, Person).filter(organisation_id=organisation_id, erased_at=None)
    if text:
        rows = rows.filter(Q(name__icontains=text) | Q(pinyin__icontains=text))
    people = list(rows.select_related("organisation").order_by("pinyin", "id")[:200])
    ids = [person.pk for person in people]
    here = dict(
        Nomination.objects.filter(
            training_class=training_class, person_id__in=ids, state__in=LIVE
        ).values_list("person_id", "organisation__name")
    )
    busy = Nomination.objects.filter(
        person_id__in=ids,
        state="admitted",
        training_class__starts__lte=training_class.ends,
        training_class__ends__gte=training_class.starts,
    ).exclude(training_class=training_class)
    away = dict(busy.values_list("person_id", "training_class__title"))
    found = [Candidate(person, _verdict(person, here, away)) for person in people]
    return sorted(found, key=lambda candidate: not candidate.free)


def _verdict(person: Person, here: dict[int, str], away: dict[int, str]) -> str:
    if person.pk in here:
        return _("已由%(n)s推荐到本班") % {"n": here[person.pk]}
    if person.pk in away:
        return _("同期已录取到“%(n)s”") % {"n": away[person.pk]}
    return "" if person.id_index else _("缺证件号码，请先补全")


def of_unit(actor: Actor, training_class: TrainingClass, organisation_id: int | None) -> QuerySet[Nomination]:
    """What one unit has sent for one class, the latest first."""
    rows = visible(actor, Nomination).filter(
        training_class=training_class, organisation_id=organisation_id or 0
    )
    return rows.select_related("person__organisation", "replaces__person").order_by("-id")


def review_rows(actor: Actor, training_class: TrainingClass) -> QuerySet[Nomination]:
    """All nominations of a class for review, those that wait first."""
    rows = visible(actor, Nomination).filter(training_class=training_class)
    return rows.select_related("person__organisation", "organisation")


def held_in(training_class: TrainingClass, rows: Iterable[Nomination]) -> list[Nomination]:
    """The rows of one class, each knowing it: a right asked over a row needs no query then."""
    found = list(rows)
    for row in found:
        row.training_class = training_class
    return found


def units_of(training_class: TrainingClass) -> list[tuple[int, str]]:
    """The units that may have nominated for a class, in their order, however many nominations there are."""
    shares = QuotaShare.objects.filter(training_class=training_class)
    return list(shares.values_list("organisation_id", "organisation__name"))


def search_nominations(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    """By the person's name or pinyin, or the unit; the units are looked through once, not once a row."""
    units = Organisation.objects.filter(name__icontains=text).order_by().values("pk")
    wanted = Q(person__name__icontains=text) | Q(organisation__in=units)
    if text.isascii():
        wanted |= Q(person__pinyin__icontains=text)
    return rows.filter(wanted)


def roster(actor: Actor, training_class: TrainingClass) -> QuerySet[Nomination]:
    """The trainees in the fixed order of units."""
    rows = visible(actor, Nomination).filter(training_class=training_class, state=Nomination.State.ADMITTED)
    return rows.select_related("person__organisation", "organisation").order_by(
        "organisation__kind", "organisation__order", "organisation_id", "person__pinyin", "id"
    )


def share_seen(actor: Actor, training_class: TrainingClass) -> QuotaShare | None:
    """The actor's own unit's share."""
    rows = visible(actor, QuotaShare).filter(
        training_class=training_class, organisation_id=actor.organisation_id or 0
    )
    return rows.select_related("organisation").first()


def all_admitted(training_class: TrainingClass) -> QuerySet[Nomination]:
    """The trainees in the order of units, for a paper whose right was asked already."""
    rows = Nomination.objects.filter(training_class=training_class, state=Nomination.State.ADMITTED)
    return rows.select_related("person", "organisation").order_by(
        "organisation__kind", "organisation__order", "organisation_id", "person__pinyin", "id"
    )
