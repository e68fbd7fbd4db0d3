"""Minutes in online meetings: overlapping times once, two persons in a row, every platform's own titles."""

import csv
import io
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from keyuan.attendance import actions, sheets
from keyuan.attendance.actions.meeting import OnlineRow
from keyuan.attendance.models import CheckIn, MarkChange, OnlineStay, Sitting
from keyuan.attendance.rules import codes
from keyuan.attendance.rules.meetings import Span, credited, cut, enough, meant, span
from keyuan.attendance.sheets.platforms import duration, moment
from keyuan.kernel import batchjobs
from keyuan.kernel.access import Forbidden
from keyuan.kernel.faults import Fault
from keyuan.kernel.models import BatchRow
from keyuan.kernel.sheet import Unreadable, batches, mending
from keyuan.people.models import Person
from tests.attendance.conftest import LABEL, OWNER

NINE = datetime(2026, 11, 23, 9, tzinfo=UTC)


def at(minute: int) -> datetime:
    return NINE + timedelta(minutes=minute)


@st.composite
def spans(draw):
    first = draw(st.integers(-60, 240))
    length = draw(st.integers(1, 200))
    spent = draw(st.none() | st.integers(0, 300))
    return span(at(first), at(first + length), None if spent is None else spent * 60)


def covered(stays) -> int:
    """Minutes inside any stay, counted one by one."""
    return len({minute for s in stays for minute in range(int((s.starts - NINE).total_seconds() // 60), int((s.ends - NINE).total_seconds() // 60))})  # fmt: skip


@given(st.lists(spans(), max_size=8), st.randoms())
def test_the_order_of_rows_makes_no_difference_and_nothing_counts_beyond_what_is_covered(stays, chance):
    mixed = list(stays)
    chance.shuffle(mixed)
    total = credited(stays)
    assert total == credited(mixed)
    assert 0 <= total <= covered(stays) * 60
    assert total <= sum(stay.seconds for stay in stays)


@given(st.lists(spans(), min_size=1, max_size=6))
def test_whole_stays_count_exactly_what_they_cover_and_a_second_device_adds_nothing(stays):
    whole = [span(stay.starts, stay.ends) for stay in stays]
    assert credited(whole) == covered(whole) * 60
    assert credited(whole + whole) == credited(whole)


@given(st.lists(spans(), min_size=1, max_size=6), spans())
def test_a_further_stay_never_takes_away(stays, more):
    assert credited([*stays, more]) >= credited(stays)


@given(spans(), st.integers(0, 100), st.integers(1, 100))
def test_a_cut_lies_within_the_window_and_counts_no_more_than_its_length(stay, start, length):
    part = cut(stay, at(start), at(start + length))
    if part is None:
        assert stay.ends <= at(start) or stay.starts >= at(start + length)
    else:
        assert at(start) <= part.starts < part.ends <= at(start + length)
        assert part.seconds <= part.length
        assert part.seconds <= stay.seconds


def test_the_share_is_reached_on_the_second():
    length = timedelta(minutes=90)
    assert enough(72 * 60, length, Decimal("0.8"))
    assert not enough(72 * 60 - 1, length, Decimal("0.8"))


NAMES = {"张三": [1], "李四": [2], "王五": [3, 4], "欧阳修远": [5], "阿布都热依木": [6]}
CODES = {"7K2MQX": 4}


@pytest.mark.parametrize(
    ("cell", "people", "shared", "guessed"),
    [("张三", (1,), (), False), ("张三、李四", (1, 2), (), False), ("张三-省农学会", (1,), (), False),
     ("省农学会 张三", (1,), (), False), ("张三(李四的手机)", (1,), (), False), ("张三&李四", (1, 2), (), False),
     ("张三＆李四", (1, 2), (), False), ("03张三", (1,), (), False), ("李四的iPhone", (2,), (), True), ("省农学会张三", (1,), (), True),
     ("张三和李四", (1, 2), (), True), ("王五", (), ("王五",), False), ("王五 7k2mqx", (4,), (), False), ("主持人", (), (), False),
     ("阿布都·热依木", (6,), (), False), ("欧阳修远-广东药学会(欧阳修远)", (5,), (), False), ("张　三", (1,), (), True), ("", (), (), False)],
)  # fmt: skip
def test_a_cell_of_names_means_whom_it_names(cell, people, shared, guessed):
    found = meant(cell, NAMES, CODES)
    assert (set(found.people), found.shared) == (set(people), shared)
    assert found.guessed is guessed


@pytest.mark.parametrize(
    ("written", "seconds"),
    [("0:30:00", "1800"), ("30:00", "1800"), ("62", "3720"), ("62 分钟", "3720"), ("1小时5分3秒", "3903"), ("1h 2m 3s", "3723"),
     ("45s", "45"), ("", ""), ("--", ""), (0.0625, "5400"), ("1 hr 5 min", "3900")],
)  # fmt: skip
def test_durations_as_platforms_write_them(written, seconds):
    assert duration(written).value == seconds


@pytest.mark.parametrize(
    "written",
    ["2026-11-23 09:00:05", "2026/11/23 9:00:05", "11/23/2026 09:00:05 AM", "11/23/26, 9:00:05 AM", "2026年11月23日 09:00:05",
     NINE.replace(tzinfo=None, second=5)],
)  # fmt: skip
def test_moments_as_platforms_write_them(written):
    assert moment(written).value == "2026-11-23 09:00:05"


def test_what_is_no_moment_or_duration_says_how_to_mend_it():
    for read, wrong in ((moment, "上午九点"), (duration, "很久"), (duration, "分钟")):
        with pytest.raises(Unreadable, match="这里要填"):
            read(wrong)


# --- whole lists ---------------------------------------------------------------------------------------


def held(world, *, length: int) -> Sitting:
    """A sitting this day or the day before that is over, on the full minute as timetables have it."""
    return world.sitting(timezone.now().replace(second=0, microsecond=0) - timedelta(hours=4), length=length)


def clock(sitting, minutes: int) -> str:
    return f"{timezone.localtime(sitting.starts + timedelta(minutes=minutes)):%Y-%m-%d %H:%M:%S}"


def tencent(rows) -> SimpleUploadedFile:
    """As Tencent Meeting gives it: theme and number above, titles on row 9."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["会议主题", "演示培训班线上课"])
        page.write_row(1, 0, ["会议号", "123-456-789"])
        titles = ["用户昵称（入会昵称）", "首次入会时间", "最后退会时间", "入会次数", "累计参会时长", "身份"]
        page.write_row(8, 0, titles)
        for n, row in enumerate(rows, 9):
            page.write_row(n, 0, row)
    return SimpleUploadedFile("演示培训班-123456789-参会成员.xlsx", out.getvalue())


def lines(sitting, *rows: tuple[str, int, int, str]) -> list[list[str]]:
    return [[name, clock(sitting, a), clock(sitting, b), "1", spent, "成员"] for name, a, b, spent in rows]


def verdicts(batch) -> dict[str, str]:
    found = {}
    for stored in BatchRow.objects.filter(batch=batch):
        row = batches.opened(stored)
        found[row.cells[0]] = "；".join(f.message for f in (*row.faults, *row.hints))
    return found


def test_a_tencent_list_is_previewed_with_verdicts_and_confirmed_once(world):
    sitting = held(world, length=100)
    rows = lines(
        sitting,
        ("演示学员0(演示学员0)", 0, 50, "0:50:00"),
        ("演示学员0(手机)", 40, 85, "0:45:00"),
        ("演示学员1、演示学员2", -10, 110, "2:00:00"),
        ("演示学员3-某学会", 0, 100, "0:30:00"),
        ("王主持", 0, 100, "1:40:00"),
        ("演示学员4", 300, 400, "1:40:00"),
    )
    batch = sheets.received(world.head, sittings=[sitting], upload=tencent(rows))
    said = verdicts(batch)
    assert "在线 85/100 分钟，达到 80%，算到课" in said["演示学员0(手机)"]
    assert "演示学员2《专题1》在线 100/100" in said["演示学员1、演示学员2"]
    assert "不足" in said["演示学员3-某学会"]
    assert "没有对得上的人" in said["王主持"]
    assert "不在所选课次内" in said["演示学员4"]
    assert not CheckIn.objects.exists()
    batches.confirm(world.head, batch=batch)
    for _again in range(2):
        batches.apply_rows(world.head, batch=batch)
    found = CheckIn.objects.order_by("expected__person__name")
    assert [c.expected.person.name for c in found] == ["演示学员0", "演示学员1", "演示学员2"]
    assert {(c.verdict, c.how) for c in found} == {("present", "online")}
    assert OnlineStay.objects.count() == 5
    assert batchjobs.back_of(batch) == f"/attendance/{sitting.pk}/"


def test_an_unknown_name_is_asked_and_answered_in_place(world):
    sitting = held(world, length=60)
    Person.objects.filter(pk=world.people[1].pk).update(name="演示学员0")
    rows = lines(sitting, ("小张同学", 0, 60, "1:00:00"), ("演示学员0", 0, 60, "1:00:00"))
    batch = sheets.received(world.head, sittings=[sitting], upload=tencent(rows))
    unknown, shared = BatchRow.objects.filter(batch=batch).order_by("sheet_row")
    assert "本人码" in batches.opened(shared).faults[0].message
    mending.mend(world.head, row=unknown, values={"name": "演示学员4"})
    code = codes.personal_letters(LABEL, OWNER, world.people[1].pk)
    mending.mend(world.head, row=shared, values={"name": f"演示学员0 {code}"})
    batches.confirm(world.head, batch=batch)
    batches.apply_rows(world.head, batch=batch)
    assert set(CheckIn.objects.values_list("expected__person_id", flat=True)) == {
        world.people[4].pk, world.people[1].pk,
    }  # fmt: skip


def csv_file(name, rows, coding="utf-8-sig", sign=",") -> SimpleUploadedFile:
    out = io.StringIO()
    csv.writer(out, delimiter=sign).writerows(rows)
    return SimpleUploadedFile(name, out.getvalue().encode(coding))


def test_lists_of_zoom_teams_and_dingtalk_are_read_by_their_own_titles(world):
    sitting = held(world, length=60)
    first, last = clock(sitting, 0), clock(sitting, 58)
    american = f"{timezone.localtime(sitting.starts):%m/%d/%Y %I:%M:%S %p}"
    leaving = f"{timezone.localtime(sitting.starts + timedelta(minutes=58)):%m/%d/%Y %I:%M:%S %p}"
    zoom = [["Name (Original Name)", "User Email", "Join Time", "Leave Time", "Duration (Minutes)", "Guest"],
            ["演示学员0 (演示学员0)", "", american, leaving, "58", "Yes"]]  # fmt: skip
    teams = [["1. Summary"], ["Meeting title", "演示"], ["Attended participants", "2"], [], ["2. Participants"],
             ["Name", "First Join", "Last Leave", "In-Meeting Duration", "Email", "Role"],
             ["演示学员1", american, leaving, "58m 0s", "", "Presenter"], [], ["3. In-Meeting Activities"],
             ["Name", "Join Time", "Leave Time", "Duration", "Email", "Role"], ["演示学员4", american, leaving, "58m", "", ""]]  # fmt: skip
    ding = [
        ["姓名", "部门", "加入时间", "离开时间", "参会时长"],
        ["演示学员2", "某部", first, last, "58分钟"],
    ]
    files = [csv_file("zoom.csv", zoom), csv_file("teams.csv", teams, "utf-16", "\t"), csv_file("ding.csv", ding, "gb18030")]  # fmt: skip
    for upload in files:
        batch = sheets.received(world.head, sittings=[sitting], upload=upload)
        batches.confirm(world.head, batch=batch)
        batches.apply_rows(world.head, batch=batch)
    names = CheckIn.objects.order_by("expected__person__name").values_list(
        "expected__person__name", flat=True
    )
    assert list(names) == ["演示学员0", "演示学员1", "演示学员2"]


def test_stays_from_two_files_add_up_and_an_absence_is_put_right_but_a_mark_stands(world):
    sitting = held(world, length=100)
    actions.mark(world.head, sitting=sitting, person_ids=[world.people[0].pk], tick="absent", paper=True)
    actions.mark(world.head, sitting=sitting, person_ids=[world.people[1].pk], tick="late", paper=True)
    ids = (world.people[0].pk, world.people[1].pk)

    def row(first: int, last: int) -> OnlineRow:
        stay = span(sitting.starts + timedelta(minutes=first), sitting.starts + timedelta(minutes=last))
        return OnlineRow(1, ids, stay)

    actions.take_stays(world.head, sittings=[sitting], rows=[row(0, 45)])
    assert CheckIn.objects.get(expected__person=world.people[0]).verdict == "absent"
    actions.take_stays(world.head, sittings=[sitting], rows=[row(50, 95), row(50, 95)])
    assert CheckIn.objects.get(expected__person=world.people[0]).how == "online"
    assert CheckIn.objects.get(expected__person=world.people[1]).verdict == "late"
    assert MarkChange.objects.get().after == "present"
    with pytest.raises(Forbidden):
        actions.take_stays(world.other_head, sittings=[sitting], rows=[row(0, 95)])


def test_the_list_is_sent_from_the_board_for_the_sittings_of_the_day(world, office):
    sitting = held(world, length=60)
    place = reverse("attendance:meeting", args=[sitting.pk])
    assert "80%" in office.get(place).content.decode()
    assert office.post(place, {"sittings": [sitting.pk]}).status_code == 422
    wrong = SimpleUploadedFile("x.csv", b"\xff\xfe\x00")
    assert office.post(place, {"sittings": [sitting.pk], "file": wrong}).status_code == 422
    upload = tencent(lines(sitting, ("演示学员0", 0, 60, "1:00:00")))
    answer = office.post(place, {"sittings": [sitting.pk], "file": upload})
    assert answer.status_code == 302
    assert "算到课" in office.get(answer["Location"]).content.decode()


def test_a_list_of_something_else_is_refused_with_the_way_out(world):
    sitting = world.now()
    with pytest.raises(Fault, match="表头"):
        sheets.received(world.head, sittings=[sitting], upload=csv_file("a.csv", [["甲", "乙"], ["1", "2"]]))
    assert Span(NINE, at(1), 60).length == 60
