"""The timetable as it is worked on: placing sessions without clashes, changing and removing them."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, InternalError, transaction
from django.utils.translation import gettext as _

from keyuan.attendance.models import Expected
from keyuan.kernel import audit
from keyuan.kernel.access import Actor, require
from keyuan.kernel.faults import Conflict, Fault
from keyuan.training.models import Session, TrainingClass
from keyuan.training.queries import timetable, versions
from keyuan.training.queries.policy import policy_on
from keyuan.training.rules import kinds, slots

audit.sentence("training.session.placed", "排课：{thing}")
audit.sentence("training.session.changed", "调课：{thing}（{fields}）")
audit.sentence("training.session.removed", "撤课：{thing}")
audit.sentence("training.session.answered", "主讲答复：{thing}（{answer}）")

FIELDS = ("kind", "title", "date", "half", "starts", "ends", "teacher", "place", "hours")


def check_alone(session: Session, training_class: TrainingClass, short_days: int) -> None:
    """What a session has to be whatever else stands in the timetable. Raises Fault with the field's name."""
    if session.ends <= session.starts:
        raise Fault("结束时间要晚于开始时间。", "ends")
    if not training_class.starts <= session.date <= training_class.ends:
        raise Fault(
            _("日期须在班期内（%(starts)s 至 %(ends)s）。")
            % {"starts": training_class.starts, "ends": training_class.ends},
            "date",
        )
    if refused := kinds.refused_session(training_class, session.kind, short_days):
        raise Fault(refused, "kind")
    first, last = slots.HALVES[session.half]
    if not first <= session.starts <= last:
        raise Fault(_("开始时间不在%(n)s，请改时段或时间。") % {"n": session.get_half_display()}, "starts")


def _check(session: Session, training_class: TrainingClass) -> None:
    check_alone(session, training_class, policy_on(training_class.school_id, session.date).short_days)
    clash = timetable.clash_of(session)
    if clash is not None:
        raise Conflict(
            timetable.clash_words(session, clash),
            "teacher" if timetable.same_teacher(session, clash) else "place",
        )


def store(session: Session) -> None:
    """Save a session; a clash of teacher, room or class is refused with its name."""
    # The trigger is the last word when two registrars place the same teacher at the same moment.
    try:
        with transaction.atomic():
            session.save()
    except (IntegrityError, InternalError) as refused:
        clash = timetable.clash_of(session)
        words = (
            timetable.clash_words(session, clash) if clash else "主讲或场地在这一时间已有安排，请刷新后再排。"
        )
        raise Conflict(words, "starts") from refused


@transaction.atomic
def place_session(actor: Actor, *, training_class: TrainingClass, facts: Mapping[str, Any]) -> Session:
    """Put a session into the timetable; a clash of teacher, room or class is refused with its name."""
    require(actor, "training.timetable", training_class)
    hold_open(training_class.pk)
    session = Session(training_class=training_class, school_id=training_class.school_id)
    for name in FIELDS:
        if name in facts:
            setattr(session, name, facts[name])
    _check(session, training_class)
    store(session)
    audit.record(actor, "training.session.placed", session, training_class=training_class.pk)
    return session


@transaction.atomic
def change_session(actor: Actor, *, session: Session, facts: Mapping[str, Any]) -> list[str]:
    """Move or correct a session; returns what changed. A new teacher has to be asked again."""
    require(actor, "training.timetable", session.training_class)
    hold_open(session.training_class_id)
    stored = (
        Session.objects.select_for_update(of=("self",)).select_related("training_class").get(pk=session.pk)
    )
    changed = [name for name in FIELDS if name in facts and getattr(stored, name) != facts[name]]
    for name in changed:
        setattr(stored, name, facts[name])
    if not changed:
        return []
    if {"date", "half", "starts", "ends"}.intersection(changed):
        refuse_begun(stored)
    if "teacher" in changed:
        stored.teacher_answer = ""
    stored.released = versions.is_as_released(stored)
    _check(stored, stored.training_class)
    store(stored)
    audit.record(actor, "training.session.changed", stored, fields="、".join(changed))
    return changed


def refuse_begun(session: Session) -> None:
    """A session that people have signed in to has been held: its time is a fact and stays."""
    if Expected.objects.filter(sitting_id=session.sitting_id or 0, checkin__isnull=False).exists():
        raise Fault(_("“%(title)s”已有签到记录，时间不能再改。") % {"title": session.title})


def hold_open(class_id: int) -> None:
    """Lock the class before any of its sessions, so that none changes while a version is released or declared final.

    Raises Fault while a version is final.
    """
    refuse_final(TrainingClass.objects.select_for_update().get(pk=class_id))


def refuse_final(training_class: TrainingClass) -> None:
    """The final version is what the class is closed with: it is taken back before anything changes."""
    if (final := versions.final_of(training_class)) is not None:
        raise Fault(
            _("课程表第 %(n)s 版已定为终版。确需改动，请先在课程表页取消终版并写明理由。")
            % {"n": final.number}
        )


@transaction.atomic
def remove_session(actor: Actor, *, session: Session) -> None:
    """Take a session out; one that people have signed in to stays. Those who attend see it until the next release."""
    require(actor, "training.timetable", session.training_class)
    hold_open(session.training_class_id)
    if Expected.objects.filter(sitting_id=session.sitting_id or 0, checkin__isnull=False).exists():
        raise Fault("这一课次已有签到记录，不能撤课。")
    audit.record(actor, "training.session.removed", session, training_class=session.training_class_id)
    session.delete()


@transaction.atomic
def answer_invitation(*, session: Session, person_id: int, answer: str) -> None:
    """A teacher accepts (`yes`) or declines (`no`) by signed link; only the teacher named may answer."""
    stored = Session.objects.select_for_update().get(pk=session.pk)
    if stored.teacher_id != person_id:
        raise Fault("这一课次的主讲已经调整，感谢您的答复。")
    if answer not in {"yes", "no"}:
        raise Fault("请选择接受或婉拒。")
    stored.teacher_answer = answer
    stored.save(update_fields=["teacher_answer"])
    actor = Actor(person_id, stored.school_id, None, frozenset({"teacher"}))
    audit.record(actor, "training.session.answered", stored, answer={"yes": "接受", "no": "婉拒"}[answer])
