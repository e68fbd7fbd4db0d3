"""The door: the day's list, arrivals taken in once, in the right order, by the right clock."""

import json
import uuid
from datetime import timedelta

import pytest
from django.core import signing
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from keyuan.attendance import actions
from keyuan.attendance.models import CheckIn, DoorRecord, Expected, MarkChange, Sitting
from keyuan.attendance.queries import door as queries
from keyuan.attendance.rules import codes
from keyuan.attendance.rules.door import Pack, arrival, read_pack, sign_pack
from keyuan.kernel.access import visible
from keyuan.kernel.faults import Conflict, Fault
from tests.attendance.conftest import LABEL, OWNER

NOW = timezone.now().replace(microsecond=0)
SECONDS = st.integers(-100_000, 100_000)


def pack_of(actor, *sittings: Sitting, issued=None):
    moment = issued or timezone.now() - timedelta(hours=1)
    return Pack(actor.person_id, timezone.localdate(), moment, frozenset(s.pk for s in sittings))


def noted(sitting, person, at=None, key=None):
    return actions.Noted(key or uuid.uuid4(), sitting.pk, person.pk, "code", at or timezone.now())


def take(actor, *records: actions.Noted, pack, phone_now=None):
    return actions.take_in(actor, pack=pack, noted=records, phone_now=phone_now or timezone.now())


@settings(deadline=None)
@given(gone=st.integers(0, 80_000), drift=SECONDS)
def test_a_clock_wrong_by_a_fixed_amount_does_no_harm(gone, drift):
    pack = Pack(1, NOW.date(), NOW - timedelta(days=1), frozenset())
    true, off = NOW - timedelta(seconds=gone), timedelta(seconds=drift)
    assert arrival(true + off, off, pack, NOW) == true


@settings(deadline=None)
@given(noted_at=SECONDS, drift=SECONDS)
def test_no_arrival_lies_before_its_list_nor_in_time_to_come(noted_at, drift):
    pack = Pack(1, NOW.date(), NOW - timedelta(hours=2), frozenset())
    when = arrival(NOW + timedelta(seconds=noted_at), timedelta(seconds=drift), pack, NOW)
    assert pack.issued <= when <= NOW


def test_a_list_altered_or_older_than_a_week_is_no_list(monkeypatch):
    pack = Pack(1, NOW.date(), NOW, frozenset({3, 5}))
    token = sign_pack(pack)
    assert read_pack(token) == pack
    assert read_pack(token[:-2] + "xx") is None
    assert read_pack(signing.dumps([1, 2], salt="other")) is None
    later = NOW.timestamp() + 8 * 86400
    monkeypatch.setattr("django.core.signing.time.time", lambda: later)
    assert read_pack(token) is None


def test_the_list_holds_names_units_codes_and_marks_of_the_days_sittings_and_nothing_more(world):
    sitting = world.now()
    world.sitting(timezone.now() + timedelta(days=2))
    actions.check_in(world.trainee(0), sitting=sitting)
    pack = queries.pack_for(world.head)
    assert [each["id"] for each in pack["sittings"]] == [sitting.pk]
    (people,) = pack["people"].values()
    assert {len(person) for person in people} == {5}
    assert people[0][4] == codes.personal_letters(LABEL, OWNER, people[0][0])
    assert list(pack["sittings"][0]["marks"]) == [world.people[0].pk]
    assert pack["expires"] > pack["now"]
    assert queries.pack_for(world.other_head)["sittings"] == []


def test_a_record_sent_many_times_is_entered_once_even_after_it_was_undone(world):
    sitting = world.now()
    record, pack = noted(sitting, world.people[0]), pack_of(world.head, sitting)
    first = take(world.head, record, record, pack=pack)
    assert [each.state for each in first] == ["taken", "taken"]
    actions.mark(world.head, sitting=sitting, person_ids=[world.people[0].pk], tick="undo")
    take(world.head, record, pack=pack)
    assert DoorRecord.objects.count() == 1
    assert not CheckIn.objects.exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        DoorRecord.objects.create(
            key=record.key, sitting=sitting, person=world.people[1], at=sitting.starts, by_id=world.head.person_id,
            received=timezone.now(),
        )  # fmt: skip


def test_the_earliest_of_two_doors_stands_in_whatever_order_they_come(world):
    sitting = world.sitting(timezone.now() - timedelta(minutes=30))
    early, late = sitting.starts - timedelta(minutes=10), sitting.starts + timedelta(minutes=12)
    pack = pack_of(world.head, sitting, issued=sitting.starts - timedelta(hours=1))
    (last,) = take(world.head, noted(sitting, world.people[0], late), pack=pack)
    assert last.words == ""
    (first,) = take(world.head, noted(sitting, world.people[0], early), pack=pack)
    assert "更早" in first.words
    (third,) = take(world.head, noted(sitting, world.people[0], late), pack=pack)
    assert "以先到为准" in third.words
    found = CheckIn.objects.get()
    assert (found.verdict, found.how) == ("present", "code")
    assert abs(found.at - early) < timedelta(seconds=1)
    assert MarkChange.objects.get().before == "late"


def test_coming_beats_an_absence_ruled_meanwhile_and_the_change_is_kept(world):
    sitting = world.now()
    actions.mark(world.head, sitting=sitting, person_ids=[world.people[0].pk], tick="absent")
    (taken,) = take(world.head, noted(sitting, world.people[0]), pack=pack_of(world.head, sitting))
    assert "缺勤" in taken.words
    assert CheckIn.objects.get().verdict == "present"
    line = MarkChange.objects.get()
    assert (line.before, line.after, line.by_id) == ("absent", "present", world.head.person_id)
    with pytest.raises(Exception, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE attendance_markchange SET reason = 'x'")


def test_a_fast_clock_is_put_right_and_said(world):
    sitting = world.now()
    ahead = timedelta(minutes=20)
    (taken,) = take(
        world.head, noted(sitting, world.people[0], timezone.now() + ahead), pack=pack_of(world.head, sitting),
        phone_now=timezone.now() + ahead,
    )  # fmt: skip
    assert "快 20 分钟" in taken.words
    found = CheckIn.objects.get()
    assert found.verdict == "present"
    assert abs(found.at - timezone.now()) < timedelta(minutes=1)


def test_what_does_not_fit_is_kept_until_somebody_looks_at_it(world):
    sitting = world.now()
    pack = pack_of(world.head, sitting)
    Expected.objects.filter(sitting=sitting, person=world.people[0]).delete()
    off_list, early = take(
        world.head,
        noted(sitting, world.people[0]),
        noted(sitting, world.people[1]),
        pack=Pack(pack.keeper_id, pack.day, pack.issued, pack.sitting_ids),
    )
    assert (off_list.state, early.state) == ("open", "taken")
    record = queries.open_records(world.head, sitting).get()
    with pytest.raises(Fault, match="名册"):
        actions.settle(world.head, record=record, move="accept")
    actions.expect(world.registrar, sittings=[sitting], person_ids=[world.people[0].pk])
    actions.settle(world.head, record=record, move="accept")
    assert CheckIn.objects.filter(expected__person=world.people[0]).get().at == record.at
    actions.cancel(world.registrar, sitting=sitting)
    (gone,) = take(world.head, noted(sitting, world.people[2]), pack=pack)
    assert (gone.state, "取消" in gone.words) == ("open", True)
    waiting = queries.open_records(world.head, sitting).get()
    with pytest.raises(Fault, match="理由"):
        actions.settle(world.head, record=waiting, move="dismiss")
    actions.settle(world.head, record=waiting, move="dismiss", note="登记错了课次")
    assert visible(world.trainee(0), DoorRecord).count() == 0


def test_only_the_keeper_hands_in_and_only_for_sittings_of_the_list(world):
    sitting, other = world.now(), world.now()
    pack = pack_of(world.head, sitting)
    with pytest.raises(Conflict, match="本人登录"):
        take(world.registrar, noted(sitting, world.people[0]), pack=pack)
    (foreign,) = take(world.head, noted(other, world.people[0]), pack=pack)
    assert foreign.state == "refused"
    (unowned,) = take(
        world.other_head, noted(sitting, world.people[0]), pack=pack_of(world.other_head, sitting)
    )
    assert (unowned.state, CheckIn.objects.count()) == ("refused", 0)


def test_the_door_speaks_json_and_its_worker_may_govern_only_the_door(world, office):
    sitting = world.now()
    pack = office.get(reverse("attendance:door-roster")).json()
    record = {
        "id": str(uuid.uuid4()), "sitting": sitting.pk, "person": world.people[0].pk, "how": "code", "at": pack["now"],
    }  # fmt: skip
    send = lambda body: office.post(reverse("attendance:door-records"), body, "application/json")  # noqa: E731 - short
    answer = send(json.dumps({"pack": pack["pack"], "sent": pack["now"], "records": [record]}))
    assert answer.json()["results"] == [{"id": record["id"], "state": "taken", "words": ""}]
    assert CheckIn.objects.get().how == "code"
    for wrong in ("", "{}", json.dumps({"pack": pack["pack"], "sent": "x", "records": []})):
        assert send(wrong).status_code == 422
    assert "凭据" in send(json.dumps({"pack": "x", "sent": 1, "records": []})).json()["fault"]
    worker = office.get(reverse("attendance:door-worker"))
    assert worker["Service-Worker-Allowed"] == reverse("attendance:door")
    assert worker["Content-Type"].startswith("text/javascript")
    assert office.get(reverse("attendance:door-manifest"))["Content-Type"] == "application/manifest+json"


def test_the_worker_keeps_every_part_the_page_is_made_of(world, office):
    import re

    page = office.get(reverse("attendance:door")).content.decode()
    worker = office.get(reverse("attendance:door-worker")).content.decode()
    parts = re.findall(r'(?:href|src|data-store|data-qr)="(/static/[^"#]+)', page)
    assert len(parts) > 8
    assert [part for part in parts if f'"{part}"' not in worker] == []
    assert world.people[0].name not in page
