"""The screens of hours and certificates, seen by each role."""

import io
import zipfile
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from keyuan.credits.actions import CertificateFacts, award_many, issue_next, request_certificates
from keyuan.credits.models import Certificate
from keyuan.people.models import Account, Person, Seat
from tests.credits.conftest import World

OWNER = {"owner_label": "training.TrainingClass", "owner_id": 7}
ClientFor = Callable[[Any], Client]


def seat(world: World, person: Person, role: str, **more: Any) -> Seat:
    Account.objects.get_or_create(person=person, defaults={"email": f"p{person.pk}@example.org"})
    return Seat.objects.create(person=person, school=more.pop("school", world.school), role=role, **more)


@pytest.fixture
def office(world: World, client_for: ClientFor) -> Client:
    person = Person.objects.get(pk=world.registrar.person_id)
    return client_for(seat(world, person, "registrar"))


@pytest.fixture
def trainee(world: World, client_for: ClientFor) -> Client:
    return client_for(seat(world, world.people[0], "trainee"))


def fill(world: World, count: int = 3) -> list[Certificate]:
    """So many people with hours and a certificate each."""
    people = world.people[:count]
    award_many(
        world.registrar,
        school_id=world.school.pk,
        rows=[world.facts(number, source=f"test:{number}") for number in range(len(people))],
    )
    rows = [
        CertificateFacts(
            p.pk, p.name, "科协系统干部培训班", Decimal(24), date(2020, 10, 26), date(2020, 10, 30), p.unit
        )
        for p in people
    ]
    request_certificates(world.registrar, rows=rows, **OWNER)
    while issue_next(world.registrar, **OWNER):
        pass
    return list(Certificate.objects.order_by("pk"))


def test_a_trainee_sees_the_own_hours_and_certificates(world: World, trainee: Client) -> None:
    empty = trainee.get("/credits/").content.decode()
    assert "还没有学时" in empty
    rows = fill(world)
    text = trainee.get("/credits/").content.decode()
    assert rows[0].number in text
    assert rows[1].number not in text
    assert "24" in text
    pdf = trainee.get(f"/credits/certificates/{rows[0].pk}/pdf/")
    assert pdf.content.startswith(b"%PDF")
    assert "filename*=utf-8''" in pdf.headers["Content-Disposition"]


def test_nobody_opens_the_certificate_of_another(
    world: World, trainee: Client, client_for: ClientFor
) -> None:
    rows = fill(world)
    liaison = client_for(seat(world, world.people[2], "liaison", organisation=world.society))
    stranger = client_for(seat(world, world.people[4], "registrar", school=world.other_school))
    for client in (trainee, liaison, stranger):
        for path in ("", "pdf/"):
            assert client.get(f"/credits/certificates/{rows[1].pk}/{path}").status_code == 404
        assert client.post(f"/credits/certificates/{rows[1].pk}/revoke/", {"reason": "误"}).status_code == 404
    for path in (
        "/credits/certificates/",
        "/credits/certificates/export.xlsx",
        f"/credits/people/{world.people[1].pk}/",
    ):
        assert trainee.get(path).status_code == 403
        assert liaison.get(path).status_code == 403


def test_a_liaison_sees_totals_of_the_own_people_only(world: World, client_for: ClientFor) -> None:
    fill(world)
    liaison = client_for(seat(world, world.people[2], "liaison", organisation=world.society))
    text = liaison.get("/credits/ledger/").content.decode()
    assert "演示学员0" in text
    assert "演示学员1" not in text


def test_the_register_searches_filters_and_exports_what_is_listed(world: World, office: Client) -> None:
    rows = fill(world)
    assert rows[1].number in office.get("/credits/certificates/?q=演示学员1").content.decode()
    assert "没有符合条件" in office.get("/credits/certificates/?state=revoked").content.decode()
    book = load_workbook(io.BytesIO(office.get("/credits/certificates/export.xlsx?q=演示学员1").content))
    cells = [cell for line in book.active.iter_rows(values_only=True) for cell in line if cell]
    assert rows[1].number in cells
    assert rows[0].number not in cells
    archive = zipfile.ZipFile(io.BytesIO(office.get("/credits/certificates/archive.zip").content))
    assert len(archive.namelist()) == 3
    assert all(archive.read(name).startswith(b"%PDF") for name in archive.namelist())


def test_the_office_revokes_with_a_reason_and_reissues(world: World, office: Client) -> None:
    [row, *_] = fill(world)
    place = f"/credits/certificates/{row.pk}/"
    refused = office.post(f"{place}revoke/", {"reason": ""})
    assert refused.status_code == 422
    assert "请写明作废理由" in refused.content.decode()
    assert office.post(f"{place}revoke/", {"reason": "姓名有误"}).status_code == 302
    text = office.get(place).content.decode()
    assert "姓名有误" in text
    assert "重发证书" in text
    answer = office.post(f"{place}reissue/")
    assert answer.status_code == 302
    assert Certificate.objects.get(supersedes=row).state == "requested"
    assert (
        answer.headers["Location"] == f"/credits/certificates/{Certificate.objects.get(supersedes=row).pk}/"
    )


def test_a_revoked_certificate_is_downloaded_by_the_office_alone(
    world: World, office: Client, trainee: Client
) -> None:
    [row, *_] = fill(world)
    office.post(f"/credits/certificates/{row.pk}/revoke/", {"reason": "姓名有误"})
    assert trainee.get(f"/credits/certificates/{row.pk}/pdf/").status_code == 403
    assert "下载 PDF" not in trainee.get(f"/credits/certificates/{row.pk}/").content.decode()
    assert office.get(f"/credits/certificates/{row.pk}/pdf/").status_code == 200


def test_statements_download(world: World, office: Client, trainee: Client) -> None:
    fill(world)
    for answer in (
        trainee.get("/credits/statement.xlsx"),
        office.get(f"/credits/people/{world.people[0].pk}/statement.xlsx"),
        office.get("/credits/ledger/export.xlsx"),
    ):
        assert answer.status_code == 200
        assert load_workbook(io.BytesIO(answer.content)).active.max_row >= 2
    assert "累计学时" in office.get(f"/credits/people/{world.people[0].pk}/").content.decode()


@pytest.mark.parametrize("path", ["/credits/certificates/", "/credits/ledger/"])
def test_a_list_costs_the_same_queries_whatever_its_length(
    world: World, office: Client, path: str, django_assert_max_num_queries: Any
) -> None:
    fill(world, 1)
    office.get(path)
    with django_assert_max_num_queries(50) as short:
        office.get(path)
    fill(world, 5)
    with django_assert_max_num_queries(len(short)):
        office.get(path)
    assert len(short) <= 10
