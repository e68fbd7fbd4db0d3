"""Rooms that are free and who takes the others, found for a session and led to its form."""

import re
from datetime import time, timedelta
from typing import Any

import pytest
from django.test import Client

from keyuan.people.roles import Role
from tests import factories
from tests.factories import Academy
from tests.training.board_pages import MONDAY, SignIn, at, held, text


def rooms_of(client: Client, **typed: Any) -> tuple[str, str]:
    shown = text(client, at("free/", **typed))
    free, taken = shown.split("已占用 ", 1)
    return free.split('card-title">空教室 ', 1)[1], taken


def test_a_room_is_free_or_taken_by_what_stands_in_it(academy: Academy, client_for: SignIn) -> None:
    klass = held(academy)
    factories.session(academy, klass, title="演示课甲", place="３号 教室")
    factories.session(
        academy,
        klass,
        date=MONDAY + timedelta(days=1),
        place="3号教室",
        half="pm",
        starts=time(14, 30),
        ends=time(17),
    )
    factories.session(academy, klass, date=MONDAY + timedelta(days=2), place="演示二号厅")
    factories.session(academy, klass, date=MONDAY + timedelta(days=3), place="演示基地", kind="field")
    client = client_for(academy.seats["registrar"])
    free, taken = rooms_of(client, half="am")
    assert "演示二号厅" in free
    assert "教室" in taken
    assert "演示课甲" in taken
    assert "演示基地" not in free + taken
    assert rooms_of(client, half="pm")[0].startswith("2 间")
    assert "演示课甲" in rooms_of(client, half="day")[1]
    assert "演示课甲" in rooms_of(client, starts="11:00", ends="12:00")[1]
    assert rooms_of(client, starts="11:30", ends="12:00")[0].startswith("2 间")
    free, taken = rooms_of(client, half="day", until=MONDAY + timedelta(days=2))
    assert free.startswith("0 间")
    assert "3 天里有 2 天被占用" in taken


def test_a_free_room_leads_to_the_form_with_day_and_room_filled_in(
    academy: Academy, client_for: SignIn
) -> None:
    klass = held(academy)
    factories.session(academy, klass, place="演示 & 二号厅")
    client = client_for(academy.seats["registrar"])
    shown = client.get(at("free/", half="pm", klass=klass.pk)).content.decode()
    link = re.search(r'href="(/classes/\d+/timetable/add/[^"]+)"', shown)
    assert link
    form = text(client, link[1].replace("&amp;", "&"))
    assert 'value="演示 &amp; 二号厅"' in form
    assert f'value="{MONDAY}"' in form
    assert 'value="14:30"' in form
    timed = client.get(at("free/", starts="19:00", ends="20:30", klass=klass.pk)).content.decode()
    assert "half=ev" in timed
    assert "starts=19%3A00" in timed


def test_a_session_one_may_not_see_takes_its_room_without_a_name(
    academy: Academy, client_for: SignIn
) -> None:
    factories.seat(academy, "other", Role.HEAD_TEACHER)
    other = held(academy, title="演示别人的班", head_teacher=academy.seats["other"].person)
    factories.session(academy, other, title="演示课甲", place="演示二号厅")
    taken = rooms_of(client_for(academy.seats["headteacher"]), half="am")[1]
    assert "演示二号厅" in taken
    assert "其他班次占用" in taken
    assert "演示别人的班" not in taken
    assert "演示课甲" not in taken


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"until": MONDAY - timedelta(days=1)}, "不早于开始"),
        ({"until": MONDAY + timedelta(days=31)}, "最多查 31 天"),
        ({"starts": "09:00"}, "要一起填"),
        ({"starts": "09:00", "ends": "08:00"}, "要晚于开始"),
        ({"half": "xx"}, "xx"),
        ({"klass": "0"}, "0"),
        ({"date": "9999-12-31"}, "2099"),
        ({"date": "胡写"}, "日期"),
    ],
)
def test_a_search_that_makes_no_sense_says_what_to_mend(
    academy: Academy, client_for: SignIn, typed: dict[str, object], words: str
) -> None:
    day = typed.pop("date", MONDAY)
    path = "/timetables/free/?" + "&".join(
        f"{name}={value}" for name, value in {"date": day, **typed}.items()
    )
    assert words in text(client_for(academy.seats["registrar"]), path, status=422)


def test_a_class_outside_the_days_is_refused_with_the_way_out(academy: Academy, client_for: SignIn) -> None:
    klass, client = held(academy), client_for(academy.seats["registrar"])
    for day in (MONDAY - timedelta(days=7), MONDAY + timedelta(days=7)):
        assert "不在所选日期内" in text(client, at("free/", day=day, klass=klass.pk), status=422)


def test_a_school_without_any_timetable_finds_an_empty_page(academy: Academy, client_for: SignIn) -> None:
    client = client_for(academy.seats["registrar"])
    assert "还没有教室" in text(client, "/timetables/free/")
    assert "这一周没有课" in text(client, "/timetables/")
    assert "课表总览" in text(client, "/home/")
