"""Rows taken in as a set end exactly as they would one after another."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keyuan.kernel import audit
from keyuan.kernel.access import Actor, Forbidden
from keyuan.kernel.models import AuditEntry
from keyuan.orgs.models import Organisation, School
from keyuan.people import actions as people_actions
from keyuan.people.actions import PersonFacts
from keyuan.people.models import Person
from keyuan.plan.models import ActivityType, AnnualPlan, KeyActivity
from keyuan.training.actions import intake, nominations
from keyuan.training.actions.intake import Newcomer, Taken
from keyuan.training.models import Nomination, QuotaShare, TrainingClass
from tests.kernel.sheet_files import resident_number

NUMBERS = ["", "449999198503120000", *(resident_number(serial) for serial in range(4))]
NAMES = ["演示甲", "演示乙", "演 示 甲", ""]
PLACES = [3, 1, 0]


@dataclass
class Ground:
    training_class: TrainingClass
    units: list[Organisation]
    registrar: Actor
    liaison: Actor
    stranger: Actor


@pytest.fixture
def ground(db: None) -> Ground:
    """A class with shares of 3, 1 and 0 places and a unit without; one person known, one nominated already."""
    school = School.objects.create(code="gd", name="演示党校")
    units = [
        Organisation.objects.create(school=school, kind="society", name=f"演示{n}学会") for n in range(4)
    ]
    office = Person.objects.create(school=school, name="演示教务", demo=True)
    plan = AnnualPlan.objects.create(school=school, year=2030, title="演示计划")
    kind = ActivityType.objects.create(plan=plan, order=1, name="演示类")
    activity = KeyActivity.objects.create(plan=plan, type=kind, number=1, name="演示活动")
    starts = timezone.localdate() + timedelta(days=30)
    held = TrainingClass.objects.create(
        school=school, activity=activity, department=units[3], title="演示班", starts=starts, ends=starts,
        nominate_by=starts, venue="演示厅", head_teacher=office, places=9, audience="演示", hours=Decimal(8),
        state="published",
    )  # fmt: skip
    for unit, places in zip(units, PLACES, strict=False):
        QuotaShare.objects.create(training_class=held, organisation=unit, places=places)
    registrar = Actor(office.pk, school.pk, None, frozenset({"registrar"}))
    people_actions.add_person(registrar, facts=PersonFacts("演示甲", id_number=NUMBERS[2]))
    sent = people_actions.add_person(registrar, facts=PersonFacts("演示甲", id_number=NUMBERS[3]))
    nominations.nominate(registrar, training_class=held, person=sent, organisation=units[0])
    return Ground(
        held,
        units,
        registrar,
        liaison=Actor(office.pk, school.pk, units[0].pk, frozenset({"liaison"})),
        stranger=Actor(office.pk, School.objects.create(code="sz", name="深圳").pk, None, frozenset({"registrar"})),
    )  # fmt: skip


LINES = st.lists(
    st.tuples(
        st.sampled_from(NAMES[:1] * 4 + NAMES),
        st.sampled_from(NUMBERS),
        st.sampled_from([0, 0, 0, 1, 1, 2, 3, None]),
        st.booleans(),
    ),
    max_size=12,
)


def newcomers(ground: Ground, lines: list[Any]) -> list[Newcomer]:
    return [
        Newcomer(
            number,
            PersonFacts(name, id_number=id_number, organisation=None if unit is None else ground.units[unit]),
            None if unit is None else ground.units[unit],
            lodging=lodging,
            note=f"第{number}行",
        )
        for number, (name, id_number, unit, lodging) in enumerate(lines, 1)
    ]


def state_of(outcomes: dict[int, Taken]) -> dict[str, Any]:
    """Everything the rows have left behind, without the keys that differ from run to run."""
    rows = Nomination.objects.select_related("person", "organisation").in_bulk()

    def told(row: Nomination) -> tuple[object, ...]:
        return (row.person.name, row.person.id_index, row.organisation.name, row.lodging, row.note, row.state)

    people = Person.objects.values_list("name", "id_index", "organisation__name", "pinyin")
    return {
        "outcomes": {
            number: taken.refusal or told(rows[taken.nomination_id or 0])
            for number, taken in outcomes.items()
        },
        "nominations": Counter(told(row) for row in rows.values()),
        "people": Counter(people),
        "used": list(QuotaShare.objects.order_by("pk").values_list("used", flat=True)),
    }


def undone(act: Callable[[], dict[int, Taken]]) -> Any:
    """What an act leaves behind; the database is as before afterwards."""
    with transaction.atomic():
        try:
            with transaction.atomic():
                return state_of(act())
        except Forbidden:
            return "forbidden"
        finally:
            transaction.set_rollback(True)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(lines=LINES, who=st.sampled_from(["registrar", "registrar", "liaison", "stranger"]), late=st.booleans(),
       ahead=st.booleans())  # fmt: skip
def test_a_set_of_rows_ends_as_the_rows_would_one_by_one(
    ground: Ground, *, lines: list[Any], who: str, late: bool, ahead: bool
) -> None:
    actor: Actor = getattr(ground, who)
    held = ground.training_class
    nominate_by = timezone.localdate() - timedelta(days=1) if late else held.starts
    TrainingClass.objects.filter(pk=held.pk).update(nominate_by=nominate_by)
    rows = newcomers(ground, lines)

    def as_a_set() -> dict[int, Taken]:
        ready = intake.prepared(actor, school_id=held.school_id, rows=rows) if ahead else rows
        return intake.take_in(actor, training_class=held, rows=ready)

    def one_by_one() -> dict[int, Taken]:
        return {row.number: intake.take_in_one(actor, training_class=held, row=row) for row in rows}

    assert undone(as_a_set) == undone(one_by_one)


def test_a_known_number_under_another_name_is_refused_for_that_row_only(ground: Ground) -> None:
    rows = newcomers(ground, [("演示乙", NUMBERS[2], 0, False), ("演示乙", NUMBERS[4], 0, False)])
    taken = intake.take_in(ground.registrar, training_class=ground.training_class, rows=rows)
    assert "姓名与所填不同" in taken[1].refusal
    assert Nomination.objects.get(pk=taken[2].nomination_id).person.name == "演示乙"


def test_a_class_no_longer_open_takes_nobody_and_registers_nobody(ground: Ground) -> None:
    TrainingClass.objects.filter(pk=ground.training_class.pk).update(state="cancelled")
    before = Person.objects.count()
    taken = intake.take_in(
        ground.registrar,
        training_class=ground.training_class,
        rows=newcomers(ground, [("演示乙", NUMBERS[4], 0, False)]),
    )
    assert "不在报名阶段" in taken[1].refusal
    assert Person.objects.count() == before


def test_queries_do_not_grow_with_the_rows_and_one_line_tells_of_all(ground: Ground) -> None:
    QuotaShare.objects.update(places=200)
    TrainingClass.objects.update(places=600)

    def taking(start: int, count: int) -> tuple[int, dict[int, Taken]]:
        lines = [("演示乙", resident_number(100 + n), 0, False) for n in range(start, start + count)]
        rows = intake.prepared(
            ground.registrar, school_id=ground.training_class.school_id, rows=newcomers(ground, lines)
        )
        with CaptureQueriesContext(connection) as asked:
            taken = intake.take_in(ground.registrar, training_class=ground.training_class, rows=rows)
        return len(asked), taken

    few, _first = taking(0, 2)
    many, taken = taking(2, 50)
    assert many == few
    line = AuditEntry.objects.filter(action="training.nominated_many").order_by("-seq").first()
    assert line is not None
    assert line.facts["nominations"] == [each.nomination_id for each in taken.values()]
    assert audit.words(line) == "批量推荐报名 50 人"
    assert audit.verify() is None


def test_someone_registered_meanwhile_does_not_lose_the_other_rows(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = newcomers(ground, [("演示乙", NUMBERS[2], 0, False), ("演示乙", NUMBERS[4], 0, False)])
    rows[0] = Newcomer(1, PersonFacts("演示甲", id_number=NUMBERS[2]), ground.units[0])
    # As if the other request had come between the look and the write.
    with monkeypatch.context() as blind:
        blind.setattr(intake.people, "people_by_id_index", lambda *_asked: {})
        taken = intake.take_in(ground.registrar, training_class=ground.training_class, rows=rows)
    assert [each.refusal for each in taken.values()] == ["", ""]
    assert Person.objects.filter(id_index__gt="").count() == 3
