"""Certificates from asking to revoking, and how issuing bears being killed."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from keyuan.credits import jobs as room_jobs
from keyuan.credits import papers
from keyuan.credits.actions import (
    CertificateFacts,
    award_many,
    issue_next,
    reissue,
    request_certificates,
    revoke,
    revoke_for,
)
from keyuan.credits.models import Certificate
from keyuan.credits.queries import progress_of_owner, totals_for
from keyuan.kernel.access import Forbidden, visible
from keyuan.kernel.faults import Conflict, Fault
from keyuan.kernel.jobs import Progress
from keyuan.kernel.models import IssuedPaper, Job, Outbox
from keyuan.people.models import Person
from tests.credits.conftest import World

OWNER = {"owner_label": "training.TrainingClass", "owner_id": 7}


def facts(world: World, number: int) -> CertificateFacts:
    return CertificateFacts(
        person_id=world.people[number].pk,
        name=world.people[number].name,
        title="科协系统干部培训班",
        hours=Decimal(24),
        starts=date(2020, 10, 26),
        ends=date(2020, 10, 30),
        source=f"test:{number}",
    )


def ask(world: World, *numbers: int) -> Job:
    return request_certificates(world.registrar, rows=[facts(world, number) for number in numbers], **OWNER)


def run(job: Job) -> None:
    """What the worker does with the job."""
    Job.objects.filter(pk=job.pk).update(state="running", lease_until=job.created_at)
    job.refresh_from_db()
    room_jobs.issue_certificates(Progress(job), **job.args)


def issued(world: World, *numbers: int) -> list[Certificate]:
    run(ask(world, *numbers))
    return list(Certificate.objects.filter(state="issued").order_by("pk"))


def test_certificates_are_issued_in_order_with_numbers_that_run_on(world: World) -> None:
    rows = issued(world, 0, 1, 2)
    numbers = [row.number for row in rows]
    assert len(set(numbers)) == 3
    assert [IssuedPaper.objects.get(pk=row.paper_id).seq for row in rows] == [1, 2, 3]
    assert progress_of_owner(OWNER["owner_label"], 7).waiting == 0
    assert Outbox.objects.filter(kind="credits.certificate_issued").count() == 3
    assert all(papers.pdf(row).startswith(b"%PDF") for row in rows)


def test_asking_and_running_twice_issues_none_twice(world: World) -> None:
    first = ask(world, 0, 1)
    again = ask(world, 0, 1, 2)
    run(first)
    run(again)
    run(first)
    assert Certificate.objects.filter(state="issued").count() == IssuedPaper.objects.count() == 3


def test_a_failure_in_the_middle_uses_no_number(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    job = ask(world, 0, 1, 2)
    assert issue_next(world.registrar, **OWNER)

    def out_of_paper(*_args: object) -> None:
        raise OSError("disk full")

    with monkeypatch.context() as patched:
        patched.setattr("keyuan.credits.actions.certificates._tell", out_of_paper)
        with pytest.raises(OSError, match="disk full"):
            issue_next(world.registrar, **OWNER)
    run(job)
    assert list(IssuedPaper.objects.order_by("seq").values_list("seq", flat=True)) == [1, 2, 3]


def test_revoking_needs_a_reason_voids_the_paper_and_tells_the_holder(world: World) -> None:
    [row] = issued(world, 0)
    with pytest.raises(Fault, match="理由"):
        revoke(world.registrar, certificate=row, reason="  ")
    revoke(world.registrar, certificate=row, reason="姓名有误")
    revoke(world.registrar, certificate=row, reason="再点一次")
    assert (row.state, row.reason) == ("revoked", "姓名有误")
    assert IssuedPaper.objects.get().revoked_at is not None
    assert Outbox.objects.filter(kind="credits.certificate_revoked").count() == 1


def test_a_certificate_not_issued_yet_cannot_be_revoked(world: World) -> None:
    ask(world, 0)
    with pytest.raises(Conflict, match="还没有签发"):
        revoke(world.registrar, certificate=Certificate.objects.get(), reason="误")


def test_reissuing_gives_a_new_number_once(world: World) -> None:
    [row] = issued(world, 0)
    with pytest.raises(Conflict, match="仍然有效"):
        reissue(world.registrar, certificate=row)
    revoke(world.registrar, certificate=row, reason="姓名有误")
    Person.objects.filter(pk=row.person_id).update(name="演示更名")
    fresh = reissue(world.registrar, certificate=row)
    assert fresh.holder_name == "演示更名"
    assert reissue(world.registrar, certificate=row) == fresh
    run(Job.objects.latest("pk"))
    fresh.refresh_from_db()
    assert fresh.state == "issued"
    assert fresh.number != row.number


def test_reopening_revokes_withdraws_and_takes_the_hours_back(world: World) -> None:
    rows = [world.facts(number, source=f"test:{number}") for number in range(3)]
    award_many(world.registrar, school_id=world.school.pk, rows=rows)
    issued(world, 0, 1)
    ask(world, 2)
    sources = [row.source for row in rows]
    assert revoke_for(world.registrar, reason="班次重新打开", sources=sources, **OWNER) == 3
    assert revoke_for(world.registrar, reason="班次重新打开", sources=sources, **OWNER) == 0
    assert sorted(Certificate.objects.values_list("state", flat=True)) == ["revoked", "revoked", "withdrawn"]
    assert totals_for(world.registrar, world.people[0].pk) == {"cadre": Decimal(0)}
    run(ask(world, 0, 1, 2))
    assert Certificate.objects.filter(state="issued").count() == 3
    assert list(IssuedPaper.objects.order_by("seq").values_list("seq", flat=True)) == [1, 2, 3, 4, 5]


def test_only_the_registrar_of_the_school_asks_and_revokes(world: World) -> None:
    [row] = issued(world, 0)
    for actor in (world.liaison, world.trainee):
        with pytest.raises(Forbidden):
            request_certificates(actor, rows=[facts(world, 1)], **OWNER)
    for actor in (world.liaison, world.trainee, world.stranger):
        with pytest.raises(Forbidden):
            revoke(actor, certificate=row, reason="误")
    assert list(visible(world.trainee, Certificate)) == [row]
    assert not visible(world.stranger, Certificate).exists()
    assert not visible(world.liaison, Certificate).exists()


def test_nobody_asks_for_no_certificates(world: World) -> None:
    with pytest.raises(Fault, match="没有可以签发"):
        request_certificates(world.registrar, rows=[], **OWNER)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE credits_certificate SET number = ''",
        "UPDATE credits_certificate SET paper_id = NULL",
        "UPDATE credits_certificate SET state = 'requested'",
        "UPDATE credits_certificate SET state = 'lost'",
        "UPDATE credits_certificate SET number = 'same'",
        "UPDATE credits_certificate SET hours = -1",
        "UPDATE credits_certificate SET ends = '2000-01-01'",
        "UPDATE credits_certificate SET person_id = (SELECT MIN(person_id) FROM credits_certificate)",
    ],
)
def test_the_database_refuses_a_certificate_that_cannot_be(world: World, statement: str) -> None:
    issued(world, 0, 1)
    with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
