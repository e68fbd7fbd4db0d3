"""What a teacher sees on the phone: own sessions, who sits there in numbers, own fees, own results."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import QuerySet
from django.utils import timezone

from keyuan.coursework.models import Material
from keyuan.coursework.queries.materials import of_session
from keyuan.desk.queries import Slot, slot_of
from keyuan.desk.rules.audience import LEVELS, Group, level_of, tally
from keyuan.desk.rules.maps import Maps, maps_of
from keyuan.desk.rules.results import Result
from keyuan.evaluation import queries as evaluation
from keyuan.evaluation.models import Form
from keyuan.fees.models import LectureFee
from keyuan.fees.queries.lectures import own_fees
from keyuan.kernel.access import Actor, can, require
from keyuan.orgs.models import Organisation
from keyuan.training.models import Nomination, ReleasedSession, Session, TrainingClass
from keyuan.training.queries.released import holding, shown

OWNER = "training.session"


def own_sessions(actor: Actor) -> QuerySet[ReleasedSession]:
    """The sessions one gives, as they were released, of classes that are held."""
    rows = holding(actor).filter(teacher_id=actor.person_id or 0)
    rows = rows.exclude(training_class__state=TrainingClass.State.CANCELLED)
    return rows.select_related("session", "training_class__head_teacher", "teacher")


def own_session(actor: Actor, pk: int) -> Session | None:
    """One of them by its number."""
    return next(iter(shown(own_sessions(actor).filter(number=pk))), None)


def coming(actor: Actor) -> list[Slot]:
    """Those from today on, today's first."""
    return [slot_of(row) for row in shown(own_sessions(actor).filter(date__gte=timezone.localdate()))]


def past(actor: Actor) -> QuerySet[ReleasedSession]:
    """Those gone by, the latest first."""
    return own_sessions(actor).filter(date__lt=timezone.localdate()).order_by("-date", "-starts")


def fees_to_see(actor: Actor) -> list[LectureFee]:
    """One's own slips, those that wait for a signature first."""
    return sorted(own_fees(actor)[:12], key=lambda fee: fee.state not in {"sent", "queried"})


@dataclass
class Audience:
    """Who sits in a class, in numbers (学员构成)."""

    total: int
    units: list[Group] = field(default_factory=list)
    levels: list[Group] = field(default_factory=list)
    fields: list[Group] = field(default_factory=list)


def audience_of(actor: Actor, session: Session) -> Audience:
    """The audience of one's own session: numbers of at least five, no name; one query."""
    require(actor, "desk.teach", session)
    rows = Nomination.objects.filter(
        training_class_id=session.training_class_id, state=Nomination.State.ADMITTED
    )
    told = list(
        rows.order_by().values_list(
            "person__organisation__kind", "person__organisation__field_or_region", "person__post_title"
        )
    )
    kinds = dict(Organisation.Kind.choices)
    return Audience(
        len(told),
        tally(str(kinds.get(kind, "")) for kind, _field, _post in told),
        tally(str(LEVELS[level_of(post)]) for _kind, _field, post in told),
        tally(where or "" for _kind, where, _post in told),
    )


@dataclass
class MySession:
    """One session as its teacher meets it (我的授课)."""

    slot: Slot
    audience: Audience
    fee: LectureFee | None
    form: Form | None
    result: Result | None
    materials: list[Material] = field(default_factory=list)
    may_give: bool = False

    @property
    def session(self) -> Session:
        """The session."""
        return self.slot.session

    @property
    def maps(self) -> Maps | None:
        """Where it is given."""
        return maps_of(
            " ".join(dict.fromkeys(filter(None, (self.session.training_class.venue, self.session.place))))
        )

    @property
    def may_answer(self) -> bool:
        """Whether one may still accept or decline."""
        return not self.slot.is_over and self.session.training_class.state != TrainingClass.State.CLOSED


def my_session(actor: Actor, session: Session) -> MySession:
    """One session with its audience, and afterwards fee and result; some seven queries."""
    fee = own_fees(actor).filter(training_class_id=session.training_class_id).first()
    form = published(actor, [session.pk]).get(session.pk)
    result = evaluation.result(form) if form is not None else None
    return MySession(
        slot_of(session), audience_of(actor, session), fee, form, result,
        list(of_session(actor, session)), can(actor, "coursework.give", session),
    )  # fmt: skip


def published(actor: Actor, numbers: Sequence[int]) -> dict[int, Form]:
    """The published evaluation of each of these sessions, as far as the actor sees them; one query."""
    rows = evaluation.forms_of(actor, OWNER, numbers)
    return {form.owner_id: form for form in rows.filter(state=Form.State.PUBLISHED)}
