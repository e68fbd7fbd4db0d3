"""The frame of all arranging: the lock of the class, what is asked, what is told to the trainees."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.kernel import audit, notify
from keyuan.kernel.access import Actor, require
from keyuan.kernel.faults import Fault
from keyuan.logistics.models import (
    PARTS,
    Arrangement,
    Diner,
    Group,
    GroupLock,
    Post,
    Ride,
    Seat,
    Stay,
    Wish,
)
from keyuan.training.models import Nomination, TrainingClass

audit.sentence("logistics.set_up", "设置会务：{thing}（{fields}）")
audit.sentence("logistics.told", "向学员公布：{thing}（{part}）")
audit.sentence("logistics.untold", "撤回公布：{thing}（{part}）")
notify.kind(
    "logistics.asked", title="请填写会务需要", text="“{title}”需要了解您的{what}，请于 {until} 前填写。"
)
notify.kind("logistics.told", title="会务安排已公布", text="“{title}”的{part}已公布，请查看。")

FIELDS = (
    "asks_diet", "asks_room", "asks_branch", "asks_phone", "answer_by", "keep_days", "rules_text", "table_size",
    "first_meal", "last_meal",
)  # fmt: skip
QUESTIONS = {
    "asks_diet": "用餐需要",
    "asks_room": "住宿需要",
    "asks_branch": "是否参加临时党支部",
    "asks_phone": "通讯录是否印手机号",
}


def hold(actor: Actor, training_class: TrainingClass) -> TrainingClass:
    """The class's row, locked: all arranging of one class waits in line. Places of those who left are freed."""
    held = TrainingClass.objects.select_for_update().get(pk=training_class.pk)
    require(actor, "logistics.arrange", held)
    leave_out(held)
    return held


def leave_out(training_class: TrainingClass) -> None:
    """Whoever is no longer admitted gives up group lock, post, bed, vehicle, seat and table."""
    gone = Nomination.objects.filter(training_class=training_class).exclude(state=Nomination.State.ADMITTED)
    Group.objects.filter(leader__in=gone).update(leader=None)
    for model in (GroupLock, Post, Stay, Ride, Seat, Diner, Wish):
        model._default_manager.filter(nomination__in=gone).delete()
    Wish.objects.filter(other__in=gone).delete()


def chosen(training_class: TrainingClass, ids: list[int]) -> list[Nomination]:
    """The ticked trainees in the order of units. Raises Fault when none is ticked or one has left."""
    if not ids:
        raise Fault(_("请先勾选学员。"))
    rows = Nomination.objects.filter(
        training_class=training_class, state=Nomination.State.ADMITTED, pk__in=set(ids)
    ).select_related("person", "organisation")
    found = list(rows)
    if len(found) != len(set(ids)):
        raise Fault(_("有人已不在学员名册中，请刷新后再试。"))
    return found


def arrangement_for(training_class: TrainingClass) -> Arrangement:
    """The class's arrangement, made when first needed; the caller holds the class."""
    return Arrangement.objects.get_or_create(training_class=training_class)[0]


@transaction.atomic
def set_up(actor: Actor, *, training_class: TrainingClass, facts: Mapping[str, Any]) -> Arrangement:
    """Change what is asked, until when and how long it is kept; trainees are told of questions newly asked."""
    held = hold(actor, training_class)
    found = arrangement_for(held)
    changed = [name for name in FIELDS if name in facts and getattr(found, name) != facts[name]]
    if not changed:
        return found
    for name in changed:
        setattr(found, name, facts[name])
    found.full_clean(exclude=["training_class"])
    found.save()
    audit.record(actor, "logistics.set_up", held, fields="、".join(changed))
    asked = [words for name, words in QUESTIONS.items() if name in changed and getattr(found, name)]
    if asked and held.state == TrainingClass.State.PUBLISHED:
        until = found.answer_by or held.starts
        _tell_trainees(held, "logistics.asked", what="、".join(asked), until=f"{until:%Y-%m-%d}")
    return found


def _tell_trainees(training_class: TrainingClass, kind: str, **facts: Any) -> None:
    rows = training_class.nominations.filter(state=Nomination.State.ADMITTED)
    people = list(rows.values_list("person_id", flat=True))
    notify.tell(
        people,
        kind,
        "/logistics/mine/",
        school_id=training_class.school_id,
        title=training_class.title,
        **facts,
    )


@transaction.atomic
def tell(actor: Actor, *, training_class: TrainingClass, part: str) -> None:
    """Let the trainees see one part and tell them; telling again changes nothing."""
    held = hold(actor, training_class)
    found, words = arrangement_for(held), dict(PARTS).get(part)
    if words is None:
        raise Fault(_("没有这一项，请刷新页面后重试。"))
    if found.is_told(part):
        return
    if part == "handbook" and found.handbook_id is None:
        raise Fault(_("学员手册还没有生成，请先生成再公布。"))
    Arrangement.objects.filter(pk=found.pk).update(**{f"{part}_told_at": timezone.now()})
    audit.record(actor, "logistics.told", held, part=part)
    if held.state == TrainingClass.State.PUBLISHED:
        _tell_trainees(held, "logistics.told", part=str(words))


@transaction.atomic
def untell(actor: Actor, *, training_class: TrainingClass, part: str) -> None:
    """Hide one part again, to be arranged anew; nobody is told."""
    held = hold(actor, training_class)
    found = arrangement_for(held)
    if part not in dict(PARTS) or not found.is_told(part):
        return
    Arrangement.objects.filter(pk=found.pk).update(**{f"{part}_told_at": None})
    audit.record(actor, "logistics.untold", held, part=part)
