"""One person's duties: what is owed, what is planned, what could be attended, and everything that happened."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from keyuan.duty.models import Duty, DutyClaim, DutyPlan, Exemption, Kind, Proof, Reminder
from keyuan.duty.queries.counting import counted_classes
from keyuan.duty.queries.states import detailed
from keyuan.duty.rules import standing
from keyuan.kernel.access import Actor, visible
from keyuan.kernel.models import StoredFile
from keyuan.orgs.models import School
from keyuan.orgs.queries import names_on
from keyuan.people.models import Person
from keyuan.terms.models import Term
from keyuan.training.models import Nomination, TrainingClass

OFFERED = 12
LIVE = ("invited", "submitted", "returned", "waitlisted", "admitted")


@dataclass
class Held:
    """One term of the person with its duties (任期职责)."""

    term: Term
    unit: str
    duties: list[Duty]


def of_person(actor: Actor, person: Person, on: date) -> list[Held]:
    """The person's terms that owe duties, the running one first, as far as the actor sees them."""
    rows = detailed(visible(actor, Duty).filter(term__holder=person), on)
    joined = rows.select_related("term__organisation", "term__post").order_by(
        "-term__starts", "-term_id", "kind"
    )
    found: dict[int, Held] = {}
    for duty in joined:
        found.setdefault(duty.term_id, Held(duty.term, "", [])).duties.append(duty)
    names = names_on({one.term.organisation_id: one.term.organisation for one in found.values()}.values(), on)
    for one in found.values():
        one.unit = names[one.term.organisation_id]
    return list(found.values())


def may_attend(school_id: int, on: date, last: date | None = None) -> QuerySet[TrainingClass]:
    """Published classes to come that count as attending one and still take nominations, the soonest first."""
    school = School.objects.get(pk=school_id)
    rows = counted_classes(school).filter(state="published", nominate_by__gte=on)
    if last is not None:
        rows = rows.filter(ends__lte=last)
    return rows.order_by("starts", "pk")[:OFFERED]


def to_attend(held: list[Held], school_id: int, on: date) -> QuerySet[TrainingClass] | None:
    """What a person who still owes attendance may attend before the latest end of the terms that owe it."""
    owing = [
        duty
        for one in held
        for duty in one.duties
        if duty.kind == Kind.ATTEND and _state(duty) in standing.OUTSTANDING
    ]
    if not owing:
        return None
    ends = [duty.term.deadline for duty in owing]
    known = [day for day in ends if day is not None and day >= on]
    return may_attend(school_id, on, max(known) if len(known) == len(ends) else None)


def _state(duty: Duty) -> str:
    return str(getattr(duty, "state", ""))


def plans_of(duty: Duty) -> QuerySet[DutyPlan]:
    """Every plan the duty had, the newest first."""
    rows = DutyPlan.objects.filter(duty=duty)
    return rows.select_related("training_class", "session", "by", "cancelled_by")


def proofs_of(duty: Duty) -> QuerySet[Proof]:
    """Every proof, those reversed too, the newest first."""
    rows = Proof.objects.filter(duty=duty)
    return rows.select_related("training_class", "claim", "by", "reversal__by")


def claims_of(duty: Duty) -> QuerySet[DutyClaim]:
    """Every claim, the newest first."""
    return DutyClaim.objects.filter(duty=duty).select_related("by", "decided_by")


def exemptions_of(duty: Duty) -> QuerySet[Exemption]:
    """Every waiver, the newest first."""
    return Exemption.objects.filter(duty=duty).select_related("by", "revoked_by")


def reminders_of(duty: Duty) -> QuerySet[Reminder]:
    """Every reminder, the newest first."""
    return Reminder.objects.filter(duty=duty)


def enrolled(duty: Duty) -> Nomination | None:
    """Where the person stands in the class planned for attending: nominated, admitted; None where nobody put them forward."""
    plan = DutyPlan.objects.filter(duty=duty, cancelled_at=None).first()
    if plan is None or plan.training_class_id is None or duty.kind != Kind.ATTEND:
        return None
    rows = Nomination.objects.filter(
        training_class_id=plan.training_class_id, person_id=duty.term.holder_id or 0, state__in=LIVE
    )
    return rows.first()


def claims_in(actor: Actor) -> QuerySet[DutyClaim]:
    """The claims an actor sees, with whose they are."""
    return visible(actor, DutyClaim).select_related(
        "duty__term__holder", "duty__term__organisation", "duty__term__post", "by"
    )


def search_claims(rows: QuerySet[DutyClaim], text: str) -> QuerySet[DutyClaim]:
    """Claims by what they name, whose they are or which unit's."""
    holder = Q(duty__term__holder__name__icontains=text) | Q(
        duty__term__holder__pinyin__icontains=text.lower()
    )
    return rows.filter(Q(title__icontains=text) | Q(duty__term__organisation__name__icontains=text) | holder)


def files_of(duty: Duty) -> dict[int, list[StoredFile]]:
    """The evidence of a duty's claims, by claim, in one query."""
    found: dict[int, list[StoredFile]] = {}
    claims = DutyClaim.objects.filter(duty=duty).order_by().values("pk")
    for stored in StoredFile.objects.filter(owner_label="duty.DutyClaim", owner_id__in=claims):
        found.setdefault(stored.owner_id, []).append(stored)
    return found
