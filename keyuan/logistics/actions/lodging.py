"""Rooms of a class: put down, filled by proposal or by hand, locked."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import DatabaseError, IntegrityError, transaction
from django.utils.translation import gettext as _

from keyuan.kernel import audit
from keyuan.kernel.access import Actor
from keyuan.kernel.faults import Conflict, Fault
from keyuan.logistics.actions.arranging import chosen, hold
from keyuan.logistics.models import Room, Stay, Wish
from keyuan.logistics.queries.boards import trainees
from keyuan.logistics.rules import lodging
from keyuan.training.actions.grouping import assign_lodging
from keyuan.training.models import Nomination, TrainingClass

audit.sentence("logistics.rooms.added", "登记客房：{thing}，{rooms} 间")
audit.sentence("logistics.room.changed", "修改客房：{thing}")
audit.sentence("logistics.rooms.removed", "撤销客房：{thing}，{rooms} 间")
audit.sentence("logistics.rooms.proposed", "自动排房：{thing}，{people} 人")
audit.sentence("logistics.rooms.moved", "调整住宿：{thing}，{people} 人")
audit.sentence("logistics.rooms.locked", "锁定住宿：{thing}，{people} 人")
audit.sentence("logistics.rooms.unlocked", "解除住宿锁定：{thing}，{people} 人")
MOST = 400


@dataclass(frozen=True)
class RoomFacts:
    """A room as it is put down (客房登记)."""

    number: str
    capacity: int = 2
    sex: str = ""
    house: str = ""


@transaction.atomic
def add_rooms(actor: Actor, *, training_class: TrainingClass, rooms: Sequence[RoomFacts]) -> int:
    """Put rooms down after those there are; one that is there already stays as it is. How many are new."""
    held = hold(actor, training_class)
    have = set(Room.objects.filter(training_class=held).values_list("house", "number"))
    fresh = [room for room in dict.fromkeys(rooms) if (room.house, room.number) not in have]
    if len(have) + len(fresh) > MOST:
        raise Fault(_("一个班最多登记 %(n)s 间客房。") % {"n": MOST}, "count")
    if len({(room.house, room.number) for room in fresh}) < len(fresh):
        raise Fault(_("同一房号写了两次而床位不同，请核对。"), "rooms")
    Room.objects.bulk_create(
        Room(
            training_class=held, number=room.number, house=room.house, capacity=room.capacity, sex=room.sex,
            order=len(have) + at,
        )
        for at, room in enumerate(fresh)
    )  # fmt: skip
    if fresh:
        audit.record(actor, "logistics.rooms.added", held, rooms=len(fresh))
    return len(fresh)


@transaction.atomic
def change_room(
    actor: Actor, *, training_class: TrainingClass, room_id: int, capacity: int, sex: str
) -> Room:
    """Change a room's beds and whom it is kept for; who sleeps in it must still fit."""
    held = hold(actor, training_class)
    room = room_in(held, room_id)
    room.capacity, room.sex = capacity, sex
    try:
        with transaction.atomic():
            room.save()
    except DatabaseError as refused:
        raise Fault(
            _("%(room)s 已住的人与新的床位数或限住不符，请先移出。") % {"room": room}, "capacity"
        ) from refused
    audit.record(actor, "logistics.room.changed", held, room=room.pk)
    return room


def room_in(training_class: TrainingClass, room_id: int) -> Room:
    """A room of the class."""
    room = Room.objects.filter(training_class=training_class, pk=room_id).first()
    if room is None:
        raise Fault(_("没有这间房，请刷新后再试。"), "to")
    return room


@transaction.atomic
def remove_rooms(actor: Actor, *, training_class: TrainingClass, ids: Sequence[int] | None = None) -> int:
    """Take rooms away, or with None all empty ones; who slept in them waits for a bed again."""
    held = hold(actor, training_class)
    rooms = Room.objects.filter(training_class=held)
    rooms = rooms.filter(stays=None) if ids is None else rooms.filter(pk__in=ids)
    gone = list(rooms.values_list("pk", flat=True))
    Room.objects.filter(pk__in=gone).delete()
    if gone:
        audit.record(actor, "logistics.rooms.removed", held, rooms=len(gone))
    return len(gone)


@transaction.atomic
def propose_rooms(actor: Actor, *, training_class: TrainingClass, only_new: bool = False) -> lodging.Lodging:
    """A bed for everybody who needs one: sexes apart, wishes kept, groups together; locked beds stay."""
    held = hold(actor, training_class)
    people = [row for row in trainees(held) if row.lodging]
    if not people:
        raise Fault(_("没有需要住宿的学员。请先在住宿页勾选学员，登记为“住宿”。"))
    stays = Stay.objects.filter(room__training_class=held)
    if not only_new:
        stays.filter(locked=False).delete()
    inside: dict[int, list[int]] = {}
    for room_id, nomination_id in stays.values_list("room_id", "nomination_id"):
        inside.setdefault(room_id, []).append(nomination_id)
    rooms = Room.objects.filter(training_class=held)
    spaces = [
        lodging.Space(room.pk, room.capacity, room.sex, tuple(inside.get(room.pk, ()))) for room in rooms
    ]
    if not spaces:
        raise Fault(_("还没有登记客房，请先添加。"))
    settled = {key for keys in inside.values() for key in keys}
    everybody = {
        row.pk: row for row in [*people, *held.nominations.filter(pk__in=settled).select_related("person")]
    }
    guests = [
        lodging.Guest(pk, row.person.sex, (row.group or 0, at))
        for at, (pk, row) in enumerate(everybody.items())
    ]
    found = lodging.propose(guests, spaces, _wishes(held))
    Stay.objects.bulk_create(
        Stay(nomination_id=pk, room_id=room, sex=everybody[pk].person.sex)
        for pk, room in found.beds.items()
        if pk not in settled
    )
    audit.record(actor, "logistics.rooms.proposed", held, people=len(found.beds) - len(settled))
    return found


def _wishes(training_class: TrainingClass) -> list[tuple[int, int]]:
    """The wishes that count: both wish it, or the office noted it."""
    rows = list(
        Wish.objects.filter(nomination__training_class=training_class).values_list(
            "nomination_id", "other_id", "by_office"
        )
    )
    said = {(one, two) for one, two, _office in rows}
    found = {(min(one, two), max(one, two)) for one, two, office in rows if office or (two, one) in said}
    return sorted(found)


@transaction.atomic
def move_guests(actor: Actor, *, training_class: TrainingClass, ids: list[int], room_id: int | None) -> int:
    """Put the ticked trainees into one room, or out of their rooms; how many moved. The room must hold them."""
    held = hold(actor, training_class)
    rows = chosen(held, ids)
    stays = Stay.objects.filter(nomination__in=rows)
    moving = stays.exclude(room_id=room_id) if room_id is not None else stays
    locked = "、".join(moving.filter(locked=True).values_list("nomination__person__name", flat=True)[:5])
    if locked:
        raise Fault(_("%(names)s 已锁定，请先解锁再移动。") % {"names": locked})
    there = set(stays.filter(room_id=room_id).values_list("nomination_id", flat=True)) if room_id else set()
    moving.delete()
    if room_id is None:
        audit.record(actor, "logistics.rooms.moved", held, people=len(rows))
        return len(rows)
    room = room_in(held, room_id)
    newcomers = [row for row in rows if row.pk not in there]
    _check_fit(room, newcomers)
    _put(room, newcomers)
    assign_lodging(actor, training_class=held, ids=[row.pk for row in newcomers], needed=True)
    if newcomers:
        audit.record(actor, "logistics.rooms.moved", held, people=len(newcomers), room=room.pk)
    return len(newcomers)


def _check_fit(room: Room, newcomers: Sequence[Nomination]) -> None:
    inside = list(Stay.objects.filter(room=room).values_list("nomination__person__sex", flat=True))
    left = room.capacity - len(inside)
    if len(newcomers) > left:
        raise Conflict(
            _("%(room)s 还有 %(left)s 个床位，放不下 %(n)s 人。")
            % {"room": room, "left": left, "n": len(newcomers)},
            "to",
        )
    unknown = [row.person.name for row in newcomers if not row.person.sex]
    if unknown and (len(newcomers) > 1 or inside):
        raise Fault(_("%(names)s 的性别没有登记，请先补全再排房。") % {"names": "、".join(unknown)}, "to")
    sexes = {row.person.sex for row in newcomers} | set(inside) | ({room.sex} if room.sex else set())
    if len(sexes) > 1:
        raise Fault(_("男女不能同住一间，请换一间房。"), "to")


def _put(room: Room, newcomers: Sequence[Nomination]) -> None:
    # The trigger is the last word when a room is filled from two sides.
    try:
        with transaction.atomic():
            Stay.objects.bulk_create(Stay(nomination=row, room=room, sex=row.person.sex) for row in newcomers)
    except (IntegrityError, DatabaseError) as refused:
        raise Conflict(_("%(room)s 刚刚有变化，请刷新后再排。") % {"room": room}, "to") from refused


@transaction.atomic
def lock_guests(actor: Actor, *, training_class: TrainingClass, ids: list[int], locked: bool) -> int:
    """Lock the ticked trainees' beds, or let them go; how many changed."""
    held = hold(actor, training_class)
    rows = chosen(held, ids)
    count = Stay.objects.filter(nomination__in=rows, locked=not locked).update(locked=locked)
    if count:
        word = "logistics.rooms.locked" if locked else "logistics.rooms.unlocked"
        audit.record(actor, word, held, people=count)
    return count


@transaction.atomic
def set_lodging(actor: Actor, *, training_class: TrainingClass, ids: list[int], needed: bool) -> int:
    """Note who needs a bed; who needs none leaves the room, locked or not. How many changed."""
    held = hold(actor, training_class)
    rows = chosen(held, ids)
    if not needed:
        Stay.objects.filter(nomination__in=rows).delete()
    return assign_lodging(actor, training_class=held, ids=[row.pk for row in rows], needed=needed)
