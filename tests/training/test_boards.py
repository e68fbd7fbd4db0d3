"""The boards over all classes: who sees what on them, what they say, and their sheets."""

from datetime import date, time, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from keyuan.kernel import calendar
from keyuan.people.roles import Role
from keyuan.training.actions import timetable, versions
from keyuan.training.models import Session, Stop, TrainingClass
from keyuan.training.queries import boards as queries
from keyuan.training.rules import boards
from tests import factories
from tests.factories import Academy
from tests.training.board_pages import MONDAY, SignIn, at, held, text

VIEWS = ("", "teachers/", "rooms/")


@given(st.one_of(st.text(max_size=12), st.dates().map(str)))
def test_any_address_names_a_week_that_holds_its_day(typed: str) -> None:
    found = boards.asked("week", {"date": typed, "rows": typed, "klass": typed}, MONDAY)
    assert found.monday.weekday() == 0
    assert found.monday <= found.day <= found.sunday == found.monday + timedelta(days=6)
    assert found.link(days=7).startswith("?date=")


sessions = st.lists(
    st.builds(
        lambda hour, length, teacher, place, klass: Session(
            date=MONDAY, half="am", starts=time(hour), ends=time(hour + length), teacher_id=teacher, place=place,
            title="演示", training_class_id=klass, training_class=TrainingClass(pk=klass, title=f"演示班{klass}"),
        ),
        st.integers(6, 12), st.integers(1, 4), st.sampled_from([None, 1, 2]), st.sampled_from(["", "３号 厅", "3号厅"]),
        st.integers(1, 3),
    ),
    max_size=6,
)  # fmt: skip


@given(sessions)
def test_clashes_are_told_to_both_sides_and_only_where_times_meet(found: list[Session]) -> None:
    for number, session in enumerate(found):
        session.pk = number + 1
    told = boards.clashes(found)
    assert sum(map(len, told.values())) % 2 == 0
    meeting = {each.pk for pair in boards.overlapping(found) for each in pair}
    assert set(told) <= meeting
    for one, two in boards.overlapping(found):
        if (
            one.training_class_id == two.training_class_id
            or boards.room_key(one) == boards.room_key(two) != "-"
        ):
            assert {one.pk, two.pk} <= set(told)


def test_days_off_and_made_up_are_called_by_name(db: None) -> None:
    found = calendar.names(date(2025, 10, 1), date(2025, 10, 19))
    assert found[date(2025, 10, 1)] == found[date(2025, 10, 4)] == "国庆节"
    assert found[date(2025, 10, 11)] == "调休上班"
    assert found[date(2025, 10, 18)] == "周末"
    assert date(2025, 10, 15) not in found


@pytest.mark.parametrize("view", VIEWS)
def test_the_office_sees_the_working_timetable_and_what_is_not_released_in_words(
    academy: Academy, client_for: SignIn, view: str
) -> None:
    klass = held(academy)
    factories.session(academy, klass, title="演示课甲")
    for key in ("registrar", "head"):
        shown = text(client_for(academy.seats[key]), at(view))
        assert "演示课甲" in shown
        assert f"/classes/{klass.pk}/timetable/" in shown
        assert ">未发布<" in shown


def test_a_change_after_the_release_and_a_class_not_published_say_so(academy: Academy) -> None:
    klass, early = held(academy), factories.draft(academy, title="演示草稿班", starts=MONDAY)
    row = factories.session(academy, klass)
    factories.session(academy, early, teacher=None, place="演示二号厅")
    versions.release_timetable(academy.registrar, training_class=klass)

    def states() -> set[str]:
        asked = queries.asked_for("week", {"date": str(MONDAY)})
        return {entry.state for entry in queries.board(academy.registrar, asked).entries}

    assert states() == {"", "未发布（班次草稿）"}
    timetable.change_session(academy.registrar, session=row, facts={"starts": time(9, 30)})
    assert states() == {"改动未发布", "未发布（班次草稿）"}


def test_a_head_teacher_sees_the_own_draft_and_of_other_classes_what_was_released(
    academy: Academy, client_for: SignIn
) -> None:
    factories.seat(academy, "other", Role.HEAD_TEACHER)
    own = held(academy, title="演示自己的班")
    other = held(academy, title="演示别人的班", head_teacher=academy.seats["other"].person)
    factories.session(academy, own, title="演示草稿课")
    row = factories.session(academy, other, title="演示旧名", teacher=None, place="演示二号厅")
    client = client_for(academy.seats["headteacher"])
    assert "演示别人的班" not in text(client, at())
    TrainingClass.objects.filter(pk=other.pk).update(entry="open")
    assert "演示旧名" not in text(client, at())
    versions.release_timetable(academy.registrar, training_class=other)
    timetable.change_session(academy.registrar, session=row, facts={"title": "演示新名"})
    shown = text(client, at())
    assert "演示草稿课" in shown
    assert "演示旧名" in shown
    assert "演示新名" not in shown
    assert shown.count("改动未发布") == 0


@pytest.mark.parametrize(
    "path", ["", "teachers/", "rooms/", "free/", "export/", "teachers/export/", "rooms/export/"]
)
def test_only_staff_open_the_boards_and_never_another_schools(
    academy: Academy, client_for: SignIn, path: str
) -> None:
    klass = held(academy, title="演示机密班")
    factories.session(academy, klass, title="演示机密课", place="演示机密厅")
    for key in ("teacher", "liaison"):
        assert client_for(academy.seats[key]).get(f"/timetables/{path}").status_code == 403
    there = client_for(factories.build("sz").seats["registrar"])
    for more in ({}, {"klass": klass.pk}, {"teacher": academy.seats["teacher"].person_id}):
        answer = there.get(at(path, **more) if path != "free/" else at(path))
        assert answer.status_code == 200
        if "export" not in path:
            assert "机密" not in answer.content.decode()
            assert academy.seats["teacher"].person.name not in answer.content.decode()


def test_a_cancelled_class_is_on_no_board(academy: Academy, client_for: SignIn) -> None:
    klass = held(academy)
    factories.session(academy, klass, title="演示课甲")
    TrainingClass.objects.filter(pk=klass.pk).update(state="cancelled")
    shown = text(client_for(academy.seats["registrar"]), at())
    assert "演示课甲" not in shown
    assert "这一周没有课" in shown


def test_rows_are_classes_half_days_teachers_or_rooms(academy: Academy) -> None:
    klass = held(academy)
    factories.session(academy, klass)
    factories.session(
        academy,
        klass,
        half="pm",
        starts=time(14, 30),
        ends=time(17),
        teacher=None,
        place="",
        hours=Decimal(3),
    )

    def titles(view: str, **typed: str) -> list[str]:
        asked = queries.asked_for(view, {"date": str(MONDAY), **typed})
        return [line.title for line in queries.board(academy.registrar, asked).lines]

    assert titles("week") == [klass.title]
    assert titles("week", rows="half") == ["上午", "下午"]
    assert titles("teachers") == [academy.seats["teacher"].person.name, "未定主讲"]
    assert titles("rooms") == ["演示一号厅", "未定地点"]


def test_each_filter_narrows_and_an_odd_value_leaves_nothing(academy: Academy, client_for: SignIn) -> None:
    first, second = held(academy), held(academy, title="演示第二班", kind="seminar")
    factories.session(academy, first, title="演示课甲")
    factories.session(
        academy, second, title="演示课乙", teacher=academy.seats["teacher2"].person, place="演示 二号厅"
    )
    client = client_for(academy.seats["registrar"])
    for name, value in (
        ("klass", second.pk), ("kind", "seminar"), ("teacher", academy.seats["teacher2"].person_id), ("room", "演示二号厅"),
    ):  # fmt: skip
        for view in VIEWS:
            shown = text(client, at(view, **{name: value}))
            assert "演示课乙" in shown, name
            assert "演示课甲" not in shown, name
        assert "没有符合条件的课次" in text(client, at("", **{name: "9" * 30}))
        assert "没有符合条件的课次" in text(client, at("", **{name: "×"}))
    assert "演示课甲" in text(client, at("", department=academy.department.pk))
    # Chosen in one week, it stays chosen in another that has none of it.
    assert "演示第二班" in text(client, at("", day=MONDAY - timedelta(days=70), klass=second.pk))
    assert "演示课甲" in text(client, at("", mark="unreleased"))
    assert "演示课甲" not in text(client, at("", mark="clash"))


def test_one_room_in_two_spellings_is_a_clash_in_words(academy: Academy, client_for: SignIn) -> None:
    first, second = held(academy), held(academy, title="演示第二班")
    factories.session(academy, first, title="演示课甲", place="３号 教室")
    factories.session(academy, second, title="演示课乙", place="3号教室", teacher=None)
    shown = text(client_for(academy.seats["registrar"]), at("rooms/", mark="clash"))
    assert "冲突 1 处" in shown
    assert "场地冲突：同时有“演示第二班”的“演示课乙”（09:00—11:30）" in shown


def test_trainees_of_two_classes_at_one_time_are_told_by_number(academy: Academy) -> None:
    first, second = held(academy), held(academy, title="演示第二班")
    row = factories.admitted(academy, first)[0]
    type(row).objects.create(
        training_class=second, person=row.person, organisation=row.organisation, state="admitted"
    )
    factories.session(academy, first)
    factories.session(academy, second, teacher=None, place="演示二号厅")
    asked = queries.asked_for("week", {"date": str(MONDAY)})
    told = [words for entry in queries.board(academy.registrar, asked).entries for words in entry.warnings]
    assert sum("有 1 名学员同时在" in words for words in told) == 2


def test_warnings_and_named_days_stand_on_the_board(academy: Academy, client_for: SignIn) -> None:
    row = factories.session(academy, held(academy))
    Session.objects.filter(pk=row.pk).update(date=date(2025, 10, 1))
    shown = text(client_for(academy.seats["registrar"]), at("", day=date(2025, 10, 1)))
    assert "国庆节" in shown
    assert "提醒 2 条" in shown
    Session.objects.filter(pk=row.pk).update(date=date(2025, 10, 9))
    assert "调休上班" in text(client_for(academy.seats["registrar"]), at("", day=date(2025, 10, 11)))


@pytest.mark.parametrize("key", ["registrar", "headteacher"])
def test_a_full_week_asks_as_often_as_a_thin_one(academy: Academy, client_for: SignIn, key: str) -> None:
    first, second = held(academy), held(academy, title="演示第二班")
    factories.session(academy, first)
    factories.session(academy, second, teacher=None, place="演示二号厅")
    client = client_for(academy.seats[key])
    paths = [at(view + tail) for view in VIEWS for tail in ("", "export/")] + [at("free/")]

    def asked() -> list[int]:
        counts = []
        for path in paths:
            with CaptureQueriesContext(connection) as told:
                assert client.get(path).status_code == 200
            counts.append(len(told))
        return counts

    asked()
    before = asked()
    for day in range(1, 5):
        for klass, place in ((first, "演示一号厅"), (second, f"演示{day}厅")):
            who = academy.seats["teacher" if klass is first else "teacher2"].person
            factories.session(academy, klass, date=MONDAY + timedelta(days=day), place=place, teacher=who)
    assert asked() == before


@pytest.mark.parametrize("view", VIEWS)
def test_the_sheet_of_a_view_holds_every_session_as_text(
    academy: Academy, client_for: SignIn, view: str
) -> None:
    klass = held(academy)
    factories.session(academy, klass, title="=1+1")
    factories.session(academy, klass, title="演示课乙", date=MONDAY + timedelta(days=1), teacher=None)
    answer = client_for(academy.seats["registrar"]).get(at(f"{view}export/"))
    page = openpyxl.load_workbook(BytesIO(answer.content)).active
    head, *rows = [[str(cell or "") for cell in row] for row in page.iter_rows(values_only=True)]
    assert head[0] == {"": "日期", "teachers/": "主讲", "rooms/": "地点"}[view]
    found = sorted((dict(zip(head, row, strict=True)) for row in rows), key=lambda line: line["日期"])
    assert [line["内容"] for line in found] == ["=1+1", "演示课乙"]
    assert found[0] | {"冲突和提醒": ""} == {
        "日期": str(MONDAY), "星期": "星期一", "时段": "上午", "时间": "09:00—11:30", "班次": klass.title, "形式": "专题授课",
        "内容": "=1+1", "主讲": academy.seats["teacher"].person.name, "主讲单位": "演示组联部", "地点": "演示一号厅", "学时": "4",
        "牵头部门": "演示组联部", "状态": "未发布", "冲突和提醒": "",
    }  # fmt: skip
    assert "还没有答复" in found[0]["冲突和提醒"]
    empty = client_for(academy.seats["registrar"]).get(at(f"{view}export/", klass="9"))
    assert openpyxl.load_workbook(BytesIO(empty.content)).active.max_row == 1


# --- journeys ----------------------------------------------------------------------------------------


def journey(academy: Academy, **changed: Any) -> TrainingClass:
    klass = held(academy, title="演示考察班", kind="field_study", itinerary=True, **changed)
    for number, (day, arrives, leaves) in enumerate(((1, 9, 11), (1, 14, 17), (2, 19, 21))):
        Stop.objects.create(
            training_class=klass, date=MONDAY + timedelta(days=day), arrives=time(arrives), leaves=time(leaves),
            place=f"演示基地{number}", city="演示市", purpose=f"演示参观{number}",
        )  # fmt: skip
    return klass


def test_where_a_journey_leads_stands_on_the_boards_without_being_a_session(
    academy: Academy, client_for: SignIn
) -> None:
    klass = journey(academy)
    factories.session(academy, klass, title="演示现场课", date=MONDAY + timedelta(days=1), place="演示基地0")
    found = queries.board(academy.registrar, queries.asked_for("week", {"date": str(MONDAY)}))
    assert (len(found.entries), len(found.stops), found.clashing) == (1, 3, 0)
    assert [(line.count, line.stops) for line in found.lines] == [(1, 3)]
    halves = queries.board(
        academy.registrar, queries.asked_for("week", {"date": str(MONDAY), "rows": "half"})
    )
    assert [line.stops for line in halves.lines] == [1, 1, 1]
    client = client_for(academy.seats["registrar"])
    for view in ("", "rooms/"):
        shown = text(client, at(view))
        assert "演示参观2" in shown
        assert "行程 3 站" in shown
        assert f"/classes/{klass.pk}/stops/" in shown
    assert "演示参观" not in text(client, at("teachers/"))
    assert "演示参观" not in text(client, at("", teacher="-"))
    narrowed = text(client, at("rooms/", room="演示市演示基地1"))
    assert "演示参观1" in narrowed
    assert "演示参观2" not in narrowed
    page = openpyxl.load_workbook(BytesIO(client.get(at("export/")).content)).active
    head, *rows = [[str(cell or "") for cell in row] for row in page.iter_rows(values_only=True)]
    lines = [dict(zip(head, row, strict=True)) for row in rows]
    assert [line["内容"] for line in lines if line["形式"] == "行程"] == [f"演示参观{n}" for n in range(3)]


def test_others_see_a_journey_once_its_class_is_published(academy: Academy, client_for: SignIn) -> None:
    factories.seat(academy, "other", Role.HEAD_TEACHER)
    klass = journey(academy, entry="open")
    keeper, other = client_for(academy.seats["headteacher"]), client_for(academy.seats["other"])
    assert "演示参观0" in text(other, at())
    TrainingClass.objects.filter(pk=klass.pk).update(state="draft")
    assert "演示参观0" not in text(other, at())
    shown = text(keeper, at())
    assert "演示参观0" in shown
    assert "未发布（班次草稿）" in shown
