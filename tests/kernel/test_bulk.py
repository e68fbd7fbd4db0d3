"""Many rows written at once: the same in the database as by Django's own way, refused by the same constraints."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from keyuan.kernel import bulk
from keyuan.kernel.models import Outbox
from keyuan.kernel.models.batches import Batch, BatchRow
from keyuan.orgs.models import Organisation, School


def notices(count: int) -> list[Outbox]:
    due = timezone.now() + timedelta(hours=1)
    return [
        Outbox(
            kind="演示", facts={"次序": number, "空": None}, person_ids=[number, 7], link="/'%s/", due_at=due
        )
        for number in range(count)
    ]


@pytest.mark.django_db
def test_rows_are_stored_as_django_stores_them_and_know_their_keys() -> None:
    ours, theirs = notices(3), Outbox.objects.bulk_create(notices(3))
    bulk.insert(ours)
    assert len({row.pk for row in ours}) == 3
    names = [field.name for field in Outbox._meta.fields if field.name not in {"id", "created_at", "due_at"}]
    kept = list(Outbox.objects.filter(pk__in=[row.pk for row in ours]).order_by("pk").values(*names))
    assert kept == list(
        Outbox.objects.filter(pk__in=[row.pk for row in theirs]).order_by("pk").values(*names)
    )
    assert Outbox.objects.get(pk=ours[2].pk).facts == {"次序": 2, "空": None}
    ours[2].link = "/anew/"
    ours[2].save()
    assert Outbox.objects.count() == 6


@pytest.mark.django_db
def test_more_rows_than_one_statement_takes_are_all_stored(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "VALUES", 40)
    rows = notices(25)
    bulk.insert(rows)
    assert [row.facts["次序"] for row in Outbox.objects.order_by("pk")] == list(range(25))
    bulk.insert([])


@pytest.mark.django_db
def test_the_database_refuses_what_it_always_refuses_and_nothing_of_it_stays() -> None:
    school = School.objects.create(code="one", name="演示")
    same = [Organisation(school=school, kind="society", name="演示学会") for _ in range(2)]
    with pytest.raises(IntegrityError), transaction.atomic():
        bulk.insert(same)
    assert not Organisation.objects.filter(school=school).exists()


@pytest.mark.django_db
def test_each_row_gets_its_own_values_and_the_other_columns_stay() -> None:
    batch = Batch.objects.create(purpose="demo", file_name="演示.xlsx", file_hash="0")
    rows = [BatchRow(batch=batch, sheet_row=number, sealed=f"密{number}") for number in range(1, 4)]
    bulk.insert(rows)
    for row in rows:
        row.state, row.faults, row.sealed = "refused", [{"message": f"第 {row.sheet_row} 行"}], "不写"
    bulk.update(rows[:2], ("state", "faults"))
    kept = list(BatchRow.objects.order_by("sheet_row").values_list("state", "faults", "sealed"))
    assert kept == [
        ("refused", [{"message": "第 1 行"}], "密1"),
        ("refused", [{"message": "第 2 行"}], "密2"),
        ("pending", [], "密3"),
    ]
