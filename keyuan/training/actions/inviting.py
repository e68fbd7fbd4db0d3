"""The two other ways into a class: a person is invited by name, or asks for a place oneself."""

from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from keyuan.kernel import audit, notify
from keyuan.kernel.access import Actor, require
from keyuan.kernel.faults import Conflict, Fault
from keyuan.orgs.models import Organisation
from keyuan.people.models import Person
from keyuan.training import flows
from keyuan.training.actions import sittings
from keyuan.training.actions.nominations import NOT_OURS, already, check_open
from keyuan.training.models import Nomination, TrainingClass
from keyuan.training.queries import places

audit.sentence("training.invited", "邀请参加：{thing}")
audit.sentence("training.registered", "自行报名：{thing}")
notify.kind(
    "training.invitation",
    title="邀请您参加",
    text="邀请您参加“{title}”（{starts}，{venue}），请于 {deadline} 前答复。",
)


def _unit_of(person: Person, training_class: TrainingClass) -> Organisation:
    """For whom a person comes who was sent by nobody: the own unit, else the department that invites."""
    return person.organisation or training_class.department


def _enter(held: TrainingClass, person: Person, state: str, note: str) -> tuple[Nomination, bool]:
    """The person's live nomination for the class and whether it is new; the caller holds the class's row."""
    if person.school_id != held.school_id or person.erased_at:
        raise Fault(NOT_OURS)
    known = places.live_elsewhere(person.pk, held)
    if known is not None:
        return known, False
    made = Nomination(
        training_class=held, person=person, organisation=_unit_of(person, held), state=state, note=note[:200]
    )
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError as clash:
        raise Conflict(_("%(person)s已在名单中，请刷新后查看。") % {"person": person}) from clash
    return made, True


@transaction.atomic
def invite(actor: Actor, *, training_class: TrainingClass, persons: Iterable[Person]) -> int:
    """Invite people by name; returns how many are new. Inviting again changes nothing.

    Raises Fault when the class takes nominations of units, and Conflict when a unit has named a person already.
    """
    held = TrainingClass.objects.select_for_update().select_related("department").get(pk=training_class.pk)
    require(actor, "training.admit", held)
    if held.entry != TrainingClass.Entry.INVITATION:
        raise Fault("这个班次由单位推荐或公开报名，不逐人邀请。可在“修改”里更改报名方式。")
    check_open(actor, held)
    fresh = []
    for person in persons:
        made, new = _enter(held, person, Nomination.State.INVITED, "")
        if not new and made.state not in {Nomination.State.INVITED, Nomination.State.ADMITTED}:
            raise already(person, made.organisation)
        if new:
            fresh.append(made)
            audit.record(actor, "training.invited", made, person=person.pk)
    notify.tell(
        [row.person_id for row in fresh], "training.invitation", f"/classes/{held.pk}/answer/",
        school_id=held.school_id, title=held.title, venue=held.venue,
        starts=f"{held.starts:%Y-%m-%d}", deadline=f"{held.nominate_by:%Y-%m-%d}",
    )  # fmt: skip
    return len(fresh)


@transaction.atomic
def register(actor: Actor, *, training_class: TrainingClass, note: str = "") -> Nomination:
    """The actor asks for a place in a class open to all; asking again gets the first request back."""
    held = TrainingClass.objects.select_for_update().select_related("department").get(pk=training_class.pk)
    require(actor, "training.register", held)
    check_open(actor, held)
    person = Person.objects.select_related("organisation").get(pk=actor.person_id or 0)
    made, new = _enter(held, person, Nomination.State.SUBMITTED, note)
    if new:
        audit.record(actor, "training.registered", made, person=person.pk)
    return made


@transaction.atomic
def answer(actor: Actor, *, nomination: Nomination, move: str, note: str = "") -> None:
    """The invited person accepts (a place is taken, or refused when none is left) or declines."""
    if move not in {"accept", "refuse"}:
        raise Fault("请选择接受或婉拒。")
    held = TrainingClass.objects.select_for_update().get(pk=nomination.training_class_id)
    check_open(actor, held)
    flows.NOMINATION.move(nomination, move, actor=actor, note=note)
    if move == "accept":
        sittings.sync_expected(held)
