"""Journeys and vehicles of a class: put down, filled by proposal or by hand, locked."""

from collections.abc import Mapping
from typing import Any

from django.db import DatabaseError, IntegrityError, transaction
from django.utils.translation import gettext as _

from keyuan.kernel import audit
from keyuan.kernel.access import Actor
from keyuan.kernel.faults import Conflict, Fault
from keyuan.logistics.actions.arranging import chosen, hold
from keyuan.logistics.models import Leg, Ride, Vehicle
from keyuan.logistics.queries.boards import trainees
from keyuan.logistics.rules import riding
from keyuan.training.models import TrainingClass

audit.sentence("logistics.leg.added", "登记用车行程：{thing}")
audit.sentence("logistics.leg.changed", "修改用车行程：{thing}")
audit.sentence("logistics.leg.removed", "撤销用车行程：{thing}")
audit.sentence("logistics.vehicle.added", "登记车辆：{thing}，{vehicles} 辆")
audit.sentence("logistics.vehicle.removed", "撤销车辆：{thing}")
audit.sentence("logistics.rides.proposed", "自动排车：{thing}，{people} 人")
audit.sentence("logistics.rides.moved", "调整乘车：{thing}，{people} 人")
audit.sentence("logistics.rides.locked", "锁定乘车：{thing}，{people} 人")
audit.sentence("logistics.rides.unlocked", "解除乘车锁定：{thing}，{people} 人")
LEG_FIELDS = ("title", "date", "departs", "start", "goal")


@transaction.atomic
def save_leg(
    actor: Actor, *, training_class: TrainingClass, facts: Mapping[str, Any], leg_id: int | None = None
) -> Leg:
    """Put a journey down, or correct one. Journeys lie within two days of the class."""
    held = hold(actor, training_class)
    leg = leg_in(held, leg_id) if leg_id else Leg(training_class=held)
    for name in LEG_FIELDS:
        setattr(leg, name, facts[name])
    if (
        abs((leg.date - held.starts).days) > 2
        and not held.starts <= leg.date <= held.ends
        and abs((leg.date - held.ends).days) > 2
    ):
        raise Fault(_("用车日期应在班期内或前后两天。"), "date")
    leg.save()
    audit.record(actor, "logistics.leg.changed" if leg_id else "logistics.leg.added", held, leg=leg.pk)
    return leg


def leg_in(training_class: TrainingClass, leg_id: int) -> Leg:
    """A journey of the class."""
    leg = Leg.objects.filter(training_class=training_class, pk=leg_id).first()
    if leg is None:
        raise Fault(_("没有这个行程，请刷新后再试。"))
    return leg


@transaction.atomic
def remove_leg(actor: Actor, *, training_class: TrainingClass, leg_id: int) -> None:
    """Take a journey away with its vehicles; one already gone stays so."""
    held = hold(actor, training_class)
    if Leg.objects.filter(training_class=held, pk=leg_id).delete()[0]:
        audit.record(actor, "logistics.leg.removed", held, leg=leg_id)


@transaction.atomic
def add_vehicles(
    actor: Actor,
    *,
    training_class: TrainingClass,
    leg_id: int,
    count: int,
    capacity: int,
    plate: str = "",
    driver: str = "",
) -> int:
    """Put so many vehicles of equal size down for a journey, numbered on; plate and driver only for one."""
    held = hold(actor, training_class)
    leg = leg_in(held, leg_id)
    have = set(Vehicle.objects.filter(leg=leg).values_list("title", flat=True))
    if not 1 <= count <= 20 or len(have) + count > 40:
        raise Fault(_("一个行程最多 40 辆车，一次最多添加 20 辆。"), "count")
    fresh = [title for n in range(1, 81) if (title := f"{n}号车") not in have][:count]
    single = count == 1
    Vehicle.objects.bulk_create(
        Vehicle(
            leg=leg,
            title=title,
            capacity=capacity,
            plate=plate if single else "",
            driver=driver if single else "",
        )
        for title in fresh
    )
    audit.record(actor, "logistics.vehicle.added", held, leg=leg.pk, vehicles=count)
    return count


@transaction.atomic
def remove_vehicle(actor: Actor, *, training_class: TrainingClass, vehicle_id: int) -> None:
    """Take a vehicle away; who rode in it waits for another. One already gone stays so."""
    held = hold(actor, training_class)
    if Vehicle.objects.filter(leg__training_class=held, pk=vehicle_id).delete()[0]:
        audit.record(actor, "logistics.vehicle.removed", held, vehicle=vehicle_id)


@transaction.atomic
def propose_rides(actor: Actor, *, training_class: TrainingClass, leg_id: int, only_new: bool = False) -> int:
    """A vehicle for everybody, group by group; locked people stay. How many have none."""
    held = hold(actor, training_class)
    leg = leg_in(held, leg_id)
    vehicles = list(Vehicle.objects.filter(leg=leg).values_list("pk", "capacity"))
    if not vehicles:
        raise Fault(_("这个行程还没有车辆，请先添加。"))
    rides = Ride.objects.filter(leg=leg)
    if not only_new:
        rides.filter(locked=False).delete()
    kept = dict(rides.values_list("nomination_id", "vehicle_id"))
    riders = [riding.Rider(row.pk, row.group or 0) for row in trainees(held)]
    found = riding.propose(riders, vehicles, kept)
    Ride.objects.bulk_create(
        Ride(leg=leg, vehicle_id=vehicle, nomination_id=pk) for pk, vehicle in found.items() if pk not in kept
    )
    audit.record(actor, "logistics.rides.proposed", held, leg=leg.pk, people=len(found) - len(kept))
    return len(riders) - len(found)


@transaction.atomic
def move_riders(
    actor: Actor, *, training_class: TrainingClass, leg_id: int, ids: list[int], vehicle_id: int | None
) -> int:
    """Put the ticked trainees into one vehicle, or out of theirs; how many moved. It must have seats for them."""
    held = hold(actor, training_class)
    leg, rows = leg_in(held, leg_id), chosen(held, ids)
    rides = Ride.objects.filter(leg=leg, nomination__in=rows)
    moving = rides.exclude(vehicle_id=vehicle_id) if vehicle_id is not None else rides
    locked = "、".join(moving.filter(locked=True).values_list("nomination__person__name", flat=True)[:5])
    if locked:
        raise Fault(_("%(names)s 已锁定，请先解锁再移动。") % {"names": locked})
    there = (
        set(rides.filter(vehicle_id=vehicle_id).values_list("nomination_id", flat=True))
        if vehicle_id
        else set()
    )
    moving.delete()
    newcomers = [row for row in rows if row.pk not in there]
    if vehicle_id is not None:
        vehicle = Vehicle.objects.filter(leg=leg, pk=vehicle_id).first()
        if vehicle is None:
            raise Fault(_("没有这辆车，请刷新后再试。"), "to")
        left = vehicle.capacity - vehicle.rides.count()
        if len(newcomers) > left:
            raise Conflict(
                _("%(car)s 还有 %(left)s 个座位，坐不下 %(n)s 人。")
                % {"car": vehicle, "left": left, "n": len(newcomers)},
                "to",
            )
        try:
            with transaction.atomic():
                Ride.objects.bulk_create(Ride(leg=leg, vehicle=vehicle, nomination=row) for row in newcomers)
        except (IntegrityError, DatabaseError) as refused:
            raise Conflict(_("%(car)s 刚刚有变化，请刷新后再排。") % {"car": vehicle}, "to") from refused
    audit.record(actor, "logistics.rides.moved", held, leg=leg.pk, people=len(newcomers))
    return len(newcomers)


@transaction.atomic
def lock_riders(
    actor: Actor, *, training_class: TrainingClass, leg_id: int, ids: list[int], locked: bool
) -> int:
    """Lock the ticked trainees in their vehicles, or let them go; how many changed."""
    held = hold(actor, training_class)
    leg, rows = leg_in(held, leg_id), chosen(held, ids)
    count = Ride.objects.filter(leg=leg, nomination__in=rows, locked=not locked).update(locked=locked)
    if count:
        word = "logistics.rides.locked" if locked else "logistics.rides.unlocked"
        audit.record(actor, word, held, people=count)
    return count
