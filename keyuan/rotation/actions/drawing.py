"""A list of people due becomes places of a class, through training's own action, and back."""

from collections.abc import Iterable, Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.kernel import audit
from keyuan.kernel.access import Actor, require
from keyuan.kernel.faults import Conflict, Fault
from keyuan.rotation.models import QuotaDraw, Requirement
from keyuan.rotation.queries.coverage import Line
from keyuan.rotation.queries.quota import TOP_UP, Draw, drawn, typed_into
from keyuan.training.actions import classes
from keyuan.training.models import QuotaShare, TrainingClass

audit.sentence("rotation.drawn", "把应训名单转为班次名额：{thing}，{units} 个单位，增加 {places} 个")
audit.sentence("rotation.draw_undone", "撤销了应训名单转名额：{thing}")


def _shares(training_class: TrainingClass) -> dict[int, int]:
    rows = QuotaShare.objects.filter(training_class=training_class)
    return dict(rows.values_list("organisation_id", "places"))


@transaction.atomic
def draw_quota(
    actor: Actor,
    *,
    requirement: Requirement,
    training_class: TrainingClass,
    lines: Iterable[Line],
    mode: str = TOP_UP,
    typed: Mapping[int, int] | None = None,
) -> QuotaDraw:
    """Give the units places for their people due, with what they have already; units not concerned keep theirs.

    Raises what sharing out raises: more than the class's places, or fewer than a unit has nominated.
    """
    require(actor, "rotation.draw", requirement)
    held = TrainingClass.objects.select_for_update().get(pk=training_class.pk)
    if held.entry != TrainingClass.Entry.QUOTA:
        raise Fault(_("这个班次不分配名额，请选择由单位推荐的班次。"), "class")
    draw: Draw = typed_into(drawn(held, lines, mode), typed or {})
    changed = [portion for portion in draw.portions if portion.after != portion.before]
    if not changed:
        raise Fault(_("没有要增加的名额：名单上的人都已有名额，或没有登记单位。"))
    wanted = _shares(held) | {portion.unit.pk: portion.after for portion in changed}
    classes.set_shares(actor, training_class=held, places=wanted)
    rows = [
        {
            "organisation": one.unit.pk, "before": one.before, "after": one.after, "due": one.due,
            "cohorts": dict(one.cohorts),
        }
        for one in changed
    ]  # fmt: skip
    made = QuotaDraw.objects.create(
        school_id=held.school_id,
        requirement=requirement,
        training_class=held,
        lines=rows,
        by_id=actor.person_id,
    )
    audit.record(actor, "rotation.drawn", held, units=len(rows), places=made.places, draw=made.pk)
    return made


@transaction.atomic
def undo_draw(actor: Actor, *, draw: QuotaDraw) -> QuotaDraw:
    """The units get back what they had, unless somebody changed their places since, or has nominated with them."""
    one = QuotaDraw.objects.select_for_update().select_related("training_class").get(pk=draw.pk)
    require(actor, "rotation.draw", one)
    if one.undone_at is not None:
        raise Conflict(_("这次转名额已经撤销，请刷新后再看。"))
    held = TrainingClass.objects.select_for_update().get(pk=one.training_class_id)
    present = _shares(held)
    if any(present.get(line["organisation"], 0) != line["after"] for line in one.lines):
        raise Conflict(_("此后名额又有改动，不能整批撤销；请到班次的“名额分配”逐个调整。"))
    before = {line["organisation"]: line["before"] for line in one.lines}
    classes.set_shares(actor, training_class=held, places=present | before)
    one.undone_at = timezone.now()
    one.save(update_fields=["undone_at"])
    audit.record(actor, "rotation.draw_undone", held, draw=one.pk)
    return one
