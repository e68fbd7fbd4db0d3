"""Nominations read: a unit's own people with a verdict each, and the office's review list."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from keyuan.kernel.access import Actor, visible
from keyuan.orgs.models import Organisation
from keyuan.people.models import Person
from keyuan.people.roles import Role
from keyuan.training.models import LIVE, Nomination, QuotaShare, TrainingClass


def candidates(
    actor: Actor, training_class: TrainingClass, organisation_id: int, text: str = ""
) -> QuerySet[Person]:
    """The unit's own people, first those who can be nominated; see `obstacles`."""
    rows = visible(actor, Person).filter(organisation_id=organisation_id, erased_at=None)
    if text:
        rows = rows.filter(Q(name__icontains=text) | Q(pinyin__icontains=text))
    held = _in_the_way(training_class).filter(person__organisation_id=organisation_id)
    blocked = Case(
        When(Q(pk__in=held.order_by().values("person_id")) | Q(id_index=""), then=Value(1)),
        default=Value(0),
        output_field=IntegerField(),
    )
    return rows.annotate(blocked=blocked).order_by("blocked", "pinyin", "id")


def _in_the_way(training_class: TrainingClass) -> QuerySet[Nomination]:
    """The nominations that keep a person from being nominated for a class: the same class, or the same days."""
    same_days = Q(
        state="admitted",
        training_class__starts__lte=training_class.ends,
        training_class__ends__gte=training_class.starts,
    )
    return Nomination.objects.filter(Q(training_class=training_class, state__in=LIVE) | same_days)


def obstacles(training_class: TrainingClass, people: Sequence[Person]) -> dict[int, str]:
    """By person id why some of these people cannot be nominated, in one query at most; the others are not named."""
    held = [person.pk for person in people if getattr(person, "blocked", 1)]
    rows = _in_the_way(training_class).filter(person_id__in=held).order_by("-id")
    found = {person.pk: _("缺证件号码，请先补全") for person in people if not person.id_index}
    for row in rows.select_related("organisation", "training_class"):
        if row.training_class_id == training_class.pk:
            found[row.person_id] = _("已由%(n)s推荐到本班") % {"n": row.organisation.name}
        else:
            away = _("同期已录取到“%(n)s”") % {"n": row.training_class.title}
            found[row.person_id] = found.get(row.person_id) or away
    return found


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


def shown_in_review(rows: QuerySet[Nomination]) -> QuerySet[Nomination]:
    """The same rows with no more than the review list says of them: making objects is most of what it costs."""
    rows = rows.select_related(None).select_related("person", "organisation")
    return rows.only(
        "state",
        "note",
        "reason",
        "training_class_id",
        "person__name",
        "person__post_title",
        "organisation__name",
    )


def shares_chosen_from(actor: Actor, training_class: TrainingClass) -> list[QuotaShare]:
    """The shares for which one may nominate, in order of units: the registrar for all, a liaison for the own."""
    rows = QuotaShare.objects.filter(training_class=training_class, places__gt=0)
    if Role.REGISTRAR not in actor.roles:
        rows = rows.filter(organisation_id=actor.organisation_id or 0)
    rows = rows.select_related("organisation")
    told = ("training_class_id", "places", "used", "told_at", "opened_at")
    return list(
        rows.only(*told, *(f"organisation__{name}" for name in ("school_id", "kind", "name", "short_name")))
    )


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
