"""Steps that several demo classes take: opened, approved, shared out, filled, taught."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

from keyuan.desk.demo.cast import LEAD, Cast
from keyuan.evaluation import actions as evaluation
from keyuan.evaluation.models import Form
from keyuan.orgs.models import Organisation
from keyuan.people.models import Person
from keyuan.people.roles import Role
from keyuan.plan.models import KeyActivity
from keyuan.training.actions import classes, nominations, timetable, versions
from keyuan.training.models import Nomination, TrainingClass

VENUE = "广东科学馆"
AUDIENCE = "各地级以上市科协、省级学会专兼职干部"
CONTACT = "演示教务 020-00000000"
BRING = "身份证；两寸证件照一张。\n请提前 15 分钟到场，课堂上手机静音。"
CADRES = "科协系统干部培训班"


@dataclass(frozen=True)
class Wanted:
    """What a demo class is to be (班次设定)."""

    activity: str
    title: str
    starts: date
    ends: date
    nominate_by: date
    places: int
    hours: Decimal
    department: str = LEAD
    venue: str = VENUE
    content: str = "政治理论、党性教育、科协业务能力，含现场教学和分组研讨。"


@dataclass(frozen=True)
class Lesson:
    """One entry of a demo timetable (课次设定); `teacher` counts the invited teachers, nought is the demo account."""

    day: int
    half: str
    starts: time
    ends: time
    kind: str
    title: str
    hours: str = "4"
    teacher: int | None = None
    room: str = ""


def exists(cast: Cast, title: str) -> bool:
    """Whether the demo class is there already."""
    return TrainingClass.objects.filter(school=cast.school, title=title).exists()


def opened(cast: Cast, wanted: Wanted) -> TrainingClass:
    """A draft by the registrar."""
    activity = KeyActivity.objects.get(plan__school=cast.school, name=wanted.activity)
    facts: dict[str, Any] = {
        "title": wanted.title, "starts": wanted.starts, "ends": wanted.ends, "nominate_by": wanted.nominate_by,
        "venue": wanted.venue, "head_teacher": cast.parts["headteacher"], "places": wanted.places,
        "audience": AUDIENCE, "content": wanted.content, "hours": wanted.hours, "contact": CONTACT, "bring": BRING,
        "department": cast.units[wanted.department],
    }  # fmt: skip
    return classes.open_class(cast.actor("registrar"), activity=activity, facts=facts)


def approved(cast: Cast, wanted: Wanted) -> TrainingClass:
    """Submitted by the registrar and approved by the department's head."""
    klass = opened(cast, wanted)
    classes.move_class(cast.actor("registrar"), training_class=klass, move="submit")
    classes.move_class(cast.actor("head"), training_class=klass, move="approve")
    return klass


def published(cast: Cast, wanted: Wanted, shares: dict[int, int]) -> TrainingClass:
    """Approved, shared out and published."""
    klass, registrar = approved(cast, wanted), cast.actor("registrar")
    classes.set_shares(registrar, training_class=klass, places=shares)
    classes.move_class(registrar, training_class=klass, move="publish")
    return klass


def cities(cast: Cast, count: int) -> list[Organisation]:
    """The first city associations in official order."""
    rows = Organisation.objects.filter(school=cast.school, kind=Organisation.Kind.CITY_ASSOCIATION)
    return list(rows.order_by("order", "pk")[:count])


def societies(cast: Cast, count: int) -> list[Organisation]:
    """The first societies in the order of the list."""
    rows = Organisation.objects.filter(school=cast.school, kind=Organisation.Kind.SOCIETY)
    return list(rows.order_by("order", "pk")[:count])


def nominated(cast: Cast, klass: TrainingClass, unit: Organisation, person: Person) -> Nomination:
    """Put forward by the unit's own liaison, or by the registrar on its behalf once the deadline is past."""
    actor = cast.as_liaison(unit)
    if klass.nominate_by < klass.created_at.date():
        actor = cast.actor("registrar")
    return nominations.nominate(
        actor, training_class=klass, person=person, organisation=unit, lodging=person.pk % 3 == 0
    )


def admitted(cast: Cast, klass: TrainingClass, pairs: Sequence[tuple[Organisation, Person]]) -> None:
    """All of them nominated, then admitted by the registrar in one go."""
    made = [nominated(cast, klass, unit, person) for unit, person in pairs]
    outcome = nominations.move_many(cast.actor("registrar"), nominations=made, move="admit")
    if outcome.refused:
        raise RuntimeError(outcome.refused[0][1])


def taught(cast: Cast, klass: TrainingClass, lessons: Sequence[Lesson]) -> None:
    """The timetable placed and released by the head teacher."""
    actor = cast.actor("headteacher")
    teachers = [cast.parts["teacher"], *cast.teachers]
    for lesson in lessons:
        timetable.place_session(
            actor, training_class=klass,
            facts={
                "kind": lesson.kind, "title": lesson.title, "date": klass.starts + timedelta(days=lesson.day),
                "half": lesson.half, "starts": lesson.starts, "ends": lesson.ends, "hours": Decimal(lesson.hours),
                "teacher": None if lesson.teacher is None else teachers[lesson.teacher],
                "place": lesson.room or klass.venue,
            },
        )  # fmt: skip
    versions.release_timetable(actor, training_class=klass)


REMARKS = (
    ("案例贴近基层科协工作，听得懂、用得上。", ""),
    ("对新时代科协组织的定位理解更深了。", "希望多留一些互动时间。"),
    ("", "课件能提前发就更好了。"),
    ("老师讲得生动，数据很新。", ""),
    ("学会服务创新的几个做法可以带回去试。", "建议增加同类单位的经验交流。"),
    ("", ""),
    ("回去准备在单位再讲一遍。", "下午场稍长，可以中间休息一次。"),
)


def evaluated(cast: Cast, form: Form, people: Sequence[Person]) -> None:
    """These people answer the open form, each by an own voting token."""
    keys = [question["key"] for question in form.questions if question["kind"] == "grade"]
    for number, person in enumerate(people):
        token = evaluation.issue_plainly(cast.as_trainee(person), form=form)
        gained, advice = REMARKS[number % len(REMARKS)]
        grades: dict[str, Any] = {
            key: 3 if (number + place) % 4 == 0 else 4 for place, key in enumerate(keys)
        }
        evaluation.cast(form_id=form.pk, token=token, given=grades | {"gained": gained, "advice": advice})


def account_people(cast: Cast) -> list[tuple[Organisation, Person]]:
    """The demo accounts that take part as trainees, with their units."""
    pairs = []
    for key in ("trainee", "many"):
        person = cast.parts[key]
        if person.seats.filter(role=Role.TRAINEE).exists() and person.organisation:
            pairs.append((person.organisation, person))
    return pairs
