"""Nominating, admitting, substituting: the one door by which a person enters a class."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.kernel import audit
from keyuan.kernel.access import Actor, require, system_of
from keyuan.kernel.codes import normal_name
from keyuan.kernel.faults import Conflict, Fault
from keyuan.orgs.models import Organisation
from keyuan.people import actions as people_actions
from keyuan.people import queries as people
from keyuan.people.actions import PersonFacts
from keyuan.people.models import Person
from keyuan.people.roles import Role
from keyuan.training import flows
from keyuan.training.actions import sittings
from keyuan.training.models import Nomination, QuotaShare, TrainingClass
from keyuan.training.queries import places

audit.sentence("training.nominated", "推荐报名：{thing}")
audit.sentence("training.replaced", "换人：{thing}")
NOT_OURS = "此人不在本校人员库中。"
OTHER_NAME = "这个证件号码登记的姓名与所填不同，请核对姓名和号码。"


def check_open(actor: Actor, training_class: TrainingClass) -> None:
    """Nominating ends with the deadline's day; the registrar may still add late ones by hand."""
    if training_class.state != TrainingClass.State.PUBLISHED:
        raise Fault("班次不在报名阶段，不能推荐。")
    late = timezone.localdate() > training_class.nominate_by
    if late and Role.REGISTRAR not in actor.roles and "system" not in actor.roles:
        raise Fault(
            _("报名已于 %(nominate_by)s 截止，如需补报请联系教务。")
            % {"nominate_by": f"{training_class.nominate_by:%Y-%m-%d}"}
        )


def _take_share(training_class: TrainingClass, organisation: Organisation) -> None:
    if training_class.entry != TrainingClass.Entry.QUOTA:
        return
    # One statement decides: no reader can slip between the look and the write.
    free = QuotaShare.objects.filter(
        training_class=training_class, organisation=organisation, used__lt=F("places")
    )
    if free.update(used=F("used") + 1):
        return
    raise no_place(organisation, places.share_of(training_class, organisation.pk))


def no_place(organisation: Organisation, share: QuotaShare | None) -> Fault:
    """Why a unit may send nobody more."""
    if share is None or not share.places:
        return Fault(_("%(organisation)s没有这个班次的名额，请联系教务。") % {"organisation": organisation})
    return Conflict(
        _("%(organisation)s的 %(places)s 个名额已用完。可先撤回或换人，再推荐。")
        % {"organisation": organisation, "places": share.places}
    )


def already(person: Person, organisation: Organisation) -> Conflict:
    """Why a person whom another unit has nominated cannot be nominated again."""
    return Conflict(
        _("%(person)s已由%(organisation)s推荐到本班，不能重复推荐。")
        % {"person": person, "organisation": organisation}
    )


@transaction.atomic
def nominate(
    actor: Actor,
    *,
    training_class: TrainingClass,
    person: Person,
    organisation: Organisation,
    lodging: bool = False,
    note: str = "",
    replaces: Nomination | None = None,
) -> Nomination:
    """Put one person forward. The same unit repeating itself gets its first nomination back.

    Raises Conflict when the share is used up or another unit has nominated the person already.
    """
    held = TrainingClass.objects.select_for_update().get(pk=training_class.pk)
    nomination = Nomination(
        training_class=held,
        person=person,
        organisation=organisation,
        lodging=lodging,
        note=note,
        replaces=replaces,
    )
    require(actor, "training.nominate", nomination)
    if person.school_id != held.school_id or person.erased_at:
        raise Fault(NOT_OURS)
    check_open(actor, held)
    known = places.live_elsewhere(person.pk, held)
    if known is not None:
        if known.organisation_id == organisation.pk:
            return known
        raise already(person, known.organisation)
    _take_share(held, organisation)
    try:
        with transaction.atomic():
            nomination.save()
    except IntegrityError as clash:
        raise Conflict(_("%(person)s已被推荐到本班，请刷新后查看。") % {"person": person}) from clash
    audit.record(actor, "training.nominated", nomination, person=person.pk, organisation=organisation.pk)
    return nomination


def fill_from_waitlist(training_class: TrainingClass) -> Nomination | None:
    """Give a free place to whoever has waited longest; the caller holds the class's row."""
    fresh = TrainingClass.objects.get(pk=training_class.pk)
    waiting = places.first_waiting(fresh)
    if waiting is None or fresh.taken >= fresh.places or fresh.state != TrainingClass.State.PUBLISHED:
        return None
    flows.NOMINATION.move(waiting, "admit", actor=system_of(fresh.school_id), note="候补递补")
    flows.tell_liaisons(waiting, "training.from_waitlist")
    return waiting


@transaction.atomic
def move_nomination(actor: Actor, *, nomination: Nomination, move: str, note: str = "") -> None:
    """One step of a nomination's life; a place that becomes free goes to the waitlist at once."""
    if move == "substitute":
        raise Fault("换人请选择接替人员。")
    held = TrainingClass.objects.select_for_update().get(pk=nomination.training_class_id)
    if move in {"withdraw", "resubmit"}:
        check_open(actor, held)
    was = nomination.state
    if note:
        Nomination.objects.filter(pk=nomination.pk).update(reason=note[:200])
        nomination.reason = note[:200]
    flows.NOMINATION.move(nomination, move, actor=actor, note=note)
    if was == Nomination.State.ADMITTED:
        flows.free_place(held.pk)
        fill_from_waitlist(held)
    if was == Nomination.State.ADMITTED or move == "admit":
        sittings.sync_expected(held)


@transaction.atomic
def substitute(
    actor: Actor, *, nomination: Nomination, person: Person, lodging: bool = False, note: str = ""
) -> Nomination:
    """Another person of the same unit instead, until the deadline; the first one's history stays.

    The newcomer is nominated anew (待审核): an admitted place is freed and goes to the waitlist first.
    """
    held = TrainingClass.objects.select_for_update().get(pk=nomination.training_class_id)
    require(actor, "training.nominate", nomination)
    check_open(actor, held)
    was = nomination.state
    flows.NOMINATION.move(nomination, "substitute", actor=actor, note=note)
    if was == Nomination.State.ADMITTED:
        flows.free_place(held.pk)
    fresh = nominate(
        actor,
        training_class=held,
        person=person,
        organisation=nomination.organisation,
        lodging=lodging,
        note=note,
        replaces=nomination,
    )
    if fresh.replaces_id != nomination.pk:
        raise Conflict(_("%(person)s已在本班推荐名单中，不能用来换人。") % {"person": person})
    audit.record(actor, "training.replaced", fresh, instead_of=nomination.person_id)
    if was == Nomination.State.ADMITTED:
        fill_from_waitlist(held)
        sittings.sync_expected(held)
    return fresh


@dataclass(frozen=True)
class BulkOutcome:
    """What became of each nomination of a bulk move."""

    done: int
    refused: list[tuple[Nomination, str]]


def move_many(actor: Actor, *, nominations: Sequence[Nomination], move: str, note: str = "") -> BulkOutcome:
    """The same step for many, each in its own transaction: what can be done is done, the rest is told."""
    done, refused = 0, []
    for nomination in nominations:
        try:
            move_nomination(actor, nomination=nomination, move=move, note=note)
            done += 1
        except Fault as fault:
            refused.append((nomination, fault.message))
    return BulkOutcome(done, refused)


def nominate_each(
    actor: Actor,
    *,
    training_class: TrainingClass,
    persons: Iterable[Person],
    organisation: Organisation,
    replaces: Nomination | None = None,
) -> BulkOutcome:
    """Nominate several people, or the first of them instead of another; what is refused is told by name."""
    done, refused = 0, []
    for person in persons:
        try:
            if replaces is not None:
                made = substitute(actor, nomination=replaces, person=person)
                replaces = None
            else:
                made = nominate(
                    actor, training_class=training_class, person=person, organisation=organisation
                )
            done += made.pk is not None
        except Fault as fault:
            refused.append((Nomination(person=person, training_class=training_class), fault.message))
    return BulkOutcome(done, refused)


@transaction.atomic
def nominate_new(
    actor: Actor,
    *,
    training_class: TrainingClass,
    organisation: Organisation,
    facts: PersonFacts,
    lodging: bool = False,
    note: str = "",
) -> Nomination:
    """Register somebody and nominate at once; a known ID number of the same name is that person."""
    # The lock comes before the look: a second press waits, finds the person and gets the first nomination.
    TrainingClass.objects.select_for_update().get(pk=training_class.pk)
    known = people.person_by_id_number(training_class.school_id, facts.id_number) if facts.id_number else None
    if known is not None and known.name != normal_name(facts.name):
        raise Conflict(OTHER_NAME, "name")
    person = known or people_actions.add_person(actor, facts=facts)
    return nominate(
        actor,
        training_class=training_class,
        person=person,
        organisation=organisation,
        lodging=lodging,
        note=note,
    )
