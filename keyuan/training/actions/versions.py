"""Versions of the timetable: what is worked on becomes what everybody sees, or goes back to it; the final one."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.kernel import audit, notify
from keyuan.kernel.access import Actor, require
from keyuan.kernel.chinese import in_chinese
from keyuan.kernel.faults import Conflict, Fault
from keyuan.training.actions import sittings, timetable
from keyuan.training.models import ReleasedSession, Session, TimetableFinal, TimetableVersion, TrainingClass
from keyuan.training.queries import versions as queries
from keyuan.training.queries.versions import Told
from keyuan.training.rules import differences
from keyuan.training.rules.differences import TIMES, Change, Difference, line_of

audit.sentence("training.timetable.released", "发布课程表：{thing}，第 {version} 版")
audit.sentence("training.timetable.taken_back", "撤回未发布的课程表改动：{thing}，{changes} 处")
audit.sentence("training.timetable.final", "定为课程表终版：{thing}，第 {version} 版")
audit.sentence("training.timetable.not_final", "取消课程表终版：{thing}，第 {version} 版")
notify.kind(
    "training.timetable",
    title="课程表已发布",
    text="“{title}”课程表（第 {version} 版）已发布，请查看上课时间和地点。{note}",
)
notify.kind(
    "training.timetable_changed", title="课程表有调整", text="“{title}”课程表已调整：{changes}。{note}"
)

# Where sessions wait while others take their places back; no class is held then, so nothing can clash there.
ASIDE = date(1900, 1, 2)
FACTS = ("kind", "title", "date", "half", "starts", "ends", "teacher_id", "place", "hours")


@transaction.atomic
def release_timetable(
    actor: Actor, *, training_class: TrainingClass, note: str = "", seen: str = "",
    told_already: Collection[int] = (),
) -> int:  # fmt: skip
    """Publish the timetable as it stands; returns the version's number. Raises Fault where nothing has changed.

    Only those affected are told, with what `note` adds; who is in `told_already` is not told again. `seen` is
    the mark of the difference the actor looked at: Conflict when it is another by now.
    """
    held = TrainingClass.objects.select_for_update().get(pk=training_class.pk)
    require(actor, "training.timetable", held)
    timetable.refuse_final(held)
    sessions = list(held.sessions.order_by("date", "starts", "pk"))
    if not sessions and not held.timetable_version:
        raise Fault("课程表还是空的，请先排课再发布。")
    found = queries.pending(held)
    if not found:
        raise Fault(_("课程表与已发布的第 %(n)s 版相同，没有要发布的改动。") % {"n": held.timetable_version})
    if seen and seen != differences.mark(found):
        raise Conflict(_("课程表刚刚又有改动，请再核对一遍后发布。"))
    told = queries.told_by(held, found)
    _refuse_held(held, found)
    sittings.plan_all(sessions)
    gone = {change.line.session for change in found.changes if change.now is None}
    rows = held.released_sessions.filter(cancelled_at=None, number__in=gone)
    sittings.cancel(row.sitting_id for row in rows if row.sitting_id)
    sittings.sync_expected(held)
    number, now = held.timetable_version + 1, timezone.now()
    TimetableVersion.objects.create(
        training_class=held, number=number, released_at=now, released_by_id=actor.person_id,
        facts=[line_of(session).as_facts() for session in sessions],
    )  # fmt: skip
    _make_hold(held, {session.pk: session for session in sessions}, found)
    TrainingClass.objects.filter(pk=held.pk).update(timetable_version=number, timetable_released_at=now)
    audit.record(actor, "training.timetable.released", held, version=number, changes=len(found))
    _tell(held, number, told, note.strip(), frozenset(told_already))
    training_class.refresh_from_db()
    return number


def _refuse_held(held: TrainingClass, found: Difference) -> None:
    """What people have signed in to meanwhile, at the time released, is neither moved nor taken out."""
    kept = {row.number: row.sitting_id for row in held.released_sessions.filter(cancelled_at=None)}
    begun = sittings.begun(pk for pk in kept.values() if pk)
    for change in found.changes:
        if kept.get(change.line.session) not in begun or change.was is None:
            continue
        if change.now is None or set(TIMES).intersection(change.fields):
            raise Fault(
                _(
                    "“%(title)s”在原定时间已有签到记录，不能改时间或撤课。请“撤回到已发布版本”后再发布其他改动。"
                )
                % {"title": change.was.title}
            )


def _make_hold(held: TrainingClass, sessions: dict[int, Session], found: Difference) -> None:
    """What is seen from now on follows the sessions, each change counted; what is gone stays as cancelled."""
    rows = {row.number: row for row in held.released_sessions.filter(cancelled_at=None)}
    now = timezone.now()
    for change in found.changes:
        number = change.line.session
        row = rows.get(number)
        if row is None:
            row = ReleasedSession(
                number=number, training_class=held, school_id=held.school_id, sequence=_sequence(number)
            )
        else:
            row.sequence += 1
        row.changed_at = now
        if change.now is None:
            row.session, row.cancelled_at = None, now
            row.save()
            continue
        if change.was and change.was.teacher and change.was.teacher != change.now.teacher:
            _leave_cancelled(row)
        session = sessions[number]
        for name in FACTS:
            setattr(row, name, getattr(session, name))
        row.session, row.sitting_id = session, session.sitting_id
        row.save()
    _follow_sittings(held, sessions)


def _sequence(number: int) -> int:
    """Where the count of a session goes on that was released, taken out and is back."""
    last = ReleasedSession.objects.filter(number=number).aggregate(last=Max("sequence"))["last"]
    return 0 if last is None else last + 1


def _leave_cancelled(row: ReleasedSession) -> None:
    """The teacher who gives a session no more finds it cancelled in the calendar."""
    ReleasedSession.objects.filter(
        number=row.number, teacher_id=row.teacher_id, cancelled_at__isnull=False
    ).delete()
    copied: Sequence[str] = (*FACTS, "number", "training_class_id", "school_id", "sequence", "changed_at")
    facts = {name: getattr(row, name) for name in copied}
    ReleasedSession.objects.create(**facts, cancelled_at=row.changed_at, for_class=False)


def _follow_sittings(held: TrainingClass, sessions: dict[int, Session]) -> None:
    for row in held.released_sessions.filter(cancelled_at=None, number__in=sessions):
        if row.sitting_id != sessions[row.number].sitting_id:
            ReleasedSession.objects.filter(pk=row.pk).update(sitting_id=sessions[row.number].sitting_id)


@in_chinese
def _tell(held: TrainingClass, number: int, told: Told, note: str, already: frozenset[int]) -> None:
    """The first version is told as such, a later one by what changed for each; names of teachers are not sent."""
    added = f"说明：{note}" if note else ""

    def tell(people: Sequence[int], kind: str, **facts: str | int) -> None:
        notify.tell(
            [pk for pk in people if pk not in already], kind, f"/classes/{held.pk}/timetable/",
            school_id=held.school_id, about=None, title=held.title, note=added, **facts,
        )  # fmt: skip

    if number == 1:
        tell([*told.trainees, *told.teachers], "training.timetable", version=number)
        return
    said = differences.few_words([differences.words(change) for change in told.changes])
    tell(told.trainees, "training.timetable_changed", changes=said)
    for person_id, changes in told.teachers.items():
        own = differences.few_words([differences.own_words(change, person_id) for change in changes])
        tell([person_id], "training.timetable_changed", changes=own)


@transaction.atomic
def take_back(actor: Actor, *, training_class: TrainingClass) -> tuple[int, list[str]]:
    """Put the timetable back to the version released last; how many changes, and the titles of what stayed.

    Of a session that people have signed in to only the time goes back, to when it was held: who taught it and
    where are facts by now. Raises Conflict when a place was taken by another class meanwhile.
    """
    held = TrainingClass.objects.select_for_update().get(pk=training_class.pk)
    require(actor, "training.timetable", held)
    found = queries.pending(held)
    if not held.timetable_version or not found:
        raise Fault(_("没有未发布的改动，不用撤回。"))
    rows = {row.number: row for row in held.released_sessions.filter(cancelled_at=None)}
    begun = sittings.begun(row.sitting_id for row in rows.values() if row.sitting_id)
    stays = [c for c in found.changes if _is_held(c, rows, begun) and not set(TIMES).intersection(c.fields)]
    back = [change for change in found.changes if change not in stays]
    if not back:
        raise Fault(_("有改动的课次都已有签到记录，不能撤回；请发布，或逐个改回。"))
    Session.objects.filter(pk__in=[change.line.session for change in back if change.was is None]).delete()
    _set_aside([change for change in back if change.was and change.now])
    for change in back:
        if change.was is not None:
            _restore(held, change, rows[change.was.session], times_only=_is_held(change, rows, begun))
    sittings.sync_expected(held)
    audit.record(actor, "training.timetable.taken_back", held, changes=len(back))
    training_class.refresh_from_db()
    left = queries.pending(held).changes
    return len(back), [change.line.title for change in left]


def _is_held(change: Change, rows: dict[int, ReleasedSession], begun: set[int]) -> bool:
    """Whether a session that still stands was signed in to."""
    if change.was is None or change.now is None:
        return False
    return rows[change.was.session].sitting_id in begun


def _set_aside(changes: Sequence[Change]) -> None:
    """Out of each other's way, each on a day of its own, until all are back."""
    for number, change in enumerate(changes):
        Session.objects.filter(pk=change.line.session).update(date=ASIDE + timedelta(days=number))


def _restore(held: TrainingClass, change: Change, row: ReleasedSession, *, times_only: bool) -> None:
    session = Session.objects.filter(pk=row.number).first()
    if session is None:
        session = Session(
            pk=row.number, training_class=held, school_id=held.school_id, sitting_id=row.sitting_id
        )
    if not times_only and session.teacher_id != row.teacher_id:
        session.teacher_answer = ""
    for name in TIMES if times_only else FACTS:
        setattr(session, name, getattr(row, name))
    session.released = line_of(session) == line_of(row)
    timetable.store(session)
    if row.session_id is None:
        ReleasedSession.objects.filter(pk=row.pk).update(session=session)


@transaction.atomic
def declare_final(actor: Actor, *, training_class: TrainingClass) -> TimetableVersion:
    """Declare the version released last the final one (定为终版). Nothing may be unreleased."""
    held = TrainingClass.objects.select_for_update().get(pk=training_class.pk)
    require(actor, "training.final", held)
    version = queries.newest_of(held)
    if version is None:
        raise Fault(_("课程表还没有发布，发布后才能定为终版。"))
    if found := queries.pending(held):
        raise Fault(_("还有 %(n)s 处改动未发布，请先发布或撤回，再定为终版。") % {"n": len(found)}, "version")
    if queries.final_of(held) == version:
        return version
    _turn(actor, held, version=version)
    audit.record(actor, "training.timetable.final", held, version=version.number)
    return version


@transaction.atomic
def revoke_final(actor: Actor, *, training_class: TrainingClass, reason: str) -> None:
    """Let the timetable be changed again; closing then wants a final version anew. The reason is kept."""
    held = TrainingClass.objects.select_for_update().get(pk=training_class.pk)
    require(actor, "training.final", held)
    final = queries.final_of(held)
    if final is None:
        raise Fault(_("课程表现在没有终版。"))
    if not reason.strip():
        raise Fault(_("请写明取消终版的理由。"), "reason")
    words = reason.strip()[:200]
    _turn(actor, held, reason=words)
    audit.record(actor, "training.timetable.not_final", held, version=final.number, note=words)


def _turn(
    actor: Actor, held: TrainingClass, *, version: TimetableVersion | None = None, reason: str = ""
) -> None:
    last = held.timetable_finals.aggregate(last=Max("turn"))["last"] or 0
    TimetableFinal.objects.create(
        training_class=held, turn=last + 1, version=version, reason=reason, declared_by_id=actor.person_id
    )
