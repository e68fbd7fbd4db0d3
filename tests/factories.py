"""A small academy built through the real actions: a plan's activity, a department, two units, everybody's seat."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from keyuan.attendance import actions as attendance
from keyuan.attendance.models import Sitting
from keyuan.kernel.access import Actor, system_of
from keyuan.orgs.models import Organisation, School
from keyuan.people import actions as people_actions
from keyuan.people.actions import PersonFacts
from keyuan.people.middleware import actor_in
from keyuan.people.models import Account, Person, Seat
from keyuan.people.roles import Role
from keyuan.plan.models import ActivityLead, ActivityType, AnnualPlan, KeyActivity
from keyuan.training.actions import classes, nominations, timetable, versions
from keyuan.training.models import Nomination, Session, TrainingClass
from tests.kernel.sheet_files import resident_number

PASSWORD = "yanshi-mima-2026"


@dataclass
class Academy:
    """One school with its people (演示学校)."""

    school: School
    department: Organisation
    units: list[Organisation]
    activity: KeyActivity
    seats: dict[str, Seat] = field(default_factory=dict)
    serial: int = 0

    def actor(self, key: str) -> Actor:
        """Who acts in a seat."""
        return actor_in(self.seats[key])

    @property
    def registrar(self) -> Actor:
        """The one who may do most."""
        return self.actor("registrar")


def person(academy: Academy, name: str = "", unit: Organisation | None = None, **facts: Any) -> Person:
    """Somebody registered, with a reserved identity number of one's own."""
    academy.serial += 1
    born = date(1960, 1, 1) + timedelta(days=academy.serial // 900)
    number = resident_number(academy.serial % 900, f"{born:%Y%m%d}")
    shown = name or "演示" + "".join("零一二三四五六七八九"[int(figure)] for figure in str(academy.serial))
    return people_actions.add_person(
        system_of(academy.school.pk),
        facts=PersonFacts(shown, organisation=unit, id_number=number, demo=True, **facts),
    )


def seat(academy: Academy, key: str, role: Role, unit: Organisation | None = None) -> Seat:
    """Somebody with an account and one seat."""
    who = person(academy, f"演示{role.label}", unit or academy.department)
    account = Account.objects.create(person=who, email=f"{key}-{academy.school.code}@example.com")
    account.set_password(PASSWORD)
    account.save()
    made = people_actions.grant_seat(system_of(academy.school.pk), person=who, role=role, organisation=unit)
    academy.seats[key] = made
    return made


def build(code: str = "gd") -> Academy:
    """The academy with a registrar, a head, two liaisons, a head teacher, two teachers and a leader."""
    school = School.objects.create(code=code, name=f"演示党校{code}")
    department = Organisation.objects.create(school=school, kind="department", name="演示组联部")
    Organisation.objects.create(school=school, kind="association", name="演示省科学技术协会")
    units = [
        Organisation.objects.create(school=school, kind="city_association", name=f"演示{city}市科协", order=n)
        for n, city in enumerate("甲乙")
    ]
    plan = AnnualPlan.objects.create(school=school, year=2030, title="演示年度计划")
    kind = ActivityType.objects.create(plan=plan, order=1, name="演示类别")
    activity = KeyActivity.objects.create(plan=plan, type=kind, number=1, name="演示干部培训班")
    ActivityLead.objects.create(activity=activity, organisation=department)
    academy = Academy(school, department, units, activity)
    seat(academy, "registrar", Role.REGISTRAR)
    seat(academy, "head", Role.DEPARTMENT_HEAD, department)
    seat(academy, "liaison", Role.LIAISON, units[0])
    seat(academy, "liaison2", Role.LIAISON, units[1])
    seat(academy, "headteacher", Role.HEAD_TEACHER)
    seat(academy, "teacher", Role.TEACHER)
    seat(academy, "teacher2", Role.TEACHER)
    return academy


def facts_of(academy: Academy, **changed: Any) -> dict[str, Any]:
    """What a class form would send."""
    starts = changed.get("starts", timezone.localdate() + timedelta(days=30))
    return {
        "title": "演示干部培训班（第1期）", "starts": starts, "ends": starts + timedelta(days=1),
        "nominate_by": starts - timedelta(days=5), "venue": "演示科学馆", "head_teacher": academy.seats["headteacher"].person,
        "places": 4, "audience": "演示科协干部", "hours": Decimal(16), "department": academy.department, **changed,
    }  # fmt: skip


def draft(academy: Academy, **changed: Any) -> TrainingClass:
    """A class just opened."""
    return classes.open_class(
        academy.registrar, activity=academy.activity, facts=facts_of(academy, **changed)
    )


def approved(academy: Academy, **changed: Any) -> TrainingClass:
    """Submitted, and approved by the department's head."""
    klass = draft(academy, **changed)
    classes.move_class(academy.registrar, training_class=klass, move="submit")
    classes.move_class(academy.actor("head"), training_class=klass, move="approve")
    return klass


def published(academy: Academy, shares: Sequence[int] = (3, 1), **changed: Any) -> TrainingClass:
    """Shared out over the two units and published."""
    klass = approved(academy, **changed)
    given = {unit.pk: count for unit, count in zip(academy.units, shares, strict=False)}
    classes.set_shares(academy.registrar, training_class=klass, places=given)
    classes.move_class(academy.registrar, training_class=klass, move="publish")
    return klass


def nominee(academy: Academy, klass: TrainingClass, unit: int = 0, who: Person | None = None) -> Nomination:
    """Somebody of a unit, put forward by its liaison, or by the registrar after the deadline."""
    at = academy.units[unit]
    late = klass.nominate_by < timezone.localdate()
    actor = academy.registrar if late else academy.actor("liaison2" if unit else "liaison")
    return nominations.nominate(
        actor, training_class=klass, person=who or person(academy, unit=at), organisation=at
    )


def move(academy: Academy, row: Nomination, name: str, note: str = "演示理由") -> Nomination:
    """One step by the registrar; the row as stored afterwards."""
    row = Nomination.objects.get(pk=row.pk)
    nominations.move_nomination(academy.registrar, nomination=row, move=name, note=note)
    return Nomination.objects.get(pk=row.pk)


def admitted(academy: Academy, klass: TrainingClass, count: int = 1, unit: int = 0) -> list[Nomination]:
    """So many nominated and admitted."""
    return [move(academy, nominee(academy, klass, unit), "admit") for _ in range(count)]


def session(academy: Academy, klass: TrainingClass, **changed: Any) -> Session:
    """A lecture on the first morning unless said otherwise."""
    facts = {
        "kind": "lecture", "title": "演示专题", "date": klass.starts, "half": "am", "starts": time(9), "ends": time(11, 30),
        "teacher": academy.seats["teacher"].person, "place": "演示一号厅", "hours": Decimal(4), **changed,
    }  # fmt: skip
    return timetable.place_session(academy.registrar, training_class=klass, facts=facts)


def taught(
    academy: Academy,
    halves: Sequence[str] = ("4", "4"),
    trainees: int = 2,
    *,
    final: bool = True,
    **changed: Any,
) -> TrainingClass:
    """A class held these last days: a session a half-day with the given hours, released as final, nobody marked."""
    last = timezone.localdate() - timedelta(days=1)
    first = last - timedelta(days=(len(halves) - 1) // 2)
    klass = published(
        academy, (trainees, 0), starts=first, ends=last, nominate_by=first, places=max(trainees, 1), **changed
    )
    admitted(academy, klass, trainees)
    for number, hours in enumerate(halves):
        morning = number % 2 == 0
        session(
            academy, klass, title=f"演示专题{number + 1}", date=first + timedelta(days=number // 2),
            half="am" if morning else "pm", starts=time(9) if morning else time(14, 30),
            ends=time(11, 30) if morning else time(17), hours=Decimal(hours),
        )  # fmt: skip
    versions.release_timetable(academy.registrar, training_class=klass)
    if final:
        versions.declare_final(academy.registrar, training_class=klass)
    return klass


def sittings(klass: TrainingClass) -> list[Sitting]:
    """The sittings of a class in order of time."""
    return list(Sitting.objects.filter(owner_label="training.class", owner_id=klass.pk).order_by("starts"))


def attend(academy: Academy, klass: TrainingClass, *, away: dict[int, Sequence[int]] | None = None) -> None:
    """Everybody present everywhere but where `away` (person id → numbers of sittings) says."""
    people = list(klass.nominations.filter(state="admitted").values_list("person_id", flat=True))
    for number, sitting in enumerate(sittings(klass)):
        here = [pk for pk in people if number not in (away or {}).get(pk, ())]
        attendance.mark(academy.registrar, sitting=sitting, person_ids=here, tick="present", paper=True)
