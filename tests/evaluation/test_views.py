"""The screens: a guest answers by link, staff run and check, strangers see nothing."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from keyuan.evaluation import actions, queries
from keyuan.evaluation.models import Form, Remark, Spent
from keyuan.evaluation.rules import urn
from keyuan.people import guests
from keyuan.people.models import Account, Person, Seat
from tests.evaluation.conftest import GRADES


def guest(world, number) -> Client:
    client = Client()
    client.get(
        guests.link_for(world.people[number].pk, "/attendance/mine/").removeprefix("http://127.0.0.1:8000")
    )
    return client


@pytest.fixture
def office(world):
    person = Person.objects.get(name="演示教务")
    account = Account.objects.create_user(email="office@demo.invalid", password="x", person=person)
    Seat.objects.create(person=person, school=world.school, role="registrar")
    client = Client()
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_without_scripts_a_guest_answers_in_two_steps_and_is_told_it_is_weaker(world):
    world.open(6)
    client = guest(world, 0)
    page = client.get(reverse("evaluation:answer", args=[world.form.pk])).content.decode()
    assert "谁也看不到是您" in page
    assert "保护较弱" in page
    page = client.post(reverse("evaluation:plain", args=[world.form.pk])).content.decode()
    token = re.search(r'name="token" value="([^"]+)"', page).group(1)
    place = reverse("evaluation:cast", args=[world.form.pk])
    missing = Client(enforce_csrf_checks=True).post(
        place, {**GRADES, "theory": "", "token": token, "advice": "留住我"}
    )
    assert missing.status_code == 422
    assert "留住我" in missing.content.decode()
    anybody = Client(enforce_csrf_checks=True)
    assert "已收到" in anybody.post(place, {**GRADES, "token": token}).content.decode()
    assert "没有重复计算" in anybody.post(place, {**GRADES, "token": token}).content.decode()
    assert Spent.objects.count() == 1


def test_casting_sets_no_cookie_and_asks_the_database_for_no_person(world, django_assert_max_num_queries):
    world.open(6)
    token = actions.issue_plainly(world.trainee(0), form=world.form)
    client = Client()
    with django_assert_max_num_queries(12) as asked:
        answer = client.post(
            reverse("evaluation:cast", args=[world.form.pk]),
            {**GRADES, "token": token},
            headers={"accept": "application/json"},
        )
    assert answer.json() == {"outcome": "counted"}
    assert not answer.cookies
    assert not any("people_" in query["sql"] or "session" in query["sql"] for query in asked.captured_queries)


def test_what_is_not_a_request_for_a_token_is_refused_in_words(world):
    world.open(6)
    client = guest(world, 0)
    place = reverse("evaluation:token", args=[world.form.pk])
    for body in (
        "",
        "x",
        "{}",
        '{"blinded": "zz"}',
        '{"blinded": 5}',
        '{"blinded": "-5"}',
        '{"blinded": "0"}',
        '["a"]',
    ):
        answer = client.post(place, body, content_type="application/json")
        assert answer.status_code in {400, 422}, body
        assert answer.json()["message"]
    assert client.post(
        place, '{"blinded": "' + "f" * 5000 + '"}', content_type="application/json"
    ).status_code in {400, 422}


def test_the_office_closes_checks_and_publishes(world, office):
    world.open(6)
    for n in range(6):
        token = actions.issue_plainly(world.trainee(n), form=world.form)
        actions.cast(
            form_id=world.form.pk,
            token=token,
            given=GRADES | {"advice": f"张三讲得快{n}", "theory": "4" if n else "1"},
        )
    detail, move, check = (
        reverse(f"evaluation:{name}", args=[world.form.pk]) for name in ("detail", "move", "check")
    )
    assert "截止前不显示任何结果" in office.get(detail).content.decode()
    assert office.post(move, {"move": "close"}).status_code == 302
    assert "待核对" in office.get(detail).content.decode()
    first = Remark.objects.first()
    wrong = office.post(check, {f"words_{first.pk}": "李四"})
    assert wrong.status_code == 422
    assert "没有“李四”" in wrong.content.decode()
    assert office.post(check, {f"words_{first.pk}": "张三", "publish": "1"}).status_code == 302
    page = office.get(detail).content.decode()
    assert Form.objects.get().state == "published"
    assert "■■讲得快" in page
    assert "单项得分" in page
    assert office.get(reverse("evaluation:list")).status_code == 200


def test_who_is_not_on_the_list_finds_no_form(world):
    world.open(2)
    for client in (guest(world, 9), Client()):
        for name in ("answer", "plain", "token"):
            method = client.get if name == "answer" else client.post
            assert method(reverse(f"evaluation:{name}", args=[world.form.pk])).status_code == 404
        assert client.get(reverse("evaluation:detail", args=[world.form.pk])).status_code in {302, 404}


def test_a_lost_urn_offers_to_begin_anew(world, office):
    world.open(6)
    urn.destroy_key(world.form.pk)
    assert "重新开放" in office.get(reverse("evaluation:detail", args=[world.form.pk])).content.decode()
    assert (
        office.post(reverse("evaluation:move", args=[world.form.pk]), {"move": "restart"}).status_code == 302
    )
    assert "重新开放" not in office.get(reverse("evaluation:detail", args=[world.form.pk])).content.decode()


def test_to_dos_name_what_waits_for_whom(world):
    world.open(6)
    assert [item.title for item in queries.waiting_evaluations(world.trainee(0))] == [
        "不记名评价：形势与任务（演示）"
    ]
    assert queries.waiting_evaluations(world.trainee(9)) == []
    for n in range(5):
        token = actions.issue_plainly(world.trainee(n), form=world.form)
        actions.cast(form_id=world.form.pk, token=token, given=GRADES)
    assert queries.waiting_evaluations(world.trainee(0)) == []
    actions.close(world.registrar, form=world.form)
    assert [item.title for item in queries.waiting_evaluations(world.registrar)] == [
        "核对评估意见：形势与任务（演示）"
    ]
