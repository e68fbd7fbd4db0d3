"""The academy runs its first class end to end, every role by its own screens, from the plan to the verified certificate."""

import io
import re
import zipfile
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from keyuan.attendance.models import CheckIn, Expected, Leave
from keyuan.attendance.rules import codes
from keyuan.credits.models import Certificate, Lot, Posting
from keyuan.evaluation.models import Form
from keyuan.kernel import notify
from keyuan.kernel.models import Batch, BatchRow, IssuedPaper, Job
from keyuan.kernel.worker import Worker
from keyuan.people.models import Person, Seat
from keyuan.people.sheets import ROSTER
from keyuan.training.models import Nomination, Session, TrainingClass
from tests.kernel.sheet_files import grid_of, resident_number
from tests.project.story import Clock, Players, class_typed, lesson_typed, players

N = Nomination.State
SignIn = Callable[[Seat], Client]


class Story:
    """The class as it goes from hand to hand."""

    def __init__(self, cast: Players, clock: Clock, sign_in: SignIn) -> None:
        self.cast, self.clock, self.sign_in = cast, clock, sign_in
        self.registrar, self.liaison = sign_in(cast.registrar), sign_in(cast.liaison)
        self.keeper = sign_in(cast.keeper)
        self.pk = 0

    def held(self) -> TrainingClass:
        return TrainingClass.objects.get(pk=self.pk)

    def at(self, path: str) -> str:
        return f"/classes/{self.pk}/{path}"

    def trainee(self, person: Person) -> Client:
        return self.sign_in(Seat.objects.get(person=person, role="trainee", ends=None))

    def standing(self, person: Person) -> str:
        return Nomination.objects.filter(training_class=self.pk, person=person).latest("pk").state


def went(client: Client, path: str, **typed: Any) -> str:
    """A form sent as a browser without scripts sends it; the page it leads to."""
    answer = client.post(path, typed)
    assert answer.status_code == 302, re.sub(r"<[^>]+>|\s+", " ", answer.content.decode())[-1500:]
    return answer["Location"]


def read(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, (path, answer.status_code)
    return answer.content.decode()


def drained() -> None:
    Worker().drain()
    assert not Job.objects.exclude(state="done").exists(), list(Job.objects.values("kind", "state", "error"))


def open_class(story: Story) -> None:
    """The registrar finds activity 5 in the plan, types the class and hands it in; the lead's head approves."""
    cast = story.cast
    assert cast.activity.name in read(story.registrar, "/plan/2020/")
    assert cast.activity.name in read(story.registrar, f"/plan/activities/{cast.activity.pk}/")
    back = story.registrar.post(
        f"/activities/{cast.activity.pk}/open/", class_typed(cast) | {"ends": "2020-01-01"}
    )
    assert back.status_code == 422
    assert "演示干部培训班" in back.content.decode()
    place = went(story.registrar, f"/activities/{cast.activity.pk}/open/", **class_typed(cast))
    story.pk = int(place.rstrip("/").rsplit("/", 1)[1])
    assert story.held().state == "draft"
    went(story.registrar, story.at("move/"), move="submit")
    head = story.sign_in(cast.head)
    assert "演示干部培训班" in read(head, "/home/")
    went(head, story.at("move/"), move="approve")


def share_and_publish(story: Story) -> None:
    """More shared out than the class holds is not published; then the liaison hears of it twice."""
    unit = story.cast.unit
    assert story.registrar.post(story.at("move/"), {"move": "publish"}).status_code == 422
    went(story.registrar, story.at("shares/"), **{"act": "save", f"share-{unit.pk}": "6"})
    went(story.registrar, story.at("move/"), move="publish")
    assert story.held().state == "published"
    notice = story.registrar.get(story.at("papers/notice/"))
    assert notice.status_code == 200
    assert notice.content[:2] == b"PK"
    notify.deliver()
    assert "演示干部培训班" in read(story.liaison, "/inbox/")
    assert "演示干部培训班" in read(story.liaison, "/home/")


def reply_sheet() -> SimpleUploadedFile:
    """The academy's own form filled in: a good row, a damaged number, somebody twice."""
    book = load_workbook(io.BytesIO(ROSTER.template()))
    page = book.active
    assert page is not None
    head = next(row for row in page.iter_rows(max_row=5) if row[1].value == "姓名*")
    column = {str(cell.value).strip("*"): cell.column for cell in head}
    good, bad = resident_number(60, "19810203"), resident_number(61, "19820304")
    rows = [
        ("演示回执甲", good),
        ("演示回执乙", bad[:-1] + ("0" if bad[-1] != "0" else "1")),
        ("演示回执甲", good),
    ]
    for n, (name, number) in enumerate(rows, head[0].row + 1):
        page.cell(n, column["姓名"], name)
        page.cell(n, column["身份证号"], number)
    out = io.BytesIO()
    book.save(out)
    return SimpleUploadedFile("回执.xlsx", out.getvalue())


def nominate(story: Story) -> None:
    """Four of the unit's own people, then a reply sheet of which one row is mended and one comes back."""
    went(story.liaison, story.at("nominate/people/"), person=[p.pk for p in story.cast.own[:4]])
    place = went(story.liaison, story.at("nominate/upload/"), file=reply_sheet())
    drained()
    seen = read(story.liaison, place)
    assert "演示回执甲" in seen
    assert "演示回执乙" in seen
    batch = Batch.objects.get()
    assert batch.rows.filter(is_bad=False).count() == 1
    damaged = batch.rows.get(sheet_row=batch.rows.order_by("sheet_row")[1].sheet_row)
    page = story.liaison.post(f"/batch-rows/{damaged.pk}/", {"name": "演示回执乙", "id_number": "4499"})
    assert page.status_code == 422
    went(
        story.liaison, f"/batch-rows/{damaged.pk}/", name="演示回执乙", id_number=resident_number(61, "19820304")
    )  # fmt: skip
    went(story.liaison, f"{place}confirm/")
    drained()
    assert BatchRow.objects.filter(batch=batch, state="applied").count() == 2
    back = story.liaison.get(f"{place}result/")
    text = str(grid_of(back.getvalue()))
    assert "演示回执甲" in text
    assert "演示回执乙" not in text
    assert Nomination.objects.filter(training_class=story.pk, state=N.SUBMITTED).count() == 6
    went(story.liaison, story.at("nominate/people/"), person=[story.cast.own[4].pk])
    assert story.standing(story.cast.own[3]) == N.SUBMITTED
    assert not Nomination.objects.filter(person=story.cast.own[4]).exists(), "over the unit's share"


def rows_of(story: Story, *people: Person) -> list[int]:
    rows = Nomination.objects.filter(training_class=story.pk, person__in=people)
    return list(rows.exclude(state__in=(N.SUBSTITUTED, N.WITHDRAWN)).values_list("pk", flat=True))


def admit(story: Story) -> None:
    """Four at once, one waits, one goes back with a reason; the freed place goes to the one who waits."""
    own = story.cast.own
    sheet = list(Person.objects.filter(name__startswith="演示回执").order_by("name"))
    went(story.registrar, story.at("nominations/many/"), act="admit", pk=rows_of(story, *own[:4]))
    went(story.registrar, story.at("nominations/many/"), act="waitlist", pk=rows_of(story, sheet[0]))
    went(
        story.registrar, story.at("nominations/many/"), act="return", pk=rows_of(story, sheet[1]), note="请补职务"
    )  # fmt: skip
    assert [story.standing(p) for p in (own[0], *sheet)] == [N.ADMITTED, N.WAITLISTED, N.RETURNED]
    assert "请补职务" in read(story.liaison, story.at("nominate/"))
    went(
        story.liaison, story.at("nominate/people/"), person=[own[5].pk], replace=rows_of(story, own[3])[0]
    )  # fmt: skip
    assert story.standing(own[3]) == N.SUBSTITUTED
    assert story.standing(sheet[0]) == N.ADMITTED, "the freed place goes to the waitlist"
    went(
        story.liaison, story.at("nominate/people/"), person=[own[4].pk], replace=rows_of(story, sheet[1])[0]
    )  # fmt: skip
    went(story.registrar, story.at("nominations/many/"), act="admit", pk=rows_of(story, own[4], own[5]))
    assert story.held().taken == 6


def plan_lessons(story: Story) -> None:
    """Two days; a teacher in two places is refused with the other lesson named, then everything is released."""
    day, (first, second) = story.cast.day, story.cast.teachers
    add = story.at("timetable/add/")
    went(story.keeper, add, **lesson_typed(day, "am", "09:00", "11:30", first, title="党性教育"))
    clash = story.keeper.post(add, lesson_typed(day, "am", "10:00", "11:00", first, place="二号厅"))
    assert clash.status_code == 422
    assert "党性教育" in clash.content.decode()
    went(story.keeper, add, **lesson_typed(day, "pm", "14:30", "17:30", second, title="科协业务", hours="4"))
    last = lesson_typed(day + timedelta(days=1), "am", "09:00", "09:30", first, title="结业式")
    went(story.keeper, add, **last | {"kind": "closing", "hours": "0.5", "teacher": ""})
    went(story.keeper, story.at("timetable/release/"))
    assert story.held().timetable_version == 1


def lesson(story: Story, title: str) -> Session:
    return Session.objects.get(training_class=story.pk, title=title)


def attend(story: Story) -> None:
    """The trainee sees today's lesson, scans the room's code, is late to none; another is ticked late, one absent."""
    cast, day = story.cast, story.cast.day
    story.clock.at(day, 8, 50)
    phone = story.trainee(cast.own[0])
    assert "党性教育" in read(phone, "/home/")
    feed = re.search(r"/calendar/[^\"<\s]+\.ics", read(phone, story.at("timetable/")))
    assert feed
    assert "党性教育" in read(Client(), feed[0]).replace("\r\n ", "")
    sitting = lesson(story, "党性教育").sitting_id
    screen = read(story.sign_in(cast.keeper), f"/attendance/{sitting}/screen/")
    assert codes.room_letters(sitting) in screen.replace(" ", "")
    assert "<svg" in screen
    # What the picture of the code says: pictures are not read here.
    confirm = read(phone, f"/s/{sitting}/{codes.room_token(sitting)}/")
    ticket = re.search(r'name="ticket" value="([^"]+)"', confirm)
    assert ticket
    for _twice in range(2):
        assert phone.post(f"/attendance/{sitting}/check-in/", {"ticket": ticket[1]}).status_code == 200
    rest = [row.person_id for row in Expected.objects.filter(sitting=sitting).exclude(person=cast.own[0])]
    keeper = story.sign_in(cast.keeper)
    went(keeper, f"/attendance/{sitting}/mark/", tick="present", pk=rest[1:])
    story.clock.at(day, 9, 20)
    went(keeper, f"/attendance/{sitting}/mark/", tick="late", pk=[rest[0]])
    came = CheckIn.objects.filter(expected__sitting=sitting)
    assert sorted(came.values_list("verdict", flat=True)) == ["late"] + ["present"] * 5
    read(keeper, f"/attendance/{sitting}/")


def take_leave(story: Story) -> None:
    """Leave from the closing is asked for on the phone and approved by the head teacher."""
    phone = story.trainee(story.cast.own[1])
    row = Expected.objects.get(sitting=lesson(story, "结业式").sitting_id, person=story.cast.own[1])
    went(phone, f"/attendance/of/training.class/{story.pk}/leave/", sittings=[row.pk], reason="返程车次较早")
    leave = Leave.objects.get()
    keeper = story.sign_in(story.cast.keeper)
    assert "返程车次较早" in read(keeper, f"/attendance/leaves/{leave.pk}/")
    went(keeper, f"/attendance/leaves/{leave.pk}/move/", move="approve")
    leave.refresh_from_db()
    assert leave.state == "approved"


def finish_lessons(story: Story) -> None:
    """The afternoon with one absent, the closing with one on leave."""
    cast = story.cast
    story.clock.at(cast.day, 14, 31)
    keeper = story.sign_in(cast.keeper)
    sitting = lesson(story, "科协业务").sitting_id
    away = cast.own[2].pk
    went(keeper, f"/attendance/{sitting}/mark/", tick="absent", pk=[away])
    went(keeper, f"/attendance/{sitting}/mark/", tick="present", all="missing")
    went(keeper, f"/attendance/{sitting}/mark/", tick="absent", pk=[away])
    refused = story.sign_in(cast.registrar).post(story.at("close/"))
    assert refused.status_code == 422
    story.clock.at(cast.day + timedelta(days=1), 9, 1)
    sitting, keeper = lesson(story, "结业式").sitting_id, story.sign_in(cast.keeper)
    here = Expected.objects.filter(sitting=sitting).exclude(person=cast.own[1])
    went(keeper, f"/attendance/{sitting}/mark/", tick="present", pk=[row.person_id for row in here])


def evaluate(story: Story) -> None:
    """Opened to those who came, answered by five without scripts, closed, and shown."""
    cast = story.cast
    keeper = story.sign_in(cast.keeper)
    went(keeper, f"/sessions/{lesson(story, '党性教育').pk}/evaluate/")
    form = Form.objects.get()
    for person in (*cast.own[:3], *cast.own[4:6]):
        phone = story.trainee(person)
        read(phone, f"/evaluation/{form.pk}/answer/")
        page = phone.post(f"/evaluation/{form.pk}/plain/").content.decode()
        token = re.search(r'name="token" value="([^"]+)"', page)
        assert token
        grades = {q["key"]: 4 for q in form.questions if q["kind"] == "grade"}
        assert Client().post(f"/urn/{form.pk}/", {"token": token[1], **grades}).status_code == 200
        assert phone.post(f"/evaluation/{form.pk}/plain/").status_code >= 400, "one ballot a person"
    assert "满意率" not in read(keeper, f"/evaluation/{form.pk}/")
    went(keeper, f"/evaluation/{form.pk}/move/", move="close")
    went(keeper, f"/evaluation/{form.pk}/move/", move="publish")
    assert "满意率" in read(keeper, f"/evaluation/{form.pk}/")


def close(story: Story) -> None:
    """The checklist is clear; pressed twice the hours are banked once, only for those who complete."""
    story.clock.at(story.cast.day + timedelta(days=1), 10)
    registrar = story.registrar = story.sign_in(story.cast.registrar)
    assert "未达到" in read(registrar, story.at("closing/"))
    assert registrar.post(story.at("close/")).status_code == 422, "a class is closed with its final timetable"
    went(story.sign_in(story.cast.keeper), story.at("timetable/final/"))
    went(registrar, story.at("close/"))
    went(registrar, story.at("close/"))
    lots = Lot.objects.all()
    assert sorted(lots.values_list("hours", flat=True)) == [Decimal(7)] + [Decimal("7.5")] * 4
    assert not lots.filter(account__person=story.cast.own[2]).exists(), "absent for half of it"


def certify(story: Story) -> str:
    """Certificates in the background; anybody may verify one, and an unknown one looks no different from outside."""
    went(story.registrar, story.at("certificates/"))
    drained()
    assert Certificate.objects.count() == 5
    went(story.registrar, story.at("certificates/"))
    drained()
    assert Certificate.objects.count() == 5
    assert IssuedPaper.objects.count() == 5
    code = IssuedPaper.objects.order_by("pk")[0].verify_code
    assert "verdict valid" in read(Client(), f"/verify/{code}/")
    assert "verdict unknown" in read(Client(), "/verify/AAAAAAAAAAAA/")
    mine = story.trainee(story.cast.own[0])
    assert "7.5" in read(mine, "/credits/")
    return str(code)


def pack(story: Story) -> None:
    """一班一档: seven papers and the index with their checksums."""
    job = went(story.registrar, story.at("dossier/"))
    drained()
    link = Job.objects.get(pk=int(job.rstrip("/").rsplit("/", 1)[1])).link
    answer: Any = story.registrar.get(link)
    assert answer.status_code == 200
    with zipfile.ZipFile(io.BytesIO(answer.getvalue())) as archive:
        assert len(archive.namelist()) == 8
        assert archive.testzip() is None


def reopen(story: Story, code: str) -> None:
    """Taken back: the hours by counter-entries, the certificates revoked."""
    went(story.registrar, story.at("reopen/"), note="漏登考勤")
    assert story.held().state == "published"
    assert sum(Posting.objects.values_list("amount", flat=True)) == 0
    assert Posting.objects.filter(kind="counter").count() == Posting.objects.filter(kind="earn").count() > 0
    assert "verdict revoked" in read(Client(), f"/verify/{code}/")


@pytest.mark.django_db
def test_the_academy_runs_its_first_class_end_to_end(
    client_for: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = Story(players(), Clock(monkeypatch), client_for)
    open_class(story)
    share_and_publish(story)
    nominate(story)
    admit(story)
    plan_lessons(story)
    attend(story)
    take_leave(story)
    finish_lessons(story)
    evaluate(story)
    close(story)
    code = certify(story)
    pack(story)
    reopen(story, code)
