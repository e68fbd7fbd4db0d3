"""The reply sheet (报名回执): how its rows are judged against a class and become nominations."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from keyuan.kernel import batchjobs, cipher
from keyuan.kernel.access import Actor, can, visible
from keyuan.kernel.faults import Fault
from keyuan.kernel.models.batches import Batch
from keyuan.kernel.sheet import CellFault, Question, Row, batches
from keyuan.orgs.models import Organisation
from keyuan.people import actions as people_actions
from keyuan.people import queries as people
from keyuan.people.models import Person
from keyuan.people.sheets import ROSTER
from keyuan.training.actions import intake, nominations
from keyuan.training.models import LIVE, Nomination, QuotaShare, TrainingClass
from keyuan.training.sheets import resembling

Context = Mapping[str, Any]


def _class_of(context: Context) -> TrainingClass:
    return TrainingClass.objects.get(pk=context["class"])


def _index(row: Row) -> str:
    number = row.values.get("id_number", "")
    return cipher.blind_index("id", number) if number else ""


def _fault(column: str, code: str, message: str) -> CellFault:
    return CellFault(column, code, message, "room")


class NominationRoom:
    """What a class says to a roster of nominees (推荐名单)."""

    def thing(self, context: Context) -> TrainingClass:
        """The right is asked over the class."""
        return _class_of(context)

    def judge(self, actor: Actor, context: Context, rows: Sequence[Row]) -> dict[int, list[CellFault]]:
        """Over quota, nominated elsewhere, a name that does not fit the known number, an unknown unit."""
        training_class = _class_of(context)
        units = _units(actor, context)
        indexes = {row.number: _index(row) for row in rows if row.ok}
        known = people.people_by_id_index(training_class.school_id, indexes.values())
        live = dict(
            Nomination.objects.filter(training_class=training_class, state__in=LIVE).values_list(
                "person_id", "organisation__name"
            )
        )
        left = _places_left(training_class)
        same = _chosen_people(training_class.school_id, rows)
        found: dict[int, list[CellFault]] = {}
        for row in rows:
            if not row.ok or "unit" in {question.key for question in row.open_questions}:
                continue
            person = known.get(indexes[row.number]) or same.get(row.values.get("person", ""))
            faults = _judge_row(row, units, person, live, left)
            if faults:
                found[row.number] = faults
        return found

    def ask(self, actor: Actor, context: Context, rows: Sequence[Row]) -> dict[int, list[Question]]:
        """Which unit is meant by a name that only resembles one; whether somebody known is the same person."""
        units = _units(actor, context)
        found = resembling.units_asked(units.by_name, rows) if units.only is None else {}
        asked = resembling.people_asked(actor, _class_of(context).school_id, units.of, rows)
        return {number: [*found.get(number, ()), *asked.get(number, ())] for number in {*found, *asked}}

    def prepare(
        self, actor: Actor, context: Context, rows: Sequence[Row]
    ) -> list[tuple[intake.Newcomer, Person | None]]:
        """The newcomers of the rows, each with the person that it was said to be."""
        units, school = _units(actor, context), _class_of(context).school_id
        same = _chosen_people(school, rows)
        newcomers = [_newcomer(row, units.of(row.values.get("organisation", ""))) for row in rows]
        chosen = [same.get(row.values.get("person", "")) for row in rows]
        drafted = intake.prepared(
            actor,
            school_id=school,
            rows=[new for new, person in zip(newcomers, chosen, strict=True) if person is None],
        )
        ready = {new.number: new for new in drafted}
        return [(ready.get(new.number, new), person) for new, person in zip(newcomers, chosen, strict=True)]

    def apply(
        self, actor: Actor, context: Context, rows: Sequence[tuple[intake.Newcomer, Person | None]]
    ) -> dict[int, batches.Outcome]:
        """Register who is new and nominate all of them in sets; who was said to be known is not registered again."""
        training_class = _class_of(context)
        new = [row for row, person in rows if person is None]
        taken = intake.take_in(actor, training_class=training_class, rows=new) if new else {}
        outcomes = {number: batches.Outcome(row.nomination_id, row.refusal) for number, row in taken.items()}
        for row, person in rows:
            if person is not None:
                outcomes[row.number] = _take_known(actor, training_class, row, person)
        return outcomes


def _chosen_people(school_id: int, rows: Sequence[Row]) -> dict[str, Person]:
    """The persons of the school that rows were said to be, by their id as text."""
    ids = {row.values["person"] for row in rows if row.values.get("person", "").isdigit()}
    found = Person.objects.filter(school_id=school_id, erased_at=None, pk__in=ids) if ids else ()
    return {str(person.pk): person for person in found}


def _take_known(
    actor: Actor, training_class: TrainingClass, row: intake.Newcomer, person: Person
) -> batches.Outcome:
    """Nominate somebody known, whose blank number and phone the row fills in; a Fault undoes only this row."""
    if row.organisation is None:
        return batches.Outcome(refusal=intake.UNKNOWN_UNIT)
    facts = row.facts
    try:
        with transaction.atomic():
            if can(actor, "people.change", person):
                people_actions.complete_person(
                    actor, person=person, id_number=facts.id_number, phone=facts.phone, id_kind=facts.id_kind
                )
            made = nominations.nominate(
                actor, training_class=training_class, person=person, organisation=row.organisation,
                lodging=row.lodging, note=row.note,
            )  # fmt: skip
    except Fault as fault:
        return batches.Outcome(refusal=fault.message)
    return batches.Outcome(made.pk)


class _Units:
    """The organisations a sheet may speak of: one's own for a liaison, the school's for the registrar."""

    def __init__(self, rows: Sequence[Organisation], only: Organisation | None) -> None:
        self.only = only
        self.by_name = {name: unit for unit in rows for name in (unit.name, unit.short_name) if name}

    def of(self, name: str) -> Organisation | None:
        """The unit a cell names; a liaison's sheet is the liaison's unit whatever it says."""
        return self.only or self.by_name.get(name)


def _units(actor: Actor, context: Context) -> _Units:
    rows = list(visible(actor, Organisation).filter(active=True))
    own = context.get("organisation")
    return _Units(rows, next((unit for unit in rows if unit.pk == own), None) if own else None)


def _places_left(training_class: TrainingClass) -> dict[int, int]:
    shares = QuotaShare.objects.filter(training_class=training_class)
    return {share.organisation_id: share.places - share.used for share in shares}


def _judge_row(
    row: Row, units: _Units, person: Person | None, live: Mapping[int, str], left: dict[int, int]
) -> list[CellFault]:
    unit = units.of(row.values.get("organisation", ""))
    if unit is None:
        return [
            _fault("单位", "unit_unknown", "单位不在本校名单中，请改成名单上的全称，或请教务先登记该单位。")
        ]
    if person is not None and person.name != row.values.get("name"):
        words = f"这个证件号码登记的姓名是{person.name[0]}某，与表中不同，请核对姓名和号码。"
        return [_fault("姓名", "name_differs", words)]
    if person is not None and person.pk in live:
        return [_fault("姓名", "nominated_already", f"此人已由{live[person.pk]}推荐到本班，不能重复推荐。")]
    if left.get(unit.pk, 0) <= 0:
        return [_fault("单位", "over_quota", f"{unit}的名额已满，这一行超出名额。")]
    left[unit.pk] -= 1
    return []


def _newcomer(row: Row, unit: Organisation | None) -> intake.Newcomer:
    return intake.Newcomer(
        row.number,
        _facts(row, unit),
        unit,
        lodging=row.values.get("lodging") == "是",
        note=row.values.get("remark", "")[:200],
    )


def _facts(row: Row, unit: Organisation | None) -> people_actions.PersonFacts:
    values = row.values
    return people_actions.PersonFacts(
        name=values["name"],
        sex=values.get("sex", ""),
        birth_month=values.get("birth_month", ""),
        organisation=unit,
        organisation_text=values.get("organisation", ""),
        post_title=values.get("post_title", ""),
        id_number=values.get("id_number", ""),
        phone=values.get("phone", ""),
        email=values.get("email", ""),
        id_kind=values.get("id_kind") or Person.IdKind.RESIDENT,
    )


batches.purpose("training.nominate", sheet=ROSTER, rule="training.nominate")(NominationRoom)


@batchjobs.back("training.nominate")
def _back(batch: Batch) -> str:
    """To the page of the unit the sheet was sent for; from a sheet of many units on to the review."""
    unit, base = batch.context.get("organisation"), f"/classes/{batch.context['class']}/"
    return f"{base}nominate/?unit={unit}" if unit else f"{base}nominations/"
