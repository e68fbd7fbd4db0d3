"""Issuing: numbers, the register, revoking, verifying, and what the database itself refuses."""

import threading
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection, connections, transaction

from keyuan.kernel import access
from keyuan.kernel.access import Actor
from keyuan.kernel.faults import Conflict, Fault
from keyuan.kernel.models import DocSeries, IssuedPaper, SeriesYear
from keyuan.kernel.papers import issuing, numbering
from keyuan.kernel.papers.verifying import Standing, verify

REGISTRAR = Actor(7, 1, None, frozenset({"registrar"}), seat_id=3, label="演示 · 教务员")
YEAR = 2026


@pytest.fixture
def series(db) -> DocSeries:
    return numbering.open_series(1, "certificate", "粤科协培")


@pytest.fixture
def owner(db) -> ContentType:
    """Any row will do as owner; content types are always there."""
    return ContentType.objects.order_by("pk")[0]


def give(series: DocSeries, owner: ContentType, person: int | None = 1, **more: Any) -> IssuedPaper:
    said = {
        "kind": "certificate", "series": series, "owner": owner, "title": "演示班", "facts": {"name": "张三演示"},
        "person_id": person, "holder_name": "张三演示", "year": YEAR, "render": lambda stamp: stamp.number.encode(),
    } | more  # fmt: skip
    return issuing.issue(said.pop("actor", REGISTRAR), **said)


def test_numbers_run_from_one_without_gaps(series, owner):
    numbers = [give(series, owner, person).number for person in (1, 2, 3)]
    assert numbers == ["粤科协培〔2026〕第00001号", "粤科协培〔2026〕第00002号", "粤科协培〔2026〕第00003号"]


def test_each_year_begins_anew(series, owner):
    give(series, owner, 1)
    assert give(series, owner, 2, year=2027).number == "粤科协培〔2027〕第00001号"


def test_issuing_again_gives_the_same_paper(series, owner):
    first = give(series, owner)
    assert give(series, owner).pk == first.pk
    assert SeriesYear.objects.get(series=series, year=YEAR).last == 1


def test_a_render_that_fails_takes_no_number(series, owner):
    def broken(stamp: issuing.Stamp) -> bytes:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        give(series, owner, render=broken)
    assert give(series, owner).seq == 1


def test_the_file_is_kept_with_its_hash(series, owner):
    paper = give(series, owner)
    assert issuing.content(paper) == paper.number.encode()
    default_storage.delete(paper.file)
    with pytest.raises(Fault, match="备份"):
        issuing.content(paper)


def test_an_altered_file_is_not_given_out(series, owner):
    paper = give(series, owner)
    with default_storage.open(paper.file, "wb") as stored:
        stored.write(b"forged")
    with pytest.raises(Fault, match="不一致"):
        issuing.content(paper)


def test_a_revoked_number_stays_used_and_the_next_paper_is_new(series, owner):
    paper = give(series, owner)
    issuing.revoke(REGISTRAR, paper, "姓名有误")
    fresh = give(series, owner)
    assert (paper.seq, fresh.seq) == (1, 2)
    with pytest.raises(Conflict):
        issuing.revoke(REGISTRAR, paper, "再来一次")


def test_revoking_needs_a_reason(series, owner):
    with pytest.raises(Fault, match="作废原因"):
        issuing.revoke(REGISTRAR, give(series, owner), "  ")


def test_reissuing_names_what_it_replaces(series, owner):
    old = give(series, owner)
    new = issuing.reissue(
        REGISTRAR,
        old,
        "姓名有误",
        facts={"name": "张叁演示"},
        render=lambda stamp: stamp.verify_code.encode(),
    )
    assert new.replaces_id == old.pk
    assert new.holder_name == "张叁演示"
    assert verify(old.verify_code).replaced
    assert verify(new.verify_code).standing is Standing.VALID


def test_another_school_and_another_role_may_not_issue(series, owner):
    for actor in (
        Actor(7, 2, None, frozenset({"registrar"})),
        Actor(7, 1, None, frozenset({"trainee"})),
    ):
        with pytest.raises(access.Forbidden):
            give(series, owner, actor=actor)


def test_a_trainee_sees_only_their_own_papers(series, owner):
    give(series, owner, 1)
    mine = give(series, owner, 2)
    trainee = Actor(2, 1, None, frozenset({"trainee"}))
    assert list(access.visible(trainee, IssuedPaper)) == [mine]
    assert access.visible(REGISTRAR, IssuedPaper).count() == 2
    stranger = Actor(9, 2, None, frozenset({"registrar"}))
    assert not access.visible(stranger, IssuedPaper).exists()


def test_a_paper_without_a_person_is_one_an_owner(series, owner):
    first = give(series, owner, None, kind="notice")
    assert give(series, owner, None, kind="notice").pk == first.pk


def test_the_code_verifies_however_it_is_typed(series, owner):
    paper = give(series, owner)
    code = paper.verify_code
    typed = f" {code[:4].lower()}-{code[4:8]} {code[8:]}"
    verdict = verify(typed)
    assert verdict.standing is Standing.VALID
    assert verdict.facts == {"name": "张三演示"}


def test_a_number_needs_its_holders_name(series, owner):
    paper = give(series, owner)
    typed = "粤科协培[2026]第00001号"
    assert verify(typed, name="张三 演示").standing is Standing.VALID
    assert (
        verify(typed)
        == verify(typed, name="李四演示")
        == verify("粤科协培〔2026〕第99999号", name="张三演示")
    )
    assert verify(paper.verify_code[:-1]).standing is Standing.UNKNOWN
    assert verify("").standing is Standing.UNKNOWN


def test_a_revoked_paper_shows_no_content(series, owner):
    paper = give(series, owner)
    issuing.revoke(REGISTRAR, paper, "误发")
    verdict = verify(paper.verify_code)
    assert verdict.standing is Standing.REVOKED
    assert verdict.facts is None
    assert not verdict.holder_name


def test_codes_have_more_than_sixty_bits(series, owner):
    assert 31**issuing.CODE_LENGTH > 2**60
    assert len(give(series, owner).verify_code) == issuing.CODE_LENGTH


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM kernel_issuedpaper",
        "UPDATE kernel_issuedpaper SET number = 'x'",
        "UPDATE kernel_issuedpaper SET seq = 9",
        "UPDATE kernel_issuedpaper SET facts = '{}'",
        "UPDATE kernel_issuedpaper SET person_id = 99",
        "UPDATE kernel_issuedpaper SET revoked_at = CURRENT_TIMESTAMP",
        "UPDATE kernel_seriesyear SET last = 0",
        "DELETE FROM kernel_seriesyear",
    ],
)
def test_raw_sql_cannot_rewrite_the_register(series, owner, statement):
    give(series, owner)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_raw_sql_cannot_bring_a_revoked_paper_back(series, owner):
    issuing.revoke(REGISTRAR, give(series, owner), "误发")
    statement = "UPDATE kernel_issuedpaper SET revoked_at = NULL, revoke_reason = ''"
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_replacing_a_row_by_insert_is_refused(series, owner):
    paper = give(series, owner)
    if connection.vendor != "sqlite":
        pytest.skip("INSERT OR REPLACE is SQLite's")
    names = ", ".join(f'"{field.column}"' for field in IssuedPaper._meta.concrete_fields)
    statement = (
        f"INSERT OR REPLACE INTO kernel_issuedpaper SELECT {names} FROM kernel_issuedpaper WHERE id = %s"  # noqa: S608 - column names from the model
    )
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, [paper.pk])


@pytest.mark.parametrize(
    "pattern", ["{mark}{year}", "{seq}", "{year}{seq}{person}", "{year", "{year}{seq:zz}"]
)
def test_a_pattern_that_repeats_numbers_is_refused(db, pattern):
    with pytest.raises(Fault):
        numbering.open_series(1, "odd", "粤", pattern)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_at_once_draw_different_numbers_and_one_paper_a_person():
    series = numbering.open_series(1, "certificate", "粤科协培")
    owner = ContentType.objects.order_by("pk")[0]
    faults: list[Exception] = []

    def run(person: int) -> None:
        try:
            give(series, owner, person % 3 + 1)
        except Exception as fault:  # noqa: BLE001 - the thread's fault is raised again below
            faults.append(fault)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(person,)) for person in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults
    assert sorted(IssuedPaper.objects.filter(series=series).values_list("seq", flat=True)) == [1, 2, 3]
