"""Who plays in the demo: accounts by role, and about three hundred people over the organisations."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.contrib.auth.hashers import make_password
from django.db import transaction

from keyuan.desk.demo.names import Invented, invented
from keyuan.kernel import search
from keyuan.kernel.access import Actor, system_of
from keyuan.orgs.actions import save_organisation
from keyuan.orgs.models import Organisation, School
from keyuan.people import actions as people
from keyuan.people.actions import PersonFacts
from keyuan.people.models import Account, Person, Seat
from keyuan.people.roles import Role

PASSWORD = "keyuan-yanshi-2026"  # noqa: S105 - the demo's shared password is printed on purpose
ACADEMY, LEAD, SECOND_LEAD = "省科协党校", "组联部", "学会部"
CITY, SOCIETY = "广州市科协", "广东省数学会"
CITY_CODE, CITY_NAME = "demo-city", "示例市科协党校（演示分校）"
PEOPLE = 300
# So many organisations send people; the rest stay silent, as in life.
CITIES, SOCIETIES = 21, 39


@dataclass(frozen=True)
class Part:
    """One demo account (演示账号): what it is called, how it signs in, where it sits."""

    key: str
    label: str
    unit: str
    seats: tuple[tuple[Role, str], ...]

    @property
    def email(self) -> str:
        """What it signs in with."""
        return f"{self.key}@example.com"


def _one(key: str, label: str, unit: str, role: Role, acting_for: str = "") -> Part:
    return Part(key, label, unit, ((role, acting_for),))


PARTS = (
    _one("registrar", "教务员", ACADEMY, Role.REGISTRAR),
    _one("head", "部门负责人（组联部）", LEAD, Role.DEPARTMENT_HEAD, LEAD),
    _one("head2", "部门负责人（学会部）", SECOND_LEAD, Role.DEPARTMENT_HEAD, SECOND_LEAD),
    _one("leader", "校领导", ACADEMY, Role.LEADER),
    _one("liaison", "联络员（广州市科协）", CITY, Role.LIAISON, CITY),
    _one("liaison2", "联络员（省数学会）", SOCIETY, Role.LIAISON, SOCIETY),
    _one("headteacher", "班主任", ACADEMY, Role.HEAD_TEACHER),
    _one("teacher", "师资", "中共广东省委党校", Role.TEACHER),
    _one("trainee", "学员", CITY, Role.TRAINEE),
    _one("sysadmin", "系统管理员", ACADEMY, Role.SYSTEM_ADMIN),
    _one("security", "安全管理员", ACADEMY, Role.SECURITY_ADMIN),
    _one("auditor", "审计管理员", ACADEMY, Role.AUDITOR),
    Part(
        "many", "多重身份（教务员、联络员、学员）", "深圳市科协",
        ((Role.REGISTRAR, ""), (Role.LIAISON, "深圳市科协"), (Role.TRAINEE, "")),
    ),
)  # fmt: skip
BRANCH = (_one("city", "教务员（演示分校）", "办公室", Role.REGISTRAR),)


@dataclass
class Cast:
    """Everybody at hand (演员表): the school, accounts by key, people by organisation, invited teachers."""

    school: School
    parts: dict[str, Person]
    units: dict[str, Organisation]
    people: dict[int, list[Person]] = field(default_factory=dict)
    teachers: list[Person] = field(default_factory=list)

    def actor(self, key: str, role: str = "") -> Actor:
        """The actor that a demo account makes in its first seat, or in the seat of `role`."""
        person = self.parts[key]
        seats = Seat.objects.filter(person=person, ends=None).order_by("pk")
        seat = seats.filter(role=role).first() if role else seats.first()
        if seat is None:
            raise LookupError(f"no seat of {key} {role}")
        return Actor(
            person.pk, self.school.pk, seat.organisation_id, frozenset({seat.role}), seat.pk,
            f"{person.name} · {seat.get_role_display()}",
        )  # fmt: skip

    def as_trainee(self, person: Person) -> Actor:
        """A trainee who signs in by link."""
        return Actor(person.pk, self.school.pk, None, frozenset({Role.TRAINEE.value}), None, person.name)

    def as_liaison(self, unit: Organisation) -> Actor:
        """Whoever speaks for a unit: its liaison with an account, or the registrar on the unit's behalf."""
        seat = Seat.objects.filter(role=Role.LIAISON, organisation=unit, ends=None).first()
        if seat is None:
            return self.actor("registrar")
        return Actor(seat.person_id, self.school.pk, unit.pk, frozenset({Role.LIAISON.value}), seat.pk)

    @property
    def system(self) -> Actor:
        """The system inside the school."""
        return system_of(self.school.pk)


def units_of(school: School) -> dict[str, Organisation]:
    """A school's organisations by full and by short name."""
    found: dict[str, Organisation] = {}
    for unit in Organisation.objects.filter(school=school):
        found[unit.name] = unit
        if unit.short_name:
            found[unit.short_name] = unit
    return found


def facts_of(one: Invented, unit: Organisation, email: str = "") -> PersonFacts:
    """An invented person as a roster would state them."""
    return PersonFacts(
        name=one.name, sex=one.sex, birth_month=one.birth_month, organisation=unit, post_title=one.post_title,
        id_number=one.id_number, phone=one.phone, email=email, demo=True,
    )  # fmt: skip


@transaction.atomic
def give_accounts(school: School, parts: Sequence[Part], *, start: int) -> dict[str, Person]:
    """The accounts of these parts with their seats; those that are there already stay."""
    system, units, spare = system_of(school.pk), units_of(school), invented(start)
    have = {a.email: a.person for a in Account.objects.filter(person__school=school).select_related("person")}
    found: dict[str, Person] = {}
    opened: list[Person] = []
    for part in parts:
        one = next(spare)
        person = have.get(part.email)
        if person is None:
            person = people.add_person(system, facts=facts_of(one, units[part.unit], part.email))
            for role, acting_for in part.seats:
                people.grant_seat(system, person=person, role=role, organisation=units.get(acting_for))
            people.invite(system, person=person)
            opened.append(person)
        found[part.key] = person
    # One hash for the one printed password: a hash each would be most of the demo's time.
    Account.objects.filter(person__in=opened).update(password=make_password(PASSWORD))
    return found


@transaction.atomic
def fill_units(cast: Cast) -> None:
    """People over the city associations and societies, and teachers of the party school; once."""
    rows = Organisation.objects.filter(school=cast.school, active=True).order_by("order", "pk")
    sending = [
        *rows.filter(kind=Organisation.Kind.CITY_ASSOCIATION)[:CITIES],
        *rows.filter(kind=Organisation.Kind.SOCIETY)[:SOCIETIES],
    ]
    guests = cast.units["中共广东省委党校"]
    known = list(
        Person.objects.filter(school=cast.school, demo=True, account=None)
        .select_related("organisation")
        .order_by("pk")
    )
    if not known:
        spare = invented(100)
        wanted = [guests] * 6 + [sending[n % len(sending)] for n in range(PEOPLE)]
        known = [people.drafted(cast.system, facts=facts_of(next(spare), unit)) for unit in wanted]
        people.add_people(cast.system, people=known)
        search.refresh(*known)
    for person in known:
        if person.organisation_id == guests.pk:
            cast.teachers.append(person)
        elif person.organisation_id:
            cast.people.setdefault(person.organisation_id, []).append(person)


@transaction.atomic
def found_branch(parent: School) -> School:
    """A second school, to see that nothing of the first shows there."""
    school, made = School.objects.get_or_create(
        code=CITY_CODE, defaults={"name": CITY_NAME, "parent": parent}
    )
    if made:
        system = system_of(school.pk)
        for name, kind in (
            ("办公室", "department"),
            ("示例市电子学会", "society"),
            ("示例市林学会", "society"),
        ):
            save_organisation(
                system,
                school=school,
                organisation=None,
                facts={"name": name, "kind": kind, "certainty": "office"},
            )
        units = units_of(school)
        spare = invented(900)
        facts = [facts_of(next(spare), units["示例市电子学会"]) for _number in range(6)]
        people.add_people(system, people=[people.drafted(system, facts=one) for one in facts])
    return school
