"""Handing one's approvals to somebody else for a time, and taking them back."""

from collections.abc import Sequence
from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.approvals.models import Delegation
from keyuan.approvals.queries.delegations import possible_delegates
from keyuan.approvals.rules.kinds import DELEGATED, KINDS, Words, kind_title
from keyuan.kernel import audit, notify
from keyuan.kernel.access import Actor, require
from keyuan.kernel.faults import Conflict, Fault
from keyuan.people.models import Person

notify.kind(
    "approvals.delegated",
    title="{name}委托您审批",
    text="{name}把{kinds}委托给您，自 {starts} 至 {ends}。到期自动结束。",
)
notify.kind("approvals.revoked", title="审批委托已收回", text="{name}收回了对您的审批委托（{kinds}）。")
audit.sentence("approvals.delegated", "委托审批（{kind}）：{thing}")
audit.sentence("approvals.revoked", "收回审批委托：{thing}")

LONGEST = 366


def delegable(key: str, title: Words) -> None:
    """A room that decides by a table of its own lets its approvals be delegated under this key."""
    DELEGATED[key] = title


def _checked(actor: Actor, delegate: Person, starts: date, ends: date, kinds: Sequence[str]) -> list[str]:
    today = timezone.localdate()
    if delegate.pk == actor.person_id:
        raise Fault(_("不能委托给自己，请另选一人。"), "delegate")
    if not possible_delegates(actor).filter(pk=delegate.pk).exists():
        raise Fault(_("受托人须是本校有审批身份的人员，请另选一人。"), "delegate")
    if ends < starts:
        raise Fault(_("结束日期不能早于开始日期。"), "ends")
    if ends < today:
        raise Fault(_("结束日期已过，请选今天或以后。"), "ends")
    if (ends - starts).days >= LONGEST:
        raise Fault(_("一次委托最长一年，到期可再设。"), "ends")
    wanted = list(dict.fromkeys(kinds)) or [""]
    if any(key and key not in KINDS and key not in DELEGATED for key in wanted):
        raise Fault(_("所选事项有变动，请刷新后重选。"), "kinds")
    return wanted


@transaction.atomic
def delegate(
    actor: Actor, *, delegate: Person, starts: date, ends: date, kinds: Sequence[str] = (), reason: str = ""
) -> list[Delegation]:
    """Hand one's approvals of these kinds (all when none is named) to a colleague for some days, both included.

    It ends by itself. One's own right stays. What is handed on to one is not handed further. Raises Conflict when
    it overlaps another delegation of the same kind.
    """
    wanted = _checked(actor, delegate, starts, ends, kinds)
    made = [
        Delegation(
            school_id=actor.school_id or 0, principal_id=actor.person_id or 0, delegate=delegate, kind=key,
            starts=starts, ends=ends, reason=reason.strip()[:100],
        )
        for key in wanted
    ]  # fmt: skip
    for row in made:
        require(actor, "approvals.delegate", row)
    try:
        with transaction.atomic():
            for row in made:
                row.save(force_insert=True)
    except IntegrityError as clash:
        raise Conflict(_("这段时间里同一事项已有委托，请先收回原来的，或改日期。"), "starts") from clash
    for row in made:
        audit.record(actor, "approvals.delegated", row, kind=row.kind, delegate=delegate.pk)
    notify.tell(
        delegate.pk, "approvals.delegated", "/approvals/delegations/", school_id=actor.school_id,
        about=actor.person_id, name=Person.objects.get(pk=actor.person_id or 0).name, starts=starts, ends=ends,
        kinds="、".join(kind_title(key) for key in wanted),
    )  # fmt: skip
    return made


@transaction.atomic
def revoke(actor: Actor, *, delegation: Delegation) -> None:
    """Take a delegation back before its day; again changes nothing. What was decided under it stands."""
    require(actor, "approvals.delegate", delegation)
    rows = Delegation.objects.filter(pk=delegation.pk, revoked_at=None)
    if not rows.update(revoked_at=timezone.now()):
        return
    delegation.refresh_from_db()
    audit.record(actor, "approvals.revoked", delegation, delegate=delegation.delegate_id)
    notify.tell(
        delegation.delegate_id, "approvals.revoked", "/approvals/delegations/", school_id=actor.school_id,
        about=actor.person_id, name=delegation.principal.name, kinds=kind_title(delegation.kind),
    )  # fmt: skip
