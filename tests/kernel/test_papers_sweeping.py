"""Files of papers without a row: told by the examination, swept when old, never while young or named."""

import os
import time
from pathlib import Path

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from keyuan.kernel import doctor
from keyuan.kernel.access import Actor
from keyuan.kernel.papers import issuing, numbering, sweeping

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(settings, tmp_path):
    """A file of two days ago, as an issue leaves it whose transaction was taken back."""
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path)},
        }
    }
    found = default_storage.save("papers/2020/ab/abcdef.pdf", ContentFile(b"%PDF-"))
    age(found, 2 * 86400)
    return found


def age(name: str, seconds: float) -> None:
    moment = time.time() - seconds
    os.utime(Path(default_storage.path(name)), (moment, moment))


def test_the_examination_tells_how_many_lie_about(place):
    told = {finding.title: finding.fault for finding in doctor.findings()}["文书文件"]
    assert "1 个文书文件" in told


def test_an_old_file_no_row_names_is_swept(place):
    assert sweeping.sweep() == 1
    assert not default_storage.exists(place)
    assert sweeping.sweep() == 0


def test_a_young_file_may_yet_get_its_row(place):
    age(place, 3600)
    assert sweeping.sweep() == 0
    assert default_storage.exists(place)


def test_a_file_a_row_names_stays(place):
    default_storage.delete(place)
    paper = issuing.issue(
        Actor(1, 1, None, frozenset({"registrar"})),
        kind="certificate",
        series=numbering.open_series(1, "certificate", "粤科协培"),
        owner=ContentType.objects.order_by("pk")[0],
        title="演示班",
        facts={},
        holder_name="张三演示",
        year=2026,
        render=lambda stamp: stamp.number.encode(),
    )
    age(paper.file, 2 * 86400)
    assert sweeping.sweep() == 0
    assert default_storage.exists(paper.file)
