"""A small academy for the rules of classes, and a class of it with a released timetable."""

from datetime import timedelta

import pytest

from keyuan.kernel.models import Outbox
from keyuan.training.actions import versions
from keyuan.training.models import TrainingClass
from tests import factories
from tests.factories import Academy


@pytest.fixture
def academy(db: None) -> Academy:
    return factories.build()


@pytest.fixture
def klass(academy: Academy) -> TrainingClass:
    """Two sessions of two teachers on two days, one trainee, released and everybody told."""
    made = factories.published(academy, ends=factories.facts_of(academy)["ends"] + timedelta(days=1))
    factories.admitted(academy, made)
    factories.session(academy, made, title="演示党性")
    factories.session(
        academy, made, title="演示业务", date=made.starts + timedelta(days=1), place="演示二号厅",
        teacher=academy.seats["teacher2"].person,
    )  # fmt: skip
    versions.release_timetable(academy.registrar, training_class=made)
    Outbox.objects.all().delete()
    return TrainingClass.objects.get(pk=made.pk)
