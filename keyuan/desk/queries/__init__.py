"""What a home shows: to-dos of all rooms, one's sessions, classes, figures of the month, the newest messages."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Case, F, Func, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.attendance import queries as attendance
from keyuan.attendance.models import Expected
from keyuan.credits.models import Certificate
from keyuan.credits.queries import totals_for
from keyuan.desk.rules.maps import Maps
from keyuan.evaluation.models import Form
from keyuan.evaluation.queries import open_for_me
from keyuan.kernel import navigation, todos
from keyuan.kernel.access import Actor, visible
from keyuan.kernel.models import Message
from keyuan.orgs.models import School
from keyuan.people.roles import OFFICE, Role
from keyuan.training.models import Nomination, QuotaShare, ReleasedSession, Session, TrainingClass
from keyuan.training.queries.approving import waiting_words
from keyuan.training.queries.released import coming, holding, shown

AHEAD = 7
CLASSES, MESSAGES, CALLS = 6, 5, 8


@dataclass
class Slot:
    """One session on a home (课次): when and where, and what one can do about it now."""

    session: Session
    starts: datetime
    ends: datetime
    mine: Expected | None = None
    form: Form | None = None
    takes_checkins: bool = False
    expected: int = 0
    came: int = 0
    maps: Maps | None = None

    @property
    def standing(self) -> str:
        """present, late, absent, leave, or empty while nothing is marked."""
        checkin = getattr(self.mine, "checkin", None) if self.mine else None
        if checkin is not None and (checkin.verdict != "absent" or not self.on_leave):
            return str(checkin.verdict)
        return "leave" if self.on_leave else ""

    @property
    def on_leave(self) -> bool:
        """Whether one has leave for it."""
        return bool(getattr(self.mine, "on_leave", False))

    @property
    def is_now(self) -> bool:
        """Whether it is under way, or takes check-ins already."""
        return self.takes_checkins or self.starts <= timezone.now() <= self.ends

    @property
    def is_over(self) -> bool:
        """Whether it has ended."""
        return self.ends < timezone.now()


@dataclass(frozen=True)
class Figure:
    """One figure on a home (数字)."""

    label: str
    value: str | int | Decimal
    unit: str = ""
    note: str = ""
    link: str = ""


@dataclass
class Home:
    """One seat's home (工作台)."""

    actor: Actor
    today: date
    todos: list[todos.ToDo]
    slots: list[Slot] = field(default_factory=list)
    classes: list[TrainingClass] = field(default_factory=list)
    waits: dict[int, str] = field(default_factory=dict)
    calls: list[QuotaShare] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    ways: list[navigation.Link] = field(default_factory=list)

    @property
    def is_trainee(self) -> bool:
        """Whether the large, simple form is for this seat."""
        return Role.TRAINEE in self.actor.roles

    @property
    def is_teacher(self) -> bool:
        """Whether one gives sessions in this seat."""
        return Role.TEACHER in self.actor.roles

    @property
    def is_liaison(self) -> bool:
        """Whether one acts for a unit in this seat."""
        return Role.LIAISON in self.actor.roles

    @property
    def keeps(self) -> bool:
        """Whether this seat keeps attendance."""
        return bool(self.actor.roles.intersection({Role.REGISTRAR, Role.HEAD_TEACHER}))

    @property
    def here(self) -> Slot | None:
        """The session to be large on the phone: the one under way, else today's next, else the next at all."""
        now = [slot for slot in self.slots if slot.is_now and not slot.is_over]
        ahead = [slot for slot in self.slots if not slot.is_over]
        return next(iter(now or ahead), None)

    @property
    def days(self) -> list[tuple[date, list[Slot]]]:
        """The sessions by day, the large one of a trainee left out."""
        large = self.here if self.is_trainee else None
        found: dict[date, list[Slot]] = {}
        for slot in self.slots:
            if slot is not large:
                found.setdefault(slot.session.date, []).append(slot)
        return list(found.items())


def home_of(actor: Actor, path: str = "/home/") -> Home:
    """The home of a seat; some twenty queries however much there is to show."""
    home = Home(actor, timezone.localdate(), todos.for_actor(actor))
    home.slots = slots_of(actor)
    home.classes = list(classes_of(actor))
    if actor.roles.intersection(OFFICE):
        home.waits = waiting_words(home.classes)
    if Role.LIAISON in actor.roles:
        home.calls = list(calls_of(actor))
    home.figures = figures_of(actor)
    home.messages = list(visible(actor, Message).order_by("-id")[:MESSAGES])
    if not (home.slots or home.classes or home.figures):
        home.ways = [way for way in navigation.links_for(actor, path) if not way.current]
    return home


def slot_of(session: Session) -> Slot:
    """A session with its moments."""
    return Slot(session, _at(session, "starts"), _at(session, "ends"))


def _at(session: Session, clock: str) -> datetime:
    return datetime.combine(session.date, getattr(session, clock), timezone.get_current_timezone())


def slots_of(actor: Actor) -> list[Slot]:
    """The sessions that concern a seat: one's own of the week, a head teacher's of the week, the office's of today."""
    if actor.roles.intersection({Role.TRAINEE, Role.TEACHER}):
        slots = [slot_of(session) for session in coming(actor, days=AHEAD)]
    else:
        slots = _kept_slots(actor)
    if Role.TRAINEE in actor.roles:
        _add_own(actor, slots)
    return slots


def _kept_slots(actor: Actor) -> list[Slot]:
    """For who keeps attendance: the sessions as released, with how many are expected and how many came."""
    today = timezone.localdate()
    rows = _with_counts(actor, holding(actor).filter(training_class__state="published"))
    if actor.roles.intersection(OFFICE):
        rows = rows.filter(date=today)
    elif Role.HEAD_TEACHER in actor.roles:
        rows = rows.filter(
            training_class__head_teacher_id=actor.person_id,
            date__range=(today, today + timedelta(days=AHEAD)),
        )
    else:
        return []
    found = list(rows)
    slots = [slot_of(session) for session in shown(found)]
    for slot, row in zip(slots, found, strict=True):
        slot.expected, slot.came = getattr(row, "expected_count", 0), getattr(row, "came_count", 0)
    return slots


def _add_own(actor: Actor, slots: list[Slot]) -> None:
    """What a trainee can do about each session."""
    mine = {row.sitting_id: row for row in attendance.upcoming(actor, days=AHEAD)} if slots else {}
    takes = attendance.open_now(
        row.sitting for row in mine.values() if row.sitting.date == timezone.localdate()
    )
    forms = {form.pk: form for form in open_for_me(actor)} if slots else {}
    for slot in slots:
        slot.mine = mine.get(slot.session.sitting_id or 0)
        slot.takes_checkins = slot.session.sitting_id in takes
        slot.form = forms.get(slot.session.form_id or 0)


def _with_counts(actor: Actor, rows: QuerySet[ReleasedSession]) -> QuerySet[ReleasedSession]:
    """How many are expected at each session, and how many came."""
    lines = visible(actor, Expected).filter(sitting_id=OuterRef("sitting_id"))
    came = lines.filter(checkin__verdict__in=("present", "late"))
    return rows.annotate(expected_count=_one(lines, "COUNT", "pk"), came_count=_one(came, "COUNT", "pk"))


def classes_of(actor: Actor) -> QuerySet[TrainingClass]:
    """The classes of a seat: those that run first, then those to come, then the latest past."""
    today = timezone.localdate()
    running = Case(
        When(starts__lte=today, ends__gte=today, then=Value(0)), When(starts__gt=today, then=Value(1)),
        default=Value(2), output_field=IntegerField(),
    )  # fmt: skip
    rows = visible(actor, TrainingClass).exclude(state="cancelled").select_related("department")
    return rows.annotate(turn=running).order_by("turn", "-starts", "-pk")[:CLASSES]


def calls_of(actor: Actor) -> QuerySet[QuotaShare]:
    """The places given to a liaison's unit, those still open first."""
    rows = visible(actor, QuotaShare).filter(training_class__state="published", places__gt=0)
    return rows.select_related("training_class").order_by("-training_class__nominate_by")[:CALLS]


def figures_of(actor: Actor) -> list[Figure]:
    """The office's figures of the month; a trainee's own hours and certificates."""
    if actor.roles.intersection(OFFICE):
        return _office_figures(actor)
    if Role.TRAINEE in actor.roles and actor.person_id:
        held = sum(totals_for(actor, actor.person_id).values(), start=Decimal(0))
        count = visible(actor, Certificate).filter(person_id=actor.person_id, state="issued").count()
        link = reverse("credits:mine")
        return [
            Figure(_("累计学时"), held.normalize() if held else 0, _("学时"), link=link),
            Figure(_("结业证书"), count, _("本"), link=link),
        ]
    return []


def _office_figures(actor: Actor) -> list[Figure]:
    today = timezone.localdate()
    month = Q(starts__year=today.year, starts__month=today.month)
    running = Q(state="published", starts__lte=today, ends__gte=today)
    classes = visible(actor, TrainingClass).exclude(state="cancelled")
    shares = visible(actor, QuotaShare).filter(
        places__gt=0, training_class__state="published", training_class__nominate_by__gte=today
    )
    waiting = visible(actor, Nomination).filter(state="submitted", training_class__state="published")
    n = _together(
        actor,
        month=_one(classes.filter(month), "COUNT", "pk"),
        running=_one(classes.filter(running), "COUNT", "pk"),
        people=_one(classes.filter(running), "SUM", "taken"),
        units=_one(shares, "COUNT", "pk"),
        answered=_one(shares.filter(used__gt=0), "COUNT", "pk"),
        left=_one(shares, "SUM", F("places") - F("used")),
        waiting=_one(waiting, "COUNT", "pk"),
    )
    link, units = reverse("training:list"), n["units"]
    rate = f"{n['answered'] * 100 // units}%" if units else "—"
    note = _("%(a)s/%(n)s 个单位已回，余 %(l)s 个名额") % {"a": n["answered"], "n": units, "l": n["left"]}
    return [
        Figure(_("本月班次"), n["month"], link=link),
        Figure(
            _("今日在班"), n["people"] or 0, _("人"), _("%(n)s 个班次") % {"n": n["running"]},
            f"{link}?state=published",
        ),
        Figure(_("待审核报名"), n["waiting"], _("人"), link=f"{link}?state=published"),
        Figure(_("报名回复率"), rate, "", note if units else _("现在没有征集中的班次"), f"{link}?state=published"),
    ]  # fmt: skip


def _one(rows: QuerySet[Any], function: str, of: Any) -> Subquery:
    """One figure over some rows as part of a larger query."""
    figure = Func(F(of) if isinstance(of, str) else of, function=function, output_field=IntegerField())
    return Subquery(rows.order_by().annotate(figure=figure).values("figure"))


def _together(actor: Actor, **figures: Subquery) -> dict[str, Any]:
    """Several figures of the actor's school in one query."""
    found = School.objects.filter(pk=actor.school_id or 0).order_by().values_list(*figures.values()).first()
    return dict(zip(figures, found or [0] * len(figures), strict=True))
