"""Lecture fees written: ranks, slips drawn from the timetable, fixed, signed, paid."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.fees import flows
from keyuan.fees.models import FIXED, LectureFee, LectureFeeLine, TeacherRank
from keyuan.fees.queries import standards, teaching
from keyuan.fees.queries.teaching import Share
from keyuan.fees.rules.withholding import TaxTable
from keyuan.kernel import audit
from keyuan.kernel.access import Actor, require
from keyuan.kernel.faults import Conflict, Fault
from keyuan.people.models import Person
from keyuan.training.models import TrainingClass

audit.sentence("fees.rank.set", "登记师资职称等级：{thing}")
audit.sentence("fees.sheet.drawn", "按课程表生成讲课费：{thing}，{count} 位老师")
ZERO = Decimal(0)


@transaction.atomic
def set_rank(actor: Actor, *, person: Person, rank: str, evidence: str = "") -> TeacherRank:
    """The rank by which a person is paid from now on; slips already sent keep theirs."""
    require(actor, "fees.lectures")
    if person.school_id != actor.school_id:
        raise Fault(_("这位老师不属于本校。"))
    if not rank.strip():
        raise Fault(_("请选择职称等级。"), "rank")
    saved, _made = TeacherRank.objects.update_or_create(
        person=person,
        defaults={
            "rank": rank.strip()[:30], "evidence": evidence.strip()[:100], "set_by_id": actor.person_id,
            "set_at": timezone.now(),
        },
    )  # fmt: skip
    audit.record(actor, "fees.rank.set", saved, person=person.pk)
    return saved


@transaction.atomic
def draw_sheet(
    actor: Actor, *, training_class: TrainingClass, month: date, ranks: Mapping[int, str] | None = None
) -> int:
    """Make or renew the slips of everybody who teaches in the class; those already sent stay as they are.

    The month is the one the money goes out in; `ranks` are those confirmed now, by person. A teacher no
    longer in the timetable loses an unsent slip.
    """
    held = TrainingClass.objects.select_for_update().get(pk=training_class.pk)
    require(actor, "fees.lectures", held)
    standard = teaching.standard_for(held)
    if standard is None:
        raise Fault(_("开班日没有生效的费用标准，请先在“费用标准”里设定。"))
    for share in teaching.shares(held, standard):
        rank = (ranks or {}).get(share.person.pk, "")
        if rank and (not share.known or rank != share.rank):
            set_rank(actor, person=share.person, rank=rank)
    found = teaching.shares(held, standard)
    drafts = LectureFee.objects.filter(training_class=held, state="draft")
    drafts.exclude(person_id__in=[share.person.pk for share in found]).delete()
    for share in found:
        _draw(held, share, month.replace(day=1))
    audit.record(actor, "fees.sheet.drawn", held, count=len(found))
    return len(found)


def _draw(held: TrainingClass, share: Share, month: date) -> None:
    fee = LectureFee.objects.select_for_update().filter(training_class=held, person=share.person).first()
    if fee is not None and fee.state in FIXED:
        return
    fee = fee or LectureFee(training_class=held, person=share.person, school_id=held.school_id)
    fee.month, fee.rank, fee.rate = month, share.rank, share.rate
    fee.hours, fee.net = share.hours, share.net
    fee.gross = _gross(fee)
    fee.save()
    fee.lines.all().delete()
    try:
        with transaction.atomic():
            LectureFeeLine.objects.bulk_create(
                LectureFeeLine(
                    fee=fee, session=session, title=session.title, date=session.date, held=session.hours,
                    counted=hours, note=note[:120],
                )
                for session, hours, note in share.sessions
            )  # fmt: skip
    except IntegrityError as clash:
        raise Conflict(_("有课次已列入另一份签收单，请刷新后再试。")) from clash


def _table(school_id: int, day: date) -> TaxTable:
    held = standards.withholding_on(school_id, day)
    if held is None:
        raise Fault(_("发放月份没有生效的预扣率表，请先在“预扣率表”里设定。"))
    return standards.table_of(held)


def _gross(fee: LectureFee) -> Decimal:
    """Before tax, on top of what the payee's other slips of the month come to."""
    net, gross = teaching.month_so_far(fee.person_id, fee.school_id, fee.month, besides=fee.pk or 0)
    found = _table(fee.school_id, fee.month).further_gross(fee.net, month_net=net, month_gross=gross)
    if found < fee.net:
        raise Fault(_("本月其他签收单的税款已按更高金额计算，请先收回它们再重新发出。"))
    return found


@transaction.atomic
def send(actor: Actor, *, fees: Iterable[LectureFee]) -> int:
    """Fix the figures of slips and ask the teachers to sign; how many went out.

    Slips of one payee and month queue for the payee's row, so that two classes do not each tax from nothing.
    """
    count = 0
    for given in fees:
        fee = (
            LectureFee.objects.select_for_update().select_related("training_class", "person").get(pk=given.pk)
        )
        require(actor, "fees.lectures", fee)
        Person.objects.select_for_update().get(pk=fee.person_id)
        if fee.net <= 0:
            raise Fault(_("%(name)s的金额为 0，请先确定职称等级再重新生成。") % {"name": fee.person.name})
        if not TeacherRank.objects.filter(person_id=fee.person_id).exists():
            raise Fault(_("请先确认%(name)s的职称等级。") % {"name": fee.person.name})
        fee.gross = _gross(fee)
        LectureFee.objects.filter(pk=fee.pk).update(gross=fee.gross)
        flows.LECTURE.move(fee, "send", actor=actor)
        count += 1
    return count


@transaction.atomic
def move_fee(
    actor: Actor, *, fee: LectureFee, move: str, note: str = "", paid_on: date | None = None
) -> LectureFee:
    """One step of a slip: withdraw, query, sign, paper, pay, unpay. Paying needs a day not in the future."""
    held = LectureFee.objects.select_for_update().select_related("training_class", "person").get(pk=fee.pk)
    require(actor, flows.LECTURE.moves[move].rule, held)
    if move in {"sign", "paper"}:
        how = LectureFee.How.PHONE if move == "sign" else LectureFee.How.PAPER
        LectureFee.objects.filter(pk=held.pk, state="sent").update(signed_at=timezone.now(), signed_how=how)
    if move == "pay":
        if paid_on is None or paid_on > timezone.localdate():
            raise Fault(_("请填写实际支付日期，不能晚于今天。"), "paid_on")
        LectureFee.objects.filter(pk=held.pk, state="signed").update(paid_on=paid_on)
    if move == "withdraw" and _later(held):
        raise Fault(_("这位老师本月另有较晚发出的签收单，税款已合并计算，请先收回那一份。"))
    flows.LECTURE.move(held, move, actor=actor, note=note)
    return LectureFee.objects.get(pk=held.pk)


def _later(fee: LectureFee) -> bool:
    rows = LectureFee.objects.filter(
        person_id=fee.person_id, school_id=fee.school_id, month=fee.month, state__in=FIXED
    )
    return rows.exclude(pk=fee.pk).filter(sent_at__gt=fee.sent_at).exists()


@transaction.atomic
def pay(actor: Actor, *, fees: Iterable[LectureFee], paid_on: date) -> None:
    """Note that several signed slips were paid on a day; all or none."""
    for fee in fees:
        move_fee(actor, fee=fee, move="pay", paid_on=paid_on)
