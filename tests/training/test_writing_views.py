"""The pages for writing, numbering and photographs of a class, and the register behind them, through the browser's door."""

import io
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from keyuan.credits.models import CertificateTemplate
from keyuan.kernel.models import DocNumber, DocSeries, PaperDraft, StoredFile
from keyuan.kernel.papers.certificate import TEXT
from keyuan.training.models import TrainingClass
from tests import factories
from tests.factories import Academy


@pytest.fixture
def klass(academy: Academy) -> TrainingClass:
    return factories.published(academy)


@pytest.fixture
def office(academy: Academy, client_for: Any) -> Client:
    client: Client = client_for(academy.seats["registrar"])
    return client


def opened(office: Client, **changed: Any) -> Any:
    said = {
        "mark": "演示组",
        "pattern": "{mark}〔{year}〕{seq}号",
        "drawers": ["registrar"],
        "active": "on",
        "year": 2026,
    } | changed
    return office.post("/numbers/series/new/", said)


def picture() -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "navy").save(out, "JPEG")
    return SimpleUploadedFile("现场.jpg", out.getvalue(), content_type="image/jpeg")


def test_a_notice_is_written_numbered_and_found_in_the_register(
    office: Client, klass: TrainingClass, academy: Academy, client_for: Any
) -> None:
    assert opened(office, following="8").status_code == 302
    page = f"/classes/{klass.pk}/papers/notice/write/"
    assert "草稿" in office.get(page).content.decode()
    typed = {
        "form": "letter",
        "title": "关于演示的函",
        "signer": "演示部",
        "mark": "演示协会",
        "body": "正文。",
        "annexes": ["quota"],
    }
    assert office.post(page, typed).status_code == 302
    draft = PaperDraft.objects.get()
    assert (draft.form, draft.said["title"]) == ("letter", "关于演示的函")
    series = DocSeries.objects.get(mark="演示组")
    answer = office.post(f"/classes/{klass.pk}/papers/notice/number/", {"series": series.pk, "typed": ""})
    assert answer.status_code == 302
    number = DocNumber.objects.get()
    assert (number.seq, number.title, number.form) == (8, "关于演示的函", "letter")
    assert number.number in office.get(f"/classes/{klass.pk}/papers/").content.decode()
    assert (
        f"{number.number}　关于演示的函"
        in office.get(f"/plan/activities/{klass.activity_id}/").content.decode()
    )
    found = office.get("/numbers/?q=关于演示").content.decode()
    assert f"/numbers/{number.pk}/" in found
    shown = office.get(f"/numbers/{number.pk}/").content.decode()
    assert page in shown
    other = client_for(academy.seats["liaison"]).get(f"/plan/activities/{klass.activity_id}/")
    assert number.number not in other.content.decode()


def test_what_is_wrong_is_answered_422_with_what_was_typed(office: Client, klass: TrainingClass) -> None:
    opened(office)
    series = DocSeries.objects.get(mark="演示组")
    number = f"/classes/{klass.pk}/papers/notice/number/"
    bad = (
        (f"/classes/{klass.pk}/papers/notice/write/", {"form": "letter", "title": "", "body": "留下的正文"}, "留下的正文"),
        (number, {"series": series.pk, "typed": "乱写的号"}, "乱写的号"),
        ("/numbers/take/", {"series": series.pk, "year": 2026, "mode": "type", "title": "留下的标题"}, "留下的标题"),
        ("/numbers/series/new/", {"mark": "演示组", "pattern": "{seq}", "drawers": ["registrar"], "year": 2026}, "演示组"),
        (f"/classes/{klass.pk}/photos/", {"caption": "留下的说明"}, "留下的说明"),
        ("/credits/templates/new/", {"name": "留下的名称", "heading": "证书", "text": "{学历}", "seal_x": 1, "seal_y": 1, "seal_side": 20}, "留下的名称"),
    )  # fmt: skip
    for path, said, kept in bad:
        answer = office.post(path, said)
        assert answer.status_code == 422, path
        assert kept in answer.content.decode(), path


def test_numbers_are_reserved_voided_and_exported_with_their_gaps(office: Client, academy: Academy) -> None:
    opened(office)
    series = DocSeries.objects.get(mark="演示组")
    said = {"series": series.pk, "year": 2026, "title": "年终会议"}
    assert office.post("/numbers/take/", said | {"mode": "reserve", "count": 2}).status_code == 302
    assert office.post("/numbers/take/", said | {"mode": "type", "typed": "6"}).status_code == 302
    first = DocNumber.objects.get(seq=1)
    assert office.post(f"/numbers/{first.pk}/", {"reason": ""}).status_code == 422
    assert office.post(f"/numbers/{first.pk}/", {"reason": "不用"}).status_code == 302
    assert "3—5" in office.get("/numbers/").content.decode()
    sheet = openpyxl.load_workbook(io.BytesIO(office.get("/numbers/export.xlsx?state=void").content)).active
    assert sheet is not None
    text = "\n".join(str(cell) for row in sheet.iter_rows(values_only=True) for cell in row)
    assert "演示组〔2026〕1号" in text
    assert "空号：3—5" in text
    assert "演示组〔2026〕6号" not in text


def test_a_photograph_is_uploaded_shown_and_removed(office: Client, klass: TrainingClass) -> None:
    page = f"/classes/{klass.pk}/photos/"
    assert office.post(page, {"file": picture(), "caption": "开班式"}).status_code == 302
    stored = StoredFile.objects.get(owner_label="training.photos")
    answer = office.get(f"/photos/{stored.pk}/")
    assert answer["Content-Type"] == "image/jpeg"
    assert b"".join(answer.streaming_content)[:2] == b"\xff\xd8"
    assert "开班式" in office.get(page).content.decode()
    assert office.post(f"/photos/{stored.pk}/remove/").status_code == 302
    assert not StoredFile.objects.filter(pk=stored.pk).exists()


def test_a_certificate_template_is_made_sealed_and_looked_at(office: Client) -> None:
    said = {
        "name": "通用",
        "heading": "结业证书",
        "text": TEXT,
        "seal_x": 205,
        "seal_y": 142,
        "seal_side": 42,
        "active": "on",
    }
    assert office.post("/credits/templates/new/", said).status_code == 302
    row = CertificateTemplate.objects.get()
    assert row.is_default
    assert office.post(f"/credits/templates/{row.pk}/seal/", {"file": picture()}).status_code == 302
    assert office.get(f"/credits/templates/{row.pk}/sample/").content.startswith(b"%PDF")
    assert "去掉印章" in office.get(f"/credits/templates/{row.pk}/").content.decode()
    assert office.post(f"/credits/templates/{row.pk}/seal/remove/").status_code == 302
    assert office.post(f"/credits/templates/{row.pk}/default/").status_code == 302
    assert "通用" in office.get("/credits/templates/").content.decode()


def test_a_head_teacher_writes_but_neither_keeps_series_nor_voids(
    office: Client, academy: Academy, klass: TrainingClass, client_for: Any
) -> None:
    opened(office)
    taken = DocSeries.objects.get(mark="演示组")
    teacher = client_for(academy.seats["headteacher"])
    assert teacher.get(f"/classes/{klass.pk}/papers/notice/write/").status_code == 200
    for path in ("/numbers/", "/numbers/series/", f"/numbers/series/{taken.pk}/", "/credits/templates/"):
        assert teacher.get(path).status_code in {403, 404}, path
    answer = teacher.post(f"/classes/{klass.pk}/papers/notice/number/", {"series": taken.pk})
    assert answer.status_code == 422
