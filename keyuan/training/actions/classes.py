"""Opening, changing and moving a class along."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.kernel import audit, search
from keyuan.kernel.access import Actor, require
from keyuan.kernel.faults import Conflict, Fault
from keyuan.orgs.models import Organisation
from keyuan.plan.models import KeyActivity
from keyuan.training import flows
from keyuan.training.actions.approving import decide_class
from keyuan.training.models import QuotaShare, TrainingClass
from keyuan.training.queries.places import board_of

audit.sentence("training.class.opened", "新建班次：{thing}")
audit.sentence("training.class.changed", "修改班次：{thing}（{fields}）")
audit.sentence("training.shares.set", "分配名额：{thing}，{units} 个单位共 {places} 个")
audit.sentence("training.class.reminded", "催报：{thing}，{units} 个单位")

FIELDS = (
    "kind", "entry", "lodging", "fees", "itinerary", "certificate", "title", "starts", "ends", "nominate_by", "venue", "head_teacher", "places", "audience", "content", "bring", "hours",
    "attendance_share", "leave_limit", "notice_number", "contact", "department", "unplanned", "unplanned_reason",
)  # fmt: skip
# Once approved, these change only by going back to the department.
APPROVED_FACTS = frozenset({"title", "department", "hours", "unplanned"})


@transaction.atomic
def open_class(actor: Actor, *, activity: KeyActivity, facts: Mapping[str, Any]) -> TrainingClass:
    """A draft class under a key activity; its department must lead the activity."""
    training_class = TrainingClass(school_id=activity.plan.school_id, activity=activity)
    for name in FIELDS:
        if name in facts:
            setattr(training_class, name, facts[name])
    require(actor, "training.plan", training_class)
    if not activity.leads.filter(organisation_id=training_class.department_id).exists():
        raise Fault("牵头部门须是该重点活动的牵头部门之一。", "department")
    training_class.save()
    audit.record(actor, "training.class.opened", training_class, activity=activity.pk)
    search.refresh(training_class)
    return training_class


@transaction.atomic
def change_class(actor: Actor, *, training_class: TrainingClass, facts: Mapping[str, Any]) -> list[str]:
    """Change a class; returns the names of what changed. Places never fall below those admitted or shared out."""
    require(actor, "training.plan", training_class)
    stored = TrainingClass.objects.select_for_update().get(pk=training_class.pk)
    changed = [name for name in FIELDS if name in facts and getattr(stored, name) != facts[name]]
    if stored.state in {"approved", "published"} and APPROVED_FACTS.intersection(changed):
        raise Fault("班次已获批准，名称、牵头部门和学时不能再改；如确需修改，请取消后重报。")
    if "entry" in changed and stored.nominations.exists():
        raise Fault(_("名单中已经有人，报名方式不能再改。"), "entry")
    if "places" in changed and facts["places"] < stored.taken:
        raise Fault(_("已录取 %(taken)s 人，名额不能少于这个数。") % {"taken": stored.taken}, "places")
    if "places" in changed and facts["places"] < (shared := board_of(stored).shared):
        raise Fault(_("已分配 %(shared)s 个名额，请先调整名额分配。") % {"shared": shared}, "places")
    for name in changed:
        setattr(stored, name, facts[name])
    if changed:
        stored.save(update_fields=changed)
        audit.record(actor, "training.class.changed", stored, fields="、".join(changed))
        search.refresh(stored)
    for name in changed:
        setattr(training_class, name, facts[name])
    return changed


@transaction.atomic
def move_class(actor: Actor, *, training_class: TrainingClass, move: str, note: str = "") -> None:
    """One step of the class's life; closing and reopening have their own actions."""
    if move in {"close", "reopen"}:
        raise Fault("结班与取消结班请在结班页办理。")
    if move in {"approve", "pass", "return"}:
        decide_class(actor, training_class=training_class, verdict=move, note=note)
        return
    flows.CLASS.move(training_class, move, actor=actor, note=note)


def _below_used(share: QuotaShare) -> Conflict:
    return Conflict(
        _("%(organisation)s已推荐 %(used)s 人，名额不能少于这个数。")
        % {"organisation": share.organisation, "used": share.used},
        f"share-{share.organisation_id}",
    )


@transaction.atomic
def set_shares(actor: Actor, *, training_class: TrainingClass, places: Mapping[int, int]) -> int:
    """Give places to organisations (id → places); those left out get none. Returns the sum.

    A share never falls below what the unit has nominated already.
    """
    require(actor, "training.plan", training_class)
    stored = TrainingClass.objects.select_for_update().get(pk=training_class.pk)
    wanted = {key: count for key, count in places.items() if count > 0}
    known = set(
        Organisation.objects.filter(school_id=stored.school_id, pk__in=wanted).values_list("pk", flat=True)
    )
    if set(wanted) - known:
        raise Fault("名单里有不属于本校的单位，请刷新后重试。")
    total = sum(wanted.values())
    if total > stored.places:
        raise Fault(
            _("共分配 %(total)s 个，超过班次名额 %(places)s 个，请减少 %(n)s 个。")
            % {"total": total, "places": stored.places, "n": total - stored.places},
            "places",
        )
    present = {share.organisation_id: share for share in stored.shares.select_related("organisation")}
    for key, share in present.items():
        if wanted.get(key, 0) < share.used:
            raise _below_used(share)
    fresh = [
        QuotaShare(training_class=stored, organisation_id=k, places=n)
        for k, n in wanted.items()
        if k not in present
    ]
    changed = [share for key, share in present.items() if share.places != wanted.get(key, 0)]
    for share in changed:
        share.places = wanted.get(share.organisation_id, 0)
    QuotaShare.objects.bulk_create(fresh)
    QuotaShare.objects.bulk_update(changed, ["places"])
    audit.record(actor, "training.shares.set", stored, units=len(wanted), places=total)
    if stored.state == TrainingClass.State.PUBLISHED and fresh:
        flows.call_for(stored, [share for share in fresh if share.places])
    return total


@transaction.atomic
def remind_silent(actor: Actor, *, training_class: TrainingClass) -> int:
    """Remind every unit that has places and has nominated nobody; returns how many units."""
    require(actor, "training.publish", training_class)
    if training_class.state != TrainingClass.State.PUBLISHED:
        raise Fault("班次发布后才能催报。")
    silent = list(training_class.shares.filter(places__gt=0, used=0))
    flows.call_for(training_class, silent)
    audit.record(actor, "training.class.reminded", training_class, units=len(silent))
    return len(silent)


def share_opened(actor: Actor, *, share: QuotaShare) -> None:
    """Note that the unit has seen the call; the first time counts."""
    require(actor, "training.nominate", share)
    QuotaShare.objects.filter(pk=share.pk, opened_at=None).update(opened_at=timezone.now())
