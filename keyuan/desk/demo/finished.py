"""The demo class of the past: taught, evaluated, closed, its hours banked and its certificates asked for."""

from datetime import date, time, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from keyuan.attendance import actions as attendance
from keyuan.attendance.models import Sitting
from keyuan.desk.demo import build
from keyuan.desk.demo.build import Lesson, Wanted
from keyuan.desk.demo.cast import Cast
from keyuan.desk.demo.running import OWNER, open_form
from keyuan.evaluation import actions as evaluation
from keyuan.kernel.calendar import add_workdays
from keyuan.people.models import Person
from keyuan.training.actions import classes, closing, versions
from keyuan.training.models import TrainingClass

TITLE = f"{build.CADRES}（第1期）"
TRAINEES = 24
LESSONS = (
    Lesson(0, "am", time(8, 50), time(9, 20), "opening", "开班式", "0.5"),
    Lesson(0, "am", time(9, 30), time(12), "lecture", "科协组织的历史方位与时代使命", "3.5", 0),
    Lesson(0, "pm", time(14, 30), time(17, 30), "lecture", "新时代科学家精神", "4", 1),
    Lesson(1, "am", time(8, 30), time(11, 45), "case", "学会服务地方产业的三个案例", "4", 2),
    Lesson(1, "pm", time(14, 30), time(17, 0), "discussion", "分组研讨与结业交流", "4"),
)  # fmt: skip


def make(cast: Cast) -> None:
    """Once."""
    if not build.exists(cast, TITLE):
        _finished(cast, timezone.localdate())


@transaction.atomic
def _finished(cast: Cast, today: date) -> None:
    first = add_workdays(today, -22)
    wanted = Wanted(
        build.CADRES,
        TITLE,
        first,
        first + timedelta(days=1),
        first - timedelta(days=9),
        TRAINEES,
        Decimal(16),
    )
    pairs = build.account_people(cast)
    units = [unit for unit in build.cities(cast, 21) if unit.pk in cast.people]
    pairs = [*pairs, *((unit, cast.people[unit.pk][2]) for unit in units)]
    pairs += [(unit, cast.people[unit.pk][0]) for unit in build.societies(cast, 3)]
    pairs = pairs[:TRAINEES]
    shares: dict[int, int] = {}
    for unit, _person in pairs:
        shares[unit.pk] = shares.get(unit.pk, 0) + 1
    klass = build.published(cast, wanted, shares)
    build.admitted(cast, klass, pairs)
    build.taught(cast, klass, LESSONS)
    people = [person for _unit, person in pairs]
    _mark(cast, klass, people)
    _judge(cast, klass, people)
    registrar = cast.actor("registrar")
    classes.change_class(registrar, training_class=klass, facts={"notice_number": "演示〔2026〕1号"})
    versions.declare_final(registrar, training_class=klass)
    closing.close_class(registrar, training_class=klass)
    closing.issue_certificates(registrar, training_class=klass)


def _mark(cast: Cast, klass: TrainingClass, people: list[Person]) -> None:
    """Copied off the signed sheets; the last two missed too much to complete."""
    keeper = cast.actor("headteacher")
    for number, sitting in enumerate(Sitting.objects.filter(owner_label=OWNER, owner_id=klass.pk)):
        away = {person.pk for person in people[-2:]} if number > 1 else set()
        here = [person.pk for person in people if person.pk not in away]
        attendance.mark(keeper, sitting=sitting, person_ids=here, tick="present", paper=True)
        attendance.mark(keeper, sitting=sitting, person_ids=list(away), tick="absent", paper=True)


def _judge(cast: Cast, klass: TrainingClass, people: list[Person]) -> None:
    """Two lectures evaluated, closed, their texts checked and published."""
    registrar = cast.actor("registrar")
    for session in klass.sessions.filter(kind="lecture").order_by("date", "starts"):
        form = open_form(cast.system, session, [person.pk for person in people])
        build.evaluated(cast, form, people[5:14])
        form = evaluation.close(registrar, form=form)
        evaluation.check_remarks(registrar, form=form)
        form.refresh_from_db()
        evaluation.publish(registrar, form=form)
