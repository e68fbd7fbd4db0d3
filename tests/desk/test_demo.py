"""The demo: everything once, in every state, with nobody real in it."""

from collections import Counter
from io import StringIO
from itertools import pairwise

import pytest
from django.core.management import call_command
from django.utils import timezone

from keyuan.attendance.models import CheckIn, Leave
from keyuan.credits.models import Balance, Certificate
from keyuan.desk import demo
from keyuan.desk.demo import running
from keyuan.desk.demo.cast import BRANCH, PARTS, PASSWORD, Cast
from keyuan.desk.demo.names import ID_PREFIX, PHONE_PREFIX, invented
from keyuan.evaluation.models import Form
from keyuan.kernel import codes
from keyuan.kernel.models import Message
from keyuan.orgs.models import School
from keyuan.people.models import Account, Person, Seat
from keyuan.training.models import Completion, Nomination, TrainingClass
from keyuan.training.queries import slots


def counts() -> dict[str, int]:
    models = (Person, Account, Seat, TrainingClass, Nomination, Form, CheckIn, Certificate, Message, School)
    return {model._meta.label: model._default_manager.count() for model in models}


def test_invented_people_are_valid_in_form_and_reserved_in_fact():
    people = list(invented())
    assert len(people) > 1000
    assert all(codes.id_number_fault(one.id_number) is None for one in people)
    assert all(codes.id_sex(one.id_number) == one.sex for one in people)
    assert all(one.id_number.startswith(ID_PREFIX) and one.phone.startswith(PHONE_PREFIX) for one in people)
    for values in ([p.id_number for p in people], [p.phone for p in people], [p.name for p in people]):
        assert len(set(values)) == len(people)


@pytest.mark.parametrize("minute", range(0, 24 * 60, 15))
def test_the_lessons_of_today_stand_inside_their_half_days_whatever_the_hour(minute: int):
    now = timezone.localtime().replace(hour=minute // 60, minute=minute % 60)
    lessons = running.lessons(now)
    for lesson in lessons:
        first, last = slots.edges(lesson.half)
        assert first <= lesson.starts < lesson.ends <= last, (now, lesson)
    for before, after in pairwise(lessons):
        assert (before.day, before.ends) <= (after.day, after.starts), (now, before, after)


def test_making_the_demo_again_changes_nothing(cast: Cast):
    before = counts()
    demo.make()
    assert counts() == before


def test_everybody_in_the_demo_is_marked(cast: Cast):
    assert not Person.objects.filter(demo=False).exists()
    assert Person.objects.filter(school=cast.school).count() >= 300


def test_each_account_signs_in_with_the_printed_password(cast: Cast):
    words = StringIO()
    call_command("demo", "--list", stdout=words)
    for part in (*PARTS, *BRANCH):
        account = Account.objects.get(email=part.email)
        assert account.check_password(PASSWORD)
        assert part.email in words.getvalue()
        assert account.person.seats.count() == len(part.seats)
    assert PASSWORD in words.getvalue()


def test_classes_stand_in_every_stage(cast: Cast):
    today = timezone.localdate()
    rows = TrainingClass.objects.filter(school=cast.school)
    assert Counter(rows.values_list("state", flat=True)) == {
        "draft": 1,
        "submitted": 1,
        "published": 3,
        "closed": 1,
    }
    running = rows.get(state="published", starts__lte=today, ends__gte=today)
    assert running.taken == 60
    assert running.timetable_released_at is not None
    assert running.sessions.filter(date=today).count() >= 2


def test_nominations_stand_in_every_state(cast: Cast):
    states = set(Nomination.objects.filter(training_class__state="published").values_list("state", flat=True))
    assert states == set(Nomination.State.values)


def test_the_running_class_has_checkins_a_leave_to_decide_and_an_open_evaluation(cast: Cast):
    assert CheckIn.objects.filter(expected__sitting__date__lt=timezone.localdate(), verdict="late").exists()
    assert set(Leave.objects.values_list("state", flat=True)) == {"requested", "approved"}
    form = Form.objects.get(state="open")
    trainee = cast.parts["trainee"]
    assert form.eligible_people.filter(person=trainee, issued=False).exists()
    assert form.eligible_people.filter(issued=True).count() == 6


def test_the_closed_class_has_hours_certificates_and_published_results(cast: Cast):
    assert Completion.objects.filter(completed=True).count() == 22
    assert Completion.objects.filter(completed=False).count() == 2
    assert set(Certificate.objects.values_list("state", flat=True)) == {"issued"}
    assert Balance.objects.filter(account__person=cast.parts["trainee"]).get().amount == 16
    assert [form.answered for form in Form.objects.filter(state="published")] == [9, 9]


def test_people_find_messages_in_their_inbox(cast: Cast):
    assert Message.objects.filter(person_id=cast.parts["trainee"].pk).exists()
    assert Message.objects.filter(person_id=cast.parts["liaison"].pk).exists()


def test_the_second_school_has_its_own_people(cast: Cast):
    branch = School.objects.get(code="demo-city")
    assert branch.parent == cast.school
    assert Seat.objects.get(person__account__email="city@example.com").school == branch
