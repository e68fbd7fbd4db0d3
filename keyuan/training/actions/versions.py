"""Versions of the timetable: what is worked on becomes what everybody sees."""

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from keyuan.attendance import actions as attendance
from keyuan.kernel import audit, notify
from keyuan.kernel.access import Actor, require, system_of
from keyuan.kernel.faults import Fault
from keyuan.training.actions.sittings import OWNER, UNSIGNED, sitting_plan, sync_expected
from keyuan.training.models import Session, TrainingClass

audit.sentence("training.timetable.released", "发布课程表：{thing}，第 {version} 版")
notify.kind(
    "training.timetable",
    title="课程表已发布",
    text="“{title}”课程表（第 {version} 版）已发布，请查看上课时间和地点。",
)
notify.kind("training.timetable_changed", title="课程表有调整", text="“{title}”课程表已调整：{changes}")


@transaction.atomic
def release_timetable(actor: Actor, *, training_class: TrainingClass) -> int:
    """Publish the timetable as it stands to trainees and teachers; returns the version's number."""
    held = TrainingClass.objects.select_for_update().get(pk=training_class.pk)
    require(actor, "training.timetable", held)
    sessions = list(held.sessions.order_by("date", "starts"))
    if not sessions:
        raise Fault("课程表还是空的，请先排课再发布。")
    system = system_of(held.school_id)
    for order, session in enumerate(sessions):
        if session.kind in UNSIGNED:
            Session.objects.filter(pk=session.pk).update(released=True)
            continue
        sitting = attendance.plan_sitting(
            system, school_id=held.school_id, owner_label=OWNER, owner_id=held.pk,
            key=f"session:{session.pk}", plan=sitting_plan(session, order),
        )  # fmt: skip
        Session.objects.filter(pk=session.pk).update(sitting_id=sitting.pk, released=True)
    sync_expected(held)
    TrainingClass.objects.filter(pk=held.pk).update(
        timetable_version=F("timetable_version") + 1, timetable_released_at=timezone.now()
    )
    version = held.timetable_version + 1
    training_class.refresh_from_db()
    audit.record(actor, "training.timetable.released", held, version=version)
    people = list(held.nominations.filter(state="admitted").values_list("person_id", flat=True))
    teachers = {session.teacher_id for session in sessions if session.teacher_id}
    notify.tell(
        [*people, *sorted(teachers - set(people))], "training.timetable", f"/classes/{held.pk}/timetable/",
        school_id=held.school_id, title=held.title, version=version,
    )  # fmt: skip
    return version
