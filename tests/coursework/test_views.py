"""Screens of the head teacher and of the phone."""

import io
import zipfile
from collections.abc import Callable
from typing import Any

import docx
import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from keyuan.coursework import hooks
from keyuan.coursework.actions import giving, handing_in, reading
from keyuan.coursework.models import Enclosure, Material, Submission, Task
from keyuan.kernel import search
from keyuan.kernel import todos as waiting
from keyuan.people import guests
from keyuan.training.actions import versions
from keyuan.training.models import Nomination
from tests import factories
from tests.coursework.conftest import PDF, TEXT, Ground, pdf

Sign = Callable[[Any], Client]
Phone = Callable[[Nomination], Client]


@pytest.fixture
def teacher(ground: Ground, client_for: Sign) -> Client:
    return client_for(ground.academy.seats["headteacher"])


def test_files_are_given_out_on_the_page_of_the_class(ground: Ground, teacher: Client) -> None:
    path = f"/classes/{ground.klass.pk}/coursework/"
    said = {"use": "school", "files": [pdf("一.pdf"), pdf("二.pdf")]}
    assert teacher.post(path, said).status_code == 302
    shown = teacher.get(path).content.decode()
    assert "一" in shown
    assert "可供本校其他班次使用" in shown
    assert "打开" in shown
    bad = teacher.post(path, {"use": "class", "files": [SimpleUploadedFile("x.pdf", b"plain")]})
    assert bad.status_code == 422
    assert "x.pdf" in bad.content.decode()


def test_a_phone_opens_a_pdf_in_the_browser_and_counts_it_without_a_name(
    ground: Ground, phone: Phone
) -> None:
    giving.give(ground.head_teacher, training_class=ground.klass, uploads=[pdf(), pdf("二.pdf")], use="class")
    client, row = phone(ground.rows[0]), Material.objects.get(title="讲稿")
    assert "讲稿" in client.get("/coursework/mine/").content.decode()
    answer = client.get(f"/coursework/materials/{row.pk}/")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("inline")
    assert b"".join(answer.streaming_content) == PDF
    assert client.post(f"/coursework/materials/{row.pk}/count/").status_code == 302
    row.refresh_from_db()
    assert row.taken == 1
    packed = client.get(f"/classes/{ground.klass.pk}/coursework/all/")
    with zipfile.ZipFile(io.BytesIO(b"".join(packed.streaming_content))) as box:
        assert box.namelist() == ["01_讲稿.pdf", "02_二.pdf"]
    assert Client().get(f"/coursework/materials/{row.pk}/").status_code == 404


def test_a_teacher_uploads_by_the_personal_link(ground: Ground, phone: Phone) -> None:
    session = factories.session(ground.academy, ground.klass)
    versions.release_timetable(ground.academy.registrar, training_class=ground.klass)
    path = f"/coursework/sessions/{session.pk}/"
    client = Client()
    client.get("/" + guests.link_for(session.teacher_id or 0, path).split("/", 3)[3])
    assert client.post(path, {"use": "class", "files": [pdf()]}).status_code == 302
    row = Material.objects.get()
    assert "讲稿" in client.get(path).content.decode()
    assert client.post(f"/coursework/materials/{row.pk}/act/", {"act": "withdraw"})["Location"] == path
    assert phone(ground.rows[0]).get(path).status_code in {403, 404}


def test_a_trainee_writes_saves_and_hands_in_on_the_phone(ground: Ground, phone: Phone) -> None:
    task, client = ground.task(), phone(ground.rows[0])
    path = f"/coursework/tasks/{task.pk}/"
    assert "联系实际" in client.get(path).content.decode()
    saved = client.post(f"{path}save/", {"text": "开头 一段"})
    assert "草稿已保存" in saved.content.decode()
    short = client.post(path, {"text": "只有这些", "act": "submit"})
    assert short.status_code == 422
    assert "不少于 20 字" in short.content.decode()
    assert Submission.objects.get().text == "只有这些"
    assert client.post(f"{path}enclose/", {"file": [pdf()]}).status_code == 302
    assert client.post(path, {"text": TEXT, "act": "submit", "consent": "on"}).status_code == 302
    row = Submission.objects.get()
    assert (row.state, row.consent, row.number) == ("submitted", True, 1)
    assert "收回修改" in client.get(path).content.decode()
    assert client.post(f"{path}reopen/").status_code == 302
    kept = Enclosure.objects.get()
    assert b"".join(client.get(f"/coursework/enclosures/{kept.pk}/").streaming_content) == PDF
    assert phone(ground.rows[1]).get(f"/coursework/enclosures/{kept.pk}/").status_code == 404


def test_a_task_is_set_and_changed_and_taken_back(ground: Ground, teacher: Client) -> None:
    path = f"/classes/{ground.klass.pk}/coursework/tasks/"
    said = {"kind": "report", "title": "调研", "words": "", "least": "0", "due_at": "2001-01-01T10:00"}
    assert teacher.post(f"{path}new/", said).status_code == 422
    assert teacher.post(f"{path}new/", said | {"due_at": "2035-01-01T10:00"}).status_code == 302
    task = Task.objects.get()
    assert "调研" in teacher.get(path).content.decode()
    edit = f"/coursework/tasks/{task.pk}/edit/"
    assert teacher.post(edit, said | {"title": "调研报告", "due_at": "2035-01-01T10:00"}).status_code == 302
    assert teacher.post(f"/coursework/tasks/{task.pk}/withdraw/").status_code == 302
    assert "已撤回" in teacher.get(path).content.decode()


def test_the_board_filters_accepts_and_exports(ground: Ground, teacher: Client) -> None:
    task = ground.task()
    work = ground.handed_in(task)
    handing_in.enclose(ground.trainee(1), task=task, nomination=ground.rows[1], upload=pdf("附.pdf"))
    ground.handed_in(task, 1, text="", consent=False)
    board = f"/coursework/tasks/{task.pk}/board/"
    owing = teacher.get(f"{board}?stand=none").content.decode()
    assert ground.rows[2].person.name in owing
    assert ground.rows[0].person.name not in owing
    ids = {"act": "accept", "pk": [row.pk for row in ground.rows]}
    assert teacher.post(f"/coursework/tasks/{task.pk}/bulk/", ids).status_code == 302
    assert Submission.objects.filter(state="accepted").count() == 2
    book = openpyxl.load_workbook(io.BytesIO(teacher.get(f"/coursework/tasks/{task.pk}/export/").content))
    cells = {str(cell.value) for line in book.active.iter_rows() for cell in line}
    assert {"未交", "已通过", ground.rows[0].person.name} <= cells
    assert TEXT not in cells
    packed = teacher.get(f"/coursework/tasks/{task.pk}/pack/")
    with zipfile.ZipFile(io.BytesIO(b"".join(packed.streaming_content))) as box:
        unit = ground.rows[0].organisation.name
        names = [f"{unit}_{row.person.name}_{task.title}" for row in ground.rows[:2]]
        assert box.namelist() == [f"{names[0]}.docx", f"{names[1]}.pdf"]
    made = teacher.get(f"/coursework/tasks/{task.pk}/compilation/").content
    text = "\n".join(line.text for line in docx.Document(io.BytesIO(made)).paragraphs)
    assert TEXT in text
    assert ground.rows[1].person.name not in text
    assert [name for name, _content in hooks.compiled(ground.head_teacher, ground.klass)] == [
        "08-1 学习心得 提交情况.xlsx",
        "08-1 学习心得 学员心得汇编.docx",
    ]
    assert "第 1 稿" in teacher.get(f"/coursework/submissions/{work.pk}/").content.decode()


def test_what_is_asked_waits_for_the_trainee_and_then_for_the_head_teacher(ground: Ground) -> None:
    task = ground.task()
    mine = {item.link for item in waiting.for_actor(ground.trainee())}
    assert f"/coursework/tasks/{task.pk}/" in mine
    ground.handed_in(task)
    assert not [item for item in waiting.for_actor(ground.trainee()) if item.group == "课业"]
    [item] = [item for item in waiting.for_actor(ground.head_teacher) if item.group == "课业"]
    assert item.count == 1


def test_returning_needs_a_reason_and_excusing_too(ground: Ground, teacher: Client) -> None:
    task = ground.task()
    work = ground.handed_in(task)
    path = f"/coursework/submissions/{work.pk}/"
    assert teacher.post(path, {"move": "return", "note": ""}).status_code == 422
    assert teacher.post(path, {"move": "return", "note": "写具体"}).status_code == 302
    excuse = f"/coursework/tasks/{task.pk}/excuse/?trainee={ground.rows[2].pk}"
    assert teacher.post(excuse, {"note": ""}).status_code == 422
    assert teacher.post(excuse, {"note": "病假"}).status_code == 302
    assert "病假" in teacher.get(f"/coursework/tasks/{task.pk}/board/").content.decode()


def test_words_of_a_work_are_not_found_by_searching(ground: Ground) -> None:
    ground.handed_in(ground.task(), text="独一无二的语句" * 5)
    assert not list(search.find(ground.academy.registrar, "独一无二的语句"))


@pytest.mark.parametrize("count", [1, 3])
def test_the_board_asks_the_same_however_many(
    ground: Ground, teacher: Client, count: int, django_assert_max_num_queries: Any
) -> None:
    task = ground.task()
    for place in range(count):
        reading.decide(ground.head_teacher, submission=ground.handed_in(task, place), move="accept")
    teacher.get(f"/coursework/tasks/{task.pk}/board/")
    with django_assert_max_num_queries(20):
        teacher.get(f"/coursework/tasks/{task.pk}/board/")
