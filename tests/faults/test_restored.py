"""A restored backup forgets again, in every room, whom the academy has erased since; the books still hold."""

from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connections

from keyuan.credits.actions import AwardFacts, award_many
from keyuan.credits.queries import totals_for, verify_ledger
from keyuan.kernel import audit
from keyuan.kernel.models import ErasureEntry
from keyuan.people import actions as people
from keyuan.people import queries
from keyuan.people.models import Account, Person
from keyuan.training.actions import nominations
from keyuan.training.models import Nomination
from tests.faults import ground as grounds
from tests.faults.ground import Ground, seated
from tests.kernel.sheet_files import resident_number


@pytest.fixture
def installed(tmp_path: Path, settings: Any, transactional_db: None) -> Iterator[Ground]:
    """A data folder and keys of this test's own over the test database."""
    settings.VAR, settings.SECRETS = tmp_path / "var", tmp_path / "var" / "secrets"
    (settings.VAR / "files").mkdir(parents=True)
    yield grounds.build()
    connections.close_all()


@pytest.mark.slow
def test_a_restored_backup_forgets_an_erased_person_again_and_the_books_hold(installed: Ground) -> None:
    ground, words = installed, StringIO()
    gone = seated(ground.school, "演示待注销", "trainee", ground.unit).person
    people.change_person(
        ground.office, person=gone,
        facts=people.PersonFacts(
            "演示待注销", organisation=ground.unit, id_number=resident_number(77), phone="13800000000"
        ),
    )  # fmt: skip
    earned = AwardFacts(
        person_id=gone.pk,
        source="test:1",
        earned_on=ground.held.starts,
        title="演示班",
        hours=ground.held.hours,
    )
    award_many(ground.office, school_id=ground.school.pk, rows=[earned])
    call_command("backup", str(ground_archive()), stdout=words)

    people.erase_person(ground.office, person=gone)
    # What came after the backup is lost with the restore; the erasure must not be.
    nominations.nominate(
        ground.office, training_class=ground.held, person=ground.people[0], organisation=ground.unit
    )
    call_command("restore", str(ground_archive()), "--replace", stdout=words)

    assert "重新注销了 1 人" in words.getvalue()
    person = Person.objects.get(pk=gone.pk)
    assert person.erased_at is not None
    assert (person.name, person.id_sealed, person.id_index, person.phone_sealed) == ("已注销", "", "", "")
    assert not Account.objects.filter(person=gone.pk).exists()
    assert queries.people_by_id_index(ground.school.pk, [gone.id_index]) == {}
    assert list(ErasureEntry.objects.values_list("person_id", flat=True)) == [gone.pk]
    assert not Nomination.objects.exists()
    # Hours stay on the bare number, and both chains run on from where the backup stood.
    assert set(totals_for(ground.office, gone.pk).values()) == {ground.held.hours}
    assert verify_ledger() is None
    assert audit.verify() is None
    people.add_person(ground.office, facts=people.PersonFacts("演示甲", id_number=resident_number(77)))
    assert audit.verify() is None


def ground_archive() -> Path:
    from django.conf import settings

    return Path(settings.VAR).parent / "kept.zip"
