"""The turns of a class's life: copied, postponed, called off, archived."""

from collections.abc import Callable
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.attendance import actions as attendance
from keyuan.attendance.models import Sitting
from keyuan.kernel import audit, notify, search
from keyuan.kernel.access import Actor, require, system_of
from keyuan.kernel.calendar import is_workday
from keyuan.kernel.faults import Conflict, Fault
from keyuan.people import queries as people
from keyuan.plan.models import KeyActivity
from keyuan.training import flows
from keyuan.training.actions.versions import release_timetable
from keyuan.training.models import LIVE, Nomination, QuotaShare, Session, Stop, TrainingClass
from keyuan.training.queries import versions

audit.sentence("training.class.copied", "复制班次：{thing}，原班次 {source} 号")
audit.sentence("training.class.postponed", "班次改期：{thing}，由 {was} 改为 {now}")
audit.sentence("training.class.archived", "班次归档：{thing}，保管期限 {retention}")
audit.sentence("training.class.unarchived", "撤销归档：{thing}")
notify.kind("training.postponed", title="班次改期", text="“{title}”改为 {starts} 至 {ends} 举办：{reason}")
notify.kind("training.called_off", title="班次取消", text="“{title}”已取消：{reason}")
COPIED = (
    "kind", "entry", "lodging", "fees", "itinerary", "certificate", "department", "title", "venue", "head_teacher",
    "places", "audience", "content", "bring", "hours", "attendance_share", "leave_limit", "contact",
)  # fmt: skip
# What the rooms above do in the transaction that archives a class.
_AT_ARCHIVING: list[Callable[[TrainingClass], None]] = []
WITHDRAWN = {
    "admitted": "remove",
    "invited": "withdraw",
    "submitted": "withdraw",
    "returned": "withdraw",
    "waitlisted": "withdraw",
}


def _workday_before(day: date) -> date:
    while not is_workday(day):
        day -= timedelta(days=1)
    return day


@transaction.atomic
def copy_class(
    actor: Actor,
    *,
    source: TrainingClass,
    activity: KeyActivity,
    starts: date,
    title: str = "",
    shares: bool = True,
    timetable: bool = True,
) -> TrainingClass:
    """A new draft like a past class, from `starts`: facts, shares and timetable, but no people and no number.

    Sessions and stops keep their distance from the first day. Teachers are kept and asked anew; where one is
    taken at that time, the session comes without the teacher.
    """
    require(actor, "training.plan", activity)
    shift = starts - source.starts
    lead = source.starts - source.nominate_by
    made = TrainingClass(
        school_id=activity.plan.school_id, activity=activity, copied_from=source, starts=starts,
        ends=source.ends + shift, nominate_by=_workday_before(starts - lead),
        **{name: getattr(source, name) for name in COPIED},
    )  # fmt: skip
    made.title = title.strip() or made.title
    require(actor, "training.plan", made)
    made.department_id = _lead_of(activity, made.department_id)
    made.save()
    if shares:
        kept = source.shares.filter(places__gt=0).values_list("organisation_id", "places")
        QuotaShare.objects.bulk_create(
            QuotaShare(training_class=made, organisation_id=unit, places=count) for unit, count in kept
        )
    if timetable:
        _copy_days(source, made, shift)
    audit.record(actor, "training.class.copied", made, source=source.pk)
    search.refresh(made)
    return made


def _lead_of(activity: KeyActivity, department_id: int) -> int:
    """The department of the past class where it leads this activity too, else the first that does."""
    leads = list(activity.leads.values_list("organisation_id", flat=True))
    if not leads:
        raise Fault("所选重点活动还没有牵头部门，请先在年度计划里填写。", "activity")
    return department_id if department_id in leads else leads[0]


def _copy_days(source: TrainingClass, made: TrainingClass, shift: timedelta) -> None:
    for session in source.sessions.order_by("date", "starts"):
        session.pk, session.training_class = None, made
        session.date += shift
        session.released, session.teacher_answer = False, ""
        session.sitting_id = session.form_id = None
        if _taken(session, teacher_id=session.teacher_id):
            session.teacher = None
        if session.place and _taken(session, place=session.place):
            session.place = ""
        session.save(force_insert=True)
    stops = list(source.stops.all())
    for stop in stops:
        stop.pk, stop.training_class = None, made
        stop.date += shift
    Stop.objects.bulk_create(stops)


def _taken(session: Session, **what: object) -> bool:
    if None in what.values():
        return False
    rows = Session.objects.filter(
        school_id=session.school_id,
        date=session.date,
        starts__lt=session.ends,
        ends__gt=session.starts,
        **what,
    )
    return rows.exclude(training_class__state="cancelled").exists()


def concerned(training_class: TrainingClass) -> list[int]:
    """Whom a change of the class concerns: live nominees, teachers, liaisons of its units, the head teacher."""
    found = set(training_class.nominations.filter(state__in=LIVE).values_list("person_id", flat=True))
    found |= set(training_class.sessions.filter(teacher__isnull=False).values_list("teacher_id", flat=True))
    units = training_class.shares.filter(places__gt=0).values_list("organisation_id", flat=True)
    for persons in people.liaisons_of(units).values():
        found |= set(persons)
    found.add(training_class.head_teacher_id)
    return sorted(found)


@transaction.atomic
def postpone(
    actor: Actor, *, training_class: TrainingClass, starts: date, nominate_by: date, reason: str
) -> None:
    """Move the whole class to begin on `starts`, with its sessions and stops, and tell everybody concerned.

    A released timetable is released anew. Nothing moves when a session would clash with another class's.
    """
    require(actor, "training.plan", training_class)
    held = TrainingClass.objects.select_for_update().get(pk=training_class.pk)
    if not reason.strip():
        raise Fault("请填写改期原因，会写进给大家的通知。", "reason")
    if starts == held.starts and nominate_by == held.nominate_by:
        raise Fault("日期没有变化。", "starts")
    if nominate_by > starts:
        raise Fault("报名截止不能晚于开班日期。", "nominate_by")
    if Sitting.objects.filter(
        owner_label="training.class", owner_id=held.pk, expected__checkin__isnull=False
    ).exists():
        raise Conflict("已有学员签到，班次正在进行，不能改期；可逐个调整课次。")
    was, shift = held.starts, starts - held.starts
    held.starts, held.ends, held.nominate_by = starts, held.ends + shift, nominate_by
    held.save(update_fields=["starts", "ends", "nominate_by"])
    _shift_days(held, shift)
    audit.record(actor, "training.class.postponed", held, was=f"{was:%Y-%m-%d}", now=f"{starts:%Y-%m-%d}")
    told = concerned(held) if held.state == TrainingClass.State.PUBLISHED else []
    if held.timetable_version and versions.pending(held):
        release_timetable(actor, training_class=held, told_already=told)
    if held.state == TrainingClass.State.PUBLISHED:
        notify.tell(
            told, "training.postponed", f"/classes/{held.pk}/", school_id=held.school_id,
            title=held.title, starts=f"{held.starts:%Y-%m-%d}", ends=f"{held.ends:%Y-%m-%d}", reason=reason.strip(),
        )  # fmt: skip
    training_class.refresh_from_db()


def _shift_days(held: TrainingClass, shift: timedelta) -> None:
    sessions = list(held.sessions.order_by("-date" if shift > timedelta() else "date", "starts"))
    for session in sessions:
        session.date += shift
        for what in ({"teacher_id": session.teacher_id}, {"place": session.place or None}):
            if _taken_elsewhere(session, held.pk, **what):
                raise Conflict(
                    _("改期后“%(title)s”（%(date)s）的主讲或场地已被其他班次占用，请先调整这个课次。")
                    % {"title": session.title, "date": f"{session.date:%m月%d日}"},
                    "starts",
                )
        Session.objects.filter(pk=session.pk).update(date=session.date, released=False, teacher_answer="")
    for stop in held.stops.all():
        Stop.objects.filter(pk=stop.pk).update(date=stop.date + shift)


def _taken_elsewhere(session: Session, class_id: int, **what: object) -> bool:
    if None in what.values():
        return False
    rows = Session.objects.filter(
        school_id=session.school_id,
        date=session.date,
        starts__lt=session.ends,
        ends__gt=session.starts,
        **what,
    )
    return rows.exclude(training_class_id=class_id).exclude(training_class__state="cancelled").exists()


@transaction.atomic
def call_off(actor: Actor, *, training_class: TrainingClass, reason: str) -> None:
    """Cancel the class: everybody concerned is told why, its sittings are called off, every place is freed."""
    held = TrainingClass.objects.select_for_update().get(pk=training_class.pk)
    told = concerned(held) if held.state == TrainingClass.State.PUBLISHED else []
    require(actor, "training.publish", held)
    for nomination in held.nominations.filter(state__in=LIVE).select_related("training_class", "person"):
        _withdraw(actor, nomination, reason)
    for sitting in Sitting.objects.filter(owner_label="training.class", owner_id=held.pk, state="planned"):
        attendance.cancel(system_of(held.school_id), sitting=sitting)
    flows.CLASS.move(held, "cancel", actor=actor, note=reason)
    notify.tell(
        told, "training.called_off", f"/classes/{held.pk}/", school_id=held.school_id, title=held.title,
        reason=reason,
    )  # fmt: skip
    training_class.refresh_from_db()


def _withdraw(actor: Actor, nomination: Nomination, reason: str) -> None:
    words = f"班次取消：{reason}"[:200]
    Nomination.objects.filter(pk=nomination.pk).update(reason=words)
    if nomination.state == "admitted":
        flows.free_place(nomination.training_class_id)
    flows.NOMINATION.move(nomination, WITHDRAWN[nomination.state], actor=actor, note=words)


def at_archiving(done: Callable[[TrainingClass], None]) -> Callable[[TrainingClass], None]:
    """Register what a room above does when a class is put on the shelf for the first time."""
    _AT_ARCHIVING.append(done)
    return done


@transaction.atomic
def archive(actor: Actor, *, training_class: TrainingClass, retention: str) -> None:
    """Put a closed class on the shelf for its retention period; again with another period changes the period."""
    held = TrainingClass.objects.select_for_update().get(pk=training_class.pk)
    require(actor, "training.close", held)
    if held.state != TrainingClass.State.CLOSED:
        raise Fault("结班之后才能归档。")
    if retention not in TrainingClass.Retention.values:
        raise Fault("请选择保管期限。", "retention")
    fresh = held.archived_at is None
    held.retention, held.archived_at = retention, held.archived_at or timezone.now()
    held.save(update_fields=["retention", "archived_at"])
    audit.record(actor, "training.class.archived", held, retention=held.get_retention_display())
    for done in _AT_ARCHIVING if fresh else ():
        done(held)
    training_class.refresh_from_db()


@transaction.atomic
def unarchive(actor: Actor, *, training_class: TrainingClass) -> None:
    """Take a class off the shelf again, so that it can be reopened and amended."""
    held = TrainingClass.objects.select_for_update().get(pk=training_class.pk)
    require(actor, "training.close", held)
    if held.archived_at is None:
        return
    held.retention, held.archived_at = "", None
    held.save(update_fields=["retention", "archived_at"])
    audit.record(actor, "training.class.unarchived", held)
    training_class.refresh_from_db()
