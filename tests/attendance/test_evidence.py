"""Paper sheets, corrections, histories and telephone numbers."""

import io
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from keyuan.attendance import actions, queries
from keyuan.attendance.models import CheckIn, MarkChange, SheetPhoto
from keyuan.attendance.queries import history
from keyuan.attendance.rules import Limits
from keyuan.kernel import files
from keyuan.kernel.access import Forbidden, visible
from keyuan.kernel.faults import Conflict, Fault
from keyuan.kernel.models import StoredFile
from keyuan.kernel.models.audit import AuditEntry
from keyuan.people.actions import PersonFacts, add_person
from keyuan.people.models import Account, Person, Seat
from tests.attendance.conftest import LABEL, OWNER
from tests.attendance.test_views import guest

ORIENTATION, MAKER, PLACE = 0x0112, 0x010F, 0x8825
RED, BLUE = (200, 30, 30), (30, 30, 200)


def drawn(kind="PNG", *, turned=False):
    """A sheet whose left half is red; with `turned` as a phone held upright stores it, with maker and place."""
    exif = Image.Exif()
    if turned:
        exif[ORIENTATION], exif[MAKER] = 6, "Phone"
        exif.get_ifd(PLACE)[1] = "N"
        exif.get_ifd(PLACE)[2] = (39.0, 59.0, 30.0)
    found = Image.new("RGB", (80, 40), BLUE)
    found.paste(RED, (0, 0, 40, 40))
    out = io.BytesIO()
    found.save(out, kind, exif=exif)
    return out.getvalue()


PNG = drawn()


def picture(name="sheet.png", data=PNG):
    return SimpleUploadedFile(name, data)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_of_the_sheet_is_upright_and_says_neither_place_nor_device(world, kind):
    sent = picture(f"IMG_1.{kind.lower()}", drawn(kind, turned=True))
    (photo,) = actions.add_photos(world.head, sitting=world.now(), uploads=[sent])
    stored = files.of("attendance.SheetPhoto", photo.pk).get()
    assert (stored.name, stored.kind) == ("IMG_1.jpg", "jpg")
    with files.opened(stored) as kept:
        data = kept.read()
    assert b"Exif" not in data
    assert b"Phone" not in data
    with Image.open(io.BytesIO(data)) as found:
        assert not found.getexif()
        assert found.size == (40, 80)
        upper, lower = found.getpixel((20, 10)), found.getpixel((20, 70))
    assert upper[0] > 150 > upper[2]
    assert lower[2] > 150 > lower[0]


def test_a_scanned_pdf_is_kept_as_it_came_and_what_only_says_it_is_a_picture_is_not(world):
    pdf = b"%PDF-1.7\n%%EOF\n"
    (photo,) = actions.add_photos(world.head, sitting=world.now(), uploads=[picture("s.pdf", pdf)])
    with files.opened(files.of("attendance.SheetPhoto", photo.pk).get()) as kept:
        assert kept.read() == pdf
    with pytest.raises(Fault, match="照片"):
        actions.add_photos(world.head, sitting=world.now(), uploads=[picture("s.png", b"<svg/>")])


def test_a_photo_is_kept_with_the_sitting_and_copied_beside_the_list(world, office):
    sitting = world.sitting(timezone.now() - timedelta(hours=5))
    place = reverse("attendance:paper", args=[sitting.pk])
    assert office.post(place).status_code == 422
    assert office.post(place, {"photos": picture("a.png", b"not a picture")}).status_code == 422
    answer = office.post(place, {"photos": [picture(), picture("b.png", drawn(turned=True))]})
    photo = SheetPhoto.objects.order_by("pk").first()
    assert answer["Location"] == reverse("attendance:photo", args=[photo.pk])
    page = office.get(answer["Location"]).content.decode()
    stored = StoredFile.objects.filter(owner_label="attendance.SheetPhoto").order_by("pk").first()
    assert f'src="/files/{stored.pk}/"' in page
    given = office.get(f"/files/{stored.pk}/")
    assert given["Content-Type"] == "image/jpeg"
    assert b"".join(given.streaming_content).startswith(b"\xff\xd8\xff")
    copy = {"pk": [world.people[0].pk, world.people[1].pk], "rest": "1"}
    assert office.post(answer["Location"], copy).status_code == 302
    marks = dict(CheckIn.objects.values_list("expected__person__name", "verdict"))
    assert marks == {"演示学员0": "present", "演示学员1": "present", "演示学员2": "absent", "演示学员3": "absent", "演示学员4": "absent"}  # fmt: skip
    assert set(CheckIn.objects.values_list("how", flat=True)) == {"paper"}
    photo.refresh_from_db()
    assert photo.state == "copied"
    with pytest.raises(Conflict, match="依据"):
        actions.drop_photo(world.head, photo=photo)
    second = SheetPhoto.objects.order_by("pk").last()
    assert office.post(reverse("attendance:photo-drop", args=[second.pk])).status_code == 302
    assert StoredFile.objects.filter(owner_label="attendance.SheetPhoto").count() == 1


def test_trainees_and_strangers_see_no_photo_of_anybodys_hand(world):
    sitting = world.now()
    (photo,) = actions.add_photos(world.head, sitting=sitting, uploads=[picture()])
    for actor, count in ((world.head, 1), (world.registrar, 1), (world.trainee(0), 0), (world.other_head, 0), (world.stranger, 0)):  # fmt: skip
        assert visible(actor, SheetPhoto).count() == count
        assert visible(actor, StoredFile).filter(owner_label="attendance.SheetPhoto").count() == count
    with pytest.raises(Forbidden):
        actions.copy_sheet(world.trainee(0), photo=photo, person_ids=[])
    with pytest.raises(Fault, match="一次最多"):
        actions.add_photos(world.head, sitting=sitting, uploads=[picture()] * 11)


def test_copying_leaves_marks_already_made_and_those_on_leave(world):
    sitting = world.now()
    actions.mark(world.head, sitting=sitting, person_ids=[world.people[0].pk], tick="late")
    leave = actions.request_leave(
        world.head, school_id=world.school.pk, owner_label=LABEL, owner_id=OWNER, person_id=world.people[1].pk,
        expected_ids=[world.expected(sitting, 1).pk], reason="公务",
    )  # fmt: skip
    actions.decide_leave(world.head, leave=leave, move="approve")
    (photo,) = actions.add_photos(world.head, sitting=sitting, uploads=[picture()])
    done = actions.copy_sheet(
        world.head, photo=photo, person_ids=[world.people[0].pk, world.people[2].pk], rest_absent=True
    )
    assert done == (1, 2)
    assert CheckIn.objects.get(expected__person=world.people[0]).verdict == "late"
    assert not CheckIn.objects.filter(expected__person=world.people[1]).exists()


def test_a_correction_needs_a_reason_and_stays_in_the_history(world, office):
    sitting = world.sitting(timezone.now() - timedelta(hours=5))
    row = world.expected(sitting, 0)
    with pytest.raises(Fault, match="理由"):
        actions.correct(world.head, expected=row, to="present", reason=" ")
    place = reverse("attendance:line", args=[row.pk])
    assert office.post(place, {"to": "present", "reason": ""}).status_code == 422
    assert office.post(place, {"to": "present", "reason": "会务名单有其签字"}).status_code == 302
    found = CheckIn.objects.get()
    assert (found.verdict, found.at, found.how) == ("present", sitting.starts, "list")
    assert not actions.correct(world.head, expected=row, to="present", reason="再次")
    actions.correct(world.registrar, expected=row, to="undo", reason="签错了人")
    assert [(line.before, line.after) for line in MarkChange.objects.all()] == [
        ("", "present"),
        ("present", ""),
    ]
    assert "会务名单有其签字" in office.get(place).content.decode()
    page = guest(world, 0).get(place)
    assert "签错了人" in page.content.decode()
    assert "更正理由" not in page.content.decode()
    assert guest(world, 1).get(place).status_code == 404
    assert guest(world, 0).post(place, {"to": "present", "reason": "我到了"}).status_code == 403
    assert AuditEntry.objects.filter(action="attendance.corrected").count() == 2
    assert [event.note for event in history.events(row)] == ["会务名单有其签字", "签错了人"]


def test_nobody_corrects_their_own_mark(world):
    sitting = world.now()
    actions.expect(world.registrar, sittings=[sitting], person_ids=[world.head.person_id])
    own = sitting.expected.get(person_id=world.head.person_id)
    with pytest.raises(Forbidden):
        actions.correct(world.head, expected=own, to="present", reason="我在")


def test_the_history_tells_every_source(world):
    sitting = world.sitting(timezone.now() - timedelta(hours=5))
    actions.claim(world.trainee(0), sitting=sitting, stated_at=sitting.starts, reason="手机没电")
    claim = world.expected(sitting, 0).claims.get()
    actions.judge_claim(world.head, claim=claim, move="accept")
    told = [event.what for event in history.events(world.expected(sitting, 0))]
    assert any("补签申报：已认可" in each for each in told)
    assert any("现登记：已到（补签申报）" in each for each in told)
    lines = history.lines_of(world.trainee(0), world.expected(sitting, 0))
    assert [mark for _row, mark in lines] == ["present"]


def test_numbers_of_the_missing_are_shown_while_the_sitting_runs_and_each_look_is_written_down(world, office):
    known = add_person(world.registrar, facts=PersonFacts("演示来电", phone="13800000001", demo=True))
    sitting = world.now()
    actions.expect(world.registrar, sittings=[sitting], person_ids=[known.pk])
    place = reverse("attendance:phones", args=[sitting.pk])
    assert "13800000001" not in office.get(reverse("attendance:board", args=[sitting.pk])).content.decode()
    answer = office.post(place)
    assert 'href="tel:13800000001"' in answer.content.decode()
    assert "没有登记手机" in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert AuditEntry.objects.filter(action="attendance.phone_seen", thing_id=known.pk).count() == 1
    over = world.sitting(timezone.now() - timedelta(hours=5))
    ahead = world.sitting(timezone.now() + timedelta(hours=3))
    for closed in (over, ahead):
        with pytest.raises(Forbidden):
            actions.phones_of_missing(world.head, sitting=closed)
    for actor in (world.leader, world.trainee(0), world.other_head):
        with pytest.raises(Forbidden):
            actions.phones_of_missing(actor, sitting=sitting)


def test_the_board_finds_people_by_name_pinyin_unit_and_code(world, office):
    sitting = world.now()
    board = reverse("attendance:board", args=[sitting.pk])
    lines = queries.board(world.head, sitting).lines
    code = next(line.code for line in lines if line.name == "演示学员3")
    for typed in ("演示学员3", "yan3", code.lower(), f"KEYUAN:{code}"):
        page = office.get(board, {"q": typed}).content.decode()
        assert "演示学员3</a>" in page
        assert "演示学员1</a>" not in page


def test_a_mark_changed_by_hand_leaves_a_line_and_after_the_end_needs_a_reason(world):
    sitting = world.sitting(timezone.now() - timedelta(minutes=20))
    ids = [world.people[0].pk]
    actions.mark(world.head, sitting=sitting, person_ids=ids, tick="present")
    actions.mark(world.head, sitting=sitting, person_ids=ids, tick="late")
    assert [(line.before, line.after) for line in MarkChange.objects.all()] == [("present", "late")]
    over = world.sitting(timezone.now() - timedelta(hours=5))
    actions.mark(world.head, sitting=over, person_ids=ids, tick="absent")
    with pytest.raises(Fault, match="更正"):
        actions.mark(world.head, sitting=over, person_ids=ids, tick="present")
    assert actions.mark(world.head, sitting=over, person_ids=ids, tick="present", paper=True) == 1
    assert MarkChange.objects.last().reason == "依据纸质签到表"


def test_the_window_shuts_for_those_who_sign_themselves_and_not_for_staff(world):
    sitting = world.sitting(timezone.now() - timedelta(minutes=20))
    limits = Limits(closes_after=15, claim_days=2)
    actions.set_policy(world.registrar, school_id=world.school.pk, starts=sitting.date, limits=limits)
    with pytest.raises(Fault, match="自助签到已截止"):
        actions.check_in(world.trainee(0), sitting=sitting)
    assert queries.open_now([sitting]) == set()
    assert actions.scan(world.head, sitting=sitting, person_id=world.people[0].pk).fresh
    old = world.sitting(timezone.now() - timedelta(days=3))
    actions.set_policy(world.registrar, school_id=world.school.pk, starts=old.date, limits=limits)
    with pytest.raises(Fault, match="2 天内"):
        actions.claim(world.trainee(0), sitting=old, stated_at=old.starts, reason="忘了")


def test_the_office_lays_down_the_rules_from_a_day_on(world, client_for):
    registrar = Person.objects.get(pk=world.registrar.person_id)
    Account.objects.create_user(email="office@demo.invalid", password="x", person=registrar)
    client = client_for(Seat.objects.create(person=registrar, school=world.school, role="registrar"))
    place = reverse("attendance:policies")
    today = timezone.localdate()
    assert f'value="{today:%Y-%m-%d}"' in client.get(place).content.decode()
    typed = {
        "starts": today, "opens_before": 30, "late_after": 10, "closes_after": "", "leave_limit": "0.142857",
        "leave_warning": "0.1", "head_teacher": 2, "registrar": 4, "online_share": "0.7", "claim_days": 3, "absent_flag": 3,
    }  # fmt: skip
    for wrong in ({"registrar": 1}, {"leave_warning": "0.5"}, {"online_share": "0"}, {"starts": ""}):
        assert client.post(place, typed | wrong).status_code == 422
    assert client.post(place, typed).status_code == 302
    found = queries.limits_on(world.school.pk, today)
    assert (found.opens_before, found.closes_after, found.online_share, found.absent_flag) == (
        30,
        None,
        Decimal("0.700"),
        3,
    )
    assert found.tiers == ((2, "head_teacher"), (4, "registrar"), (None, "leader"))
    assert client.post(place, typed | {"head_teacher": 0, "registrar": 2}).status_code == 302
    assert queries.limits_on(world.school.pk, today).tiers == ((2, "registrar"), (None, "leader"))
