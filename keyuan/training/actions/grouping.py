"""Which group each trainee is in (组别) and who needs a bed: told by the room that looks after a class."""

from collections.abc import Collection, Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from keyuan.kernel import audit
from keyuan.kernel.access import Actor, require
from keyuan.kernel.faults import Fault
from keyuan.training.models import Nomination, TrainingClass

audit.sentence("training.grouped", "编组：{thing}，{people} 人")
audit.sentence("training.lodging", "登记是否住宿：{thing}，{people} 人")


@transaction.atomic
def assign_groups(actor: Actor, *, training_class: TrainingClass, numbers: Mapping[int, int | None]) -> int:
    """Put trainees (nomination id → group, None for no group) where they are said to be; how many moved.

    Raises Fault when somebody named is no trainee of the class. What is so already stays untouched.
    """
    held = TrainingClass.objects.select_for_update().get(pk=training_class.pk)
    require(actor, "training.run", held)
    rows = Nomination.objects.filter(training_class=held, state=Nomination.State.ADMITTED)
    found = rows.in_bulk(list(numbers))
    if len(found) != len(numbers):
        raise Fault(_("有人已不在学员名册中，请刷新后再编组。"))
    moved = [row for pk, row in found.items() if row.group != numbers[pk]]
    for row in moved:
        row.group = numbers[row.pk]
    Nomination.objects.bulk_update(moved, ["group"], batch_size=200)
    if moved:
        audit.record(actor, "training.grouped", held, people=len(moved))
    return len(moved)


@transaction.atomic
def assign_lodging(actor: Actor, *, training_class: TrainingClass, ids: Collection[int], needed: bool) -> int:
    """Note for trainees (nomination ids) whether they need a bed; how many changed."""
    held = TrainingClass.objects.select_for_update().get(pk=training_class.pk)
    require(actor, "training.run", held)
    rows = Nomination.objects.filter(training_class=held, state=Nomination.State.ADMITTED, pk__in=ids)
    count = rows.exclude(lodging=needed).update(lodging=needed)
    if count:
        audit.record(actor, "training.lodging", held, people=count)
    return count
