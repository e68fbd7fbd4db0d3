"""The screens by the client: what works without scripts, who sees what, what a page costs."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from keyuan.kernel.models.files import StoredFile
from keyuan.kernel.worker import Worker
from keyuan.logistics.actions import answering, arranging, grouping
from keyuan.logistics.actions.answering import AnswerFacts
from keyuan.logistics.models import Answer, Arrangement, Hall, Leg, Post, Ride, Room, Seat, Stay
from keyuan.people import guests
from keyuan.people.models import Person
from keyuan.training.models import ClassPolicy, Nomination, TrainingClass
from tests import factories
from tests.logistics.conftest import Ground, trainee

SignIn = Callable[[Any], Client]
OwnSeat = Callable[[Person], Any]
PAGES = ("", "groups/", "posts/", "rooms/", "rides/", "seats/", "needs/", "needs/ask/", "rules/", "rooms/add/", "rides/leg/", "seats/hall/", "tables/", "tables/meals/", "tables/one/")  # fmt: skip


def at(ground: Ground, path: str = "") -> str:
    return f"/classes/{ground.klass.pk}/logistics/{path}"


@pytest.fixture
def office(ground: Ground, client_for: SignIn) -> Client:
    return client_for(ground.academy.seats["registrar"])


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def test_every_page_opens_for_those_who_arrange_and_for_nobody_else(
    ground: Ground, client_for: SignIn
) -> None:
    for key, status in (("registrar", 200), ("headteacher", 200), ("head", 403), ("liaison", 403)):
        client = client_for(ground.academy.seats[key])
        assert {client.get(at(ground, page)).status_code for page in PAGES} == {status}
    tabs = text_of(client_for(ground.academy.seats["headteacher"]).get(f"/classes/{ground.klass.pk}/"))
    assert at(ground) in tabs
    assert at(ground) not in text_of(
        client_for(ground.academy.seats["head"]).get(f"/classes/{ground.klass.pk}/")
    )


def test_a_class_is_arranged_by_plain_forms(ground: Ground, office: Client) -> None:
    def post(path: str, **data: Any) -> Any:
        answer = office.post(at(ground, path), data)
        assert answer.status_code == 302, text_of(answer)[:3000]
        return answer

    post("groups/propose/", count=2, act="all")
    post("groups/move/", act="move", to="1", pk=ground.ids(0, 1))
    post("groups/move/", act="lock", pk=ground.ids(0, 1))
    assert [row.group for row in ground.again()[:2]] == [1, 1]
    post("groups/one/", number=1, title="先锋组", place="二楼", leader=ground.rows[0].pk)
    post("posts/", kind="monitor", nomination=ground.rows[0].pk)
    post("posts/", act="dismiss", post=Post.objects.get().pk)
    post("rooms/add/", first=301, count=4, capacity=2)
    post("rooms/add/", typed="401 1 女\n402 3", capacity=2)
    assert list(Room.objects.values_list("number", "capacity", "sex"))[-2:] == [
        ("401", 1, "女"),
        ("402", 3, ""),
    ]
    post("rooms/propose/", act="all")
    assert Stay.objects.count() == 8
    post("rooms/move/", act="unneed", pk=ground.ids(7))
    post(f"rooms/one/?room={Room.objects.order_by('-pk')[0].pk}", act="remove")
    post(
        "rides/leg/",
        title="去程",
        date=ground.klass.starts.isoformat(),
        departs="08:00",
        start="南站",
        goal="会场",
    )
    leg = Leg.objects.get().pk
    post("rides/vehicles/", leg=leg, count=1, capacity=45, plate="粤A12345")
    post("rides/move/", leg=leg, act="propose")
    assert Ride.objects.count() == 8
    post("seats/hall/", title="开班式", rows=3, columns=4, aisles="2", kept_rows=1)
    hall = Hall.objects.get().pk
    post("seats/propose/", hall=hall, way="group", front=2)
    assert Seat.objects.count() == 8
    post("seats/move/", hall=hall, act="move", to="3-4", pk=ground.ids(0))
    assert Seat.objects.get(nomination=ground.rows[0]).row == 3
    post("needs/ask/", asks_diet="on", asks_room="on", keep_days=30)
    post(f"needs/one/?trainee={ground.rows[0].pk}", diet="素食")
    post("tell/", part="groups")
    for page in PAGES:
        assert office.get(at(ground, page)).status_code == 200
    assert "素食" in text_of(office.get(at(ground, "needs/")))


def test_a_part_answers_htmx_with_the_board_alone(ground: Ground, office: Client) -> None:
    office.post(at(ground, "groups/propose/"), {"count": 2, "act": "all"})
    ask = {"HX-Request": "true"}
    answer = office.post(
        at(ground, "groups/move/"), {"act": "move", "to": "2", "pk": ground.ids(0)}, headers=ask
    )
    assert answer.status_code == 200
    assert text_of(answer).lstrip().startswith('<div id="board"')
    refused = office.post(
        at(ground, "groups/move/"), {"act": "move", "to": "9", "pk": ground.ids(0)}, headers=ask
    )
    assert refused.status_code == 422
    assert refused["HX-Retarget"] == "#toasts"


@pytest.mark.parametrize(
    ("path", "data", "words"),
    [
        ("rooms/add/", {"capacity": "2"}, "起始房号"), ("rooms/add/", {"typed": "301 x", "capacity": "2"}, "看不懂"),
        ("seats/hall/", {"title": "厅", "rows": "3", "columns": "4", "aisles": "9", "kept_rows": "0"}, "不是 1 至 3"),
        ("seats/hall/", {"title": "厅", "rows": "3", "columns": "4", "kept_rows": "3"}, "少于总排数"),
        ("rides/leg/", {"title": "去程", "date": "2001-01-01", "departs": "08:00", "start": "站"}, "前后两天"),
        ("groups/propose/", {"count": "99"}, "1 至 8"), ("groups/propose/", {}, "请填写组数"),
        ("groups/move/", {"act": "move"}, "请先勾选"), ("posts/", {"kind": "monitor"}, "请选择学员"),
        ("seats/move/", {"act": "move", "pk": "1"}, "请填写排和座"), ("tell/", {"part": "x"}, "没有这一项"),
        ("groups/import/", {}, "请选择要导入"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_told_with_what_was_typed(
    ground: Ground, office: Client, path: str, data: dict[str, str], words: str
) -> None:
    answer = office.post(at(ground, path), data)
    assert answer.status_code == 422
    assert words in text_of(answer)
    if "title" in data:
        assert data["title"] in text_of(answer)


def test_a_trainee_sees_the_own_places_once_they_are_told(
    ground: Ground, office: Client, client_for: SignIn, own_seat: OwnSeat
) -> None:
    actor, klass, row = ground.academy.registrar, ground.klass, ground.rows[0]
    grouping.propose_groups(actor, training_class=klass, count=2)
    grouping.name_group(actor, training_class=klass, number=1, title="先锋组", place="", leader=None)
    grouping.move_members(actor, training_class=klass, ids=[row.pk], number=1)
    phone = client_for(own_seat(row.person))
    assert "先锋组" not in text_of(phone.get("/logistics/mine/"))
    arranging.tell(actor, training_class=klass, part="groups")
    assert "先锋组" in text_of(phone.get("/logistics/mine/"))
    assert phone.get(at(ground)).status_code == 403
    assert phone.post(at(ground, "groups/propose/"), {"count": 2}).status_code == 403
    assert "通讯录" in text_of(phone.get(at(ground, "contacts/")))


def test_a_trainee_answers_on_the_phone_and_the_to_do_is_done(
    ground: Ground, client_for: SignIn, own_seat: OwnSeat
) -> None:
    actor, klass, row = ground.academy.registrar, ground.klass, ground.rows[0]
    arranging.set_up(actor, training_class=klass, facts={"asks_diet": True, "asks_phone": True})
    phone = client_for(own_seat(row.person))
    assert "填写会务需要" in text_of(phone.get("/home/"))
    page = text_of(phone.get(at(ground, "mine/")))
    assert "用餐需要" in page
    assert "临时党支部" not in page
    assert phone.post(at(ground, "mine/"), {"diet": "素食", "shows_phone": "on"}).status_code == 302
    assert Answer.objects.get().shows_phone
    assert "填写会务需要" not in text_of(phone.get("/home/"))
    assert "素食" in text_of(phone.get(at(ground, "mine/")))


@pytest.mark.parametrize("days_left", [None, 10])
def test_contacts_show_a_phone_only_by_consent_and_close_so_many_days_after_the_class(
    ground: Ground, office: Client, client_for: SignIn, own_seat: OwnSeat, days_left: int | None
) -> None:
    """Thirty days, unless the school has laid down others."""
    if days_left:
        ClassPolicy.objects.create(
            school=ground.academy.school, valid_from=ground.klass.ends, contact_days=days_left, source="演示"
        )
    actor, klass = ground.academy.registrar, ground.klass
    TrainingClass.objects.filter(pk=klass.pk).update(places=10)
    klass.shares.update(places=9)
    rows = []
    for tail in ("01", "02"):
        who = factories.person(
            ground.academy, f"演示来电{tail}", ground.academy.units[0], sex="男", phone=f"199000000{tail}"
        )
        rows.append(factories.move(ground.academy, factories.nominee(ground.academy, klass, 0, who), "admit"))
    arranging.set_up(actor, training_class=klass, facts={"asks_phone": True})
    answering.answer(actor, nomination=rows[0], facts=AnswerFacts(shows_phone=True))
    arranging.tell(actor, training_class=klass, part="groups")
    phone = client_for(own_seat(ground.rows[0].person))
    page = text_of(phone.get(at(ground, "contacts/")))
    assert "19900000001" in page
    assert "19900000002" not in page
    stranger = trainee(
        ground.academy, factories.published(ground.academy, (1, 0), places=1, title="演示另一班"), 0, "男"
    )
    assert client_for(own_seat(stranger.person)).get(at(ground, "contacts/")).status_code == 404
    last = days_left or 30
    for days, status in ((last - 1, 200), (last + 1, 422)):
        shut = timezone.now() - timedelta(days=days)
        TrainingClass.objects.filter(pk=klass.pk).update(state="closed", closed_at=shut)
        assert office.get(at(ground, "contacts/")).status_code == status
        assert phone.get(at(ground, "contacts/")).status_code == status


def test_the_handbook_is_made_behind_the_page_and_given_to_trainees_once_told(
    ground: Ground, office: Client, client_for: SignIn, own_seat: OwnSeat
) -> None:
    factories.session(ground.academy, ground.klass)
    answer = office.post(at(ground, "handbook/"), {"size": "a5"})
    assert answer.status_code == 302
    while Worker().run_one():
        continue
    job = text_of(office.get(answer["Location"]))
    assert "已完成" in job
    stored = StoredFile.objects.get(pk=Arrangement.objects.get().handbook_id)
    phone = client_for(own_seat(ground.rows[0].person))
    assert phone.get(f"/files/{stored.pk}/").status_code == 404
    arranging.tell(ground.academy.registrar, training_class=ground.klass, part="handbook")
    given = phone.get(at(ground, "mine/handbook/"))
    assert given.status_code == 200
    for close in given._resource_closers:
        close()
    assert at(ground, "mine/handbook/") in text_of(phone.get("/logistics/mine/"))
    assert f"/files/{stored.pk}/" in text_of(office.get(at(ground)))


@pytest.mark.parametrize("page", ["", "groups/", "rooms/", "rides/", "seats/", "needs/"])
def test_a_page_costs_the_same_queries_however_many_trainees(
    ground: Ground, office: Client, page: str
) -> None:
    actor, klass = ground.academy.registrar, ground.klass
    grouping.propose_groups(actor, training_class=klass, count=2)
    arranging.set_up(actor, training_class=klass, facts={"asks_diet": True})
    office.post(
        at(ground, "rides/leg/"),
        {"title": "去程", "date": klass.starts.isoformat(), "departs": "08:00", "start": "站"},
    )
    office.post(at(ground, "seats/hall/"), {"title": "厅", "rows": 9, "columns": 9, "kept_rows": 0})

    def cost() -> int:
        office.get(at(ground, page))
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert office.get(at(ground, page)).status_code == 200
        return len(asked)

    answering.answer(actor, nomination=ground.rows[0], facts=AnswerFacts(diet="素食"))
    before = cost()
    people = Person.objects.bulk_create(
        Person(
            school=klass.school,
            name=f"演示多{n}",
            pinyin=f"duo{n}",
            sex="男",
            id_index=f"{n:064x}",
            demo=True,
        )
        for n in range(30)
    )
    unit = ground.academy.units[0]
    Nomination.objects.bulk_create(
        Nomination(
            training_class=klass, person=person, organisation=unit, state="admitted", lodging=True, group=1
        )
        for person in people
    )
    assert cost() == before


def test_a_trainee_without_an_account_answers_by_the_personal_link(ground: Ground) -> None:
    arranging.set_up(ground.academy.registrar, training_class=ground.klass, facts={"asks_diet": True})
    phone = Client()
    assert "不认识您" in text_of(phone.get("/logistics/mine/"))
    assert phone.get(at(ground, "mine/")).status_code == 404
    link = guests.link_for(ground.rows[0].person_id, at(ground, "mine/"))
    answer = phone.get("/" + link.split("/", 3)[3], follow=True)
    assert "用餐需要" in text_of(answer)
    assert phone.post(at(ground, "mine/"), {"diet": "素食"}).status_code == 302
    assert Answer.objects.get().nomination_id == ground.rows[0].pk
    assert phone.get(at(ground, "groups/")).status_code == 302
