"""Giving out, writing, handing in, reading."""

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from keyuan.coursework import hooks, jobs
from keyuan.coursework.actions import giving, handing_in, reading, setting
from keyuan.coursework.models import Enclosure, Material, Submission, Task, Version
from keyuan.coursework.queries import handins, held, mine
from keyuan.kernel import erasure, files
from keyuan.kernel.access import Forbidden, system_of, visible
from keyuan.kernel.faults import Conflict, Fault
from keyuan.kernel.models import Outbox, StoredFile
from keyuan.training.models import ClassPolicy, Nomination, TrainingClass
from keyuan.training.queries import closing
from tests import factories
from tests.coursework.conftest import PDF, TEXT, Ground, pdf


def test_several_files_are_given_out_at_once_or_none(ground: Ground) -> None:
    actor = ground.head_teacher
    with pytest.raises(Fault, match="坏的"):
        giving.give(
            actor,
            training_class=ground.klass,
            uploads=[pdf(), SimpleUploadedFile("坏的.pdf", b"x")],
            use="class",
        )
    assert not Material.objects.exists()
    giving.give(actor, training_class=ground.klass, uploads=[pdf("一.pdf"), pdf("二.pdf")], use="class")
    lines = mine.materials_of(ground.trainee(), ground.klass)
    assert [(line.title, line.kind, line.size) for line in lines] == [
        ("一", "pdf", len(PDF)),
        ("二", "pdf", len(PDF)),
    ]


def test_what_is_withdrawn_trainees_see_no_more_and_the_office_keeps(ground: Ground) -> None:
    [row] = giving.give(ground.head_teacher, training_class=ground.klass, uploads=[pdf()], use="class")
    giving.withdraw(ground.head_teacher, material=row)
    assert not visible(ground.trainee(), Material).exists()
    assert not visible(ground.trainee(), StoredFile).exists()
    assert visible(ground.academy.registrar, Material).get() == row
    giving.restore(ground.head_teacher, material=row)
    assert visible(ground.trainee(), StoredFile).filter(owner_label=giving.OWNER).count() == 1


def test_a_teacher_gives_out_for_the_own_session_only(ground: Ground) -> None:
    session = factories.session(ground.academy, ground.klass)
    teacher, other = ground.academy.actor("teacher"), ground.academy.actor("teacher2")
    giving.give(teacher, training_class=ground.klass, uploads=[pdf()], use="class", session=session)
    with pytest.raises(Forbidden):
        giving.give(other, training_class=ground.klass, uploads=[pdf()], use="class", session=session)
    with pytest.raises(Forbidden):
        giving.give(teacher, training_class=ground.klass, uploads=[pdf()], use="class")
    with pytest.raises(Forbidden):
        giving.give(ground.trainee(), training_class=ground.klass, uploads=[pdf()], use="class")


def test_only_what_its_author_allows_is_used_in_another_class(ground: Ground) -> None:
    actor = ground.academy.registrar
    other = factories.published(ground.academy, title="演示另一班")
    own, shared = (
        giving.give(actor, training_class=ground.klass, uploads=[pdf(f"{use}.pdf", use.encode())], use=use)[0]
        for use in ("class", "school")
    )
    with pytest.raises(Fault, match="只供原班"):
        giving.borrow(actor, training_class=other, material=own)
    row = giving.borrow(actor, training_class=other, material=shared)
    assert (row.training_class, row.title, row.size) == (other, "school", shared.size)


def test_order_is_changed_by_lifting(ground: Ground) -> None:
    actor = ground.head_teacher
    giving.give(actor, training_class=ground.klass, uploads=[pdf("一.pdf"), pdf("二.pdf")], use="class")
    giving.lift(actor, material=Material.objects.get(title="二"))
    assert [line.title for line in mine.materials_of(ground.trainee(), ground.klass)] == ["二", "一"]


def test_a_draft_is_kept_and_nobody_else_reads_it(ground: Ground) -> None:
    task = ground.task()
    handing_in.save_draft(
        ground.trainee(), task=task, nomination=ground.rows[0], text="开个头", consent=False
    )
    assert Submission.objects.get().text == "开个头"
    assert not visible(ground.head_teacher, Submission).exists()
    assert not visible(ground.trainee(1), Submission).exists()
    assert [line.state for line in mine.tasks_of(ground.trainee(), ground.klass)] == ["草稿，未提交"]


def test_too_short_is_refused_and_a_file_stands_for_the_text(ground: Ground) -> None:
    task = ground.task(least=100)
    with pytest.raises(Fault, match="不少于 100 字"):
        ground.handed_in(task, text="太短")
    handing_in.enclose(ground.trainee(), task=task, nomination=ground.rows[0], upload=pdf("报告.pdf"))
    assert ground.handed_in(task, text="").state == Submission.State.SUBMITTED


def test_handing_in_again_keeps_the_earlier_version_and_its_files(ground: Ground) -> None:
    task, actor, row = ground.task(), ground.trainee(), ground.rows[0]
    first = handing_in.enclose(actor, task=task, nomination=row, upload=pdf("第一.pdf"))
    work = ground.handed_in(task)
    with pytest.raises(Conflict, match="收回修改"):
        handing_in.save_draft(actor, task=task, nomination=row, text="再改", consent=True)
    reading.decide(ground.head_teacher, submission=work, move="return", note="请写具体")
    handing_in.unenclose(actor, enclosure=first)
    ground.handed_in(task, text=TEXT * 2)
    sent = handins.versions_of(Submission.objects.get())
    assert [(one.version.number, one.version.text, [f.name for f in one.files]) for one in sent] == [
        (2, TEXT * 2, []),
        (1, TEXT, ["第一.pdf"]),
    ]
    assert Submission.objects.get().reason == ""


def test_a_file_taken_out_before_handing_in_is_gone(ground: Ground) -> None:
    task, actor = ground.task(), ground.trainee()
    one = handing_in.enclose(actor, task=task, nomination=ground.rows[0], upload=pdf())
    assert not visible(ground.head_teacher, Enclosure).exists()
    handing_in.unenclose(actor, enclosure=one)
    assert not Enclosure.objects.exists()
    assert not StoredFile.objects.filter(owner_label=handing_in.OWNER).exists()


def test_a_picture_loses_what_the_camera_wrote(ground: Ground) -> None:
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "PHONE-MAKER"
    Image.new("RGB", (60, 40), "red").save(out, "JPEG", exif=exif)
    upload = SimpleUploadedFile("照片.jpeg", out.getvalue(), "image/jpeg")
    one = handing_in.enclose(ground.trainee(), task=ground.task(), nomination=ground.rows[0], upload=upload)
    with files.opened(StoredFile.objects.get(pk=one.file_id)) as kept:
        assert b"PHONE-MAKER" not in kept.read()
    assert one.name == "照片.jpg"


def test_late_is_said_in_words_and_a_second_version_is_not_late(ground: Ground) -> None:
    late, timely = ground.task(title="晚"), ground.task(title="早")
    ground.handed_in(timely)
    Task.objects.update(due_at=timezone.now() - timedelta(hours=1))
    late.refresh_from_db()
    ground.handed_in(late)
    Task.objects.filter(pk=timely.pk).update(due_at=timezone.now() + timedelta(hours=1))
    work = Submission.objects.get(task=timely)
    reading.decide(ground.head_teacher, submission=work, move="return", note="补一段")
    ground.handed_in(timely)
    words = {line.title: line.state for line in mine.tasks_of(ground.trainee(), ground.klass)}
    assert words == {"晚": "已提交，待阅（迟交）", "早": "已提交，待阅"}


def test_bulk_accepts_what_waits_and_reminds_only_who_owes(ground: Ground) -> None:
    task = ground.task()
    ground.handed_in(task)
    numbers = [row.pk for row in ground.rows]
    assert reading.accept_many(ground.head_teacher, task=task, nominations=numbers) == 1
    Outbox.objects.all().delete()
    assert setting.remind(ground.head_teacher, task=task) == 2
    assert set(Outbox.objects.get().person_ids) == {row.person_id for row in ground.rows[1:]}


def test_the_day_before_is_reminded_once(ground: Ground) -> None:
    task = ground.task(due_at=timezone.now() + timedelta(hours=20))
    ground.task(title="还早", due_at=timezone.now() + timedelta(days=5))
    Outbox.objects.all().delete()
    jobs.remind_due()
    jobs.remind_due()
    assert [row.facts["title"] for row in Outbox.objects.all()] == [task.title]


def test_excused_is_not_asked_any_more_and_can_be_asked_again(ground: Ground) -> None:
    task = ground.task()
    work = reading.excuse(ground.head_teacher, task=task, nomination=ground.rows[0], reason="出差")
    assert handins.missing(task).count() == 2
    with pytest.raises(Conflict):
        handing_in.save_draft(ground.trainee(), task=task, nomination=ground.rows[0], text="x", consent=False)
    reading.decide(ground.head_teacher, submission=work, move="unexcuse")
    assert handins.missing(task).count() == 3


def test_a_required_task_stands_in_the_way_of_closing_until_everybody_is_settled(ground: Ground) -> None:
    task = ground.task(required=True)
    ground.task(title="选做")

    def line() -> closing.Check:
        [found] = hooks.required_tasks(ground.klass)
        return found

    assert line() in closing.checklist(ground.klass)
    assert not line().ok
    assert "未交" in line().note
    assert line().blocking
    works = [ground.handed_in(task, place) for place in range(2)]
    reading.excuse(ground.head_teacher, task=task, nomination=ground.rows[2], reason="病假")
    assert "2 份待阅" in line().note
    for work in works:
        reading.decide(ground.head_teacher, submission=work, move="accept")
    assert line().ok


def test_others_may_neither_read_nor_decide(ground: Ground) -> None:
    work = ground.handed_in(ground.task())
    for key in ("head", "liaison", "teacher"):
        actor = ground.academy.actor(key)
        assert not visible(actor, Submission).exists()
        assert not visible(actor, Version).exists()
        with pytest.raises(Forbidden):
            reading.decide(actor, submission=work, move="accept")
    with pytest.raises(Forbidden):
        handing_in.submit(
            ground.trainee(1), task=work.task, nomination=ground.rows[0], text=TEXT, consent=True
        )


@pytest.mark.parametrize("days_left", [None, 10])
def test_when_the_contact_days_of_the_school_are_over_only_the_office_reads_materials(
    ground: Ground, days_left: int | None
) -> None:
    """Thirty days, unless the school has laid down others."""
    if days_left:
        ClassPolicy.objects.create(
            school=ground.academy.school, valid_from=ground.klass.ends, contact_days=days_left, source="演示"
        )
    giving.give(ground.head_teacher, training_class=ground.klass, uploads=[pdf()], use="class")
    ground.task()
    last = days_left or 30
    for days, seen in ((last - 1, True), (last + 1, False)):
        TrainingClass.objects.update(state="closed", closed_at=timezone.now() - timedelta(days=days))
        assert visible(ground.trainee(), Material).exists() is seen
        assert visible(ground.trainee(), Task).exists() is seen
    assert visible(ground.academy.registrar, Material).exists()


def test_who_is_not_admitted_reads_nothing(ground: Ground) -> None:
    giving.give(ground.head_teacher, training_class=ground.klass, uploads=[pdf()], use="class")
    Nomination.objects.filter(pk=ground.rows[0].pk).update(state="withdrawn")
    assert mine.materials_of(ground.trainee(), ground.klass) == []


def test_erasing_forgets_the_words_and_the_export_holds_them(ground: Ground) -> None:
    task, person = ground.task(), ground.rows[0].person
    handing_in.enclose(ground.trainee(), task=task, nomination=ground.rows[0], upload=pdf())
    ground.handed_in(task)
    [record] = held.held_of(ground.trainee(), person)
    assert record["历次稿件"][0]["正文"] == TEXT
    erasure.erase(system_of(ground.academy.school.pk), person_id=person.pk)
    assert (Submission.objects.get().text, Version.objects.get().text) == ("", "")
    assert not StoredFile.objects.filter(owner_label=handing_in.OWNER).exists()
