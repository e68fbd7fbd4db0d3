"""Many newcomers into a class at once: every rule of nominating one, in a number of queries that rows do not change."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.db import IntegrityError, transaction
from django.db.models import F

from keyuan.kernel import audit, bulk, cipher
from keyuan.kernel.access import Actor, Forbidden, require
from keyuan.kernel.codes import normal_id_number, normal_name
from keyuan.kernel.faults import Conflict, Fault
from keyuan.orgs.models import Organisation
from keyuan.people import actions as people_actions
from keyuan.people import queries as people
from keyuan.people.actions import PersonFacts
from keyuan.people.models import Person
from keyuan.training.actions import nominations
from keyuan.training.models import LIVE, Nomination, QuotaShare, TrainingClass

audit.sentence("training.nominated_many", "批量推荐报名 {count} 人")
UNKNOWN_UNIT = "单位不在名单中。"


@dataclass(frozen=True)
class Newcomer:
    """One row of a roster (待推荐人员): who, for which unit; `number` is how the caller tells rows apart."""

    number: int
    facts: PersonFacts
    organisation: Organisation | None
    lodging: bool = False
    note: str = ""
    index: str = ""
    draft: Person | None = None


@dataclass(frozen=True)
class Taken:
    """What became of one row: its nomination's id, or the Chinese reason why it was refused."""

    nomination_id: int | None = None
    refusal: str = ""


@dataclass
class _Ledger:
    """What the class held when the lock was taken, kept up to date while the rows are decided."""

    held: TrainingClass
    known: dict[str, Person]
    live: dict[int, Nomination]
    shares: dict[int, QuotaShare]
    closed: Fault | None
    newcomers: list[Person] = field(default_factory=list)
    made: list[Nomination] = field(default_factory=list)
    taken: Counter[int] = field(default_factory=Counter)


def prepared(actor: Actor, *, school_id: int, rows: Sequence[Newcomer]) -> list[Newcomer]:
    """The rows with the person each would register, sealed; to be done before the lock, since it is all CPU.

    Who is known already gets no draft, and neither does a row that `take_in` will refuse.
    """
    indexes = [_index(row.facts) for row in rows]
    known = people.people_by_id_index(school_id, indexes)
    return [
        replace(row, index=index, draft=None if index in known else _draft(actor, row.facts, index))
        for row, index in zip(rows, indexes, strict=True)
    ]


def _draft(actor: Actor, facts: PersonFacts, index: str) -> Person | None:
    try:
        return people_actions.drafted(actor, facts=facts, id_index=index)
    except (Fault, Forbidden):
        # `take_in` meets the same again, if the row comes so far, and says it there.
        return None


def _index(facts: PersonFacts) -> str:
    return cipher.blind_index("id", normal_id_number(facts.id_number))


def take_in(actor: Actor, *, training_class: TrainingClass, rows: Sequence[Newcomer]) -> dict[int, Taken]:
    """Register who is new and nominate all, with the outcomes that `take_in_one` gives row after row.

    One transaction; about twenty queries however many rows. When another request registers one of the persons
    in the same moment, the database refuses the whole and the rows are taken one by one.
    """
    try:
        with transaction.atomic():
            return _take_in(actor, training_class, rows)
    except IntegrityError:
        return {row.number: take_in_one(actor, training_class=training_class, row=row) for row in rows}


def take_in_one(actor: Actor, *, training_class: TrainingClass, row: Newcomer) -> Taken:
    """One row through the ordinary door; a refusal undoes only this row."""
    if row.organisation is None:
        return Taken(refusal=UNKNOWN_UNIT)
    try:
        made = nominations.nominate_new(
            actor, training_class=training_class, organisation=row.organisation, facts=row.facts,
            lodging=row.lodging, note=row.note,
        )  # fmt: skip
    except Fault as fault:
        return Taken(refusal=fault.message)
    return Taken(made.pk)


def _take_in(actor: Actor, training_class: TrainingClass, rows: Sequence[Newcomer]) -> dict[int, Taken]:
    held = TrainingClass.objects.select_for_update().get(pk=training_class.pk)
    indexes = {row.number: row.index or _index(row.facts) for row in rows}
    ledger = _opened(actor, held, indexes)
    decided: dict[int, Nomination | Fault] = {}
    for row in rows:
        try:
            decided[row.number] = _decide(actor, ledger, row, indexes[row.number])
        except Fault as fault:
            decided[row.number] = fault
    _write(actor, ledger)
    return {
        number: Taken(refusal=found.message) if isinstance(found, Fault) else Taken(found.pk)
        for number, found in decided.items()
    }


def _opened(actor: Actor, held: TrainingClass, indexes: Mapping[int, str]) -> _Ledger:
    known = people.people_by_id_index(held.school_id, indexes.values())
    live = Nomination.objects.filter(
        training_class=held, person__in=[person.pk for person in known.values()], state__in=LIVE
    )
    # The share's rows are locked too: places may be given anew without the class's lock.
    shares = QuotaShare.objects.select_for_update(of=("self",)).filter(training_class=held)
    closed = None
    try:
        nominations.check_open(actor, held)
    except Fault as fault:
        closed = fault
    return _Ledger(
        held,
        known,
        {nomination.person_id: nomination for nomination in live.select_related("organisation")},
        {share.organisation_id: share for share in shares.order_by("pk")},
        closed,
    )


def _decide(actor: Actor, ledger: _Ledger, row: Newcomer, index: str) -> Nomination:
    """The nomination of one row, new or found; raises the Fault that `take_in_one` would have met first."""
    unit = row.organisation
    if unit is None:
        raise Fault(UNKNOWN_UNIT)
    person = ledger.known.get(index) if index else None
    if person is not None and person.name != normal_name(row.facts.name):
        raise Conflict(nominations.OTHER_NAME, "name")
    is_new = person is None
    person = person or row.draft or people_actions.drafted(actor, facts=row.facts)
    nomination = Nomination(
        training_class=ledger.held, person=person, organisation=unit, lodging=row.lodging, note=row.note
    )
    require(actor, "training.nominate", nomination)
    if person.school_id != ledger.held.school_id or person.erased_at:
        raise Fault(nominations.NOT_OURS)
    if ledger.closed:
        raise ledger.closed
    earlier = ledger.live.get(id(person) if person.pk is None else person.pk)
    if earlier is not None:
        if earlier.organisation_id == unit.pk:
            return earlier
        raise nominations.already(person, earlier.organisation)
    share = ledger.shares.get(unit.pk)
    quota = ledger.held.entry == TrainingClass.Entry.QUOTA
    if quota and (share is None or share.used + ledger.taken[unit.pk] >= share.places):
        raise nominations.no_place(unit, share)
    ledger.taken[unit.pk] += 1
    ledger.made.append(nomination)
    # A person who is not saved yet has no key; the object itself stands for it until then.
    ledger.live[id(person) if person.pk is None else person.pk] = nomination
    if is_new:
        ledger.newcomers.append(person)
        if index:
            ledger.known[index] = person
    return nomination


def _write(actor: Actor, ledger: _Ledger) -> None:
    """The decided rows in sets: persons, places, nominations, and one audit line for each kind."""
    if not ledger.made:
        return
    people_actions.add_people(actor, people=ledger.newcomers)
    _take_places(ledger)
    for nomination in ledger.made:
        nomination.person_id = nomination.person.pk
    bulk.insert(ledger.made)
    audit.record(
        actor,
        "training.nominated_many",
        ledger.held,
        count=len(ledger.made),
        nominations=[nomination.pk for nomination in ledger.made],
        persons=[nomination.person_id for nomination in ledger.made],
    )


def _take_places(ledger: _Ledger) -> None:
    """Count the places as used, units that send equally many in one statement; the condition decides, not the look."""
    if ledger.held.entry != TrainingClass.Entry.QUOTA:
        return
    by_count: dict[int, list[int]] = {}
    for unit, count in ledger.taken.items():
        by_count.setdefault(count, []).append(unit)
    for count, units in by_count.items():
        free = QuotaShare.objects.filter(
            training_class=ledger.held, organisation__in=units, used__lte=F("places") - count
        )
        if free.update(used=F("used") + count) != len(units):
            raise Conflict("名额刚刚有变动，这一批没有导入，请重试。")
