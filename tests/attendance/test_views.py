"""The screens: the room's code, the phone, the board, the scanner, leave."""

import re
from datetime import timedelta

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from keyuan.attendance.models import CheckIn, Claim, Leave
from keyuan.attendance.rules import codes
from keyuan.people import guests
from keyuan.people.models import Account
from tests.attendance.conftest import LABEL, OWNER
from tests.project.story import Clock


def guest(world, number) -> Client:
    client = Client()
    client.get(
        guests.link_for(world.people[number].pk, "/attendance/mine/").removeprefix("http://127.0.0.1:8000")
    )
    return client


def test_a_known_phone_signs_in_with_one_tap_and_again_changes_nothing(world):
    sitting = world.now()
    client = guest(world, 0)
    page = client.get(
        reverse("attendance:scan-room", args=[sitting.pk, codes.room_token(sitting.pk)])
    ).content.decode()
    assert not CheckIn.objects.exists()
    ticket = re.search(r'name="ticket" value="([^"]+)"', page).group(1)
    for _ in range(2):
        answer = client.post(reverse("attendance:check-in", args=[sitting.pk]), {"ticket": ticket})
        assert "已到" in answer.content.decode()
    assert CheckIn.objects.count() == 1
    assert (
        "不必重复"
        in client.get(
            reverse("attendance:scan-room", args=[sitting.pk, codes.room_token(sitting.pk)])
        ).content.decode()
    )


def test_a_code_passed_on_is_stale_and_letters_of_another_room_do_not_count(world):
    sitting, other = world.now(), world.now()
    client = guest(world, 0)
    old = codes.room_token(sitting.pk, timezone.now().timestamp() - 60)
    assert client.get(reverse("attendance:scan-room", args=[sitting.pk, old])).status_code == 410
    answer = client.post(
        reverse("attendance:check-in", args=[sitting.pk]), {"letters": codes.room_letters(other.pk)}
    )
    assert answer.status_code == 422
    answer = client.post(
        reverse("attendance:check-in", args=[sitting.pk]), {"letters": codes.room_letters(sitting.pk)}
    )
    assert "已到" in answer.content.decode()


def test_an_unknown_phone_needs_name_and_own_code_once(world):
    sitting, second = world.now(), world.now()
    client = Client()
    page = client.get(
        reverse("attendance:scan-room", args=[sitting.pk, codes.room_token(sitting.pk)])
    ).content.decode()
    ticket = re.search(r'name="ticket" value="([^"]+)"', page).group(1)
    code = codes.personal_letters(LABEL, OWNER, world.people[2].pk)
    place = reverse("attendance:check-in-guest", args=[sitting.pk])
    wrong = client.post(place, {"ticket": ticket, "name": "演示学员1", "code": code})
    assert wrong.status_code == 422
    assert "演示学员1" in wrong.content.decode()
    assert (
        "已到"
        in client.post(place, {"ticket": ticket, "name": "演示学员2", "code": code.lower()}).content.decode()
    )
    page = client.get(
        reverse("attendance:scan-room", args=[second.pk, codes.room_token(second.pk)])
    ).content.decode()
    assert 'name="name"' not in page


def test_the_room_screen_shows_code_count_and_who_is_missing(world, office):
    sitting = world.now()
    page = office.get(reverse("attendance:screen", args=[sitting.pk])).content.decode()
    assert codes.room_letters(sitting.pk) in page
    assert "演示学员4" in page
    part = office.get(
        reverse("attendance:screen", args=[sitting.pk]), headers={"HX-Request": "true"}
    ).content.decode()
    assert "<html" not in part
    assert guest(world, 0).get(reverse("attendance:screen", args=[sitting.pk])).status_code == 302


def test_the_scanner_takes_codes_and_names_and_says_what_it_does_not_know(world, office):
    sitting = world.now()
    place = reverse("attendance:scanner", args=[sitting.pk])
    code = codes.personal_letters(LABEL, OWNER, world.people[0].pk)
    assert "演示学员0" in office.post(place, {"code": f"KEYUAN:{code}"}).content.decode()
    assert "先前已登记" in office.post(place, {"code": code}).content.decode()
    assert office.post(place, {"code": "演示学员1"}).status_code == 200
    unknown = office.post(place, {"code": "没有此人"})
    assert unknown.status_code == 422
    assert 'value="没有此人"' in unknown.content.decode()
    assert CheckIn.objects.count() == 2


def test_the_board_marks_one_some_and_all_who_are_missing(world, office):
    sitting = world.now()
    board, place = (
        reverse("attendance:board", args=[sitting.pk]),
        reverse("attendance:mark", args=[sitting.pk]),
    )
    part = office.post(place, {"pk": world.people[0].pk, "tick": "present"}, headers={"HX-Request": "true"})
    assert "<html" not in part.content.decode()
    assert office.post(place, {"all": "missing", "tick": "absent"}).status_code == 302
    assert sorted(CheckIn.objects.values_list("verdict", flat=True)) == ["absent"] * 4 + ["present"]
    assert office.post(place, {"tick": "present"}).status_code == 422
    assert "成批登记" in office.get(board).content.decode()
    assert 'type="checkbox"' in office.get(board + "?bulk=1").content.decode()
    assert office.get(reverse("attendance:standings", args=[LABEL, OWNER])).status_code == 200
    assert office.get(reverse("attendance:list")).status_code == 200


def test_leave_is_asked_on_the_phone_and_decided_at_the_desk(world, office):
    day = world.sitting(timezone.now() + timedelta(days=1))
    client = guest(world, 0)
    ask = reverse("attendance:ask-leave", args=[LABEL, OWNER])
    refused = client.post(ask, {"reason": "家里有事"})
    assert refused.status_code == 422
    assert "家里有事" in refused.content.decode()
    assert (
        client.post(ask, {"reason": "家里有事", "sittings": [world.expected(day, 0).pk]}).status_code == 302
    )
    leave = Leave.objects.get()
    assert "家里有事" in office.get(reverse("attendance:leaves")).content.decode()
    assert "批准后请假占比" in office.get(reverse("attendance:leave", args=[leave.pk])).content.decode()
    move = reverse("attendance:leave-move", args=[leave.pk])
    assert office.post(move, {"move": "decline"}).status_code == 422
    assert office.post(move, {"move": "approve"}).status_code == 302
    assert "已批准" in client.get(reverse("attendance:mine")).content.decode()
    assert client.post(move, {"move": "end"}).status_code == 302
    assert guest(world, 1).post(move, {"move": "end"}).status_code == 404


def test_a_claim_is_made_on_the_phone_and_judged_on_the_board(world, office):
    sitting = world.sitting(timezone.now() - timedelta(hours=4))
    client = guest(world, 0)
    place = reverse("attendance:claim", args=[sitting.pk])
    assert client.get(place).status_code == 200
    start = timezone.localtime(sitting.starts)
    assert client.post(place, {"arrived": f"{start:%H:%M}", "reason": ""}).status_code == 422
    assert (
        client.post(
            place, {"arrived": f"{start + timedelta(minutes=1):%H:%M}", "reason": "手机没电"}
        ).status_code
        == 302
    )
    assert "手机没电" in office.get(reverse("attendance:board", args=[sitting.pk])).content.decode()
    assert (
        office.post(
            reverse("attendance:judge", args=[Claim.objects.get().pk]), {"move": "accept"}
        ).status_code
        == 302
    )
    assert CheckIn.objects.get().how == "self"


def test_an_unknown_visitor_is_told_how_to_become_known(world):
    assert "个人链接" in Client().get(reverse("attendance:mine")).content.decode()


def test_the_wall_goes_on_to_the_next_session_of_the_day(world, office, monkeypatch):
    day = timezone.localtime() + timedelta(days=3)
    morning = world.sitting(day.replace(hour=9, minute=0, second=0, microsecond=0))
    afternoon = world.sitting(day.replace(hour=14, minute=30, second=0, microsecond=0))
    clock = Clock(monkeypatch)
    clock.at(day.date(), 11)
    # The head teacher's sign-in was of another day.
    office.force_login(
        Account.objects.get(email="head@demo.invalid"),
        backend="allauth.account.auth_backends.AuthenticationBackend",
    )
    place, on = (f"/attendance/{sitting.pk}/screen/" for sitting in (morning, afternoon))
    assert office.get(place).status_code == 200
    clock.at(day.date(), 12, 30)
    assert office.get(place).headers["location"] == on
    assert office.get(place, headers={"HX-Request": "true"}).headers["HX-Redirect"] == on
    assert office.get(on).status_code == 200
    clock.at(day.date(), 20)
    assert office.get(place).status_code == 200
