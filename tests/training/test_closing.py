"""Closing a class: who completes, hours paid once, taken back whole, paid again; and the papers that tell of it."""

import io
import zipfile
from datetime import timedelta
from decimal import Decimal

import docx
import openpyxl
import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from keyuan.attendance.models import Expected, Leave, LeaveSitting, Sitting
from keyuan.attendance.queries import Standing
from keyuan.credits.models import Balance, Certificate, Posting
from keyuan.kernel import audit, files, jobs
from keyuan.kernel.access import Forbidden
from keyuan.kernel.faults import Conflict, Fault
from keyuan.kernel.models import StoredFile
from keyuan.kernel.worker import Worker
from keyuan.training import papers
from keyuan.training.actions import closing
from keyuan.training.models import Completion, TrainingClass
from keyuan.training.queries import closing as queries
from tests import factories
from tests.factories import Academy

RULES = TrainingClass(attendance_share=Decimal("0.800"), leave_limit=Decimal("0.1429"))


def work() -> None:
    worker = Worker()
    while worker.run_one():
        continue


def on_leave(academy: Academy, klass: TrainingClass, person_id: int, numbers: list[int]) -> None:
    """Leave granted for some of the sittings."""
    chosen = [factories.sittings(klass)[number] for number in numbers]
    leave = Leave.objects.create(
        school=academy.school, owner_label="training.class", owner_id=klass.pk, person_id=person_id, reason="演示",
        half_days=len(chosen), approver_role="registrar", requested_at=timezone.now(), state="approved",
    )  # fmt: skip
    rows = Expected.objects.filter(sitting__in=chosen, person_id=person_id)
    LeaveSitting.objects.bulk_create(LeaveSitting(leave=leave, expected=row) for row in rows)


@given(sevenths=st.integers(1, 40))
def test_leave_of_exactly_one_seventh_completes_and_the_least_more_does_not(sevenths: int) -> None:
    total = Decimal(7 * sevenths)
    leave = total / 7
    assert queries.judge(RULES, Standing(1, total=total, leave=leave, present=total - leave))[0]
    more = leave + Decimal("0.5")
    ok, why = queries.judge(RULES, Standing(1, total=total, leave=more, present=total - more))
    assert not ok
    assert "请假" in why


@given(total=st.integers(5, 200))
def test_attendance_of_exactly_the_share_completes_and_half_an_hour_less_does_not(total: int) -> None:
    needed = Decimal(total) * Decimal("0.8")
    whole = Decimal(total)
    assert queries.judge(RULES, Standing(1, total=whole, present=needed, absent=whole - needed))[0]
    less = needed - Decimal("0.5")
    assert not queries.judge(RULES, Standing(1, total=whole, present=less, absent=whole - less))[0]


def test_without_any_sitting_nobody_completes() -> None:
    assert queries.judge(RULES, Standing(1)) == (False, "没有应到课次")


def test_the_checklist_names_every_thing_that_is_missing(academy: Academy) -> None:
    klass = factories.published(academy)
    factories.admitted(academy, klass)
    factories.nominee(academy, klass)
    factories.session(academy, klass)
    with pytest.raises(Fault) as refused:
        closing.close_class(academy.registrar, training_class=klass)
    for words in ("课程表已发布", "还有 1 处改动未发布", "课程表已定为终版", "还有 1 人待审核"):
        assert words in refused.value.message
    assert not Completion.objects.exists()


def test_the_ledger_holds_four_hours_a_half_day(academy: Academy) -> None:
    klass = factories.taught(academy, ("4", "4"), trainees=1)
    factories.attend(academy, klass)
    halves = {(sitting.date, sitting.half) for sitting in factories.sittings(klass)}
    Sitting.objects.filter(owner_id=klass.pk, owner_label="training.class").update(hours=Decimal(6))
    closing.close_class(academy.registrar, training_class=klass)
    lot = Posting.objects.get().lot
    assert (lot.half_days, lot.hours) == (len(halves), Decimal(12))
    assert lot.raw_minutes == sum(
        int((row.ends - row.starts).total_seconds() // 60) for row in factories.sittings(klass)
    )
    assert Balance.objects.get().amount == 4 * len(halves)


def test_hours_are_paid_once_however_often_closing_is_pressed(academy: Academy) -> None:
    klass = factories.taught(academy, ("4", "4"), trainees=3)
    people = list(klass.nominations.order_by("pk").values_list("person_id", flat=True))
    factories.attend(academy, klass, away={people[2]: [1]})
    assert closing.close_class(academy.registrar, training_class=klass) == 2
    stale = TrainingClass.objects.get(pk=klass.pk)
    stale.state = "published"
    assert closing.close_class(academy.registrar, training_class=stale) == 2
    assert Completion.objects.count() == 3
    assert Posting.objects.count() == 2
    assert {row.account.person_id: row.amount for row in Balance.objects.select_related("account")} == {
        people[0]: 8,
        people[1]: 8,
    }


def test_an_override_completes_with_its_reason_kept_and_pays_the_hours_attended(academy: Academy) -> None:
    klass = factories.taught(academy, ("4", "4"), trainees=2)
    row, _other = klass.nominations.order_by("pk")
    factories.attend(academy, klass, away={row.person_id: [1]})
    assert closing.close_class(academy.registrar, training_class=klass, overrides={row.pk: " 因公请假 "}) == 2
    done = Completion.objects.get(nomination=row)
    assert (done.completed, done.override_reason, done.hours) == (True, "因公请假", 4)
    assert "出勤 50.0%" in done.reason
    assert Balance.objects.get(account__person=row.person_id).amount == 4


def test_leave_beyond_a_seventh_fails_though_the_rest_was_attended(academy: Academy) -> None:
    klass = factories.taught(academy, ("4",) * 7, trainees=3)
    first, second, _third = klass.nominations.order_by("pk").values_list("person_id", flat=True)
    on_leave(academy, klass, first, [0])
    on_leave(academy, klass, second, [0, 1])
    factories.attend(academy, klass, away={first: [0], second: [0, 1]})
    closing.close_class(academy.registrar, training_class=klass)
    assert list(Completion.objects.order_by("nomination_id").values_list("completed", "hours")) == [
        (True, 24),
        (False, 0),
        (True, 28),
    ]


def test_reopening_takes_all_back_and_closing_again_pays_again(academy: Academy) -> None:
    klass = factories.taught(academy, ("4", "4"), trainees=2)
    factories.attend(academy, klass)
    closing.close_class(academy.registrar, training_class=klass)
    closing.issue_certificates(academy.registrar, training_class=klass)
    work()
    assert set(Certificate.objects.values_list("state", flat=True)) == {"issued"}
    with pytest.raises(Fault, match="理由"):
        closing.reopen_class(academy.registrar, training_class=klass, reason="")
    closing.reopen_class(academy.registrar, training_class=klass, reason="考勤有误")
    assert sum(row.amount for row in Posting.objects.all()) == 0
    assert set(Balance.objects.values_list("amount", flat=True)) == {0}
    assert set(Certificate.objects.values_list("state", flat=True)) == {"revoked"}
    with pytest.raises(Conflict):
        closing.reopen_class(academy.registrar, training_class=TrainingClass.objects.get(), reason="再来一次")
    assert closing.close_class(academy.registrar, training_class=klass) == 2
    assert set(Balance.objects.values_list("amount", flat=True)) == {8}
    assert TrainingClass.objects.get().closings == 2
    closing.issue_certificates(academy.registrar, training_class=klass)
    work()
    assert sorted(Certificate.objects.values_list("state", flat=True)) == ["issued"] * 2 + ["revoked"] * 2
    assert audit.verify() is None


def test_certificates_are_for_closed_classes(academy: Academy) -> None:
    with pytest.raises(Fault, match="结班之后"):
        closing.issue_certificates(academy.registrar, training_class=factories.published(academy))


def test_nobody_but_the_registrar_of_the_school_closes(academy: Academy) -> None:
    klass = factories.taught(academy)
    for actor in (academy.actor("headteacher"), academy.actor("head"), factories.build("sz").registrar):
        with pytest.raises(Forbidden):
            closing.close_class(actor, training_class=klass)


def words_of(content: bytes) -> str:
    """All text of a .docx, tables too."""
    book = docx.Document(io.BytesIO(content))
    cells = [cell.text for table in book.tables for row in table.rows for cell in row.cells]
    return "\n".join([paragraph.text for paragraph in book.paragraphs] + cells)


def lines_of(content: bytes) -> list[list[str]]:
    page = openpyxl.load_workbook(io.BytesIO(content)).active
    assert page is not None
    return [[str(cell or "") for cell in row] for row in page.iter_rows(values_only=True)]


@pytest.fixture
def closed(academy: Academy) -> TrainingClass:
    """Three trainees, one of whom missed the second session."""
    klass = factories.taught(academy, ("4", "4"), trainees=3)
    third = list(klass.nominations.order_by("pk").values_list("person_id", flat=True))[2]
    factories.attend(academy, klass, away={third: [1]})
    closing.close_class(academy.registrar, training_class=klass)
    return TrainingClass.objects.select_related("activity__plan", "department", "school").get(pk=klass.pk)


def test_the_notice_holds_dates_places_and_the_quota_table(academy: Academy, closed: TrainingClass) -> None:
    for kind in ("notice", "letter"):
        text = words_of(papers.make(closed, kind).content)
        for words in (
            f"关于举办{closed.title}的通知", f"共{closed.places}人", closed.venue, academy.units[0].name, "合计", "报名回执",
            f"{closed.starts.year}年{closed.starts.month}月{closed.starts.day}日",
        ):  # fmt: skip
            assert words in text, (kind, words)


def test_the_summary_holds_the_numbers_of_the_closing(closed: TrainingClass) -> None:
    text = words_of(papers.make(closed, "summary").content)
    # (100% + 100% + 50%) / 3
    for words in ("实际录取3人", "结业2人，未结业1人", "平均出勤率83.3%", "演示专题1"):
        assert words in text, words


def test_roster_and_attendance_sheets_hold_every_trainee_and_mark(closed: TrainingClass) -> None:
    roster = lines_of(papers.make(closed, "roster").content)
    names = set(closed.nominations.values_list("person__name", flat=True))
    assert names <= {cell for row in roster for cell in row}
    marks = lines_of(papers.make(closed, "attendance").content)
    found = {row[1]: row[3:5] for row in marks if row[1] in names}
    assert sorted(map(tuple, found.values())) == [("√", "√"), ("√", "√"), ("√", "缺")]


def test_the_dossier_is_one_archive_with_everything_and_its_checksums(
    academy: Academy, closed: TrainingClass
) -> None:
    closing.issue_certificates(academy.registrar, training_class=closed)
    jobs.start(academy.registrar, "training.dossier", school_id=academy.school.pk, training_class=closed.pk)
    work()
    stored = StoredFile.objects.get()
    with files.opened(stored) as content:
        archive = zipfile.ZipFile(io.BytesIO(content.read()))
    assert archive.testzip() is None
    names = archive.namelist()
    assert [name[:2] for name in sorted(names)] == ["00", "01", "02", "03", "04", "05", "06", "07"]
    index = archive.read("00 目录.txt").decode()
    assert all(name in index for name in names if not name.startswith("00"))
    register = lines_of(archive.read("07 证书发放登记.xlsx"))
    assert sum("〔" in row[1] for row in register) == 2


def test_the_dossier_is_for_those_who_may_take_it(
    academy: Academy, closed: TrainingClass, client_for
) -> None:
    jobs.start(academy.registrar, "training.dossier", school_id=academy.school.pk, training_class=closed.pk)
    work()
    path = f"/files/{StoredFile.objects.get().pk}/"
    seen = {}
    for key in ("registrar", "head", "headteacher", "liaison", "teacher"):
        answer = client_for(academy.seats[key]).get(path)
        seen[key] = answer.status_code
        if answer.streaming:
            assert b"".join(answer.streaming_content)[:2] == b"PK"
    assert seen == {"registrar": 200, "head": 200, "headteacher": 200, "liaison": 404, "teacher": 404}


def test_a_class_that_has_not_ended_is_not_closed(academy: Academy) -> None:
    klass = factories.taught(academy, ("4",), trainees=1)
    factories.attend(academy, klass)
    later = timezone.now() + timedelta(hours=1)
    Sitting.objects.update(ends=later)
    with pytest.raises(Fault, match="还有 1 个课次未结束"):
        closing.close_class(academy.registrar, training_class=klass)
