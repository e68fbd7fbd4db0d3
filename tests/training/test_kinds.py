"""Kinds of activity, the two other ways in, and what a short class may not hold."""

from datetime import date, time, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from keyuan.kernel.access import Forbidden, visible
from keyuan.kernel.faults import Conflict, Fault
from keyuan.kernel.models import Outbox
from keyuan.people.roles import Role
from keyuan.training.actions import classes, inviting, journeys, nominations
from keyuan.training.models import ClassPolicy, Nomination, Session, TrainingClass
from keyuan.training.queries.classes import tabs_for
from keyuan.training.rules import kinds
from tests import factories
from tests.factories import Academy

TODAY = timezone.localdate()


def invitation(academy: Academy, **changed: object) -> TrainingClass:
    return factories.published(academy, entry="invitation", **changed)


def trainee(academy: Academy, key: str = "trainee") -> object:
    factories.seat(academy, key, Role.TRAINEE, academy.units[0])
    return academy.actor(key)


@given(st.sampled_from(TrainingClass.Kind.values), st.sampled_from(Session.Kind.values), st.integers(1, 40))
def test_only_a_short_class_that_is_no_journey_is_refused_an_outing(kind: str, what: str, days: int) -> None:
    klass = TrainingClass(
        kind=kind, starts=date(2030, 1, 1), ends=date(2030, 1, 1) + timedelta(days=days - 1)
    )
    refused = kinds.refused_session(klass, what, 7)
    assert bool(refused) == (days <= 7 and kind != "field_study" and what in {"study", "visit"})
    if refused:
        assert "540号" in refused


def test_a_class_of_a_week_takes_field_teaching_but_no_visit_until_the_figure_changes(
    academy: Academy,
) -> None:
    klass = factories.draft(academy)
    assert factories.session(academy, klass, kind="field").pk
    later = {"half": "pm", "starts": time(14, 30), "ends": time(17)}
    with pytest.raises(Fault, match="现场教学"):
        factories.session(academy, klass, kind="visit", **later)
    journeys.set_policy(
        academy.registrar,
        school_id=academy.school.pk,
        facts={"valid_from": klass.starts, "short_days": 1, "source": "演示文件"},
    )
    assert factories.session(academy, klass, kind="visit", **later).pk


def test_figures_hold_from_their_day_on_and_older_ones_stay(academy: Academy) -> None:
    for day, limit in ((date(2030, 1, 1), 7), (date(2031, 1, 1), 5), (date(2031, 1, 1), 6)):
        journeys.set_policy(
            academy.registrar, school_id=academy.school.pk, facts={"valid_from": day, "short_days": limit}
        )
    assert list(ClassPolicy.objects.order_by("valid_from").values_list("short_days", flat=True)) == [7, 6]
    with pytest.raises(Forbidden):
        journeys.set_policy(
            academy.actor("liaison"), school_id=academy.school.pk, facts={"valid_from": date(2030, 1, 1)}
        )


def test_an_invited_person_accepts_and_takes_a_place_the_last_one_only_once(academy: Academy) -> None:
    first, second = trainee(academy, "one"), trainee(academy, "two")
    klass = invitation(academy, places=4)
    TrainingClass.objects.filter(pk=klass.pk).update(places=1)
    persons = [academy.seats[key].person for key in ("one", "two")]
    assert inviting.invite(academy.registrar, training_class=klass, persons=persons) == 2
    assert inviting.invite(academy.registrar, training_class=klass, persons=persons) == 0
    assert set(Outbox.objects.get(kind="training.invitation").person_ids) == {who.pk for who in persons}
    rows = {row.person_id: row for row in Nomination.objects.all()}
    with pytest.raises(Forbidden):
        inviting.answer(second, nomination=rows[persons[0].pk], move="accept")
    inviting.answer(first, nomination=rows[persons[0].pk], move="accept")
    with pytest.raises(Conflict, match="名额已满"):
        inviting.answer(second, nomination=rows[persons[1].pk], move="accept")
    inviting.answer(second, nomination=rows[persons[1].pk], move="refuse")
    assert sorted(Nomination.objects.values_list("state", flat=True)) == ["admitted", "withdrawn"]
    assert TrainingClass.objects.get().taken == 1


def test_the_ways_in_do_not_mix(academy: Academy) -> None:
    quota, invited = factories.published(academy), invitation(academy)
    who = academy.seats["teacher"].person
    with pytest.raises(Fault, match="不逐人邀请"):
        inviting.invite(academy.registrar, training_class=quota, persons=[who])
    with pytest.raises(Forbidden):
        inviting.register(academy.actor("teacher"), training_class=invited)
    factories.nominee(academy, quota)
    with pytest.raises(Fault, match="报名方式"):
        classes.change_class(academy.registrar, training_class=quota, facts={"entry": "open"})


def test_anybody_of_the_school_asks_to_join_an_open_class_and_the_registrar_decides(academy: Academy) -> None:
    actor = trainee(academy)
    klass = factories.published(academy, entry="open")
    assert visible(actor, TrainingClass).get() == klass
    made = inviting.register(actor, training_class=klass)
    assert inviting.register(actor, training_class=klass) == made
    assert made.state == "submitted"
    nominations.move_nomination(academy.registrar, nomination=made, move="admit")
    assert Nomination.objects.get().state == "admitted"
    stranger = factories.build("sz").actor("teacher")
    with pytest.raises(Forbidden):
        inviting.register(stranger, training_class=klass)


def test_a_kind_shows_only_the_pages_of_its_parts(academy: Academy) -> None:
    klass = factories.published(academy)
    paths = [path for _title, path, *_ in tabs_for(academy.registrar, klass, "")]
    assert any(path.endswith("shares/") for path in paths)
    assert not any(path.endswith(("invite/", "stops/")) for path in paths)
    klass.entry, klass.itinerary = "invitation", True
    paths = [path for _title, path, *_ in tabs_for(academy.registrar, klass, "")]
    assert not any(path.endswith("shares/") for path in paths)
    assert any(path.endswith("invite/") for path in paths)
    assert any(path.endswith("stops/") for path in paths)


def test_stops_follow_one_another_and_an_overlap_is_refused_by_name(academy: Academy) -> None:
    klass = factories.draft(academy, kind="field_study", itinerary=True)
    facts = {
        "date": klass.starts, "arrives": time(9), "leaves": time(11), "place": "演示基地甲", "purpose": "现场教学",
    }  # fmt: skip
    journeys.place_stop(academy.registrar, training_class=klass, facts=facts)
    with pytest.raises(Conflict, match="演示基地甲"):
        journeys.place_stop(academy.registrar, training_class=klass, facts=facts | {"place": "演示基地乙"})
    with pytest.raises(Fault, match="班期"):
        journeys.place_stop(
            academy.registrar, training_class=klass, facts=facts | {"date": klass.ends + timedelta(days=1)}
        )


def test_the_pages_of_inviting_answer_by_hand(academy: Academy, client_for: object) -> None:
    actor_seat = trainee(academy) and academy.seats["trainee"]
    klass = invitation(academy)
    office: Client = client_for(academy.seats["registrar"])  # type: ignore[operator] # the fixture is a maker
    shown = office.get(f"/classes/{klass.pk}/invite/?who={actor_seat.person.name}").content.decode()
    assert f'value="{actor_seat.person_id}"' in shown
    office.post(f"/classes/{klass.pk}/invite/people/", {"person": actor_seat.person_id})
    own: Client = client_for(actor_seat)  # type: ignore[operator] # the fixture is a maker
    assert "接受邀请" in own.get(f"/classes/{klass.pk}/answer/").content.decode()
    own.post(f"/classes/{klass.pk}/answer/", {"move": "accept"})
    assert "您已接受邀请" in own.get(f"/classes/{klass.pk}/answer/").content.decode()
    assert "已录取" in office.get(f"/classes/{klass.pk}/invite/").content.decode()
