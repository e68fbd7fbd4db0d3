"""What released sessions are to attendance: sittings, and who is expected at them."""

from datetime import datetime

from django.utils import timezone

from keyuan.attendance import actions as attendance
from keyuan.attendance.actions.planning import Plan
from keyuan.attendance.models import Sitting
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


def sync_expected(training_class: TrainingClass) -> None:
    """Whoever is admitted is expected at every released session, and nobody else; safe to repeat."""
    sessions = training_class.sessions.filter(sitting_id__isnull=False).values_list("sitting_id", flat=True)
    sittings = list(Sitting.objects.filter(pk__in=list(sessions), state=Sitting.State.PLANNED))
    if not sittings:
        return
    system = system_of(training_class.school_id)
    rows = training_class.nominations.filter(state=Nomination.State.ADMITTED)
    admitted = set(rows.values_list("person_id", flat=True))
    attendance.expect(system, sittings=sittings, person_ids=sorted(admitted))
    present = {pk for sitting in sittings for pk in sitting.expected.values_list("person_id", flat=True)}
    attendance.release(system, sittings=sittings, person_ids=sorted(present - admitted))
