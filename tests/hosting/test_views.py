from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from keyuan.hosting import actions
from keyuan.hosting.models import Exemption, Lecturer, Member, Report, Rota, Turn
from keyuan.hosting.queries.standing import disagreements
from keyuan.kernel import todos
from keyuan.orgs.models import Organisation
from tests import factories
from tests.hosting.conftest import PROOF, Ring, again

Sign = Callable[[Any], Client]


def post(client: Client, path: str, status: int = 302, **said: Any) -> str:
    answer = client.post(path, said)
    assert answer.status_code == status, answer.content.decode()[:2000]
    return answer.content.decode()


def get(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    if answer.get("Content-Type", "").startswith("text/html"):
        return answer.content.decode()
    return ""


def test_the_office_opens_a_rota_and_everything_it_keeps_can_be_seen_and_taken_away(
    ring: Ring, client_for: Sign
) -> None:
    client = client_for(ring.academy.seats["registrar"])
    today = timezone.localdate().isoformat()
    plain = {"per_year": 4, "answer_days": 7, "report_days": 10, "kind": "society"}
    post(client, "/hosting/new/", 422, name="", opened_on=today, **plain)
    post(client, "/hosting/new/", name="演示第二轮值", opened_on=today, seed="演示", **plain)
    pk = Rota.objects.get(name="演示第二轮值").pk
    assert "演示省甲学会" in get(client, f"/hosting/{pk}/?q=甲&field=理科&state=never&sort=-turns")
    for path in (
        "/hosting/", "/hosting/waiting/?wait=reports", f"/hosting/{pk}/export/", f"/hosting/{pk}/print/", f"/hosting/{pk}/turns/",
        f"/hosting/{pk}/turns/export/", f"/hosting/{pk}/log/", f"/hosting/{pk}/log/export/", f"/hosting/{pk}/edit/",
        f"/hosting/{pk}/tasks/", f"/hosting/{pk}/past/", f"/hosting/{pk}/rules/",
    ):  # fmt: skip
        get(client, path)
    post(client, f"/hosting/{pk}/edit/", name="演示第三轮值", **plain)
    post(client, f"/hosting/{pk}/edit/", 422, name="演示第三轮值", **{**plain, "kind": "city_association"})
    rule = {
        "since": "2040-01-01",
        "co_host": "1",
        "jump_in": "2",
        "window": 0,
        "tolerance": 0,
        "term_months": 0,
    }
    post(client, f"/hosting/{pk}/rules/", **rule, basis="演示通知")
    assert "这一天已有规定" in post(client, f"/hosting/{pk}/rules/", 422, **rule, basis="演示通知")
    post(client, f"/hosting/{pk}/tasks/", lines="-30 演示任务\n5 演示总结")
    post(client, f"/hosting/{pk}/tasks/", 422, lines="演示任务")
    assert "-11-" in get(client, f"/hosting/{pk}/add/")
    post(client, f"/hosting/{pk}/add/", days="2040-03-01\n2040-09-01")
    post(client, f"/hosting/{pk}/add/", 422, days="2040-13-01")
    post(client, f"/hosting/{pk}/past/", 422, unit="演示没有这家", day="2021-03-01")
    post(client, f"/hosting/{pk}/past/", unit="演示省甲学会", day="2021-03-01")
    post(client, f"/hosting/{pk}/join/")
    assert disagreements(Rota.objects.get(pk=pk)) == []


def test_a_unit_is_exempted_leaves_and_stands_on_its_own_page(ring: Ring, client_for: Sign) -> None:
    client = client_for(ring.academy.seats["registrar"])
    one = Member.objects.filter(rota=ring.rota).first()
    assert one is not None
    assert "家中排第" in get(client, f"/hosting/members/{one.pk}/")
    span = {"starts": "2020-01-01", "ends": "2099-01-01"}
    post(client, f"/hosting/members/{one.pk}/", 422, **span)
    post(client, f"/hosting/members/{one.pk}/", **span, reason="演示理由")
    assert "本次不参加排序" in get(client, f"/hosting/members/{one.pk}/")
    post(client, f"/hosting/exemptions/{Exemption.objects.get().pk}/revoke/")
    post(client, f"/hosting/members/{one.pk}/leave/")
    liaison = client_for(ring.seat_of(ring.societies[1].pk))
    get(liaison, f"/hosting/{ring.rota.pk}/")
    assert liaison.post(f"/hosting/members/{one.pk}/", span).status_code == 403


def test_a_turn_from_the_draw_to_the_accepted_report_through_the_screens(
    ring: Ring, client_for: Sign
) -> None:
    office = client_for(ring.academy.seats["registrar"])
    first, second = ring.turns(0, 40)
    other = ring.accepted(again(first)) and again(first)
    home, at = f"/hosting/turns/{second.pk}/", f"/hosting/turns/{second.pk}/act/"
    post(office, at, act="propose")
    get(office, home)
    post(office, at, act="invite")
    turn = again(second)
    liaison, stranger = (client_for(ring.seat_of(unit)) for unit in (turn.host_id, other.host_id))
    assert "为什么是你" in get(liaison, home)
    assert "演示省" in get(liaison, f"{home}order/")
    assert liaison.post(at, {"act": "skip", "reason": "演示"}).status_code == 403
    assert stranger.post(at, {"act": "accept"}).status_code == 403
    assert [one.count for one in todos.for_actor(ring.liaison(turn.host_id)) if one.group == "承办轮值"] == [
        1
    ]
    assert liaison.post(at, {"act": "decline", "reason": ""}).status_code == 422
    assert liaison.post(at, {"act": "defer", "until": "", "reason": "演示"}).status_code == 422
    post(liaison, at, act="accept")
    post(liaison, f"{home}swap/", other=other.pk, reason="演示时间冲突")
    swap = turn.swaps_asked.get()
    assert liaison.post(f"/hosting/swaps/{swap.pk}/", {"act": "agree"}).status_code == 403
    get(stranger, "/hosting/mine/")
    post(stranger, f"/hosting/swaps/{swap.pk}/", act="agree")
    post(office, f"/hosting/swaps/{swap.pk}/", act="reject", note="演示")
    helper = next(one for one in ring.societies if one.pk not in (turn.host_id, other.host_id))
    post(office, f"{home}co-hosts/", unit=helper.pk)
    assert office.post(f"{home}co-hosts/", {"unit": "x"}).status_code == 422
    get(client_for(ring.seat_of(helper.pk)), home)
    post(office, f"/hosting/co-hosts/{turn.co_hosts.get().pk}/drop/")
    _the_work(ring, turn, liaison, office)
    assert stranger.get(f"{home}report.docx").status_code == 403
    assert "任务清单" not in get(stranger, home)
    assert disagreements(ring.rota) == []


def _the_work(ring: Ring, turn: Turn, liaison: Client, office: Client) -> None:
    home = f"/hosting/turns/{turn.pk}/"
    who = factories.person(ring.academy, "演示讲者", unit=Organisation.objects.get(pk=turn.host_id))
    post(
        liaison,
        f"{home}event/",
        title="演示强会",
        held_on="",
        place="演示厅",
        agenda="演示",
        expected_cadre=30,
    )
    post(liaison, f"{home}event/", 422, title="演示强会", held_on="x")
    post(liaison, f"{home}lecturers/", 422, name="演示没有", topic="演示题目")
    post(liaison, f"{home}lecturers/", name=who.name, topic="演示题目")
    post(liaison, f"/hosting/lecturers/{Lecturer.objects.get().pk}/drop/")
    task = turn.tasks.first()
    assert task is not None
    assert liaison.post(f"/hosting/tasks/{task.pk}/", {"note": ""}).status_code == 422
    post(liaison, f"/hosting/tasks/{task.pk}/", note="演示已办")
    post(liaison, f"/hosting/tasks/{task.pk}/", act="reopen")
    post(liaison, f"{home}files/", file=SimpleUploadedFile(*PROOF))
    assert "演示佐证.pdf" in get(liaison, home)
    post(liaison, f"{home}report/", 422, summary="演示情况", act="submit")
    assert liaison.post(f"{home}done/", {"held_on": "2020-01-01"}).status_code == 403
    post(office, f"{home}done/", 422, held_on="2099-01-01")
    post(office, f"{home}done/", held_on=timezone.localdate().isoformat(), actual_cadre=28)
    post(liaison, f"{home}report/", summary="演示情况", results="演示成效", act="submit")
    post(office, f"{home}report/judge/", act="accept")
    assert Report.objects.get(turn=turn).state == "accepted"
    for name in ("report.docx", "report.pdf"):
        get(liaison, f"{home}{name}")


@pytest.mark.parametrize("act", ["replace", "cancel", "skip", "nothing"])
def test_the_office_takes_a_turn_back_with_a_reason(ring: Ring, client_for: Sign, act: str) -> None:
    turn = ring.accepted(ring.turns(10)[0]) if act != "skip" else ring.invited(ring.turns(10)[0])
    client, path = client_for(ring.academy.seats["registrar"]), f"/hosting/turns/{turn.pk}/act/"
    other = next(unit.pk for unit in ring.societies if unit.pk != turn.host_id)
    assert client.post(path, {"act": act, "reason": "", "unit": other}).status_code == 422
    if act != "nothing":
        post(client, path, act=act, reason="演示理由", unit=other)
        assert again(turn).host_id in (None, other)
        assert "演示理由" in get(client, f"/hosting/turns/{turn.pk}/")


def test_the_board_costs_the_same_for_one_turn_and_for_thirty(
    ring: Ring, client_for: Sign, django_assert_max_num_queries: Any
) -> None:
    client = client_for(ring.academy.seats["registrar"])
    actions.add_turns(ring.office, rota=ring.rota, days=actions.even_days(2041, 12))
    for turn in Turn.objects.filter(rota=ring.rota).order_by("planned_on")[:8]:
        actions.propose(ring.office, turn=turn)
    get(client, f"/hosting/{ring.rota.pk}/")
    with django_assert_max_num_queries(26):
        get(client, f"/hosting/{ring.rota.pk}/")
    with django_assert_max_num_queries(18):
        get(client, f"/hosting/{ring.rota.pk}/turns/")
