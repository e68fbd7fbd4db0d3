"""The teacher's phone: own sessions, the audience in numbers, an answer, the own fee, the published result."""

from collections.abc import Callable
from datetime import time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from keyuan.desk.actions import teaching
from keyuan.desk.queries import my_teaching as reads
from keyuan.evaluation.models import Form, Tally
from keyuan.fees.models import LectureFee
from keyuan.kernel.access import Forbidden
from keyuan.people import guests
from keyuan.training.actions import versions
from keyuan.training.models import Session, TrainingClass
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def academy() -> factories.Academy:
    return factories.build()


def given(academy: factories.Academy, trainees: int = 6, sessions: int = 1, **changed: Any) -> TrainingClass:
    """A class to come in which the teacher speaks, released."""
    klass = factories.published(academy, (trainees, 0), places=trainees, **changed)
    for _number in range(trainees):
        who = factories.person(academy, unit=academy.units[0], post_title="主任科员")
        factories.move(academy, factories.nominee(academy, klass, who=who), "admit")
    for number in range(sessions):
        factories.session(
            academy,
            klass,
            title=f"演示第{number}讲",
            date=klass.starts + timedelta(days=number),
            place="演示一号厅",
        )
    versions.release_timetable(academy.registrar, training_class=klass)
    return TrainingClass.objects.get(pk=klass.pk)


def test_a_teacher_sees_own_sessions_only(academy: factories.Academy, client_for: Callable[[Any], Client]):
    klass = given(academy)
    own = klass.sessions.get()
    other = factories.session(
        academy,
        klass,
        title="别人的课",
        half="pm",
        starts=time(14),
        ends=time(16),
        teacher=academy.seats["teacher2"].person,
    )
    versions.release_timetable(academy.registrar, training_class=klass)
    client = client_for(academy.seats["teacher"])
    text = client.get("/my/teaching/").content.decode()
    assert own.title in text
    assert "别人的课" not in text
    assert client.get(f"/my/teaching/{own.pk}/").status_code == 200
    assert client.get(f"/my/teaching/{other.pk}/").status_code == 404
    assert client.post(f"/my/teaching/{other.pk}/answer/", {"answer": "yes"}).status_code == 404
    with pytest.raises(Forbidden):
        teaching.answer(academy.actor("teacher"), session=other, word="yes")


def test_another_school_and_other_seats_find_nothing(
    academy: factories.Academy, client_for: Callable[[Any], Client]
):
    own, far = given(academy).sessions.get(), factories.build("sz")
    for seat in (
        far.seats["teacher"],
        far.seats["registrar"],
        academy.seats["registrar"],
        academy.seats["liaison"],
    ):
        client = client_for(seat)
        assert client.get(f"/my/teaching/{own.pk}/").status_code == 404
        assert client.post(f"/my/teaching/{own.pk}/answer/", {"answer": "yes"}).status_code == 404
    assert client_for(academy.seats["registrar"]).get("/my/teaching/").status_code == 403
    assert Client().get(f"/my/teaching/{own.pk}/").status_code == 404
    assert Session.objects.get(pk=own.pk).teacher_answer == ""


def test_a_personal_link_is_enough_to_look_and_to_answer(academy: factories.Academy):
    own = given(academy).sessions.get()
    client = Client()
    client.get("/g/" + guests.link_for(own.teacher_id, "/my/teaching/").split("/g/")[1])
    assert own.title in client.get("/my/teaching/").content.decode()
    assert client.post(f"/my/teaching/{own.pk}/answer/", {"answer": "no"}).status_code == 302
    assert Session.objects.get(pk=own.pk).teacher_answer == "no"
    assert "已婉拒" in client.get(f"/my/teaching/{own.pk}/").content.decode()


def test_a_word_that_is_none_is_refused(academy: factories.Academy, client_for: Callable[[Any], Client]):
    own = given(academy).sessions.get()
    answer = client_for(academy.seats["teacher"]).post(f"/my/teaching/{own.pk}/answer/", {"answer": "maybe"})
    assert answer.status_code == 422


def test_the_audience_is_told_in_numbers_and_nobody_is_named(
    academy: factories.Academy, client_for: Callable[[Any], Client]
):
    klass = given(academy)
    own = klass.sessions.get()
    audience = reads.audience_of(academy.actor("teacher"), own)
    assert audience.total == 6
    assert [(group.name, group.count) for group in audience.levels] == [("工作人员", 6)]
    assert [(group.name, group.count) for group in audience.units] == [("市级科协", 6)]
    text = client_for(academy.seats["teacher"]).get(f"/my/teaching/{own.pk}/").content.decode()
    assert not [
        row.person.name for row in klass.nominations.select_related("person") if row.person.name in text
    ]


def test_below_five_the_audience_is_a_total(academy: factories.Academy):
    own = given(academy, 4).sessions.get()
    audience = reads.audience_of(academy.actor("teacher"), own)
    assert (audience.total, audience.levels, audience.units, audience.fields) == (4, [], [], [])


def test_the_own_slip_is_shown_with_gross_tax_and_net(
    academy: factories.Academy, client_for: Callable[[Any], Client]
):
    klass = given(academy)
    facts = {"school": academy.school, "training_class": klass, "month": klass.starts.replace(day=1)}
    sums = {"hours": Decimal(4), "net": Decimal(4000), "gross": Decimal("4761.90")}
    LectureFee.objects.create(person=academy.seats["teacher"].person, state="sent", **facts, **sums)
    LectureFee.objects.create(
        person=academy.seats["teacher2"].person,
        state="sent",
        **facts,
        **(sums | {"gross": Decimal("4999.99")}),
    )
    client = client_for(academy.seats["teacher"])
    for path in ("/my/teaching/", f"/my/teaching/{klass.sessions.get().pk}/"):
        text = client.get(path).content.decode()
        for words in ("¥4,761.90", "¥761.90", "¥4,000.00"):
            assert words in text
        assert "4,999.99" not in text


@pytest.mark.parametrize(("answered", "shown"), [(5, True), (4, False)])
def test_results_are_shown_once_published_and_from_five_answers(
    academy: factories.Academy, client_for: Callable[[Any], Client], answered: int, *, shown: bool
):
    own = given(academy).sessions.get()
    client = client_for(academy.seats["teacher"])
    now = timezone.now()
    form = Form.objects.create(
        school=academy.school, owner_label="training.session", owner_id=own.pk, title=own.title, state="closed",
        questions=[{"key": "a", "title": "演示题", "kind": "grade", "points": 100}], opens_at=now, closes_at=now + timedelta(hours=1),
        eligible=6, answered=answered,
    )  # fmt: skip
    Tally.objects.create(form=form, question="a", grade=4, count=answered - 1)
    Tally.objects.create(form=form, question="a", grade=3, count=1)
    path = f"/my/teaching/{own.pk}/"
    assert "评估结果" not in client.get(path).content.decode()
    Form.objects.filter(pk=form.pk).update(state="published")
    text = client.get(path).content.decode()
    assert ("演示题" in text) is shown
    assert ("不足 5 份" in text) is not shown


def test_the_pages_cost_the_same_queries_however_much_there_is(
    academy: factories.Academy, client_for: Callable[[Any], Client]
):
    client, counted = client_for(academy.seats["teacher"]), []
    for trainees, sessions, days in ((5, 1, 30), (12, 9, 60)):
        starts = timezone.localdate() + timedelta(days=days)
        klass = given(academy, trainees, sessions, starts=starts, ends=starts + timedelta(days=9))
        costs = []
        for path in ("/my/teaching/", f"/my/teaching/{klass.sessions.order_by('pk')[0].pk}/"):
            client.get(path)
            with CaptureQueriesContext(connection) as asked:
                assert client.get(path).status_code == 200
            costs.append(len(asked))
        counted.append(costs)
    assert counted[0] == counted[1]
    assert max(counted[0]) <= 20


def test_slides_are_uploaded_from_the_session(
    academy: factories.Academy, client_for: Callable[[Any], Client]
):
    own = given(academy).sessions.get()
    client = client_for(academy.seats["teacher"])
    assert f'href="/coursework/sessions/{own.pk}/"' in client.get(f"/my/teaching/{own.pk}/").content.decode()
    assert client.get(f"/coursework/sessions/{own.pk}/").status_code == 200
