"""Seats of a class: halls laid out, filled in an order, changed by hand, locked."""

from collections.abc import Mapping
from typing import Any

from django.db import DatabaseError, IntegrityError, transaction
from django.utils.translation import gettext as _

from keyuan.kernel import audit
from keyuan.kernel.access import Actor
from keyuan.kernel.faults import Conflict, Fault
from keyuan.logistics.actions.arranging import chosen, hold
from keyuan.logistics.models import Hall, Seat
from keyuan.logistics.queries.boards import trainees
from keyuan.logistics.rules import seating
from keyuan.training.models import Nomination, TrainingClass

audit.sentence("logistics.hall.added", "登记会场：{thing}")
audit.sentence("logistics.hall.changed", "修改会场：{thing}")
audit.sentence("logistics.hall.removed", "撤销会场：{thing}")
audit.sentence("logistics.seats.proposed", "自动排座：{thing}，{people} 人")
audit.sentence("logistics.seats.moved", "调整座位：{thing}，{people} 人")
audit.sentence("logistics.seats.locked", "锁定座位：{thing}，{people} 人")
audit.sentence("logistics.seats.unlocked", "解除座位锁定：{thing}，{people} 人")
HALL_FIELDS = ("title", "rows", "columns", "aisles", "kept_rows")


def hall_in(training_class: TrainingClass, hall_id: int) -> Hall:
    """A hall of the class."""
    hall = Hall.objects.filter(training_class=training_class, pk=hall_id).first()
    if hall is None:
        raise Fault(_("没有这个会场，请刷新后再试。"))
    return hall


@transaction.atomic
def save_hall(
    actor: Actor, *, training_class: TrainingClass, facts: Mapping[str, Any], hall_id: int | None = None
) -> Hall:
    """Lay a hall out, or change one; nobody may sit outside of it afterwards."""
    held = hold(actor, training_class)
    hall = hall_in(held, hall_id) if hall_id else Hall(training_class=held)
    for name in HALL_FIELDS:
        setattr(hall, name, facts[name])
    if hall.kept_rows >= hall.rows:
        raise Fault(_("留空的排数要少于总排数。"), "kept_rows")
    same = Hall.objects.filter(training_class=held, title=hall.title).exclude(pk=hall.pk)
    if same.exists():
        raise Fault(_("已有同名的会场，请换一个名称。"), "title")
    try:
        with transaction.atomic():
            hall.save()
    except DatabaseError as refused:
        raise Fault(_("已有人坐在新的排数、座数之外，请先移出。"), "rows") from refused
    audit.record(actor, "logistics.hall.changed" if hall_id else "logistics.hall.added", held, hall=hall.pk)
    return hall


@transaction.atomic
def remove_hall(actor: Actor, *, training_class: TrainingClass, hall_id: int) -> None:
    """Take a hall away with its seats; one already gone stays so."""
    held = hold(actor, training_class)
    if Hall.objects.filter(training_class=held, pk=hall_id).delete()[0]:
        audit.record(actor, "logistics.hall.removed", held, hall=hall_id)


def _in_order(people: list[Nomination], way: str, turn: int) -> list[Nomination]:
    """The people as they sit from the front; with `turn` that many groups have gone to the back."""
    if way == Hall.Way.NAME:
        return sorted(people, key=lambda row: (row.person.pinyin, row.pk))
    if way == Hall.Way.UNIT:
        return people
    groups = sorted({row.group or 0 for row in people}, key=lambda number: (number == 0, number))
    rank = {number: at for at, number in enumerate(seating.rotated(groups, turn))}
    return sorted(people, key=lambda row: rank[row.group or 0])


@transaction.atomic
def propose_seats(
    actor: Actor, *, training_class: TrainingClass, hall_id: int, way: str, turn: int = 0
) -> int:
    """Seat everybody from the front by group, unit or name; locked seats stay. How many have none.

    `turn` lets another group sit in front: the first so many groups go to the back.
    """
    held = hold(actor, training_class)
    hall = hall_in(held, hall_id)
    if way not in Hall.Way.values:
        raise Fault(_("请选择排座次序。"), "way")
    people = trainees(held)
    seats = Seat.objects.filter(hall=hall)
    seats.filter(locked=False).delete()
    kept = {pk: (row, column) for pk, row, column in seats.values_list("nomination_id", "row", "column")}
    order = [row.pk for row in _in_order(people, way, turn)]
    found = seating.propose(order, seating.places(hall.rows, hall.columns, hall.kept_rows), kept)
    Seat.objects.bulk_create(
        Seat(hall=hall, nomination_id=pk, row=place[0], column=place[1])
        for pk, place in found.items()
        if pk not in kept
    )
    audit.record(actor, "logistics.seats.proposed", held, hall=hall.pk, people=len(found) - len(kept))
    return len(people) - len(found)


@transaction.atomic
def move_to_seat(
    actor: Actor, *, training_class: TrainingClass, hall_id: int, nomination_id: int, place: tuple[int, int]
) -> None:
    """Seat a trainee; who sits there already changes places with them. Locked people stay where they are."""
    held = hold(actor, training_class)
    hall = hall_in(held, hall_id)
    mover = chosen(held, [nomination_id])[0]
    row, column = place
    if not (1 <= row <= hall.rows and 1 <= column <= hall.columns):
        raise Fault(
            _("没有 %(row)s 排 %(column)s 座，请在排数、座数之内填写。") % {"row": row, "column": column},
            "to",
        )
    sitting = (
        Seat.objects.filter(hall=hall, row=row, column=column).select_related("nomination__person").first()
    )
    mine = Seat.objects.filter(hall=hall, nomination=mover).first()
    if mine is not None and sitting is not None and mine.pk == sitting.pk:
        return
    if (mine and mine.locked) or (sitting and sitting.locked):
        name = (
            mover.person.name if mine and mine.locked else sitting.nomination.person.name if sitting else ""
        )
        raise Fault(_("%(names)s 已锁定，请先解锁再移动。") % {"names": name}, "to")
    Seat.objects.filter(pk__in=[seat.pk for seat in (mine, sitting) if seat]).delete()
    fresh = [Seat(hall=hall, nomination=mover, row=row, column=column)]
    if sitting is not None and mine is not None:
        fresh.append(Seat(hall=hall, nomination=sitting.nomination, row=mine.row, column=mine.column))
    try:
        with transaction.atomic():
            Seat.objects.bulk_create(fresh)
    except (IntegrityError, DatabaseError) as refused:
        raise Conflict(_("这个座位刚刚有变化，请刷新后再排。"), "to") from refused
    audit.record(actor, "logistics.seats.moved", held, hall=hall.pk, people=len(fresh))


@transaction.atomic
def clear_seats(actor: Actor, *, training_class: TrainingClass, hall_id: int, ids: list[int]) -> int:
    """Take the ticked trainees off their seats; locked ones stay. How many stood up."""
    held = hold(actor, training_class)
    hall, rows = hall_in(held, hall_id), chosen(held, ids)
    seats = Seat.objects.filter(hall=hall, nomination__in=rows, locked=False)
    count = seats.count()
    seats.delete()
    if count:
        audit.record(actor, "logistics.seats.moved", held, hall=hall.pk, people=count)
    return count


@transaction.atomic
def lock_seats(
    actor: Actor, *, training_class: TrainingClass, hall_id: int, ids: list[int], locked: bool
) -> int:
    """Lock the ticked trainees' seats, or let them go; how many changed."""
    held = hold(actor, training_class)
    hall, rows = hall_in(held, hall_id), chosen(held, ids)
    count = Seat.objects.filter(hall=hall, nomination__in=rows, locked=not locked).update(locked=locked)
    if count:
        word = "logistics.seats.locked" if locked else "logistics.seats.unlocked"
        audit.record(actor, word, held, people=count)
    return count
