"""A small academy for tests of faults: two registrars, a unit with a liaison, a class open for nominations."""

from dataclasses import dataclass, field
from datetime import time, timedelta
from decimal import Decimal
from pathlib import Path

from django.utils import timezone

from keyuan.attendance import actions as attendance
from keyuan.attendance.models import Sitting
from keyuan.kernel.access import Actor
from keyuan.orgs.models import Organisation, School
from keyuan.people import actions as people_actions
from keyuan.people.actions import PersonFacts
from keyuan.people.middleware import actor_in
from keyuan.people.models import Account, Person, Seat
from keyuan.plan.models import ActivityType, AnnualPlan, KeyActivity
from keyuan.training.actions import nominations, timetable, versions
from keyuan.training.models import QuotaShare, TrainingClass
from tests.kernel.sheet_files import resident_number, workbook

TITLES = ["姓名", "性别", "单位", "职务", "证件号码", "手机"]


@dataclass
class Ground:
    school: School
    unit: Organisation
    held: TrainingClass
    registrars: list[Seat]
    liaison: Seat
    office: Actor
    people: list[Person] = field(default_factory=list)


def seated(school: School, name: str, role: str, unit: Organisation | None = None) -> Seat:
    """Somebody with an account and one seat."""
    person = Person.objects.create(school=school, name=name, organisation=unit, demo=True)
    Account.objects.create(person=person, email=f"{role}{person.pk}@demo.example")
    return Seat.objects.create(person=person, role=role, school=school, organisation=unit)


def build(*, places: int = 5, share: int = 5) -> Ground:
    school = School.objects.create(code="gd", name="演示党校")
    unit = Organisation.objects.create(school=school, kind="society", name="演示学会")
    department = Organisation.objects.create(school=school, kind="department", name="演示部")
    registrars = [seated(school, f"演示教务{n}", "registrar") for n in range(2)]
    plan = AnnualPlan.objects.create(school=school, year=2030, title="演示计划")
    kind = ActivityType.objects.create(plan=plan, order=1, name="演示类")
    activity = KeyActivity.objects.create(plan=plan, type=kind, number=1, name="演示活动")
    starts = timezone.localdate() + timedelta(days=30)
    held = TrainingClass.objects.create(
        school=school, activity=activity, department=department, title="演示班", starts=starts, ends=starts,
        nominate_by=starts, venue="演示厅", head_teacher=registrars[0].person, places=places, audience="演示",
        hours=Decimal(8), state="published",
    )  # fmt: skip
    QuotaShare.objects.create(training_class=held, organisation=unit, places=share)
    office = actor_in(registrars[0])
    people = [
        people_actions.add_person(
            office,
            facts=PersonFacts(
                f"演示学员{n}", organisation=unit, id_number=resident_number(900 + n, "19700101")
            ),
        )
        for n in range(4)
    ]
    return Ground(
        school, unit, held, registrars, seated(school, "演示联络员", "liaison", unit), office, people
    )


def finish(ground: Ground) -> None:
    """Two trainees admitted, one session held yesterday and signed for: ready to be closed."""
    yesterday = timezone.localdate() - timedelta(days=1)
    TrainingClass.objects.filter(pk=ground.held.pk).update(
        starts=yesterday, ends=yesterday, nominate_by=yesterday
    )
    ground.held.refresh_from_db()
    rows = [
        nominations.nominate(
            ground.office, training_class=ground.held, person=person, organisation=ground.unit
        )
        for person in ground.people[:2]
    ]
    nominations.move_many(ground.office, nominations=rows, move="admit")
    keeper = Seat.objects.create(
        person=ground.registrars[0].person, role="head_teacher", school=ground.school
    )
    lesson = {
        "kind": "opening", "title": "开班式", "date": yesterday, "half": "am", "starts": time(9), "ends": time(11),
        "hours": Decimal(2), "teacher": None, "place": "演示厅",
    }  # fmt: skip
    timetable.place_session(actor_in(keeper), training_class=ground.held, facts=lesson)
    versions.release_timetable(actor_in(keeper), training_class=ground.held)
    versions.declare_final(actor_in(keeper), training_class=ground.held)
    here = [row.person_id for row in rows]
    attendance.mark(
        actor_in(keeper), sitting=Sitting.objects.get(), person_ids=here, tick="present", paper=True
    )


def roster(path: Path, count: int, unit: str = "演示学会") -> Path:
    """A reply sheet of so many good rows."""
    rows = [
        [f"演示{_name(n)}", "女", unit, "干事", resident_number(n % 900, f"{1960 + n // 900}0312"), ""]
        for n in range(count)
    ]
    return workbook(path, [TITLES, *rows])


def _name(number: int) -> str:
    """A number in Chinese figures, since a name holds no digits."""
    return "".join("零一二三四五六七八九"[int(figure)] for figure in str(number))
