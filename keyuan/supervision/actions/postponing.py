"""A later deadline: asked for by the owner and decided by another, or given by the office; the old one is kept."""

from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.kernel import audit, notify
from keyuan.kernel.access import Actor, require
from keyuan.kernel.faults import Conflict, Fault
from keyuan.supervision import flows
from keyuan.supervision.actions.moving import locked, put
from keyuan.supervision.models import Item, Postponement, Step
from keyuan.supervision.queries.people import Told

audit.sentence("supervision.postponement_asked", "申请督办延期：{thing}，延至 {until}")
audit.sentence("supervision.postponement_granted", "同意督办延期：{thing}，由 {old} 延至 {until}")
audit.sentence("supervision.postponement_refused", "不同意督办延期：{thing}")
notify.kind("supervision.postponing", title="督办延期申请", text="{item}申请延至{until}：{reason}")
notify.kind("supervision.postponed", title="督办延期", text="{item}{what}，期限为{deadline}。{note}")
POSTPONABLE = frozenset((Item.State.ISSUED, Item.State.RECEIVED, Item.State.RUNNING, Item.State.RETURNED))


def _asked(item: Item, until: date, reason: str) -> Postponement:
    if item.state not in POSTPONABLE:
        raise Fault(_("事项现在是“%(state)s”，不能延期。") % {"state": item.get_state_display()})
    if until <= item.deadline:
        raise Fault(_("新的期限须晚于现在的期限 %(day)s。") % {"day": item.deadline}, "until")
    if not reason.strip():
        raise Fault(_("请写明延期的理由。"), "reason")
    return Postponement(
        item=item, old_deadline=item.deadline, new_deadline=until, reason=reason.strip()[:200]
    )


@transaction.atomic
def ask_postponement(actor: Actor, *, item: Item, until: date, reason: str) -> Postponement:
    """The owner asks for a later deadline; until it is decided the old one runs on."""
    one = locked(item)
    require(actor, "supervision.answer", one)
    made = _asked(one, until, reason)
    made.asked_by_id = actor.person_id
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError as clash:
        raise Conflict(_("已有一份延期申请在等审批。")) from clash
    flows.put_down(
        one, actor, Step.Kind.ASKED, _("延至 %(day)s：%(why)s") % {"day": until, "why": made.reason}
    )
    audit.record(actor, "supervision.postponement_asked", one, until=until)
    people = Told([one], timezone.localdate()).heads(one)
    flows.tell(one, people, "supervision.postponing", until=until, reason=made.reason)
    return made


@transaction.atomic
def decide_postponement(
    actor: Actor, *, postponement: Postponement, grant: bool, note: str = ""
) -> Postponement:
    """Grant or refuse (a refusal says why); nobody decides what they asked for or what they answer for."""
    one = locked(postponement.item)
    made = Postponement.objects.select_for_update().get(pk=postponement.pk)
    require(actor, "supervision.manage", one)
    if actor.person_id is not None and actor.person_id in (made.asked_by_id, one.owner_person_id):
        raise Fault(_("本人提出或本人负责事项的延期，须由他人审批。"))
    if made.state != Postponement.State.ASKED:
        raise Conflict(_("这份延期申请已经审批，请刷新后再看。"))
    if not grant and not note.strip():
        raise Fault(_("不同意延期，请写明理由。"), "note")
    if grant and (one.state not in POSTPONABLE or made.new_deadline <= one.deadline):
        raise Fault(_("事项已办结、暂停或期限已变，这份申请不能再同意。"))
    return _decided(actor, one, made, grant=grant, note=note)


def _decided(actor: Actor, item: Item, made: Postponement, *, grant: bool, note: str) -> Postponement:
    made.state = Postponement.State.GRANTED if grant else Postponement.State.REFUSED
    made.note, made.decided_at, made.decided_by_id = note.strip()[:200], timezone.now(), actor.person_id
    made.save()
    old = item.deadline
    if grant:
        put(item, deadline=made.new_deadline)
    kind = Step.Kind.GRANTED if grant else Step.Kind.REFUSED
    words = f"{old} → {made.new_deadline}" if grant else made.note
    flows.put_down(item, actor, kind, f"{words}{'：' + made.note if grant and made.note else ''}")
    name = "granted" if grant else "refused"
    audit.record(actor, f"supervision.postponement_{name}", item, old=old, until=made.new_deadline)
    told = Told([item], timezone.localdate())
    flows.tell(item, told.owners(item), "supervision.postponed", what=str(kind.label))
    return made


@transaction.atomic
def postpone(actor: Actor, *, item: Item, until: date, reason: str) -> Postponement:
    """The office gives a later deadline by itself, with its reason; an open request is answered by it."""
    one = locked(item)
    require(actor, "supervision.manage", one)
    if actor.person_id is not None and actor.person_id == one.owner_person_id:
        raise Fault(_("本人提出或本人负责事项的延期，须由他人审批。"))
    made = _asked(one, until, reason)
    waiting = Postponement.objects.filter(item=one, state=Postponement.State.ASKED).first()
    if waiting is not None:
        raise Conflict(_("已有一份延期申请在等审批，请先审批。"))
    return _decided(actor, one, made, grant=True, note="")
