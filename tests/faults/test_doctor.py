"""What `manage doctor` must find, each in a database of the running kind: exit code 1 and the place named."""

from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from keyuan.kernel.models.jobs import Job
from keyuan.training.actions import nominations
from keyuan.training.models import QuotaShare, TrainingClass
from tests.faults.ground import Ground, build


@pytest.fixture
def sound(db: None, tmp_path: Path, settings: Any) -> Ground:
    """Somebody admitted and somebody waiting, a fresh backup, and nothing wrong."""
    settings.VAR, settings.SECRETS = tmp_path, tmp_path / "secrets"
    (tmp_path / "backups").mkdir()
    (tmp_path / "backups" / "keyuan-20200101-000000.zip").touch()
    ground = build()
    for person in ground.people[:2]:
        row = nominations.nominate(
            ground.office, training_class=ground.held, person=person, organisation=ground.unit
        )
    nominations.move_nomination(ground.office, nomination=row, move="admit")
    return ground


def examined() -> tuple[int, str]:
    """The exit code of the command and what it said."""
    words = StringIO()
    try:
        call_command("doctor", stdout=words)
    except SystemExit as end:
        return int(str(end.code)), words.getvalue()
    return 0, words.getvalue()


def drop_a_trigger(_ground: Ground) -> str:
    with connection.cursor() as cursor:
        on_table = " ON kernel_auditentry" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER kernel_auditentry_no_update{on_table}")
    return "kernel_auditentry_no_update"


def alter_the_log(ground: Ground) -> str:
    drop_a_trigger(ground)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE kernel_auditentry SET action = 'kernel.batch_dropped' WHERE seq = 1")
    return "操作日志链"


def miscount_a_class(ground: Ground) -> str:
    TrainingClass.objects.filter(pk=ground.held.pk).update(taken=0)
    return "录取人数与名额"


def miscount_a_share(_ground: Ground) -> str:
    QuotaShare.objects.update(used=1)
    return "单位名额与推荐人数"


def hold_a_job_up(_ground: Ground) -> str:
    Job.objects.create(kind="x", title="x", due_at=timezone.now() - timedelta(hours=2))
    return "manage worker"


@pytest.mark.django_db
def test_a_sound_installation_ends_with_nought(sound: Ground) -> None:
    assert examined()[0] == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    "spoil", [drop_a_trigger, alter_the_log, miscount_a_class, miscount_a_share, hold_a_job_up]
)
def test_what_is_wrong_is_named_and_the_exit_code_says_so(
    sound: Ground, spoil: Callable[[Ground], str]
) -> None:
    place = spoil(sound)
    code, words = examined()
    assert code == 1
    assert any(line.startswith("✗") and place in line for line in words.splitlines()), words


@pytest.mark.django_db
def test_a_ledger_that_does_not_add_up_is_named(sound: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("keyuan.credits.queries.ledger.balances_that_differ", lambda: [1])
    code, words = examined()
    assert code == 1
    assert "✗ 学时台账  1 个账户的余额与记账之和不符" in words
