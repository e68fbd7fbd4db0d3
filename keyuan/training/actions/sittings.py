"""What released sessions are to attendance: sittings, and who is expected at them."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.utils import timezone

from keyuan.attendance import actions as attendance
from keyuan.attendance.actions.planning import Plan
from keyuan.attendance.models import Expected, Sitting
from keyuan.kernel.access import system_of
from keyuan.training.models import Nomination, Session, TrainingClass

OWNER = "training.class"
# Self-study is not signed for.
UNSIGNED = {Session.Kind.SELF_STUDY}


def sitting_plan(session: Session, order: int) -> Plan:
    """What the sitting of a session is to be, in its place of the timetable."""
    zone = timezone.get_current_timezone()
    return Plan(
        title=session.title,
        starts=datetime.combine(session.date, session.starts, zone),
        ends=datetime.combine(session.date, session.ends, zone),
        hours=session.hours,
        place=session.place,
        half=session.half,
        order=order,
    )


def plan_all(sessions: Sequence[Session]) -> None:
    """Plan a sitting for each session that is signed for, and take it from those that are not.

    One that people have signed in to was held, whatever its session is called now: it stays and counts.
    """
    unsigned = [row.sitting_id for row in sessions if row.kind in UNSIGNED and row.sitting_id]
    kept = begun(unsigned) if unsigned else set()
    for order, session in enumerate(sessions):
        sitting_id = None
        if session.kind not in UNSIGNED:
            sitting_id = attendance.plan_sitting(
                system_of(session.school_id), school_id=session.school_id, owner_label=OWNER,
                owner_id=session.training_class_id, key=f"session:{session.pk}", plan=sitting_plan(session, order),
            ).pk  # fmt: skip
        elif session.sitting_id in kept:
            sitting_id = session.sitting_id
        elif session.sitting_id:
            cancel([session.sitting_id])
        session.sitting_id, session.released = sitting_id, True
        Session.objects.filter(pk=session.pk).update(sitting_id=sitting_id, released=True)


def cancel(sitting_ids: Iterable[int]) -> None:
    """Call sittings off, since their sessions are held no more."""
    for sitting in Sitting.objects.filter(pk__in=list(sitting_ids)):
        attendance.cancel(system_of(sitting.school_id), sitting=sitting)


def begun(sitting_ids: Iterable[int]) -> set[int]:
    """Those of some sittings that people have signed in to: they have been held."""
    rows = Expected.objects.filter(sitting_id__in=list(sitting_ids), checkin__isnull=False)
    return set(rows.values_list("sitting_id", flat=True))


def sync_expected(training_class: TrainingClass) -> None:
    """Whoever is admitted is expected at every released session, and nobody else; safe to repeat.

    A session taken out is held until that is released, so it is the sittings that are asked, not the sessions.
    """
    sittings = list(
        Sitting.objects.filter(
            owner_label=OWNER, owner_id=training_class.pk, state=Sitting.State.PLANNED
        ).order_by("pk")
    )
    if not sittings:
        return
    system = system_of(training_class.school_id)
    rows = training_class.nominations.filter(state=Nomination.State.ADMITTED)
    admitted = set(rows.values_list("person_id", flat=True))
    attendance.expect(system, sittings=sittings, person_ids=sorted(admitted))
    present = {pk for sitting in sittings for pk in sitting.expected.values_list("person_id", flat=True)}
    attendance.release(system, sittings=sittings, person_ids=sorted(present - admitted))
