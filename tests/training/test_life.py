"""A class copied, postponed, called off and archived; nobody concerned is left untold."""

from datetime import time, timedelta

import pytest
from django.utils import timezone

from keyuan.attendance.models import Sitting
from keyuan.kernel.access import Forbidden
from keyuan.kernel.faults import Conflict, Fault
from keyuan.kernel.models import Outbox
from keyuan.training.actions import closing, life, versions
from keyuan.training.models import Nomination, Session, TrainingClass
from keyuan.training.queries.policy import contacts_open
from tests import factories
from tests.factories import Academy


def test_a_copy_has_everything_but_people_and_number(academy: Academy) -> None:
    old = factories.published(academy, notice_number="演示〔2030〕1号")
    factories.admitted(academy, old, 2)
    factories.session(academy, old, date=old.ends)
    starts = old.starts + timedelta(days=70)
    made = life.copy_class(
        academy.registrar,
        source=old,
        activity=academy.activity,
        starts=starts,
        title="演示干部培训班（第2期）",
    )
    made.refresh_from_db()
    assert (made.state, made.taken, made.notice_number, made.copied_from) == ("draft", 0, "", old)
    assert (made.ends - made.starts, made.title) == (old.ends - old.starts, "演示干部培训班（第2期）")
    assert dict(made.shares.values_list("organisation_id", "places")) == dict(
        old.shares.values_list("organisation_id", "places")
    )
    assert not made.shares.exclude(used=0).exists()
    session = made.sessions.get()
    assert (session.date, session.released, session.sitting_id) == (made.ends, False, None)
    assert session.teacher == academy.seats["teacher"].person


def test_a_teacher_taken_at_that_time_is_left_out_of_the_copy(academy: Academy) -> None:
    old, other = (
        factories.draft(academy),
        factories.draft(academy, starts=timezone.localdate() + timedelta(days=60)),
    )
    factories.session(academy, old)
    factories.session(academy, other, place="演示二号厅")
    made = life.copy_class(academy.registrar, source=old, activity=academy.activity, starts=other.starts)
    assert (made.sessions.get().teacher, made.sessions.get().place) == (None, "演示一号厅")


def test_postponing_moves_the_timetable_and_tells_everybody(academy: Academy) -> None:
    klass = factories.published(academy)
    row = factories.admitted(academy, klass)[0]
    for half, at in (("am", 9), ("pm", 15)):
        for day in (klass.starts, klass.ends):
            factories.session(academy, klass, date=day, half=half, starts=time(at), ends=time(at + 2))
    versions.release_timetable(academy.registrar, training_class=klass)
    klass.refresh_from_db()
    was, version = klass.starts, klass.timetable_version
    life.postpone(
        academy.registrar, training_class=klass, starts=was + timedelta(days=1), nominate_by=klass.nominate_by,
        reason="场地维修",
    )  # fmt: skip
    assert klass.starts == was + timedelta(days=1)
    assert set(klass.sessions.values_list("date", flat=True)) == {klass.starts, klass.ends}
    assert klass.timetable_version == version + 1
    assert {timezone.localtime(at).date() for at in Sitting.objects.values_list("starts", flat=True)} == {
        klass.starts, klass.ends,
    }  # fmt: skip
    told = set(Outbox.objects.get(kind="training.postponed").person_ids)
    assert {row.person_id, academy.seats["teacher"].person_id, academy.seats["liaison"].person_id} <= told


def test_postponing_onto_a_taken_teacher_moves_nothing(academy: Academy) -> None:
    klass = factories.draft(academy)
    other = factories.draft(academy, starts=klass.starts + timedelta(days=7))
    factories.session(academy, klass)
    factories.session(academy, other, place="演示二号厅")
    with pytest.raises(Conflict, match="演示专题"):
        life.postpone(
            academy.registrar, training_class=klass, starts=other.starts, nominate_by=klass.nominate_by,
            reason="演示",
        )  # fmt: skip
    assert TrainingClass.objects.get(pk=klass.pk).starts == klass.starts
    assert set(Session.objects.values_list("date", flat=True)) == {klass.starts, other.starts}


def test_calling_off_withdraws_everybody_cancels_the_sittings_and_tells_why(academy: Academy) -> None:
    klass = factories.published(academy)
    rows = [*factories.admitted(academy, klass, 2), factories.nominee(academy, klass, 1)]
    factories.session(academy, klass)
    versions.release_timetable(academy.registrar, training_class=klass)
    with pytest.raises(Forbidden):
        life.call_off(academy.actor("head"), training_class=klass, reason="演示")
    life.call_off(academy.registrar, training_class=klass, reason="台风")
    assert (klass.state, klass.taken) == ("cancelled", 0)
    assert set(Nomination.objects.values_list("state", "reason")) == {("withdrawn", "班次取消：台风")}
    assert not klass.shares.exclude(used=0).exists()
    assert set(Sitting.objects.values_list("state", flat=True)) == {"cancelled"}
    told = set(Outbox.objects.get(kind="training.called_off").person_ids)
    assert {row.person_id for row in rows} <= told


def test_an_archived_class_is_not_reopened_until_it_is_taken_off_the_shelf(academy: Academy) -> None:
    klass = factories.taught(academy)
    with pytest.raises(Fault, match="结班之后"):
        life.archive(academy.registrar, training_class=klass, retention="30")
    factories.attend(academy, klass)
    closing.close_class(academy.registrar, training_class=klass)
    with pytest.raises(Fault, match="保管期限"):
        life.archive(academy.registrar, training_class=klass, retention="99")
    life.archive(academy.registrar, training_class=klass, retention="30")
    with pytest.raises(Fault, match="已经归档"):
        closing.reopen_class(academy.registrar, training_class=klass, reason="更正")
    life.unarchive(academy.registrar, training_class=klass)
    closing.reopen_class(academy.registrar, training_class=klass, reason="更正")
    assert TrainingClass.objects.get().state == "published"


def test_contacts_end_with_the_days_after_closing(academy: Academy) -> None:
    klass = factories.taught(academy)
    today = timezone.localdate()
    assert contacts_open(klass, today)
    factories.attend(academy, klass)
    closing.close_class(academy.registrar, training_class=klass)
    assert contacts_open(klass, today + timedelta(days=30))
    assert not contacts_open(klass, today + timedelta(days=32))


def test_the_turns_page_keeps_what_was_typed_and_says_what_is_wrong(
    academy: Academy, client_for: object
) -> None:
    klass = factories.published(academy)
    office = client_for(academy.seats["registrar"])  # type: ignore[operator] # the fixture is a maker
    assert "照此再办一期" in office.get(f"/classes/{klass.pk}/life/").content.decode()
    late = klass.starts + timedelta(days=30)
    answer = office.post(
        f"/classes/{klass.pk}/postpone/",
        {"starts": klass.starts, "nominate_by": late, "reason": "演示原因"},
    )
    assert answer.status_code == 422
    assert "不能晚于开班日期" in answer.content.decode()
    assert "演示原因" in answer.content.decode()
