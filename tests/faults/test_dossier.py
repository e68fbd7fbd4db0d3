"""The dossier is packed by the worker and taken by those alone who may have it."""

import zipfile
from collections.abc import Callable
from io import BytesIO

from django.test import Client

from keyuan.kernel.models import StoredFile
from keyuan.kernel.models.jobs import Job
from keyuan.kernel.worker import Worker
from keyuan.orgs.models import School
from tests.faults import ground as grounds
from tests.faults.ground import Ground


def test_a_dossier_asked_for_is_packed_whole_and_shown_to_nobody_else(
    ground: Ground, client_for: Callable[..., Client]
) -> None:
    grounds.finish(ground)
    office, liaison = client_for(ground.registrars[0]), client_for(ground.liaison)
    stranger = client_for(grounds.seated(School.objects.create(code="sz", name="别校"), "演示", "registrar"))
    base = f"/classes/{ground.held.pk}"
    assert office.post(f"{base}/close/").status_code == 302
    assert office.post(f"{base}/dossier/").status_code == 302
    worker = Worker()
    while worker.run_one():
        continue
    assert [(job.state, job.error) for job in Job.objects.filter(kind="training.dossier")] == [("done", "")]
    kept = StoredFile.objects.get()
    answer = office.get(f"/files/{kept.pk}/")
    with zipfile.ZipFile(BytesIO(b"".join(answer))) as archive:
        assert archive.testzip() is None
        assert [name[:2] for name in archive.namelist()] == ["01", "02", "03", "04", "05", "06", "07", "00"]
    assert liaison.get(f"/files/{kept.pk}/").status_code == 404
    assert stranger.get(f"/files/{kept.pk}/").status_code == 404
