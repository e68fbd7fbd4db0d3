"""What a list costs does not depend on how much there is to list: queries counted at few rows and at many."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from keyuan.attendance.models import CheckIn, Expected, Leave, Sitting
from keyuan.credits import actions as credits_
from keyuan.desk.demo.cast import Cast
from keyuan.evaluation.models import Form
from keyuan.kernel import notify
from keyuan.kernel.models import Job
from keyuan.orgs.models import Organisation
from keyuan.people.models import Person
from keyuan.plan.models import ActivityLead, KeyActivity
from keyuan.training.models import Nomination, QuotaShare, Session, TrainingClass
from tests.project import walk
from tests.project.test_generated import seat_of

pytestmark = pytest.mark.slow
MORE = 30
# Session, account and seats: what every signed-in page asks; the unread count is the frame's.
FIXED = 4


def copies(row: Model, count: int, vary: Callable[[Any, int], None]) -> list[Any]:
    """So many rows like this one, told apart by `vary`."""
    model, made = type(row), []
    for number in range(count):
        values = {
            f.attname: getattr(row, f.attname) for f in model._meta.concrete_fields if not f.primary_key
        }
        copy = model(**values)
        vary(copy, number)
        made.append(copy)
    return model._default_manager.bulk_create(made)


def _set(**given: Callable[[int], Any]) -> Callable[[Any, int], None]:
    def vary(row: Any, number: int) -> None:
        for name, value in given.items():
            setattr(row, name, value(number))

    return vary


def people(cast: Cast, count: int) -> list[Person]:
    unit = Organisation.objects.filter(school=cast.school, kind="society").first()
    return Person.objects.bulk_create(
        Person(school=cast.school, name=f"演示多{n}", pinyin=f"yanshi{n}", organisation=unit, demo=True)
        for n in range(count)
    )


def running(cast: Cast) -> TrainingClass:
    today = timezone.localdate()
    return TrainingClass.objects.get(
        school=cast.school, state="published", starts__lte=today, ends__gte=today
    )


def gathering(cast: Cast) -> TrainingClass:
    return TrainingClass.objects.get(
        school=cast.school, state="published", entry="quota", starts__gt=timezone.localdate()
    )


def more_nominations(
    klass: Callable[[Cast], TrainingClass], state: str = "admitted"
) -> Callable[[Cast, int], None]:
    def grow(cast: Cast, count: int) -> None:
        held = klass(cast)
        unit = Organisation.objects.filter(shares__training_class=held).first()
        made = people(cast, count)
        Nomination.objects.bulk_create(
            Nomination(training_class=held, person=person, organisation=unit, state=state) for person in made
        )
        for sitting in Sitting.objects.filter(owner_label="training.class", owner_id=held.pk):
            lines = Expected.objects.bulk_create(Expected(sitting=sitting, person=person) for person in made)
            CheckIn.objects.bulk_create(
                CheckIn(
                    expected=line, verdict="present", at=sitting.starts, recorded=sitting.starts, how="list"
                )
                for line in lines[::2]
            )

    return grow


def more_sessions(cast: Cast, count: int) -> None:
    klass = running(cast)
    for number in range(count):
        day = klass.ends + timedelta(days=number + 1)
        sitting = copies(
            Sitting.objects.filter(owner_id=klass.pk)[0],
            1,
            _set(key=lambda _n, d=day: f"more:{d}", date=lambda _n, d=day: d),
        )[0]
        copies(
            klass.sessions.exclude(teacher=None)[0], 1,
            _set(date=lambda _n, d=day: d, sitting_id=lambda _n, s=sitting: s.pk, form_id=lambda _n: None),
        )  # fmt: skip


def more_shares(cast: Cast, count: int) -> None:
    klass = gathering(cast)
    free = Organisation.objects.filter(school=cast.school).exclude(shares__training_class=klass)[:count]
    QuotaShare.objects.bulk_create(
        QuotaShare(training_class=klass, organisation=unit, places=1) for unit in free
    )


def more_accounts(cast: Cast, count: int) -> None:
    rows = [
        credits_.AwardFacts(
            person_id=person.pk, source=f"more:{person.pk}", earned_on=date(2020, 1, 1), title="演示", hours=Decimal(8), evidence={}
        )
        for person in people(cast, count)
    ]  # fmt: skip
    credits_.award_many(cast.system, school_id=cast.school.pk, rows=rows)


def more_messages(cast: Cast, count: int) -> None:
    for number in range(count):
        notify.tell(
            [cast.parts["trainee"].pk],
            "training.evaluate",
            "/",
            school_id=cast.school.pk,
            title=f"演示{number}",
        )
    notify.deliver()


def more_activities(cast: Cast, count: int) -> None:
    row = KeyActivity.objects.filter(plan__school=cast.school)[0]
    made = copies(
        row, count, _set(number=lambda n: 100 + n, name=lambda n: f"演示活动{n}", series=lambda _n: None)
    )
    ActivityLead.objects.bulk_create(
        ActivityLead(activity=activity, organisation=cast.units["组联部"]) for activity in made
    )


def more_certificates(cast: Cast, count: int) -> None:
    rows = [
        credits_.CertificateFacts(
            person.pk, person.name, "演示班", Decimal(8), date(2020, 1, 1), date(2020, 1, 2)
        )
        for person in people(cast, count)
    ]
    credits_.request_certificates(cast.actor("registrar"), owner_label="demo", owner_id=1, rows=rows)


def copied(model: type[Model], **vary: Callable[[int], Any]) -> Callable[[Cast, int], None]:
    def grow(cast: Cast, count: int) -> None:
        rows = model._default_manager.all()
        if any(field.name == "school" or field.attname == "school_id" for field in model._meta.fields):
            rows = rows.filter(school_id=cast.school.pk)
        copies(rows.order_by("-pk")[0], count, _set(**vary))

    return grow


def _class_page(tail: str, klass: Callable[[Cast], TrainingClass] = running) -> Callable[[Cast], str]:
    return lambda cast: f"/classes/{klass(cast).pk}/{tail}"


def fixed(path: str) -> Callable[[Cast], str]:
    return lambda _cast: path


def _board(cast: Cast) -> str:
    return f"/attendance/{Sitting.objects.filter(owner_id=running(cast).pk).order_by('starts')[0].pk}/"


def _standings(cast: Cast) -> str:
    return f"/attendance/of/training.class/{running(cast).pk}/"


OFFICE = "registrar@example.com"
LISTS: dict[str, tuple[str, Callable[[Cast], str], Callable[[Cast, int], Any], int]] = {
    "classes": (OFFICE, fixed("/classes/"), copied(TrainingClass, title=lambda n: f"演示{n}"), 8),
    "people": (OFFICE, fixed("/people/"), people, 8),
    "organisations": (OFFICE, fixed("/organisations/"), copied(Organisation, name=lambda n: f"演示单位{n}"), 8),
    "plan": (OFFICE, fixed("/plan/2020/"), more_activities, 8),
    "sittings": (OFFICE, fixed("/attendance/"), copied(Sitting, key=lambda n: f"more:{n}"), 8),
    "leaves": (OFFICE, fixed("/attendance/leaves/"), copied(Leave), 8),
    "evaluations": (OFFICE, fixed("/evaluation/"), copied(Form, owner_id=lambda n: 90000 + n), 8),
    "ledger": (OFFICE, fixed("/credits/ledger/"), more_accounts, 8),
    "certificates": (OFFICE, fixed("/credits/certificates/"), more_certificates, 8),
    "jobs": (OFFICE, fixed("/jobs/"), copied(Job, once=lambda n: f"more:{n}"), 8),
    "inbox": ("trainee@example.com", fixed("/inbox/"), more_messages, 8),
    "audit": ("auditor@example.com", fixed("/audit/?action=people.added"), lambda *_: None, 8),
    "review": (OFFICE, _class_page("nominations/"), more_nominations(running), 8),
    "roster": (OFFICE, _class_page("roster/"), more_nominations(running), 8),
    "closing": (OFFICE, _class_page("closing/"), more_nominations(running), 24),
    "class": (OFFICE, _class_page(""), more_nominations(running), 8),
    "shares": (OFFICE, _class_page("shares/", gathering), more_shares, 8),
    "nominate": ("liaison@example.com", _class_page("nominate/", gathering), more_nominations(gathering, "submitted"), 12),
    # Four of them look for what to think of beside the sessions, all at once.
    "timetable": (OFFICE, _class_page("timetable/"), more_sessions, 8),
    "attendance": (OFFICE, _class_page("attendance/"), more_sessions, 8),
    "board": ("headteacher@example.com", _board, more_nominations(running), 12),
    "standings": (OFFICE, _standings, more_nominations(running), 14),
    "home of the office": (OFFICE, fixed("/home/"), copied(TrainingClass, title=lambda n: f"演示{n}", state=lambda _n: "submitted"), 30),
    "home of a trainee": ("trainee@example.com", fixed("/home/"), more_sessions, 30),
    "home of a liaison": ("liaison@example.com", fixed("/home/"), copied(TrainingClass, title=lambda n: f"演{n}"), 30),
    "a trainee's check-in": ("trainee@example.com", fixed("/attendance/mine/"), more_sessions, 30),
}  # fmt: skip


def cost(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return len(asked)


@pytest.mark.parametrize("name", LISTS)
def test_many_rows_cost_no_more_queries_than_few(academy: Cast, name: str) -> None:
    email, path_of, grow, most = LISTS[name]
    client, path = walk.sign_in(seat_of(email)), path_of(academy)
    cost(client, path)
    few = cost(client, path)
    grow(academy, MORE)
    many = cost(client, path)
    print(f"{name}: {few} queries, {many} with {MORE} rows more")  # noqa: T201 - shown when it fails, and by -rP
    assert many == few
    assert many <= most + FIXED


def test_a_class_of_300_trainees_is_shown_in_twelve_queries(academy: Cast) -> None:
    client = walk.sign_in(seat_of(OFFICE))
    klass = running(academy)
    more_nominations(running)(academy, 300 - klass.nominations.filter(state="admitted").count())
    assert Nomination.objects.filter(training_class=klass, state="admitted").count() == 300
    for tail in ("", "roster/", "nominations/"):
        cost(client, f"/classes/{klass.pk}/{tail}")
        assert cost(client, f"/classes/{klass.pk}/{tail}") <= 12 + FIXED, tail


def test_sessions_are_copied_whole(academy: Cast) -> None:
    before = Session.objects.count()
    more_sessions(academy, 2)
    assert Session.objects.count() == before + 2
