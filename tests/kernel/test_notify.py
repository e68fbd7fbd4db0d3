"""Notices: written with the deed, delivered once, read by their owner, mailed as wished."""

import smtplib
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from django.core import mail as outgoing
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from keyuan.kernel import erasure, mail, notify
from keyuan.kernel.access import SYSTEM, Actor, visible
from keyuan.kernel.faults import Fault
from keyuan.kernel.models import Message, NoticePreference, Outbox
from tests.kernel.seated import sit

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.kernel.page_urls")]


def reader(person_id: int) -> Actor:
    return Actor(person_id, 1, None, frozenset({"trainee"}))


@pytest.fixture(autouse=True)
def _kinds(monkeypatch) -> None:
    monkeypatch.setattr(notify, "KINDS", {})
    monkeypatch.setattr(mail, "BOOKS", [])
    notify.kind("t.admitted", title="已录取", text="您已被“{title}”录取，{starts}开班，{hours}学时。")
    notify.kind("t.urgent", title="停课", text="{title}停课。", urgent=True)


def admit(*people: int, **facts: object) -> None:
    notify.tell(list(people), "t.admitted", "/classes/1/", school_id=1, **{"title": "培训班", **facts})


def test_a_notice_arrives_in_words_and_is_unread():
    admit(5, starts=date(2026, 5, 6), hours=Decimal("16.0"))
    assert notify.unread(reader(5)) == 0
    assert notify.deliver() == 1
    message = visible(reader(5), Message).get()
    assert message.text == "您已被“培训班”录取，2026年5月6日开班，16学时。"
    assert (message.title, message.link, message.school_id) == ("已录取", "/classes/1/", 1)
    assert notify.unread(reader(5)) == 1


def test_a_deed_undone_tells_nobody():
    @transaction.atomic
    def deed() -> None:
        admit(5)
        raise Fault("不行")

    with pytest.raises(Fault):
        deed()
    assert notify.deliver() == 0


def test_each_person_is_told_once_however_often_named_and_delivered():
    admit(5, 5, 6)
    row = Outbox.objects.get()
    notify.deliver()
    # A worker that died after delivering and before noting it: the same row again.
    Outbox.objects.filter(pk=row.pk).update(sent_at=None, facts={"title": "培训班"}, person_ids=[5, 6])
    notify.deliver()
    assert sorted(Message.objects.values_list("person_id", flat=True)) == [5, 6]
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.create(person_id=5, outbox_id=row.pk, kind="t", title="t")


def test_telling_three_thousand_costs_as_many_queries_as_telling_six_hundred(django_assert_num_queries):
    with django_assert_num_queries(1):
        assert notify.tell(range(1, 3001), "t.admitted", title="培训班") == 3000
    notify.deliver()
    assert Message.objects.count() == 3000


def test_an_unknown_kind_is_a_programming_error():
    with pytest.raises(KeyError):
        notify.tell(5, "t.nobody")


def test_one_bad_notice_holds_up_no_other_and_is_tried_later(monkeypatch):
    admit(5)
    monkeypatch.delitem(notify.KINDS, "t.admitted")
    notify.tell(6, "t.urgent", title="班")
    notify.deliver()
    assert Message.objects.get().person_id == 6
    row = Outbox.objects.get(sent_at=None)
    assert row.attempts == 1
    assert row.due_at > timezone.now()
    assert "t.admitted" in row.error
    Outbox.objects.filter(pk=row.pk).update(attempts=notify.ATTEMPTS, due_at=timezone.now())
    assert notify.deliver() == 0
    assert notify.stuck() == 1


def test_a_delivered_notice_leaves_no_words_in_the_outbox():
    admit(5)
    notify.deliver()
    row = Outbox.objects.get()
    assert (row.facts, row.person_ids) == ({}, [])


def test_an_inbox_is_its_owners_alone_and_counted_from_its_index(django_assert_num_queries):
    admit(5)
    notify.deliver()
    message = Message.objects.get()
    notify.read(reader(6), message)
    assert not visible(reader(6), Message).exists()
    assert not visible(SYSTEM, Message).exists()
    with django_assert_num_queries(1):
        assert notify.unread(reader(5)) == 1
    notify.read(reader(5), message)
    assert notify.unread(reader(5)) == 0


def test_reading_all_reads_a_kind_or_everything():
    admit(5)
    notify.tell(5, "t.urgent", title="班")
    notify.deliver()
    assert notify.kinds_of(reader(5)) == [("t.urgent", "停课"), ("t.admitted", "已录取")]
    assert notify.read_all(reader(5), "t.urgent") == 1
    assert notify.read_all(reader(5)) == 1
    assert notify.read_all(reader(5)) == 0


def test_erasing_a_person_leaves_no_word_of_them():
    admit(5, title="班一")
    notify.tell(6, "t.urgent", about=5, title="张演示")
    notify.deliver()
    admit(5, 6, title="班二")
    notify.tell(6, "t.urgent", about=5, title="张演示")
    erasure.erase(SYSTEM, person_id=5)
    assert not Message.objects.exists()
    assert Outbox.objects.filter(sent_at=None).get().person_ids == [6]


# ---- mail ----


@pytest.fixture
def book():
    mail.address_book(lambda people: {person: f"p{person}@example.com" for person in people if person != 9})


def wish(person: int, **wishes: object) -> NoticePreference:
    return NoticePreference.objects.create(person_id=person, **wishes)


def test_mail_goes_to_who_asked_for_it_once(book):
    wish(5, mail="each")
    admit(5, 6)
    notify.deliver()
    assert mail.send_due() == 1
    assert mail.send_due() == 0
    letter = outgoing.outbox[0]
    assert letter.to == ["p5@example.com"]
    assert "已录取" in letter.subject
    assert "/classes/1/" in letter.body


def test_a_digest_is_one_mail_next_morning(book):
    wish(5, mail="digest")
    admit(5)
    notify.tell(5, "t.admitted", title="二班")
    notify.deliver()
    assert mail.send_due() == 0
    assert timezone.localtime(Message.objects.first().mail_due).time() == time(8)
    Message.objects.update(mail_due=timezone.now())
    assert mail.send_due() == 1
    assert "2 条新消息" in outgoing.outbox[0].subject


def test_a_mail_that_fails_is_tried_later_and_given_up_in_the_end(book, monkeypatch):
    def refuse(_letter: EmailMessage) -> int:
        raise smtplib.SMTPServerDisconnected("gone")

    monkeypatch.setattr(EmailMessage, "send", refuse)
    wish(5, mail="each")
    admit(5)
    notify.deliver()
    for _try in range(mail.ATTEMPTS + 2):
        assert mail.send_due() == 0
        Message.objects.update(mail_due=timezone.now())
    message = Message.objects.get()
    assert (message.mail_attempts, message.mailed_at) == (mail.ATTEMPTS, None)


def test_without_a_mail_host_no_mail_is_owed(settings):
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = "django.core.mail.backends.smtp.EmailBackend", ""
    wish(5, mail="each")
    admit(5)
    notify.deliver()
    assert Message.objects.get().mail_due is None


def at(clock: str) -> datetime:
    return datetime.fromisoformat(f"2026-05-06T{clock}+08:00")


@pytest.mark.parametrize(
    ("asked", "told", "due"),
    [
        ("none", "10:00", None),
        ("each", "10:00", at("10:00")),
        ("each", "23:00", at("07:00") + timedelta(days=1)),
        ("each", "06:59", at("07:00")),
        ("digest", "10:00", at("08:00") + timedelta(days=1)),
    ],
)
def test_quiet_hours_reach_over_midnight(asked: str, told: str, due: datetime | None):
    wished = NoticePreference(person_id=5, mail=asked, quiet_from=time(22), quiet_until=time(7))
    assert mail.due(wished, at(told)) == due


def test_the_urgent_pays_no_heed_to_quiet_hours():
    wished = NoticePreference(person_id=5, mail="each", quiet_from=time(22), quiet_until=time(7))
    assert mail.due(wished, at("23:00"), urgent=True) == at("23:00")


# ---- on screen ----


def test_opening_a_message_reads_it_and_goes_where_it_points(client: Client):
    person = sit(client).person_id
    admit(person, title="<b>班</b>")
    notify.tell(person, "t.urgent", "https://evil.example/", title="外链")
    notify.deliver()
    whole = client.get("/inbox/").text
    assert "2 条未读" in whole
    assert "&lt;b&gt;班" in whole
    inner, outer = Message.objects.order_by("id")
    assert client.post(f"/inbox/{inner.pk}/open/")["Location"] == "/classes/1/"
    assert client.post(f"/inbox/{outer.pk}/open/")["Location"] == "/inbox/"
    assert "没有未读消息" in client.get("/inbox/").text
    assert client.get(f"/inbox/{inner.pk}/open/").status_code == 405


def test_the_inbox_narrows_to_the_unread_and_to_a_kind(client: Client):
    person = sit(client).person_id
    admit(person)
    notify.tell(person, "t.urgent", title="班")
    notify.deliver()
    assert client.get("/inbox/?kind=t.urgent").text.count('class="message"') == 1
    assert client.post("/inbox/read-all/", {"kind": "t.urgent"}).status_code == 302
    assert client.get("/inbox/?unread=1").text.count('class="message"') == 1


def test_another_persons_message_is_not_found(client: Client):
    sit(client)
    admit(10**9)
    notify.deliver()
    assert client.post(f"/inbox/{Message.objects.get().pk}/open/").status_code == 404


def test_a_wish_is_kept_and_half_quiet_hours_are_refused_with_what_was_typed(client: Client):
    person = sit(client).person_id
    assert client.get("/inbox/preferences/").status_code == 200
    half = client.post("/inbox/preferences/", {"mail": "each", "quiet_from": "22:00", "quiet_until": ""})
    assert half.status_code == 422
    assert "要么都填" in half.text
    assert "22:00" in half.text
    assert client.post(
        "/inbox/preferences/", {"mail": "digest", "quiet_from": "22:00", "quiet_until": "07:00"}
    )
    assert NoticePreference.objects.get(person_id=person).mail == "digest"
