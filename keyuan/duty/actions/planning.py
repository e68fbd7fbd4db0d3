"""A class, a session or an event named for a duty: planned, planned anew, cancelled, answered."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.duty.actions.inviting import void
from keyuan.duty.actions.writing import locked, standing_plan, standing_proof, told
from keyuan.duty.models import Duty, DutyPlan, Kind
from keyuan.kernel import audit
from keyuan.kernel.access import Actor
from keyuan.kernel.faults import Conflict, Fault
from keyuan.training.models import Session, TrainingClass

REPLANNED = "改期"
CLASSES = ("draft", "submitted", "approved", "published")


def _day(training_class: TrainingClass | None, session: Session | None, day: date | None) -> date:
    found = session.date if session else training_class.ends if training_class else day
    if found is None:
        raise Fault(_("请选择班次，或填写活动名称和日期。"), "training_class")
    return found


def outside_term(duty: Duty, day: date) -> str:
    """Why a day cannot serve a duty whose term has not begun or is over by then; empty where it can."""
    last = duty.term.ends or duty.term.deadline
    if duty.term.starts <= day and (last is None or day <= last):
        return ""
    told = {"day": day.isoformat(), "last": str(last or _("未定"))}
    return _("%(day)s 不在任期内，任期到 %(last)s 为止，请另选。") % told


def _fit(duty: Duty, training_class: TrainingClass | None, session: Session | None, day: date | None) -> date:
    """The day of what is named; Fault where it cannot serve: another's class, called off, past, after the term."""
    if training_class is not None:
        school = training_class.school
        if duty.school_id not in (school.pk, school.parent_id):
            raise Fault(_("只能安排本校或下属分校的班次。"), "training_class")
        if training_class.state not in CLASSES:
            raise Fault(_("这个班次已结班或取消，请另选。"), "training_class")
        if session is not None and session.training_class_id != training_class.pk:
            raise Fault(_("这节课不在所选的班次里。"), "session")
        if session is not None and duty.kind == Kind.ATTEND:
            raise Fault(_("听一课安排到班次即可，不必选课次。"), "session")
    found = _day(training_class, session, day)
    if found < timezone.localdate():
        raise Fault(_("这一天已经过去。已经办过的，请用“人工认定”。"), "training_class")
    if outside := outside_term(duty, found):
        raise Fault(outside, "training_class")
    return found


@transaction.atomic
def plan(
    actor: Actor, *, duty: Duty, training_class: TrainingClass | None = None, session: Session | None = None,
    title: str = "", day: date | None = None, event_id: int | None = None, note: str = "",
) -> DutyPlan:  # fmt: skip
    """Name a class or session for a duty, or an event outside classes by title and day; what stood gives way.

    Raises Fault where it cannot serve (past, called off, after the term), Conflict where the duty is proven or waived.
    """
    one = locked(actor, duty, "duty.keep")
    if session is not None and training_class is None:
        training_class = session.training_class
    when = _fit(one, training_class, session, day)
    if training_class is None and not title.strip():
        raise Fault(_("请填写活动名称。"), "title")
    if standing_proof(one) is not None:
        raise Conflict(_("这项职责已经完成，无需再安排。"))
    if one.exemptions.filter(revoked_at=None).exists():
        raise Conflict(_("这项职责已免除，请先撤销免除再安排。"))
    before = standing_plan(one)
    if before is not None:
        _cancelled(actor, before, REPLANNED)
    outside = training_class is None
    made = DutyPlan.objects.create(
        duty=one, training_class=training_class, session=session, title=title.strip()[:120] if outside else "",
        day=when if outside else None, event_id=event_id if outside else None, note=note.strip()[:200],
        by_id=actor.person_id,
    )  # fmt: skip
    audit.record(actor, "duty.planned", one, plan=made.pk)
    told(one, "duty.planned", title=str(made), day=when)
    return made


def _cancelled(actor: Actor, held: DutyPlan, reason: str) -> None:
    held.cancelled_at, held.cancelled_by_id, held.cancel_reason = (
        timezone.now(),
        actor.person_id,
        reason[:200],
    )
    held.save(update_fields=["cancelled_at", "cancelled_by", "cancel_reason"])
    void(held)


@transaction.atomic
def cancel(actor: Actor, *, duty: Duty, reason: str) -> DutyPlan:
    """Take the standing plan off with a reason; the person is told. Raises Conflict where none stands."""
    one = locked(actor, duty, "duty.keep")
    held = standing_plan(one)
    if held is None:
        raise Conflict(_("这项职责没有安排，无需取消。"))
    if not reason.strip():
        raise Fault(_("请写明取消原因。"), "reason")
    _cancelled(actor, held, reason.strip())
    audit.record(actor, "duty.plan_cancelled", one, plan=held.pk)
    told(one, "duty.unplanned", title=str(held), reason=reason.strip())
    return held


@transaction.atomic
def answer(actor: Actor, *, duty: Duty, yes: bool) -> DutyPlan:
    """What the person says to the plan; a no leaves it to the office to plan anew."""
    one = locked(actor, duty, "duty.answer")
    held = standing_plan(one)
    if held is None:
        raise Conflict(_("这项安排刚刚已取消，请刷新页面再看。"))
    held.answer = DutyPlan.Answer.YES if yes else DutyPlan.Answer.NO
    held.answered_at = timezone.now()
    held.save(update_fields=["answer", "answered_at"])
    audit.record(actor, "duty.answered", one, plan=held.pk, yes=yes)
    return held
