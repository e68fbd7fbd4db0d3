"""Sittings behind the versions: what was held stays, what is released still is held, an emptied timetable goes out."""

from datetime import time

import pytest

from keyuan.attendance.models import Expected, Sitting
from keyuan.training.actions import timetable, versions
from keyuan.training.models import Session, TrainingClass
from tests import factories
from tests.factories import Academy


@pytest.fixture
def klass(academy: Academy) -> TrainingClass:
    """A class to come with one trainee and two sessions, released."""
    made = factories.published(academy)
    factories.admitted(academy, made)
    factories.session(academy, made, title="甲课")
    factories.session(
        academy, made, title="乙课", half="pm", starts=time(14, 30), ends=time(17), teacher=None, place=""
    )
    versions.release_timetable(academy.registrar, training_class=made)
    return made


def test_a_session_that_people_signed_in_to_keeps_its_sitting_when_called_self_study(
    academy: Academy,
) -> None:
    held = factories.taught(academy, final=False)
    factories.attend(academy, held)
    first = held.sessions.order_by("date", "starts")[0]
    timetable.change_session(academy.registrar, session=first, facts={"kind": "self_study"})
    versions.release_timetable(academy.registrar, training_class=held)
    assert set(Sitting.objects.values_list("state", flat=True)) == {"planned"}
    first.refresh_from_db()
    assert first.sitting_id is not None


def test_who_is_admitted_while_a_removal_waits_is_expected_at_what_is_still_released(
    academy: Academy, klass: TrainingClass
) -> None:
    timetable.remove_session(academy.registrar, session=Session.objects.get(title="乙课"))
    late = factories.admitted(academy, klass)[0]
    sitting = Sitting.objects.get(title="乙课")
    assert Expected.objects.filter(sitting=sitting, person=late.person_id).exists()
    factories.move(academy, late, "remove")
    assert not Expected.objects.filter(sitting=sitting, person=late.person_id).exists()
    versions.release_timetable(academy.registrar, training_class=klass)
    sitting.refresh_from_db()
    assert sitting.state == "cancelled"


def test_a_released_timetable_that_was_emptied_is_released_as_empty(
    academy: Academy, klass: TrainingClass
) -> None:
    for session in list(klass.sessions.all()):
        timetable.remove_session(academy.registrar, session=session)
    versions.release_timetable(academy.registrar, training_class=klass)
    assert set(Sitting.objects.values_list("state", flat=True)) == {"cancelled"}
