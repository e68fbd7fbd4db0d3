"""Stops of a journey and the dated figures for running classes: written."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from keyuan.kernel import audit
from keyuan.kernel.access import Actor, require
from keyuan.kernel.faults import Conflict, Fault
from keyuan.training.models import ClassPolicy, Stop, TrainingClass

audit.sentence("training.stop.placed", "编排行程：{thing}")
audit.sentence("training.stop.removed", "删去行程：{thing}")
audit.sentence("training.policy.set", "设定办班规定：{thing} 起")
FIELDS = ("date", "arrives", "leaves", "place", "city", "purpose", "transport", "hotel", "host")


@transaction.atomic
def place_stop(
    actor: Actor, *, training_class: TrainingClass, facts: Mapping[str, Any], stop: Stop | None = None
) -> Stop:
    """Add a stop, or change the one given. Two stops at the same time are refused by name."""
    held = TrainingClass.objects.select_for_update().get(pk=training_class.pk)
    require(actor, "training.timetable", held)
    if not held.itinerary:
        raise Fault("这个班次不编排行程，可在“修改”里打开。")
    placed = stop or Stop(training_class=held)
    for name in FIELDS:
        if name in facts:
            setattr(placed, name, facts[name])
    if not held.starts <= placed.date <= held.ends:
        raise Fault(
            _("日期须在班期内（%(starts)s 至 %(ends)s）。") % {"starts": held.starts, "ends": held.ends},
            "date",
        )
    if placed.leaves <= placed.arrives:
        raise Fault("离开时间要晚于到达时间。", "leaves")
    other = held.stops.filter(date=placed.date, arrives__lt=placed.leaves, leaves__gt=placed.arrives)
    clash = other.exclude(pk=placed.pk).first()
    if clash is not None:
        words = _("这段时间已安排在“%(place)s”（%(a)s—%(b)s），请错开。")
        times = {"place": clash.place, "a": f"{clash.arrives:%H:%M}", "b": f"{clash.leaves:%H:%M}"}
        raise Conflict(words % times, "arrives")
    placed.save()
    audit.record(actor, "training.stop.placed", placed, training_class=held.pk)
    return placed


@transaction.atomic
def remove_stop(actor: Actor, *, stop: Stop) -> None:
    """Take a stop out of the journey."""
    require(actor, "training.timetable", stop.training_class)
    audit.record(actor, "training.stop.removed", stop, training_class=stop.training_class_id)
    stop.delete()


@transaction.atomic
def set_policy(actor: Actor, *, school_id: int, facts: Mapping[str, Any]) -> ClassPolicy:
    """Figures that hold from a day on; a policy of the same day is replaced, older ones stay as history."""
    policy = ClassPolicy.objects.select_for_update().filter(
        school_id=school_id, valid_from=facts["valid_from"]
    ).first() or ClassPolicy(school_id=school_id)
    for name in ("valid_from", "short_days", "contact_days", "travel_minutes", "retention", "source"):
        if name in facts:
            setattr(policy, name, facts[name])
    require(actor, "training.policy", policy)
    policy.save()
    audit.record(actor, "training.policy.set", policy)
    return policy
