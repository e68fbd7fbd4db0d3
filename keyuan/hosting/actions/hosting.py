"""The event of a turn: what is planned, done and reported by its host, and how the office closes it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.duty import actions as duties
from keyuan.duty.models import Duty, Proof
from keyuan.duty.models import Exemption as Waiver
from keyuan.hosting import flows
from keyuan.hosting.actions.writing import freed, in_state, locked_turn, log
from keyuan.hosting.models import CoHost, Headcount, Lecturer, Passing, Report, Task, TaskTemplate, Turn
from keyuan.kernel import audit, files
from keyuan.kernel.access import Actor, system_of
from keyuan.kernel.faults import Conflict, Fault
from keyuan.kernel.models import StoredFile
from keyuan.people.models import Person

FILES, PROOFS = "hosting.Turn", "hosting.Task"
MOST_FILES = 30
AT_WORK = (Turn.State.ACCEPTED, Turn.State.DONE)


@dataclass(frozen=True)
class EventFacts:
    """Where, when and what the event is, and how many are expected of each cohort."""

    title: str = ""
    held_on: date | None = None
    place: str = ""
    agenda: str = ""
    expected: Mapping[str, int] | None = None


def equip(turn: Turn) -> None:
    """The host's list of tasks and its report, dated from the event; what is there already stays."""
    day = turn.held_on or turn.planned_on
    if not turn.tasks.exists():
        Task.objects.bulk_create(
            Task(
                turn=turn, order=one.order, title=one.title, days=one.days, due=day + timedelta(days=one.days)
            )
            for one in TaskTemplate.objects.filter(rota=turn.rota)
        )
    Report.objects.get_or_create(turn=turn, defaults={"due": day + timedelta(days=turn.rota.report_days)})


def _dated(turn: Turn, day: date) -> None:
    """What hangs on the event's day follows it, where it is not done yet."""
    open_ones = list(turn.tasks.filter(done_at=None))
    for one in open_ones:
        one.due = day + timedelta(days=one.days)
    Task.objects.bulk_update(open_ones, ["due"])
    Report.objects.filter(turn=turn, state__in=("draft", "returned")).update(
        due=day + timedelta(days=turn.rota.report_days)
    )


@transaction.atomic
def set_event(actor: Actor, *, turn: Turn, facts: EventFacts) -> Turn:
    """Say where, when and what; the tasks' days follow the event's. The order reckons with the planned day still."""
    one = locked_turn(actor, turn, "hosting.work")
    in_state(one, *AT_WORK)
    if one.state == Turn.State.DONE and facts.held_on != one.held_on:
        raise Fault(_("活动已经举办，日期不能再改。"), "held_on")
    one.title, one.place = facts.title.strip()[:120], facts.place.strip()[:120]
    one.agenda, one.held_on = facts.agenda.strip()[:4000], facts.held_on
    one.save(update_fields=["title", "place", "agenda", "held_on"])
    if one.state == Turn.State.ACCEPTED:
        _dated(one, one.held_on or one.planned_on)
    _counted(one, facts.expected or {}, "expected")
    audit.record(actor, "hosting.event_set", one)
    return one


def _counted(turn: Turn, counts: Mapping[str, int], name: str) -> None:
    for cohort, count in counts.items():
        if cohort in Headcount.Cohort.values:
            Headcount.objects.update_or_create(turn=turn, cohort=cohort, defaults={name: count})


@transaction.atomic
def complete(actor: Actor, *, turn: Turn, held_on: date, actual: Mapping[str, int]) -> Turn:
    """The office puts down that the event took place and how many came; lecturers' duties are proven by it."""
    one = locked_turn(actor, turn, "hosting.keep")
    if held_on > timezone.localdate():
        raise Fault(_("这一天还没有到，举办以后再登记。"), "held_on")
    Turn.objects.filter(pk=one.pk).update(held_on=held_on)
    one.held_on = held_on
    flows.TURN.move(one, "complete", actor=actor)
    _dated(one, held_on)
    _counted(one, actual, "actual")
    log(actor, one.rota, "done", turn=one.pk, day=held_on.isoformat())
    for lecturer in one.lecturers.filter(proven=False, duty__isnull=False).select_related("duty__term"):
        _prove(actor, one, lecturer)
    return one


def _prove(actor: Actor, turn: Turn, lecturer: Lecturer) -> None:
    """By the event, in the system's name: who closes the event need not keep duties. A duty proven otherwise stays so."""
    duty, day = lecturer.duty, turn.held_on
    if duty is None or day is None or Proof.objects.filter(duty=duty, standing=True).exists():
        return
    if duty.term.starts <= day and (duty.term.ends is None or day <= duty.term.ends):
        title = f"{lecturer.topic}（{turn}）"[:200]
        duties.prove(
            system_of(turn.rota.school_id),
            duty=duty,
            title=title,
            held_on=day,
            event_id=turn.pk,
            place=turn.place,
        )
        Lecturer.objects.filter(pk=lecturer.pk).update(proven=True)


@transaction.atomic
def cancel(actor: Actor, *, turn: Turn, reason: str) -> Turn:
    """Call an event off: the turn goes back to the place its host had, those who help get theirs back too."""
    one = locked_turn(actor, turn, "hosting.keep")
    unit = one.host_id
    for helper in CoHost.objects.filter(turn=one):
        log(actor, one.rota, "unhelp", turn=one.pk, society=helper.organisation_id)
    CoHost.objects.filter(turn=one).delete()
    flows.TURN.move(one, "cancel", actor=actor, note=reason)
    freed(actor, one, Passing.How.CANCELLED, reason, unit=unit)
    for lecturer in one.lecturers.filter(duty__isnull=False).select_related("duty"):
        _unplan(one, lecturer, reason)
    flows.tell_unit(one, unit, "hosting.moved", what=_("活动取消，贵单位位次保留"), reason=reason)
    return one


def _unplan(turn: Turn, lecturer: Lecturer, reason: str) -> None:
    duty = lecturer.duty
    if duty is not None and duty.plans.filter(cancelled_at=None, event_id=turn.pk).exists():
        duties.cancel(system_of(turn.rota.school_id), duty=duty, reason=reason)


def _work(actor: Actor, turn: Turn) -> Turn:
    one = locked_turn(actor, turn, "hosting.work")
    in_state(one, *AT_WORK)
    return one


@transaction.atomic
def finish_task(actor: Actor, *, task: Task, note: str = "", upload: UploadedFile | None = None) -> Task:
    """A task is done, with a word or a file to show for it."""
    _work(actor, task.turn)
    one = Task.objects.select_for_update().get(pk=task.pk)
    if one.done_at is not None:
        raise Conflict(_("这项任务已经完成，无需再次办理。"))
    if not note.strip() and upload is None:
        raise Fault(_("请写一句完成情况，或上传材料。"), "note")
    one.done_at, one.done_by_id, one.note = timezone.now(), actor.person_id, note.strip()[:200]
    one.save(update_fields=["done_at", "done_by", "note"])
    if upload is not None:
        files.keep(actor, PROOFS, one.pk, upload)
    audit.record(actor, "hosting.task_done", one)
    return one


@transaction.atomic
def reopen_task(actor: Actor, *, task: Task) -> Task:
    """A task was not done after all."""
    _work(actor, task.turn)
    one = Task.objects.select_for_update().get(pk=task.pk)
    one.done_at, one.done_by = None, None
    one.save(update_fields=["done_at", "done_by"])
    audit.record(actor, "hosting.task_undone", one)
    return one


@transaction.atomic
def add_lecturer(actor: Actor, *, turn: Turn, person: Person, topic: str) -> Lecturer:
    """Name who lectures. An open 讲一课 of that person on that day is planned by it, and proven when it took place."""
    one = _work(actor, turn)
    if not topic.strip():
        raise Fault(_("请填写题目。"), "topic")
    if person.school_id != one.rota.school_id or person.erased_at is not None:
        raise Fault(_("请从本校登记的人员中选择。"), "person")
    if one.lecturers.filter(person=person).exists():
        raise Conflict(_("这位授课人已经登记。"))
    day = one.held_on or one.planned_on
    made = Lecturer.objects.create(
        turn=one, person=person, topic=topic.strip()[:120], duty=_owed(person, day)
    )
    audit.record(actor, "hosting.lecturer_set", one, lecturer=made.pk)
    if made.duty is not None and one.state == Turn.State.DONE:
        _prove(actor, one, made)
    elif made.duty is not None and day >= timezone.localdate():
        title = f"{made.topic}（{one}）"[:120]
        duties.plan(system_of(one.rota.school_id), duty=made.duty, title=title, day=day, event_id=one.pk)
    return made


def _owed(person: Person, day: date) -> Duty | None:
    """The lecture a person still owes in a term that holds on the day; the one that ends first."""
    rows = Duty.objects.filter(
        kind="lecture", term__holder=person, term__withdrawn_at=None, term__starts__lte=day
    )
    rows = (
        rows.exclude(proofs__standing=True)
        .exclude(exemptions__in=Waiver.objects.filter(revoked_at=None))
        .select_related("term")
    )
    fit = [
        one for one in rows
        if not (one.term.ends and one.term.ends < day) and not (one.term.deadline and one.term.deadline < day)
    ]  # fmt: skip
    return min(fit, key=lambda one: (one.term.deadline or date.max, one.pk), default=None)


@transaction.atomic
def drop_lecturer(actor: Actor, *, lecturer: Lecturer) -> None:
    """Somebody does not lecture after all; the plan of the duty falls with it. A proven one stays."""
    one = _work(actor, lecturer.turn)
    if lecturer.proven:
        raise Conflict(_("这次授课已认定为讲一课；需要时请在履职页面冲销。"))
    _unplan(one, lecturer, str(_("承办活动授课人变动")))
    Lecturer.objects.filter(pk=lecturer.pk).delete()
    audit.record(actor, "hosting.lecturer_dropped", one)


@transaction.atomic
def add_file(actor: Actor, *, turn: Turn, upload: UploadedFile) -> StoredFile:
    """A photo or document of the event."""
    one = _work(actor, turn)
    if StoredFile.objects.filter(owner_label=FILES, owner_id=one.pk).count() >= MOST_FILES:
        raise Fault(_("最多 %(n)s 份材料，请先去掉几份。") % {"n": MOST_FILES}, "file")
    made = files.keep(actor, FILES, one.pk, upload)
    audit.record(actor, "hosting.file_added", one)
    return made


@transaction.atomic
def write_report(
    actor: Actor, *, turn: Turn, summary: str, results: str = "", hand_in: bool = False
) -> Report:
    """Write the report, and hand it in once the event took place."""
    one = _work(actor, turn)
    report = Report.objects.select_for_update(of=("self",)).select_related("turn__rota").get(turn=one)
    if report.state in {Report.State.SUBMITTED, Report.State.ACCEPTED}:
        raise Conflict(_("总结已经报送，不能再改。"))
    report.summary, report.results = summary.strip()[:6000], results.strip()[:3000]
    if hand_in and not report.summary:
        raise Fault(_("请填写活动情况。"), "summary")
    if hand_in and one.state != Turn.State.DONE:
        raise Fault(_("教务登记“已举办”以后才能报送总结；现在可以先保存。"))
    if hand_in:
        report.handed_in_at, report.handed_in_by_id = timezone.now(), actor.person_id
    report.save(update_fields=["summary", "results", "handed_in_at", "handed_in_by"])
    audit.record(actor, "hosting.report_written", one)
    if hand_in:
        flows.REPORT.move(report, "submit", actor=actor)
        flows.tell_office(one, "hosting.report", what=_("已报送，请审核"), reason=None)
    return report


@transaction.atomic
def judge_report(actor: Actor, *, report: Report, accept: bool, note: str = "") -> Report:
    """The office accepts the report, or returns it with a reason."""
    one = Report.objects.select_for_update(of=("self",)).select_related("turn__rota").get(pk=report.pk)
    flows.REPORT.move(one, "accept" if accept else "return", actor=actor, note=note)
    what = _("已通过") if accept else _("退回补充")
    flows.tell_unit(one.turn, one.turn.host_id, "hosting.report", what=what, reason=note or None)
    return one
