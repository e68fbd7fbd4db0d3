"""The demo class that is being taught today: sixty trainees, a session about now, check-ins, leave, an evaluation."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from keyuan.attendance import actions as attendance
from keyuan.attendance.models import Expected, Sitting
from keyuan.desk.demo import amended, build
from keyuan.desk.demo.build import Lesson, Wanted
from keyuan.desk.demo.cast import Cast
from keyuan.evaluation import actions as evaluation
from keyuan.evaluation.models import Form
from keyuan.kernel.access import Actor
from keyuan.orgs.models import Organisation
from keyuan.people.models import Person
from keyuan.training.models import Session, TrainingClass
from keyuan.training.queries import slots

TITLE = build.CADRES
TRAINEES = 60
OWNER = "training.class"


def make(cast: Cast) -> None:
    """One that runs today; on a later day a further one beside those that have ended."""
    today = timezone.localdate()
    rows = TrainingClass.objects.filter(school=cast.school, title__startswith=TITLE)
    if not rows.filter(starts__lte=today, ends__gte=today, state="published").exists():
        _running(cast, today, rows.count() + 1)


@transaction.atomic
def _running(cast: Cast, today: date, number: int) -> None:
    wanted = Wanted(
        TITLE, f"{TITLE}（第{number}期）", today - timedelta(days=1), today + timedelta(days=1),
        today - timedelta(days=8), TRAINEES + 4, Decimal(24), venue="广东科学馆 学术厅",
    )  # fmt: skip
    units = [*build.cities(cast, 21), *build.societies(cast, 10)]
    pairs = _trainees(cast, units)
    shares: dict[int, int] = {}
    for unit, _person in pairs:
        shares[unit.pk] = shares.get(unit.pk, 0) + 1
    klass = build.published(cast, wanted, shares)
    build.admitted(cast, klass, pairs)
    build.taught(cast, klass, lessons(timezone.localtime()))
    amended.amend(cast, klass)
    people = [person for _unit, person in pairs]
    _attend(cast, klass, people)
    _ask_leave(cast, klass, people)
    _evaluate(cast, klass, people)


def _trainees(cast: Cast, units: list[Organisation]) -> list[tuple[Organisation, Person]]:
    """The demo's own trainees, then two of every unit until there are enough."""
    pairs = build.account_people(cast)
    for place in range(2):
        pairs += [
            (unit, cast.people[unit.pk][place]) for unit in units if len(cast.people.get(unit.pk, [])) > place
        ]
    return pairs[:TRAINEES]


def lessons(now: datetime) -> list[Lesson]:
    """Three days; the session of this half-day is laid round the present moment."""
    usual = {"am": (time(9), time(11, 45)), "pm": (time(14, 30), time(17, 15)), "ev": (time(19), time(21))}
    half = "am" if now.hour < 12 else "pm" if now.hour < 18 else "ev"
    usual[half] = _about(now, half, usual[half])
    morning, afternoon, evening = usual["am"], usual["pm"], usual["ev"]
    found = [
        Lesson(0, "am", time(8, 50), time(9, 20), "opening", "开班式", "0.5"),
        Lesson(
            0, "am", time(9, 30), time(12), "lecture", "学习贯彻习近平新时代中国特色社会主义思想", "3.5", 1
        ),
        Lesson(0, "pm", time(14, 30), time(17, 30), "lecture", "群团工作与新时代科协组织职责", "4", 0),
        Lesson(1, "am", *morning, "lecture", "基层科协“三长制”的做法与案例", "4", 2),
        Lesson(1, "pm", *afternoon, "case", "从一项科技志愿服务看组织动员", "4", 3),
        Lesson(
            2, "am", time(8, 30), time(11, 45), "field", "现场教学：广东科学馆科普基地", "4", 0, "科普基地"
        ),
        Lesson(2, "pm", time(14, 30), time(16, 30), "discussion", "分组研讨与成果交流", "3.5"),
        Lesson(2, "pm", time(16, 40), time(17, 20), "closing", "结业式", "0.5"),
    ]
    if half == "ev":
        found.insert(5, Lesson(1, "ev", *evening, "forum", "学员论坛：我们身边的科学家精神", "0", 5))
    return found


def _about(now: datetime, half: str, usual: tuple[time, time]) -> tuple[time, time]:
    """Hours of a session that is under way now, as far as a session may stand in this half-day; else the usual."""
    first, last = (datetime.combine(now.date(), edge) for edge in slots.edges(half))
    begins = now.replace(minute=now.minute // 10 * 10, second=0, microsecond=0, tzinfo=None)
    begins = max(begins - timedelta(minutes=20), first)
    ends = min(begins + timedelta(hours=2, minutes=30), last)
    if now.replace(tzinfo=None) < begins or ends < begins + timedelta(minutes=30):
        return usual
    return begins.time(), ends.time()


def _sittings(klass: TrainingClass) -> list[Sitting]:
    return list(Sitting.objects.filter(owner_label=OWNER, owner_id=klass.pk).order_by("starts"))


def _attend(cast: Cast, klass: TrainingClass, people: list[Person]) -> None:
    """Past sessions marked whole; of the present one more than half, most by their own phones."""
    now, keeper = timezone.now(), cast.actor("headteacher")
    own = {cast.parts["trainee"].pk, cast.parts["many"].pk}
    for number, sitting in enumerate(_sittings(klass)):
        if sitting.ends <= now:
            away = [person.pk for person in people[10 + number : 12 + number]]
            here = [person.pk for person in people if person.pk not in away]
            attendance.mark(keeper, sitting=sitting, person_ids=here[:4] + here[6:], tick="present")
            attendance.mark(keeper, sitting=sitting, person_ids=here[4:6], tick="late")
        elif sitting.starts <= now:
            others = [person for person in people if person.pk not in own]
            for person in others[:20]:
                attendance.check_in(cast.as_trainee(person), sitting=sitting)
            attendance.mark(
                keeper,
                sitting=sitting,
                person_ids=[p.pk for p in others[20:38]],
                tick="present",
                at=sitting.starts,
            )


def _ask_leave(cast: Cast, klass: TrainingClass, people: list[Person]) -> None:
    """One leave to decide and one approved, both for the last day."""
    last = [sitting for sitting in _sittings(klass) if sitting.starts > timezone.now()][-3:]
    for person, chosen, reason in (
        (people[7], last[:1], "单位临时安排，上午须参加市里会议"),
        (people[8], last[-1:], "返程车次较早"),
    ):
        rows = Expected.objects.filter(sitting__in=chosen, person=person).values_list("pk", flat=True)
        leave = attendance.request_leave(
            cast.as_trainee(person), school_id=cast.school.pk, owner_label=OWNER, owner_id=klass.pk,
            person_id=person.pk, expected_ids=list(rows), reason=reason,
        )  # fmt: skip
        if person is people[8]:
            attendance.decide_leave(cast.actor("headteacher"), leave=leave, move="approve")


def _evaluate(cast: Cast, klass: TrainingClass, people: list[Person]) -> None:
    """Yesterday's afternoon lecture is open to all who came; six have answered, the demo's own trainee has not."""
    session = klass.sessions.filter(kind="lecture", half="pm").order_by("date").first()
    if session is None:
        return
    present = [person for person in people if _came(session, person)]
    form = open_form(cast.system, session, [person.pk for person in present])
    build.evaluated(cast, form, present[12:18])


def open_form(system: Actor, session: Session, person_ids: list[int]) -> Form:
    """The evaluation of a session, opened to these people as the timetable would."""
    form = evaluation.draft(
        system,
        school_id=session.school_id,
        owner_label="training.session",
        owner_id=session.pk,
        title=session.title,
    )
    form = evaluation.open_for(system, form=form, person_ids=person_ids)
    Session.objects.filter(pk=session.pk).update(form_id=form.pk)
    return form


def _came(session: Session, person: Person) -> bool:
    rows = Expected.objects.filter(sitting=session.sitting_id, person=person)
    return rows.filter(checkin__verdict__in=("present", "late")).exists()
