import os
import time
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from keyuan.kernel import audit, backups, doctor, triggers
from keyuan.kernel.access import SYSTEM
from keyuan.kernel.models import AuditHead
from keyuan.kernel.models.jobs import Job

pytestmark = pytest.mark.django_db


@pytest.fixture
def sound(tmp_path, settings):
    """An installation with a fresh backup and nothing wrong."""
    settings.VAR = tmp_path
    settings.SECRETS = tmp_path / "secrets"
    (tmp_path / "backups").mkdir()
    (tmp_path / "backups" / "keyuan-20200101-000000.zip").touch()
    return tmp_path


def faults() -> dict[str, str]:
    return {finding.title: finding.fault for finding in doctor.findings() if finding.fault}


def test_a_sound_installation_has_no_fault(sound):
    assert faults() == {}
    words = StringIO()
    call_command("doctor", stdout=words)
    assert "一切正常" in words.getvalue()


def test_any_fault_ends_with_exit_code_one(sound):
    (sound / "backups" / "keyuan-20200101-000000.zip").unlink()
    with pytest.raises(SystemExit) as end:
        call_command("doctor", stdout=StringIO())
    assert end.value.code == 1


def test_an_old_backup_is_named(sound):
    old = time.time() - 5 * 86400
    os.utime(backups.last_backup(), (old, old))
    assert "5.0 天前" in faults()["备份"]


def test_a_cut_audit_chain_is_named(sound):
    audit.record(SYSTEM, "test.wrote", None)
    AuditHead.objects.update(seq=9)
    assert "日志" in faults()["操作日志链"]


def test_work_that_failed_or_waits_too_long_is_named(sound):
    long_ago = timezone.now() - timedelta(hours=5)
    Job.objects.create(kind="x", title="x", due_at=long_ago)
    Job.objects.create(kind="x", title="x", state="failed", ended_at=long_ago)
    titles = [finding.fault for finding in doctor.findings() if finding.title == "后台任务"]
    assert len(titles) == 2


def test_a_missing_trigger_is_named(sound, monkeypatch):
    monkeypatch.setitem(triggers.GUARDED, "kernel_auditentry", ("kernel_auditentry_gone",))
    assert "kernel_auditentry_gone" in faults()["设置与数据库选项"]


def test_a_missing_migration_is_named(sound):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'kernel'")
    assert "kernel" in faults()["数据库迁移"]


@pytest.mark.skipif("os.name == 'nt'", reason="文件权限位")
def test_a_key_that_others_may_read_is_named(sound):
    (sound / "secrets").mkdir(exist_ok=True)
    (sound / "secrets" / "x.key").write_text("00")
    (sound / "secrets" / "x.key").chmod(0o644)
    assert "x.key" in faults()["磁盘与文件夹"]


def test_an_address_without_https_is_named(sound, settings):
    settings.PUBLIC_URL = "http://keyuan.example"
    settings.ALLOWED_HOSTS = ["keyuan.example"]
    assert "https" in faults()["对外地址与 HTTPS"]


def test_a_lock_on_plain_http_cookies_is_named(sound, settings):
    settings.PUBLIC_URL, settings.HTTPS = "https://keyuan.example", True
    settings.ALLOWED_HOSTS = ["keyuan.example"]
    assert "对外地址与 HTTPS" in faults()
