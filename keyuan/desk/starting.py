"""What an empty installation starts with: the school, its units, its plan, its number series, its first account."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from keyuan.attendance import actions as attendance
from keyuan.attendance.models import Policy
from keyuan.attendance.queries import limits_on
from keyuan.fees.actions.standards import load_defaults
from keyuan.kernel.access import system_of
from keyuan.kernel.links import absolute
from keyuan.kernel.papers import numbering
from keyuan.orgs.actions import load_starting_organisations
from keyuan.orgs.models import Organisation, School
from keyuan.people import actions as people
from keyuan.people.actions import PersonFacts
from keyuan.people.models import Account, Person, Seat
from keyuan.people.roles import Role
from keyuan.plan.actions import load_starting_plan
from keyuan.plan.models import KeyActivity
from keyuan.terms.actions import load_defaults as load_posts

CODE = "gdast"
NAME = "广东省科协党校"
SECOND_NAME = "广东省科技人才学院"
# The certificate series' key and mark are those of the credits room, which opens it at first use too.
SERIES = (("certificate", "粤科协培"),)
FIRST_NAME, FIRST_EMAIL = "安全管理员", "admin@localhost"


@dataclass(frozen=True)
class Started:
    """What starting found and made (起始数据)."""

    school: School
    organisations: int
    activities: int


@transaction.atomic
def start() -> Started:
    """Load the starting data; again it adds only what is missing and changes nothing the office has corrected."""
    school, _made = School.objects.get_or_create(
        code=CODE, defaults={"name": NAME, "second_name": SECOND_NAME}
    )
    load_starting_organisations(school)
    if not KeyActivity.objects.filter(plan__school=school).exists():
        load_starting_plan(school)
    for key, mark in SERIES:
        numbering.open_series(school.pk, key, mark)
    first_day = date(2020, 1, 1)
    if not Policy.objects.filter(school=school).exists():
        attendance.set_policy(
            system_of(school.pk),
            school_id=school.pk,
            starts=first_day,
            limits=limits_on(school.pk, first_day),
        )
    load_defaults(system_of(school.pk), school=school)
    load_posts(system_of(school.pk), school=school)
    units = Organisation.objects.filter(school=school)
    activities = KeyActivity.objects.filter(plan__school=school)
    return Started(school, units.count(), activities.count())


@transaction.atomic
def first_account(school: School, *, email: str = FIRST_EMAIL) -> str:
    """The one-time address by which the first security administrator sets a password; empty once anybody can sign in.

    There is no default password. As long as the address was not used a new run gives a new one.
    """
    if any(account.has_usable_password() for account in Account.objects.only("password")[:50]):
        return ""
    system = system_of(school.pk)
    seat = (
        Seat.objects.filter(school=school, role=Role.SECURITY_ADMIN, ends=None)
        .select_related("person")
        .first()
    )
    if seat is None:
        unit = Organisation.objects.filter(school=school, kind=Organisation.Kind.SCHOOL).first()
        person: Person = people.add_person(
            system, facts=PersonFacts(name=FIRST_NAME, email=email, organisation=unit)
        )
        people.grant_seat(system, person=person, role=Role.SECURITY_ADMIN)
    else:
        person = seat.person
    return absolute(f"/activate/{people.invite(system, person=person)}/")
