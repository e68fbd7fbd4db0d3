"""Classes released before there were versions get one that says what was released, not what was changed since."""

from datetime import time
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from keyuan.training.actions import closing, timetable, versions
from keyuan.training.models import (
    ReleasedSession,
    Session,
    TimetableFinal,
    TimetableVersion,
    TrainingClass,
)
from keyuan.training.queries import versions as queries
from tests import factories
from tests.factories import Academy


def first_versions() -> None:
    import_module("keyuan.training.migrations.0007_first_versions").first_versions(apps, None)


def as_before(klass: TrainingClass, number: int = 1) -> TrainingClass:
    """As the class stood when there was a number and nothing else."""
    if connection.vendor == "sqlite":
        statements = [
            "DROP TRIGGER training_timetableversion_no_delete", "DROP TRIGGER training_timetablefinal_no_delete"
        ]  # fmt: skip
    else:
        statements = ["SET LOCAL session_replication_role = replica"]
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
        for model in (TimetableFinal, TimetableVersion, ReleasedSession):
            model._default_manager.all().delete()
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = origin")
    TrainingClass.objects.filter(pk=klass.pk).update(timetable_version=number)
    return TrainingClass.objects.get(pk=klass.pk)


@pytest.fixture
def klass(academy: Academy) -> TrainingClass:
    made = factories.published(academy)
    factories.admitted(academy, made)
    factories.session(academy, made)
    factories.session(academy, made, title="演示下午", half="pm", starts=time(15), ends=time(17))
    versions.release_timetable(academy.registrar, training_class=made)
    return made


def test_a_released_class_gets_the_version_it_bears(academy: Academy, klass: TrainingClass) -> None:
    held = as_before(klass, 3)
    first_versions()
    version = TimetableVersion.objects.get()
    assert (version.number, len(version.facts)) == (3, 2)
    assert not queries.pending(held)
    assert set(ReleasedSession.objects.values_list("sequence", flat=True)) == {3}, (
        "what calendars know never falls"
    )
    assert not TimetableFinal.objects.exists()
    first_versions()
    assert TimetableVersion.objects.count() == 1
    timetable.change_session(
        academy.registrar, session=klass.sessions.all()[0], facts={"place": "演示三号厅"}
    )
    assert versions.release_timetable(academy.registrar, training_class=held) == 4


def test_what_was_changed_since_stands_as_its_sitting_does(academy: Academy, klass: TrainingClass) -> None:
    one, two = klass.sessions.order_by("date", "starts")
    facts = {"starts": time(9, 30), "title": "演示改过", "place": "演示三号厅"}
    timetable.change_session(academy.registrar, session=one, facts=facts)
    timetable.change_session(
        academy.registrar, session=two, facts={"teacher": academy.seats["teacher2"].person}
    )
    held = as_before(klass)
    factories.session(academy, held, half="ev", starts=time(19), ends=time(20), teacher=None, place="")
    first_versions()
    changes = {change.line.session: change for change in queries.pending(held).changes}
    assert len(changes) == 2
    assert changes[one.pk].fields == ("starts", "place", "title")
    assert changes[one.pk].was == queries.lines_of(TimetableVersion.objects.get())[0]
    assert Session.objects.get(pk=two.pk).released, "who taught before is not known: the teacher stands"


def test_the_timetable_of_a_closed_class_was_its_final_one(academy: Academy) -> None:
    klass = factories.taught(academy)
    factories.attend(academy, klass)
    closing.close_class(academy.registrar, training_class=klass)
    held = as_before(klass)
    first_versions()
    assert queries.final_of(held) == TimetableVersion.objects.get()
