"""Kept files: what they say they are, whole on disk, seen by who sees the owner, swept when nobody's."""

import hashlib
import io
import os
import time
import zipfile
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from keyuan.kernel import erasure, files, filetypes
from keyuan.kernel.access import SYSTEM, Actor, visible
from keyuan.kernel.faults import Fault
from keyuan.kernel.models import StoredFile
from keyuan.people.models import Person
from tests.kernel.seated import sit

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.kernel.page_urls")]
PDF = b"%PDF-1.7\n" + b"x" * 100
PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 100
OWNER = "t.own"


@pytest.fixture(autouse=True)
def _owner(monkeypatch, settings, tmp_path) -> None:
    backend = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": tmp_path / "files"},
    }
    settings.STORAGES = settings.STORAGES | {"default": backend}
    monkeypatch.setattr(files, "OWNERS", {})
    files.owner(OWNER, lambda actor: Person.objects.filter(pk=actor.person_id))


def actor(person_id: int = 5) -> Actor:
    return Actor(person_id, 1, None, frozenset({"registrar"}))


def packed(**parts: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as box:
        for name, data in parts.items():
            box.writestr(name.replace("__", "/").replace("TYPES", "[Content_Types].xml"), data)
    return made.getvalue()


def keep(data: bytes, name: str, **more: object) -> StoredFile:
    return files.keep(actor(), OWNER, 5, SimpleUploadedFile(name, data), **more)


def bytes_of(stored: StoredFile) -> bytes:
    with files.opened(stored) as data:
        return data.read()


def test_a_file_is_kept_under_its_hash_and_comes_back_whole():
    stored = keep(PDF, "开班通知.pdf")
    assert (stored.name, stored.kind, stored.size) == ("开班通知.pdf", "pdf", len(PDF))
    assert stored.sha256 == hashlib.sha256(PDF).hexdigest()
    assert bytes_of(stored) == PDF


def test_the_same_bytes_lie_on_disk_once_and_go_with_their_last_keeper(django_capture_on_commit_callbacks):
    first, second = keep(PDF, "甲.pdf"), keep(PDF, "乙.pdf")
    with django_capture_on_commit_callbacks(execute=True):
        files.drop(actor(), stored=first)
    assert bytes_of(second) == PDF
    with django_capture_on_commit_callbacks(execute=True):
        files.drop(actor(), stored=second)
    with pytest.raises(Fault, match="不在存储中"):
        files.opened(second)


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"", "空.pdf", "空文件"),
        (b"MZ\x90\0" + b"\0" * 50, "程序.pdf", "这里只收"),
        (PNG, "照片.pdf", "内容是 PNG"),
        (b"PK\x03\x04broken", "表.xlsx", "已损坏"),
        (packed(TYPES=b"", xl__workbook=b"", xl__vbaProject_bin=b""), "表.xlsm", "这里只收|内容是"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "表.xlsx", "密码"),
        (PDF, "无后缀", "内容是 PDF"),
        (b"<html><script>", "页.html", "这里只收"),
    ],
)
def test_what_is_not_what_it_says_is_refused_with_words(data: bytes, name: str, words: str):
    with pytest.raises(Fault, match=words) as refused:
        keep(data, name)
    assert refused.value.field == "file"
    assert not StoredFile.objects.exists()
    assert not default_storage.exists("kept") or not list(files._on_disk())


def test_a_workbook_with_macros_is_refused():
    data = packed(TYPES=b"", xl__workbook=b"")
    with zipfile.ZipFile(io.BytesIO(data)) as box:
        assert box.namelist()
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as box:
        for name in ("[Content_Types].xml", "xl/workbook.xml", "xl/vbaProject.bin"):
            box.writestr(name, b"")
    with pytest.raises(Fault, match="宏"):
        keep(made.getvalue(), "表.xlsx")


def test_office_files_are_known_by_what_is_in_them():
    assert keep(packed(TYPES=b"", word__document=b""), "通知.docx").kind == "docx"
    assert keep(packed(TYPES=b"", xl__workbook=b""), "名册.xlsx").kind == "xlsx"
    assert keep("姓名,单位\n".encode("gb18030"), "名单.csv", kinds=("csv",)).kind == "csv"


def test_bytes_are_counted_as_they_come_not_as_declared():
    upload = SimpleUploadedFile("大.pdf", PDF * 2000)
    upload.size = 10
    with pytest.raises(Fault, match="超过"):
        files.keep(actor(), OWNER, 5, upload, most=files.MEGABYTE // 8)


@given(st.text(max_size=300))
def test_any_name_becomes_one_fit_for_disk_and_header(name: str):
    clean = files.clean_name(name)
    assert 0 < len(clean) <= 120
    assert not set(clean) & set('/\\<>:"|?*\0\r\n')
    assert clean not in {".", ".."}


def test_a_file_is_seen_by_who_sees_its_owner_and_without_a_scope_by_nobody(client: Client):
    own = sit(client).person_id
    stored = files.keep(actor(own), OWNER, own, SimpleUploadedFile("a.pdf", PDF))
    assert visible(actor(own), StoredFile).get() == stored
    assert not visible(actor(own + 1), StoredFile).exists()
    StoredFile.objects.update(owner_label="t.unknown")
    assert not visible(actor(own), StoredFile).exists()
    with pytest.raises(RuntimeError, match=r"files\.owner"):
        files.keep(actor(own), "t.unknown", 1, PDF)


def test_a_download_has_its_chinese_name_and_no_cache(client: Client):
    own = sit(client).person_id
    stored = files.keep(actor(own), OWNER, own, SimpleUploadedFile("开班 通知“一”.pdf", PDF))
    answer = client.get(f"/files/{stored.pk}/")
    assert b"".join(answer.streaming_content) == PDF
    answer.close()
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''%E5%BC%80%E7%8F%AD")
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Type"] == "application/pdf"


def test_another_owners_file_is_not_found(client: Client):
    sit(client)
    stored = keep(PDF, "a.pdf")
    StoredFile.objects.update(owner_id=10**9)
    assert client.get(f"/files/{stored.pk}/").status_code == 404


def test_the_sweep_takes_old_half_files_and_orphans_and_nothing_else():
    kept = keep(PDF, "a.pdf")
    orphan = keep(PNG, "b.png")
    StoredFile.objects.filter(pk=orphan.pk).delete()
    path = Path(default_storage.path(files._place(orphan.sha256)))
    half = path.with_name(f"{files.PART}abc")
    half.write_bytes(b"half")
    assert files.sweep() == 0
    old = time.time() - 2 * files.ORPHAN_AGE
    for place in (half, path, default_storage.path(files._place(kept.sha256))):
        os.utime(place, (old, old))
    assert files.sweep() == 2
    assert bytes_of(kept) == PDF
    assert files.missing() == []


def test_an_upload_that_breaks_off_leaves_no_half_file(monkeypatch):
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        keep(PDF, "a.pdf")
    assert list(files._on_disk()) == []
    assert not StoredFile.objects.exists()


def test_bytes_gone_from_disk_are_found_out():
    stored = keep(PDF, "a.pdf")
    default_storage.delete(files._place(stored.sha256))
    assert files.missing() == [stored]


def test_erasing_a_person_takes_their_files(monkeypatch, django_capture_on_commit_callbacks):
    files.owner("people.Person", lambda _actor: Person.objects.all())
    own = files.keep(actor(), "people.Person", 5, SimpleUploadedFile("证件.png", PNG))
    handed = keep(PDF, "班级.pdf")
    with django_capture_on_commit_callbacks(execute=True):
        erasure.erase(SYSTEM, person_id=5)
    assert not default_storage.exists(files._place(own.sha256))
    handed.refresh_from_db()
    assert handed.person_id is None


def test_every_kind_has_a_title_and_a_content_type():
    assert set(filetypes.TITLES) == set(filetypes.CONTENT_TYPES)
