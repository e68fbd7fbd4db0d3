"""Demo classes before their first day: a draft, one to approve, one gathering people in every state."""

from datetime import date, time, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from keyuan.desk.demo import build
from keyuan.desk.demo.build import Wanted
from keyuan.desk.demo.cast import SECOND_LEAD, Cast
from keyuan.kernel.access import Actor
from keyuan.kernel.calendar import add_workdays
from keyuan.orgs.models import Organisation
from keyuan.people.models import Person
from keyuan.people.roles import Role
from keyuan.training.actions import classes, inviting, journeys, nominations
from keyuan.training.models import Nomination, TrainingClass

DRAFT, SUBMITTED, GATHERING = "青年科学家地市行研修班", "优秀中外青年交流研修班", "省级学会党建培训班"
INVITED = "青年科学家座谈会"

STOPS = (
    (0, "演示先进材料实验室", "佛山", "现场教学：从论文到产线", "演示科学家之家"),
    (1, "演示农业科技园", "江门", "座谈：科技小院怎样办下去", "演示科学家之家"),
    (2, "演示海洋观测站", "珠海", "现场教学：观测数据的共享", ""),
)


def make(cast: Cast) -> None:
    """Each class once."""
    today = timezone.localdate()
    for title, step in ((DRAFT, _draft), (SUBMITTED, _submitted), (INVITED, _invited)):
        if not build.exists(cast, title):
            step(cast, today)
    open_one = TrainingClass.objects.filter(
        school=cast.school, title__startswith=GATHERING, state="published", nominate_by__gte=today
    )
    if not open_one.exists():
        _gathering(cast, today)


@transaction.atomic
def _draft(cast: Cast, today: date) -> None:
    first = add_workdays(today, 35)
    klass = build.opened(
        cast,
        Wanted(
            "青年科学家地市行活动",
            DRAFT,
            first,
            first + timedelta(days=2),
            first - timedelta(days=10),
            40,
            Decimal(20),
        ),
    )
    registrar = cast.actor("registrar")
    journey = {"kind": "field_study", "entry": "invitation", "itinerary": True, "certificate": False}
    classes.change_class(registrar, training_class=klass, facts=journey)
    for day, place, city, purpose, hotel in STOPS:
        facts = {
            "date": first + timedelta(days=day), "arrives": time(9, 30), "leaves": time(11, 30), "place": place,
            "city": city, "purpose": purpose, "transport": "大巴", "hotel": hotel, "host": "演示接待员",
        }  # fmt: skip
        journeys.place_stop(registrar, training_class=klass, facts=facts)


@transaction.atomic
def _submitted(cast: Cast, today: date) -> None:
    first = add_workdays(today, 25)
    klass = build.opened(
        cast,
        Wanted(
            "优秀中外青年交流计划",
            SUBMITTED,
            first,
            first + timedelta(days=1),
            first - timedelta(days=7),
            30,
            Decimal(14),
        ),
    )
    classes.move_class(cast.actor("registrar"), training_class=klass, move="submit")


@transaction.atomic
def _invited(cast: Cast, today: date) -> None:
    """A seminar by invitation: one has accepted, one has declined, the others have not answered yet."""
    day, registrar = add_workdays(today, 18), cast.actor("registrar")
    klass = build.opened(
        cast,
        Wanted("青年科学家地市行活动", INVITED, day, day, day - timedelta(days=4), 12, Decimal(4)),
    )
    parts = {"kind": "seminar", "entry": "invitation", "lodging": False, "fees": False, "certificate": False}
    classes.change_class(registrar, training_class=klass, facts=parts)
    classes.move_class(registrar, training_class=klass, move="submit")
    classes.move_class(cast.actor("head"), training_class=klass, move="approve")
    classes.move_class(registrar, training_class=klass, move="publish")
    guests = cast.teachers[:5]
    inviting.invite(registrar, training_class=klass, persons=guests)
    for guest, move in zip(guests, ("accept", "refuse"), strict=False):
        own = Actor(guest.pk, cast.school.pk, None, frozenset({Role.TRAINEE.value}))
        inviting.answer(own, nomination=klass.nominations.get(person=guest), move=move)


@transaction.atomic
def _gathering(cast: Cast, today: date) -> None:
    """Twenty places; nominations submitted, returned, waitlisted, admitted, declined, withdrawn, substituted."""
    first = add_workdays(today, 14)
    number = TrainingClass.objects.filter(school=cast.school, title__startswith=GATHERING).count() + 1
    units = [*build.cities(cast, 2), *build.societies(cast, 6)]
    klass = build.opened(
        cast,
        Wanted(
            "省级学会党建培训班", f"{GATHERING}（第{number}期）", first, first + timedelta(days=1),
            today + timedelta(days=3), 20, Decimal(14), department=SECOND_LEAD, venue="广东科学馆 报告厅",
            content="学会党组织建设、科学家精神、学会治理与规范办会。",
        ),
    )  # fmt: skip
    _publish(cast, klass, units)
    made = {
        unit.pk: _send(cast, klass, unit, count)
        for unit, count in zip(units, (1, 2, 2, 3, 3, 3), strict=False)
    }
    rows = [row for several in made.values() for row in several]
    _decide(cast, rows)


def _publish(cast: Cast, klass: TrainingClass, units: list[Organisation]) -> None:
    registrar = cast.actor("registrar")
    classes.move_class(registrar, training_class=klass, move="submit")
    classes.move_class(cast.actor("head2"), training_class=klass, move="approve")
    places = {
        unit.pk: 1 if place == len(units) - 1 else 3 if place > 1 else 2 for place, unit in enumerate(units)
    }
    classes.set_shares(registrar, training_class=klass, places=places)
    classes.move_class(registrar, training_class=klass, move="publish")


def _send(cast: Cast, klass: TrainingClass, unit: Organisation, count: int) -> list[Nomination]:
    people: list[Person] = cast.people.get(unit.pk, [])[-count:]
    return [build.nominated(cast, klass, unit, person) for person in people]


def _decide(cast: Cast, rows: list[Nomination]) -> None:
    """The office decides some of them, so that every state stands on the screen."""
    registrar = cast.actor("registrar")
    *rest, replaced, withdrawn, declined, waiting, returned = rows
    known = set(replaced.organisation.people.values_list("pk", flat=True)) - {row.person_id for row in rows}
    spare = Person.objects.filter(pk__in=known, account=None).exclude(id_index="").order_by("pk").first()
    if spare is not None:
        nominations.substitute(cast.as_liaison(replaced.organisation), nomination=replaced, person=spare)
    nominations.move_nomination(
        cast.as_liaison(withdrawn.organisation), nomination=withdrawn, move="withdraw", note="工作安排冲突"
    )
    nominations.move_nomination(registrar, nomination=declined, move="decline", note="不在本期培训对象范围内")
    nominations.move_nomination(registrar, nomination=waiting, move="waitlist")
    nominations.move_nomination(registrar, nomination=returned, move="return", note="请补充职务全称")
    nominations.move_many(registrar, nominations=rest[: len(rest) // 2], move="admit")
