from datetime import timedelta

import pytest
from django.utils import timezone

from keyuan.kernel.batchjobs import forget_unread
from keyuan.kernel.models.batches import Batch, BatchRow

pytestmark = pytest.mark.django_db


def batch(state: str, days: int) -> Batch:
    made = Batch.objects.create(
        purpose="training.nominate", file_name="回执.xlsx", file_hash="0", state=state
    )
    BatchRow.objects.create(batch=made, sheet_row=2, sealed="x")
    Batch.objects.filter(pk=made.pk).update(created_at=timezone.now() - timedelta(days=days))
    return made


def test_a_sheet_whose_reading_was_killed_is_forgotten_after_a_day_and_others_stay() -> None:
    old, young, waiting = batch("reading", 2), batch("reading", 0), batch("preview", 9)
    forget_unread()
    assert set(BatchRow.objects.values_list("batch_id", flat=True)) == {young.pk, waiting.pk}
    old.refresh_from_db()
    assert old.state == Batch.State.DROPPED
