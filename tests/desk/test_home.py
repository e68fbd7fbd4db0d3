"""The home of each seat: open to its holder, cheap, and true to what waits."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from keyuan.desk import queries
from keyuan.desk.demo.cast import BRANCH, PARTS, Cast
from keyuan.kernel import todos
from keyuan.kernel.access import Actor
from keyuan.orgs.models import Organisation
from keyuan.people.middleware import actor_in
from keyuan.people.models import Person, Seat
from keyuan.training.actions import classes, nominations, timetable, versions
from keyuan.training.models import Nomination, TrainingClass

# The registrar is asked by every room: the page itself, then each source of to-dos once, two of them twice.
MOST, FRAME, TWICE = 16, 9, 2
SEATS = [(part.key, role.value) for part in (*PARTS, *BRANCH) for role, _unit in part.seats]


def titles(actor: Actor) -> list[str]:
    return [item.title for item in todos.for_actor(actor)]


def has(actor: Actor, words: str) -> bool:
    return any(words in title for title in titles(actor))


@pytest.mark.parametrize(("key", "role"), SEATS)
def test_every_seat_has_a_home_of_few_queries(
    cast: Cast, client_for: Callable[[Any], Client], key: str, role: str
):
    seat = Seat.objects.get(person__account__email=f"{key}@example.com", role=role)
    client = client_for(seat)
    client.get("/home/")
    with CaptureQueriesContext(connection) as asked:
        answer = client.get("/home/")
    assert answer.status_code == 200
    by_source = [asked_by(source, actor_in(seat)) for source in todos.SOURCES]
    most = MOST
    if role == "registrar":
        assert max(by_source) <= TWICE
        assert sum(count > 1 for count in by_source) <= TWICE
        most = FRAME + sum(by_source)
    assert len(asked) <= most, [query["sql"][:120] for query in asked]


def asked_by(source: todos.Source, actor: Actor) -> int:
    """How many queries a source of to-dos makes for an actor."""
    with CaptureQueriesContext(connection) as asked:
        list(source(actor))
    return len(asked)


def test_strangers_are_asked_to_sign_in(db: None):
    answer = Client().get("/home/")
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/login/?next=/home/")


def test_the_front_door_leads_whoever_is_signed_in_to_the_desk(
    cast: Cast, client_for: Callable[[Any], Client]
):
    seat = Seat.objects.get(person=cast.parts["registrar"])
    assert client_for(seat).get("/")["Location"] == "/home/"


def test_a_second_school_sees_nothing_of_the_first(cast: Cast, client_for: Callable[[Any], Client]):
    text = (
        client_for(Seat.objects.get(person__account__email="city@example.com")).get("/home/").content.decode()
    )
    assert "科协系统干部培训班" not in text


def test_a_class_waits_for_its_own_head_until_approved(cast: Cast):
    klass = TrainingClass.objects.get(state="submitted")
    assert has(cast.actor("head"), f"审批开班：{klass.title}")
    assert not has(cast.actor("head2"), "审批开班")
    classes.move_class(cast.actor("head"), training_class=klass, move="approve")
    assert not has(cast.actor("head"), "审批开班")
    assert has(cast.actor("registrar"), f"分配名额并发布：{klass.title}")


def test_nominations_wait_for_the_registrar_until_decided(cast: Cast):
    registrar = cast.actor("registrar")
    rows = list(Nomination.objects.filter(state="submitted", training_class__state="published"))
    assert has(registrar, f"审核 {len(rows)} 人报名")
    nominations.move_many(registrar, nominations=rows, move="waitlist")
    assert not has(registrar, "人报名")


def test_a_call_waits_for_the_liaison_until_its_places_are_filled_or_the_day_is_past(cast: Cast):
    liaison = cast.actor("liaison")
    klass = TrainingClass.objects.get(state="published", entry="quota", starts__gt=timezone.localdate())
    call = next(item for item in todos.for_actor(liaison) if "推荐学员" in item.title)
    assert (call.link, call.due, call.urgent) == (f"/classes/{klass.pk}/nominate/", klass.nominate_by, True)
    assert "还有 3 天" in call.title
    unit = Organisation.objects.get(pk=liaison.organisation_id)
    known = klass.nominations.values("person_id")
    person = Person.objects.filter(organisation=unit, account=None).exclude(pk__in=known).first()
    made = nominations.nominate(liaison, training_class=klass, person=person, organisation=unit)
    assert not has(liaison, "推荐学员")
    nominations.move_nomination(cast.actor("registrar"), nomination=made, move="return", note="缺职务")
    assert has(liaison, "修改被退回的 1 人")


def test_a_call_past_its_day_waits_no_more(cast: Cast):
    past = timezone.localdate() - timedelta(days=1)
    TrainingClass.objects.filter(state="published").update(nominate_by=past)
    assert not has(cast.actor("liaison"), "推荐学员")


def test_a_changed_timetable_waits_for_its_release(cast: Cast):
    teacher = cast.actor("headteacher")
    today = timezone.localdate()
    klass = TrainingClass.objects.get(state="published", starts__lte=today)
    assert has(teacher, f"改动：{klass.title}"), "the demo holds one change back"
    versions.release_timetable(teacher, training_class=klass)
    assert not has(teacher, f"改动：{klass.title}")
    session = klass.sessions.order_by("-date", "-starts").first()
    timetable.change_session(teacher, session=session, facts={"title": "结业式与颁证"})
    assert has(teacher, f"课程表有未发布的改动：{klass.title}")
    versions.release_timetable(teacher, training_class=klass)
    assert not has(teacher, f"改动：{klass.title}")


def test_a_class_that_has_ended_waits_to_be_closed(cast: Cast):
    registrar, today = cast.actor("registrar"), timezone.localdate()
    assert not has(registrar, "可以结班")
    day = today - timedelta(days=1)
    TrainingClass.objects.filter(state="published", starts__lte=today).update(starts=day, ends=day)
    assert has(registrar, "可以结班")


def test_a_trainee_sees_own_sessions_with_the_next_one_large(cast: Cast):
    home = queries.home_of(cast.actor("trainee"))
    assert home.here is not None
    assert home.here not in [slot for _day, slots in home.days for slot in slots]
    assert {slot.session.training_class.state for slot in home.slots} == {"published"}
    assert any("不记名评价" in item.title for item in home.todos)
    assert [str(figure.value) for figure in home.figures] == ["16", "1"]


def test_the_office_sees_presence_of_today(cast: Cast):
    home = queries.home_of(cast.actor("registrar"))
    assert {slot.expected for slot in home.slots if slot.session.sitting_id} == {60}
    assert [figure.label for figure in home.figures] == ["本月班次", "今日在班", "待审核报名", "报名回复率"]
