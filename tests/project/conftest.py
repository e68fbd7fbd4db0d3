"""The demo academy, which holds a thing in every state, with the few things a walk over all addresses needs besides."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from keyuan.attendance.models import Claim, Expected
from keyuan.desk.demo.cast import Cast
from keyuan.kernel import jobs
from keyuan.kernel.models import SavedView
from keyuan.kernel.sheet import batches
from keyuan.kernel.worker import Worker
from keyuan.training.models import TrainingClass
from tests.desk.conftest import _kept_demo as _kept_demo
from tests.desk.conftest import cast as cast
from tests.faults.ground import roster


@pytest.fixture
def academy(cast: Cast, tmp_path: Path) -> Cast:
    """The demo with a sheet sent in, a dossier packed, a list's filter kept and a claim to judge."""
    registrar = cast.actor("registrar")
    gathering = TrainingClass.objects.get(state="published", entry="quota", starts__gt=timezone.localdate())
    closed = TrainingClass.objects.get(state="closed")
    sheet = SimpleUploadedFile("回执.xlsx", roster(tmp_path / "a.xlsx", 3).read_bytes())
    batches.receive(
        registrar,
        purpose="training.nominate",
        upload=sheet,
        context={"class": gathering.pk, "organisation": None},
    )
    jobs.start(registrar, "training.dossier", school_id=cast.school.pk, training_class=closed.pk)
    assert Worker().run_one()
    SavedView.objects.create(
        person_id=registrar.person_id,
        school_id=cast.school.pk,
        page="training:list",
        name="演示筛选",
        query="state=closed",
    )
    row = Expected.objects.filter(sitting__ends__lt=timezone.now(), checkin__verdict="absent").first()
    row = row or Expected.objects.filter(sitting__ends__lt=timezone.now()).first()
    assert row is not None
    Claim.objects.create(
        expected=row,
        stated_at=row.sitting.starts,
        made_at=timezone.now() - timedelta(minutes=1),
        reason="手机没电",
    )
    return cast
