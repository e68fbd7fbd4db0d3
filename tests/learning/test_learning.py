"""A course on its way from its maker through three reviewers to a learner."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from keyuan.kernel.access import Forbidden, visible
from keyuan.kernel.faults import Conflict, Fault
from keyuan.learning import hooks
from keyuan.learning.actions import making, studying
from keyuan.learning.models import Done, Edition, Enrolment, Item
from keyuan.learning.queries import courses
from keyuan.learning.queries.held import held_of
from keyuan.people.models import Person
from keyuan.people.roles import Role
from tests import factories
from tests.factories import Academy

pytestmark = pytest.mark.django_db
REVIEWERS = (("first", "registrar"), ("second", "head"), ("final", "teacher2"))


@pytest.fixture
def academy() -> Academy:
    return factories.build()


def written(academy: Academy) -> Edition:
    maker = academy.actor("teacher")
    edition = making.make_course(maker, facts={"title": "演示课程", "subject": "科普", "about": ""})
    unit = making.add_unit(maker, edition=edition, title="第一单元")
    for title in ("一", "二"):
        facts = {"unit": unit, "kind": "text", "title": title, "text": "演示正文", "address": ""}
        making.add_item(maker, edition=edition, facts=facts)
    return edition


def published(academy: Academy) -> Edition:
    edition = written(academy)
    making.move(academy.actor("teacher"), edition=edition, name="submit")
    for name, who in REVIEWERS:
        making.move(academy.actor(who), edition=edition, name=name)
    return Edition.objects.get(pk=edition.pk)


def test_maker_and_three_reviewers_are_four_persons(academy: Academy) -> None:
    edition = written(academy)
    making.move(academy.actor("teacher"), edition=edition, name="submit")
    with pytest.raises(Forbidden):
        making.move(academy.actor("teacher"), edition=edition, name="first")
    making.move(academy.registrar, edition=edition, name="first")
    with pytest.raises(Forbidden):
        making.move(academy.registrar, edition=edition, name="second")
    with pytest.raises(Fault):
        making.move(academy.actor("head"), edition=edition, name="return")
    making.move(academy.actor("head"), edition=edition, name="return", note="请补充出处")
    row = Edition.objects.get(pk=edition.pk)
    assert (row.state, row.reason, row.first_by_id) == ("draft", "请补充出处", None)


def test_the_database_itself_refuses_the_same_person_twice(academy: Academy) -> None:
    edition = published(academy)
    rows = Edition.objects.filter(pk=edition.pk)
    for wrong in (
        {"second_by": edition.first_by_id}, {"final_by": edition.first_by_id}, {"final_by": edition.second_by_id},
        {"first_by": edition.made_by_id}, {"first_by": None},
    ):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**wrong)


def test_a_published_edition_stays_and_its_successor_begins_with_everything(academy: Academy) -> None:
    edition, maker = published(academy), academy.actor("teacher")
    with pytest.raises(Conflict):
        making.add_unit(maker, edition=edition, title="多出的")
    following = making.begin_edition(maker, course=edition.course)
    assert [item.title for item in Item.objects.filter(unit__edition=following)] == ["一", "二"]
    with pytest.raises(Conflict):
        making.begin_edition(maker, course=edition.course)


def test_a_learner_finishes_and_nobody_else_sees_it(academy: Academy) -> None:
    edition = published(academy)
    factories.seat(academy, "trainee", Role.TRAINEE)
    learner = academy.actor("trainee")
    one, two = Item.objects.filter(unit__edition=edition)
    with pytest.raises(Fault):
        studying.finish(learner, item=one)
    studying.enrol(learner, edition=edition)
    assert studying.finish(learner, item=one).finished_at is None
    found = courses.outline(learner, edition)
    assert (found.done, found.count, found.following) == (1, 2, two)
    studying.finish(learner, item=one)
    assert studying.finish(learner, item=two).finished_at is not None
    assert not visible(academy.registrar, Enrolment).exists()
    person = Person.objects.get(pk=learner.person_id)
    [record] = held_of(learner, person)
    assert [row["标题"] for row in record["已学内容"]] == ["一", "二"]
    hooks.forget(person.pk)
    assert not Enrolment.objects.exists()


def test_drafts_are_hidden_from_learners(academy: Academy) -> None:
    written(academy)
    factories.seat(academy, "trainee", Role.TRAINEE)
    assert not visible(academy.actor("trainee"), Edition).exists()
    assert not visible(academy.actor("trainee"), Item).exists()


def test_the_pages_carry_a_course_from_its_making_to_its_end(
    academy: Academy, client_for: Callable[[Any], Client]
) -> None:
    maker = client_for(academy.seats["teacher"])
    assert maker.post("/learning/courses/new/", {"title": ""}).status_code == 422
    path = maker.post("/learning/courses/new/", {"title": "演示页面课程"})["Location"]
    maker.post(path + "units/", {"title": "单元"})
    edition = Edition.objects.get()
    said = {"unit": edition.units.get().pk, "kind": "link", "title": "链接", "text": "", "address": ""}
    refused = maker.post(path + "items/", said)
    assert refused.status_code == 422
    assert "请填写链接" in refused.content.decode()
    maker.post(path + "items/", said | {"address": "https://example.com/"})
    maker.post(path + "move/", {"move": "submit"})
    for name, who in REVIEWERS:
        making.move(academy.actor(who), edition=edition, name=name)
    factories.seat(academy, "trainee", Role.TRAINEE)
    learner = client_for(academy.seats["trainee"])
    assert "演示页面课程" in learner.get("/learning/").content.decode()
    learner.post(path + "enrol/")
    item = Item.objects.get()
    assert "学完了" in learner.get(f"/learning/items/{item.pk}/").content.decode()
    learner.post(f"/learning/items/{item.pk}/finish/")
    assert Done.objects.count() == 1
    assert "已学完全部 1 项" in learner.get(path).content.decode()
    assert "演示页面课程" in maker.get("/learning/workshop/").content.decode()


def test_a_draft_is_corrected_put_in_order_and_thinned_and_what_is_published_is_not(
    academy: Academy, client_for: Callable[[Any], Client]
) -> None:
    edition, maker = written(academy), client_for(academy.seats["teacher"])
    one, two = Item.objects.filter(unit__edition=edition)
    later = making.add_unit(academy.actor("teacher"), edition=edition, title="第二单元")
    said = {"unit": later.pk, "kind": "text", "title": "一（改）", "text": "", "address": ""}
    refused = maker.post(f"/learning/items/{one.pk}/edit/", said)
    assert refused.status_code == 422
    assert "一（改）" in refused.content.decode()
    maker.post(f"/learning/items/{two.pk}/act/", {"act": "up"})
    assert [row.title for row in edition.units.first().items.all()] == ["二", "一"]
    maker.post(f"/learning/items/{two.pk}/act/", {"act": "up"})
    maker.post(f"/learning/items/{one.pk}/edit/", said | {"text": "改过的正文"})
    maker.post(f"/learning/units/{later.pk}/act/", {"act": "up"})
    maker.post(f"/learning/units/{later.pk}/edit/", {"title": "新的第一单元"})
    assert maker.post(f"/learning/units/{later.pk}/act/", {"act": "remove"}).status_code == 422
    found = courses.outline(academy.actor("teacher"), edition)
    assert [(part.title, [item.title for item, _done in part.items]) for part in found.parts] == [
        ("新的第一单元", ["一（改）"]), ("第一单元", ["二"]),
    ]  # fmt: skip
    maker.post(f"/learning/items/{two.pk}/act/", {"act": "remove"})
    assert not Item.objects.filter(pk=two.pk).exists()
    assert (
        client_for(academy.seats["teacher2"])
        .post(f"/learning/items/{one.pk}/act/", {"act": "remove"})
        .status_code
        == 403
    )
    making.move(academy.actor("teacher"), edition=edition, name="submit")
    assert maker.post(f"/learning/items/{one.pk}/act/", {"act": "remove"}).status_code == 409
    assert maker.post(f"/learning/items/{one.pk}/edit/", said | {"text": "再改"}).status_code in {409, 422}
    assert Item.objects.get(pk=one.pk).text == "改过的正文"
