import io
import zipfile

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from keyuan.people.roles import Role
from keyuan.questions import formats
from tests import factories
from tests.questions.test_formats_round import ONE_OF_EACH, SHOWN

ADDRESS = "question-files:exchange"
GIFT = "::一::党校姓党。{T}\n\n说明文字\n\n::二::首都？{=北京 ~上海}\n".encode()


@pytest.fixture
def teacher(db, client_for):
    return client_for(factories.build().seats["teacher"])


def send(client, data: bytes, act: str, **more: str):
    return client.post(reverse(ADDRESS), {"file": SimpleUploadedFile("questions", data), "act": act, **more})


def test_a_file_is_shown_item_by_item_with_what_is_wrong(teacher):
    page = send(teacher, GIFT, "look").content.decode()
    assert "党校姓党。" in page
    assert "判断题" in page
    assert "没有写答案的花括号" in page
    assert page.count("<tr>") == 4


def test_what_is_no_file_of_questions_is_refused_in_words(teacher):
    for data, words in (
        (b"hello", "认不出这是哪种题目文件"),
        (b"PK\x03\x04x", "压缩包已损坏"),
        (b"", "文件是空的"),
    ):
        answer = send(teacher, data, "look")
        assert answer.status_code == 422
        assert words in answer.content.decode()
    assert "请选择题目文件" in teacher.post(reverse(ADDRESS)).content.decode()


def test_a_file_that_fits_comes_back_in_the_other_format(teacher):
    whole = formats.write("xlsx", list(ONE_OF_EACH.values())).data
    answer = send(teacher, whole, "convert", format="moodle")
    assert answer["Content-Type"] == "application/xml"
    assert list(formats.read("", answer.content).items) == list(ONE_OF_EACH.values())


def test_what_does_not_fit_is_explained_beside_the_file(teacher):
    whole = formats.write("moodle", [*ONE_OF_EACH.values(), SHOWN]).data
    box = zipfile.ZipFile(io.BytesIO(send(teacher, whole, "convert", format="aiken").content))
    assert sorted(box.namelist()) == ["说明.xlsx", "题目-Aiken.txt"]
    rows = list(openpyxl.load_workbook(io.BytesIO(box.read("说明.xlsx"))).active.iter_rows(values_only=True))
    assert ("10", "看图 [一张图]", "未写出", "带图片的题无法写入 Aiken。") in rows


def test_what_could_not_be_read_comes_back_to_mend(teacher):
    back = openpyxl.load_workbook(io.BytesIO(send(teacher, GIFT, "left").content)).active
    assert "没有写答案" in str(back.cell(2, 3).value)
    empty = teacher.get(reverse("question-files:template"))
    assert [str(cell.value) for cell in openpyxl.load_workbook(io.BytesIO(empty.content)).active[3]][:2] == [
        "题型*",
        "题干*",
    ]


def test_only_those_who_teach_or_arrange_teaching_come_in(db, client_for):
    academy = factories.build()
    for seat, status in (
        (factories.seat(academy, "trainee", Role.TRAINEE), 403),
        (academy.seats["liaison"], 403),
        (academy.seats["registrar"], 200),
    ):
        client = client_for(seat)
        assert client.get(reverse(ADDRESS)).status_code == status
        assert send(client, GIFT, "look").status_code == status
