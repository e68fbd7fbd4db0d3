"""One class as one of its trainees meets it on the phone: state, day, papers, care, leave, evaluations, outcome."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone

from keyuan.attendance import queries as attendance
from keyuan.attendance.models import Expected, Leave
from keyuan.attendance.queries.grid import standing_and_left
from keyuan.coursework.queries import mine as coursework
from keyuan.credits.models import Certificate
from keyuan.desk.queries import Slot, slot_of
from keyuan.desk.queries.letters import FEES, HELD, letter_of
from keyuan.desk.rules.maps import Maps, maps_of
from keyuan.desk.rules.presence import OWNER, badge_code
from keyuan.evaluation.models import Form
from keyuan.evaluation.queries import open_for_me
from keyuan.kernel.access import Actor, visible
from keyuan.kernel.models import IssuedPaper
from keyuan.logistics.queries import mine as logistics
from keyuan.training.models import Completion, Nomination, Session, TrainingClass
from keyuan.training.queries.released import released_of

# Sessions that are held somewhere else than the class; each of them gets a map of its own.
AWAY = (Session.Kind.FIELD, Session.Kind.STUDY, Session.Kind.VISIT, Session.Kind.OUTDOOR)
GONE = (Nomination.State.WITHDRAWN, Nomination.State.SUBSTITUTED, Nomination.State.DECLINED)


@dataclass
class MyClass:
    """One trainee in one class (我的班次)."""

    nomination: Nomination
    today: date
    slots: list[Slot] = field(default_factory=list)
    code: str = ""
    left: int = 0
    standing: attendance.Standing | None = None
    leaves: list[Leave] = field(default_factory=list)
    forms: list[Form] = field(default_factory=list)
    care: logistics.Mine | None = None
    letter: IssuedPaper | None = None
    tasks: list[coursework.TaskLine] = field(default_factory=list)
    materials: list[coursework.MaterialLine] = field(default_factory=list)
    outcome: Completion | None = None
    certificate: Certificate | None = None

    @property
    def klass(self) -> TrainingClass:
        """The class."""
        return self.nomination.training_class

    @property
    def is_in(self) -> bool:
        """Whether one is admitted to a class that is held: only then there is more to show than the state."""
        admitted = self.nomination.state == Nomination.State.ADMITTED
        return admitted and self.klass.state in HELD

    @property
    def phase(self) -> str:
        """before, during, after its days, or closed; empty for who is not admitted."""
        if not self.is_in:
            return ""
        if self.klass.state == TrainingClass.State.CLOSED:
            return "closed"
        if self.today < self.klass.starts:
            return "before"
        return "during" if self.today <= self.klass.ends else "after"

    @property
    def here(self) -> Slot | None:
        """The session to be large: the one under way, else the next of today, else the next at all."""
        ahead = [slot for slot in self.slots if not slot.is_over]
        now = [slot for slot in ahead if slot.is_now]
        return next(iter(now or ahead), None)

    @property
    def days(self) -> list[tuple[date, list[Slot]]]:
        """Today first, then the days to come."""
        return _by_day(slot for slot in self.slots if slot.session.date >= self.today)

    @property
    def past(self) -> list[tuple[date, list[Slot]]]:
        """The days gone by."""
        return _by_day(slot for slot in self.slots if slot.session.date < self.today)

    @property
    def unsigned(self) -> list[Slot]:
        """Sessions over, expected at and not signed for: one's own word is still heard."""
        return [slot for slot in self.slots if slot.is_over and slot.mine is not None and not slot.standing]

    @property
    def maps(self) -> Maps | None:
        """Where the class is."""
        return maps_of(self.klass.venue)

    @property
    def fees(self) -> str:
        """Who pays, where the class has a budget."""
        return FEES if self.klass.fees else ""

    @property
    def may_ask_leave(self) -> bool:
        """Whether anything lies ahead that leave could be asked for."""
        return self.klass.state == TrainingClass.State.PUBLISHED and any(
            slot.mine is not None and not slot.is_over and not slot.standing for slot in self.slots
        )


def _by_day(slots: Iterable[Slot]) -> list[tuple[date, list[Slot]]]:
    found: dict[date, list[Slot]] = {}
    for slot in slots:
        found.setdefault(slot.session.date, []).append(slot)
    return list(found.items())


def own(actor: Actor) -> list[Nomination]:
    """One's newest standing in each class one was put forward for, what lies ahead first; one query."""
    if actor.person_id is None:
        return []
    rows = visible(actor, Nomination).filter(person_id=actor.person_id)
    rows = rows.exclude(training_class__state__in=("draft", "submitted", "approved"))
    newest = {row.training_class_id: row for row in _joined(rows).order_by("pk")}
    today = timezone.localdate()
    return sorted(newest.values(), key=lambda row: _turn(row, today))


def _turn(row: Nomination, today: date) -> tuple[int, int]:
    klass = row.training_class
    if row.state in GONE or klass.state in {"closed", "cancelled"} or klass.ends < today:
        return (1, -klass.starts.toordinal())
    return (0, klass.starts.toordinal())


def _joined(rows: QuerySet[Nomination]) -> QuerySet[Nomination]:
    return rows.select_related(
        "person",
        "organisation",
        "training_class__head_teacher",
        "training_class__school",
        "training_class__department",
    )


def own_in(actor: Actor, class_id: int) -> Nomination | None:
    """One's newest standing in one class; None for a stranger."""
    return next((row for row in own(actor) if row.training_class_id == class_id), None)


def my_class(actor: Actor, nomination: Nomination) -> MyClass:
    """Everything of one class for one trainee, in as many queries however long the timetable is."""
    found = MyClass(nomination, timezone.localdate())
    if not found.is_in:
        return found
    found.slots = _slots(actor, found)
    found.letter = letter_of(actor, nomination)
    found.care = logistics.own_in(actor, found.klass)
    found.tasks = coursework.tasks_of(actor, found.klass)
    found.materials = coursework.materials_of(actor, found.klass)
    if found.slots:
        _add_presence(actor, found)
    if found.klass.state == TrainingClass.State.CLOSED:
        _add_outcome(actor, found)
    else:
        _add_forms(actor, found)
    return found


def _slots(actor: Actor, found: MyClass) -> list[Slot]:
    slots = [slot_of(session) for session in released_of(actor, found.klass)]
    lines = visible(actor, Expected).filter(
        person_id=actor.person_id or 0,
        sitting__owner_label=OWNER,
        sitting__owner_id=found.klass.pk,
        sitting__state="planned",
    )
    lines = lines.annotate(on_leave=attendance.granted()).select_related("sitting", "checkin")
    mine = {row.sitting_id: row for row in lines} if slots else {}
    today = [row.sitting for row in mine.values() if row.sitting.date == found.today]
    takes = attendance.open_now(today)
    for slot in slots:
        slot.session.training_class = found.klass
        slot.mine = mine.get(slot.session.sitting_id or 0)
        slot.takes_checkins = slot.session.sitting_id in takes
        slot.maps = maps_of(slot.session.place) if slot.session.kind in AWAY else None
    return slots


def _add_presence(actor: Actor, found: MyClass) -> None:
    """The own code, what stands, what may still be asked for, what was asked."""
    person_id = actor.person_id or 0
    found.code = badge_code(found.klass.pk, person_id)
    if found.may_ask_leave:
        found.standing, found.left = standing_and_left(OWNER, found.klass.pk, person_id)
    rows = attendance.leaves_for(actor, OWNER, found.klass.pk).filter(person_id=person_id)
    found.leaves = list(rows.order_by("-requested_at"))


def _add_forms(actor: Actor, found: MyClass) -> None:
    """What one may evaluate now: sessions of this class, and the class itself."""
    sessions = {slot.session.form_id for slot in found.slots if slot.session.form_id}
    forms = open_for_me(actor)
    found.forms = [
        form
        for form in forms
        if form.pk in sessions or (form.owner_label, form.owner_id) == (OWNER, found.klass.pk)
    ]
    by_form = {form.pk: form for form in found.forms}
    for slot in found.slots:
        slot.form = by_form.get(slot.session.form_id or 0)


def _add_outcome(actor: Actor, found: MyClass) -> None:
    """How it ended, frozen at closing, and the certificate once it is issued."""
    rows = visible(actor, Completion).filter(nomination=found.nomination, closing=found.klass.closings)
    found.outcome = rows.first()
    found.certificate = certificate_of(actor, found.klass)


def certificate_of(actor: Actor, training_class: TrainingClass) -> Certificate | None:
    """One's own certificate of the class, once it is issued and while it stands."""
    mine = Q(owner_label=OWNER, owner_id=training_class.pk, person_id=actor.person_id or 0)
    rows = visible(actor, Certificate).filter(mine, state=Certificate.State.ISSUED)
    return rows.order_by("-pk").first()
