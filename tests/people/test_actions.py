"""Persons, accounts and seats: sealed numbers, who sees whom, who may seat whom, links that open an account once."""

import json
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from keyuan.kernel import links
from keyuan.kernel.access import Forbidden, can, visible
from keyuan.kernel.faults import Conflict, Fault
from keyuan.kernel.models import AuditEntry
from keyuan.people import actions, guests, queries
from keyuan.people.actions import PersonFacts
from keyuan.people.middleware import seats_held
from keyuan.people.models import Account, Person, Seat
from keyuan.people.roles import Role
from tests import factories
from tests.factories import Academy
from tests.kernel.sheet_files import resident_number

NUMBER = resident_number(321, "19790909")


def test_numbers_are_sealed_at_rest_and_found_through_their_index(academy: Academy) -> None:
    facts = PersonFacts("演示甲", id_number=f" {NUMBER} ", phone="138-0000 0000")
    person = actions.add_person(academy.registrar, facts=facts)
    stored = json.dumps(Person.objects.filter(pk=person.pk).values()[0], default=str)
    assert NUMBER not in stored
    assert "13800000000" not in stored
    assert queries.id_number_of(person) == NUMBER
    assert queries.person_by_id_number(academy.school.pk, NUMBER) == person
    assert not any(NUMBER in json.dumps(entry.facts) for entry in AuditEntry.objects.all())


def test_a_change_of_cipher_keeps_the_sign_in_by_phone(academy: Academy, settings) -> None:
    person = actions.add_person(academy.registrar, facts=PersonFacts("演示甲", phone="138-0000 0000"))
    Account.objects.create_user(person=person, phone_index=person.phone_index)
    settings.KEYUAN_CIPHER = "sm4"
    assert queries.account_by_phone("13800000000") is None, "until rotate_keys --resume has run"
    call_command("rotate_keys", "--resume")
    found = queries.account_by_phone("138 0000 0000")
    assert found is not None
    assert found.person_id == person.pk


def test_a_damaged_number_or_one_known_already_is_refused(academy: Academy) -> None:
    wrong = NUMBER[:-1] + ("0" if NUMBER[-1] != "0" else "1")
    with pytest.raises(Fault) as fault:
        actions.add_person(academy.registrar, facts=PersonFacts("演示甲", id_number=wrong))
    assert fault.value.field == "id_number"
    actions.add_person(academy.registrar, facts=PersonFacts("演示甲", id_number=NUMBER))
    with pytest.raises(Conflict, match="已登记"):
        actions.add_person(academy.registrar, facts=PersonFacts("演示乙", id_number=NUMBER))
    other = factories.build("sz")
    assert actions.add_person(other.registrar, facts=PersonFacts("演示甲", id_number=NUMBER)).pk


def test_each_look_at_a_whole_number_is_written_down(academy: Academy) -> None:
    person = factories.person(academy, unit=academy.units[0])
    assert actions.reveal(academy.actor("liaison"), person=person, what="id") == queries.id_number_of(person)
    line = AuditEntry.objects.filter(action="people.revealed").get()
    assert (line.person_id, line.thing_id) == (academy.seats["liaison"].person_id, person.pk)
    for key in ("liaison2", "trainee", "head", "auditor", "sysadmin"):
        with pytest.raises(Forbidden):
            actions.reveal(academy.actor(key), person=person, what="id")
    with pytest.raises(Fault):
        actions.reveal(academy.registrar, person=person, what="email")


def test_everybody_sees_whom_the_work_needs_and_nobody_of_another_school(academy: Academy) -> None:
    mine, theirs = (factories.person(academy, unit=unit) for unit in academy.units)
    other = factories.person(factories.build("sz"))
    sees = {
        key: [person in visible(academy.actor(key), Person) for person in (mine, theirs, other)]
        for key in (
            "registrar",
            "head",
            "security",
            "liaison",
            "liaison2",
            "trainee",
            "auditor",
            "sysadmin",
            "teacher",
        )
    }
    everybody, nobody = [True, True, False], [False, False, False]
    assert sees == {
        "registrar": everybody, "head": everybody, "security": everybody, "liaison": [True, False, False],
        "liaison2": [False, True, False], "trainee": nobody, "auditor": nobody, "sysadmin": nobody, "teacher": nobody,
    }  # fmt: skip


def test_security_administration_seats_others_and_never_itself(academy: Academy) -> None:
    security = academy.actor("security")
    person = factories.person(academy)
    with pytest.raises(Forbidden):
        actions.grant_seat(security, person=academy.seats["security"].person, role=Role.REGISTRAR)
    with pytest.raises(Forbidden):
        actions.grant_seat(academy.registrar, person=person, role=Role.REGISTRAR)
    with pytest.raises(Forbidden):
        actions.grant_seat(factories.build("sz").registrar, person=person, role=Role.REGISTRAR)
    with pytest.raises(Fault, match="代表的单位"):
        actions.grant_seat(security, person=person, role=Role.LIAISON)
    actions.grant_seat(security, person=person, role=Role.REGISTRAR)
    with pytest.raises(Conflict):
        actions.grant_seat(security, person=person, role=Role.REGISTRAR)


def test_the_three_administrators_are_three_persons(academy: Academy) -> None:
    for key, role in (("auditor", Role.SYSTEM_ADMIN), ("sysadmin", Role.AUDITOR)):
        with pytest.raises(Conflict, match="三员"):
            actions.grant_seat(academy.actor("security"), person=academy.seats[key].person, role=role)


def test_a_seat_that_was_ended_does_not_work_the_same_day(academy: Academy) -> None:
    seat = academy.seats["liaison"]
    actions.end_seat(academy.actor("security"), seat=seat)
    assert seats_held(Account.objects.get(person=seat.person)) == []
    again = actions.grant_seat(
        academy.actor("security"), person=seat.person, role=Role.LIAISON, organisation=academy.units[0]
    )
    assert seats_held(Account.objects.get(person=seat.person)) == [again]


def test_an_invitation_opens_one_account_once(academy: Academy) -> None:
    person = factories.person(academy, email="new@example.com")
    token = actions.invite(academy.registrar, person=person)
    with pytest.raises(Fault) as weak:
        actions.activate(token=token, password="short")
    assert weak.value.field == "password"
    account = actions.activate(token=token, password=factories.PASSWORD)
    assert account.check_password(factories.PASSWORD)
    with pytest.raises(links.LinkDead, match="已经用过"):
        actions.activate(token=token, password=factories.PASSWORD + "x")
    with pytest.raises(links.LinkDead):
        actions.activate(token=token[:-1], password=factories.PASSWORD)


def test_nobody_is_invited_without_an_address_or_under_anothers(academy: Academy) -> None:
    with pytest.raises(Fault, match="邮箱或手机"):
        actions.invite(academy.registrar, person=factories.person(academy))
    taken = Account.objects.exclude(email=None)[0].email
    with pytest.raises(Conflict):
        actions.invite(academy.registrar, person=factories.person(academy, email=str(taken)))


def test_an_erased_person_leaves_no_name_no_account_and_no_seat_that_works(academy: Academy, client) -> None:
    seat = academy.seats["trainee"]
    link = guests.link_for(seat.person_id, "/attendance/mine/")
    assert client.get("/" + link.split("/", 3)[3]).status_code == 302
    with pytest.raises(Forbidden):
        actions.erase_person(academy.actor("trainee"), person=seat.person)
    actions.erase_person(academy.registrar, person=seat.person)
    gone = Person.objects.get(pk=seat.person_id)
    assert (gone.name, gone.id_sealed, gone.id_index, gone.email) == ("已注销", "", "", "")
    assert not Account.objects.filter(person=gone).exists()
    assert "演示学员" not in client.get("/attendance/mine/").content.decode()


def test_one_exports_oneself_and_nobody_else(academy: Academy) -> None:
    trainee = academy.actor("trainee")
    data = actions.export_self(trainee, person=academy.seats["trainee"].person)
    assert "演示学员" in json.dumps(data, ensure_ascii=False, default=str)
    with pytest.raises(Forbidden):
        actions.export_self(trainee, person=academy.seats["teacher"].person)


def test_the_auditor_reads_and_never_writes(academy: Academy) -> None:
    auditor, person = academy.actor("auditor"), factories.person(academy)
    assert can(auditor, "people.audit")
    assert not any(
        can(auditor, f"people.{name}", person) for name in ("add", "change", "reveal", "erase", "seats")
    )


def test_a_seat_works_from_its_first_day_to_its_last(academy: Academy) -> None:
    today, day = timezone.localdate(), timedelta(days=1)
    seat = Seat(starts=today, ends=today + day)
    assert [seat.holds_on(today + n * day) for n in (-1, 0, 1, 2)] == [False, True, True, False]
