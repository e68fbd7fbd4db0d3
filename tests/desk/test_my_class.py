"""The trainee's phone: only one's own, in words that never make provisional look final, in few queries."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from keyuan.coursework.actions import giving, setting
from keyuan.desk.actions import letters
from keyuan.desk.queries import my_class as reads
from keyuan.desk.queries.letters import letter_of
from keyuan.kernel.access import SYSTEM, Actor, Forbidden
from keyuan.kernel.faults import Fault
from keyuan.kernel.models import IssuedPaper
from keyuan.kernel.worker import Worker
from keyuan.people import guests
from keyuan.people.models import Person
from keyuan.training.actions import closing, versions
from keyuan.training.models import Nomination, TrainingClass
from tests import factories

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@pytest.fixture
def academy() -> factories.Academy:
    return factories.build()


def trainee(row: Nomination) -> Actor:
    return Actor(row.person_id, row.training_class.school_id, None, frozenset({"trainee"}))


def phone(person: Person, path: str = "/my/classes/") -> Client:
    """A browser that opened the person's own link."""
    client = Client()
    answer = client.get("/g/" + guests.link_for(person.pk, path).split("/g/")[1])
    assert answer["Location"] == path
    return client


def at(klass: TrainingClass, rest: str = "") -> str:
    return f"/my/classes/{klass.pk}/{rest}"


def held(academy: factories.Academy, sessions: int = 2, trainees: int = 1, **changed: Any) -> TrainingClass:
    """A class to come with a released timetable."""
    klass = factories.published(academy, (trainees, 0), places=trainees, **changed)
    factories.admitted(academy, klass, trainees)
    for number in range(sessions):
        factories.session(
            academy,
            klass,
            title=f"演示第{number}课",
            date=klass.starts + timedelta(days=number),
            teacher=None,
        )
    versions.release_timetable(academy.registrar, training_class=klass)
    return TrainingClass.objects.get(pk=klass.pk)


@pytest.mark.parametrize(
    ("move", "words"),
    [
        ("", "推荐不等于录取"),
        ("return", "还没有录取"),
        ("waitlist", "还没有录取"),
        ("decline", "这次没有录取"),
    ],
)
def test_who_is_not_admitted_sees_the_state_and_nothing_of_the_class(
    academy: factories.Academy, move: str, words: str
):
    klass = factories.published(academy, bring="演示身份证")
    factories.session(academy, klass, title="演示机密课")
    row = factories.nominee(academy, klass)
    if move:
        factories.move(academy, row, move)
    text = phone(row.person).get(at(klass)).content.decode()
    assert words in text
    assert "已录取" not in text
    assert not [word for word in ("演示机密课", "演示身份证", "本人码", "录取通知书") if word in text]


def test_who_is_admitted_finds_everything_by_the_own_link(academy: factories.Academy):
    klass = held(academy, bring="演示身份证")
    text = phone(klass.nominations.get().person, at(klass)).get(at(klass)).content.decode()
    for words in (
        "已录取，待开班",
        "演示第0课",
        "演示第1课",
        "演示身份证",
        "还可请",
        "uri.amap.com",
        "录取通知书",
        ".ics",
    ):
        assert words in text


def test_blocks_without_content_stay_away(academy: factories.Academy):
    klass = factories.published(academy, fees=False)
    [row] = factories.admitted(academy, klass)
    text = phone(row.person).get(at(klass)).content.decode()
    absent = ("evaluate", "leave", "code", "care", "unsigned", "outcome")
    assert not [name for name in absent if f'id="{name}"' in text]
    assert not [word for word in ("请带与须知", ">费用<", ".ics") if word in text]


def test_one_class_opens_at_once_and_several_are_listed(academy: factories.Academy):
    klass = held(academy)
    person = klass.nominations.get().person
    assert phone(person).get("/my/classes/")["Location"] == at(klass)
    other = factories.published(academy, title="演示第二个班", starts=klass.starts + timedelta(days=20))
    factories.nominee(academy, other, who=person)
    text = phone(person).get("/my/classes/").content.decode()
    assert klass.title in text
    assert "演示第二个班" in text
    assert "已推荐，待审核" in text


def test_another_trainee_another_unit_and_another_school_find_nothing(
    academy: factories.Academy, client_for: Callable[[Any], Client]
):
    klass, other = held(academy), held(academy, starts=timezone.localdate() + timedelta(days=60))
    stranger = factories.build("sz")
    far = factories.person(stranger)
    for client in (
        phone(other.nominations.get().person), phone(far), client_for(academy.seats["liaison2"]), client_for(stranger.seats["registrar"]),
    ):  # fmt: skip
        for path in ("", "letter/", "certificate/"):
            assert client.get(at(klass, path)).status_code == 404
        assert client.post(at(klass, "letter/draw/")).status_code == 404
    assert not IssuedPaper.objects.exists()


def test_a_phone_nobody_knows_is_told_what_to_do(academy: factories.Academy):
    klass = held(academy)
    assert Client().get(at(klass))["Location"] == "/my/classes/"
    assert "这台手机还不认识您" in Client().get("/my/classes/").content.decode()
    assert Client().get(at(klass, "letter/")).status_code == 404


def test_a_class_costs_the_same_queries_however_long_and_full_it_is(academy: factories.Academy):
    small = held(academy)
    large = held(
        academy, 20, 30, starts=small.starts + timedelta(days=30), ends=small.starts + timedelta(days=60)
    )
    counted = []
    for klass in (small, large):
        row = klass.nominations.order_by("pk").first()
        actor = trainee(row)
        with CaptureQueriesContext(connection) as asked:
            found = reads.my_class(actor, reads.own_in(actor, klass.pk))
        assert len(found.slots) in {2, 20}
        counted.append(len(asked))
    assert counted[0] == counted[1] <= 13


def test_today_comes_first_and_the_past_folded(academy: factories.Academy):
    today = timezone.localdate()
    klass = held(
        academy,
        3,
        starts=today - timedelta(days=1),
        ends=today + timedelta(days=1),
        nominate_by=today - timedelta(days=1),
    )
    row = klass.nominations.get()
    found = reads.my_class(trainee(row), row)
    assert found.phase == "during"
    assert f">{found.code}<" in phone(row.person).get(at(klass)).content.decode()
    assert [day for day, _slots in found.days] == [today, today + timedelta(days=1)]
    assert [day for day, _slots in found.past] == [today - timedelta(days=1)]


def test_a_letter_is_numbered_once_and_made_anew_when_the_class_changes(academy: factories.Academy):
    klass = held(academy)
    row = klass.nominations.get()
    client = phone(row.person)
    for _again in range(2):
        assert client.post(at(klass, "letter/draw/"))["Location"] == at(klass, "letter/")
    paper = IssuedPaper.objects.get()
    assert paper.number.startswith("粤科协录")
    answer = client.get(at(klass, "letter/"))
    assert answer.content.startswith(b"%PDF")
    TrainingClass.objects.filter(pk=klass.pk).update(venue="演示新馆")
    client.post(at(klass, "letter/draw/"))
    old, new = IssuedPaper.objects.order_by("pk")
    assert (old.revoked_at is not None, new.replaces_id, new.facts["venue"]) == (True, old.pk, "演示新馆")
    assert letter_of(trainee(row), row) == new


def test_a_letter_can_be_checked_by_its_code(academy: factories.Academy):
    klass = held(academy)
    row = klass.nominations.get()
    paper = letters.draw(trainee(row), nomination=row)
    text = Client().get(f"/verify/{paper.verify_code}/").content.decode()
    assert "录取通知书" in text
    assert row.person.name in text


def test_only_the_admitted_person_draws_a_letter(academy: factories.Academy):
    klass = factories.published(academy)
    row = factories.nominee(academy, klass)
    for actor in (trainee(row), academy.registrar):
        with pytest.raises(Forbidden):
            letters.draw(actor, nomination=row)
    row = factories.move(academy, row, "admit")
    TrainingClass.objects.filter(pk=klass.pk).update(state="cancelled")
    with pytest.raises(Fault, match="班次已取消"):
        letters.draw(trainee(row), nomination=row)


def test_letters_of_people_who_left_are_voided_by_the_clock(academy: factories.Academy):
    klass = held(academy, trainees=2)
    rows = list(klass.nominations.order_by("pk"))
    for row in rows:
        letters.draw(trainee(row), nomination=row)
    gone = phone(rows[0].person)
    assert gone.get(at(klass, "letter/")).status_code == 200
    factories.move(academy, rows[0], "remove")
    assert gone.get(at(klass, "letter/")).status_code == 404
    assert letters.void_stale(SYSTEM) == 1
    assert letters.void_stale(SYSTEM) == 0
    assert list(IssuedPaper.objects.filter(revoked_at=None).values_list("owner_id", flat=True)) == [
        rows[1].pk
    ]


def test_after_closing_hours_and_outcome_stand_first(
    academy: factories.Academy, client_for: Callable[[Any], Client]
):
    klass = factories.taught(academy)
    factories.attend(academy, klass)
    closing.close_class(
        academy.registrar, training_class=TrainingClass.objects.get(pk=klass.pk), overrides={}
    )
    row = klass.nominations.order_by("pk").first()
    found = reads.my_class(trainee(row), reads.own_in(trainee(row), klass.pk))
    assert (found.phase, found.outcome.completed, found.outcome.hours) == ("closed", True, 8)
    text = phone(row.person).get(at(klass)).content.decode()
    assert "已结业" in text
    assert phone(row.person).get(at(klass, "certificate/")).status_code == 404
    closing.issue_certificates(academy.registrar, training_class=TrainingClass.objects.get(pk=klass.pk))
    Worker().drain()
    answer = phone(row.person).get(at(klass, "certificate/"))
    assert answer.content.startswith(b"%PDF")
    assert 'id="leave"' not in text


def test_in_another_seat_one_is_asked_to_change_it(
    academy: factories.Academy, client_for: Callable[[Any], Client]
):
    klass = factories.published(academy)
    own = academy.seats["teacher"]
    factories.move(academy, factories.nominee(academy, klass, who=own.person), "admit")
    text = client_for(own).get(at(klass)).content.decode()
    assert "切换到“学员”身份" in text
    assert "课程表还没有发布" not in text


def test_tasks_and_materials_of_the_class_are_on_its_page(academy: factories.Academy):
    klass = held(academy)
    path = at(klass)
    client = phone(klass.nominations.get().person)
    assert not [
        name for name in ("tasks", "materials") if f'id="{name}"' in client.get(path).content.decode()
    ]
    facts = {
        "kind": "reflection", "title": "演示心得", "words": "", "least": 0, "required": True,
        "due_at": timezone.now() + timedelta(days=3),
    }  # fmt: skip
    setting.set_task(academy.actor("headteacher"), training_class=klass, facts=facts)
    slides = SimpleUploadedFile("演示讲稿.pdf", PDF, "application/pdf")
    giving.give(academy.actor("headteacher"), training_class=klass, uploads=[slides], use="class")
    text = client.get(path).content.decode()
    assert "演示心得" in text
    assert "演示讲稿" in text
