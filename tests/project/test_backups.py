"""The drill: back up while somebody writes, lose everything, restore, and count the books."""

import threading
import zipfile
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections

from keyuan.kernel import audit, backups, erasure
from keyuan.kernel.access import SYSTEM
from keyuan.kernel.faults import Fault
from keyuan.kernel.models import AuditEntry, ErasureEntry

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def installation(tmp_path, settings, monkeypatch):
    """A data folder of this test's own over the test database."""
    settings.VAR = tmp_path / "var"
    settings.SECRETS = settings.VAR / "secrets"
    settings.VAR.mkdir()
    (settings.VAR / "files").mkdir()
    monkeypatch.setattr(erasure, "ERASERS", [])
    yield settings.VAR
    connections.close_all()


def write(times: int) -> None:
    for number in range(times):
        audit.record(SYSTEM, "test.wrote", None, number=number)


def test_a_backup_taken_under_a_writer_comes_back_whole(installation):
    write(20)
    (installation / "files" / "ab").mkdir()
    (installation / "files" / "ab" / "报告.pdf").write_bytes(b"%PDF" * 1000)
    stop = threading.Event()

    def keep_writing() -> None:
        while not stop.is_set():
            write(1)
        connections.close_all()

    writer = threading.Thread(target=keep_writing)
    writer.start()
    try:
        acknowledged = AuditEntry.objects.count()
        archive = backups.back_up()
    finally:
        stop.set()
        writer.join()
    later = AuditEntry.objects.count()

    backups.restore(archive, replace=True)

    restored = AuditEntry.objects.count()
    assert acknowledged <= restored <= later
    assert audit.verify() is None
    assert (installation / "files" / "ab" / "报告.pdf").read_bytes() == b"%PDF" * 1000
    write(1)  # numbers go on where the copy ended
    assert AuditEntry.objects.count() == restored + 1
    assert audit.verify() is None


def test_the_archive_holds_no_key_and_a_second_file_holds_them_all(installation):
    write(1)
    with zipfile.ZipFile(backups.back_up()) as archive:
        assert not [name for name in archive.namelist() if name.endswith(".key") or "secrets" in name]
    keys = backups.back_up_keys(installation / "keys.zip")
    with zipfile.ZipFile(keys) as archive:
        assert "audit.key" in archive.namelist()


def test_whoever_was_erased_after_the_backup_is_erased_again(installation, monkeypatch):
    remembered = {7, 8}
    monkeypatch.setattr(erasure, "ERASERS", [remembered.discard])
    write(1)
    archive = backups.back_up()
    erasure.erase(SYSTEM, person_id=7)
    remembered.add(7)  # the restored data know the person again
    assert backups.restore(archive, replace=True) == 1
    assert remembered == {8}
    assert list(ErasureEntry.objects.values_list("person_id", flat=True)) == [7]
    assert erasure.replay(erasure.journal().items()) == 0


def test_the_journal_outlives_the_loss_of_the_database(installation):
    write(1)
    archive = backups.back_up()
    erasure.erase(SYSTEM, person_id=7)
    backups.back_up(installation / "backups" / "later.zip")
    erasure.journal_path().unlink()
    assert set(erasure.read(archive.parent / backups.JOURNAL)) == {7}


def test_data_are_not_replaced_unasked(installation):
    write(3)
    archive = backups.back_up()
    with pytest.raises(CommandError, match="--replace"):
        call_command("restore", archive, stdout=StringIO())
    assert AuditEntry.objects.count() == 3


@pytest.mark.parametrize("damage", ["cut", "byte", "extra", "other"])
def test_a_damaged_archive_is_refused_before_anything_is_touched(installation, damage):
    write(3)
    archive = backups.back_up()
    spoil(archive, damage)
    with pytest.raises(Fault):
        backups.restore(archive, replace=True)
    assert AuditEntry.objects.count() == 3
    assert not list(installation.glob("replaced-*"))


def spoil(archive: Path, damage: str) -> None:
    content = archive.read_bytes()
    if damage == "cut":
        archive.write_bytes(content[: len(content) // 2])
    elif damage == "byte":
        with zipfile.ZipFile(archive) as opened:
            largest = max(opened.infolist(), key=lambda entry: entry.compress_size)
        middle = largest.header_offset + 100 + largest.compress_size // 2
        archive.write_bytes(content[:middle] + bytes([content[middle] ^ 255]) + content[middle + 1 :])
    elif damage == "extra":
        with zipfile.ZipFile(archive, "a") as opened:
            opened.writestr("files/../../evil", b"!")
    else:
        archive.write_bytes(b"not an archive")


def test_an_archive_of_the_other_database_is_refused(installation, monkeypatch):
    write(1)
    archive = backups.back_up()
    monkeypatch.setattr(connection, "vendor", "oracle")
    with zipfile.ZipFile(archive) as opened, pytest.raises(Fault, match="不能互相恢复"):
        backups.read_manifest(opened)


def test_the_commands_say_what_they_did(installation):
    write(1)
    words = StringIO()
    call_command("backup", installation / "one.zip", stdout=words)
    call_command("restore", installation / "one.zip", "--replace", stdout=words)
    assert "没有密钥" in words.getvalue()
    assert "已恢复" in words.getvalue()
