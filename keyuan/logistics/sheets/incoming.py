"""Typed groupings and lodging lists: how their rows are judged against a class and taken in."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any

from keyuan.kernel import batchjobs
from keyuan.kernel.access import Actor
from keyuan.kernel.codes import normal_name, normal_text
from keyuan.kernel.faults import Fault
from keyuan.kernel.models.batches import Batch
from keyuan.kernel.sheet import CellFault, Row, batches
from keyuan.logistics.actions import grouping, lodging
from keyuan.logistics.models import Room
from keyuan.logistics.queries import boards
from keyuan.logistics.sheets.outgoing import GROUPS, ROOMS
from keyuan.training.models import Nomination, TrainingClass

Context = Mapping[str, Any]


def _class_of(context: Context) -> TrainingClass:
    return TrainingClass.objects.get(pk=context["class"])


class _People:
    """The trainees of a class, found by name, and by unit where two are called alike."""

    def __init__(self, training_class: TrainingClass) -> None:
        self.by_name: dict[str, list[Nomination]] = {}
        for row in boards.trainees(training_class):
            self.by_name.setdefault(normal_name(row.person.name), []).append(row)

    def find(self, row: Row) -> Nomination | CellFault:
        """The trainee a row speaks of, or what is wrong with it."""
        found = self.by_name.get(normal_name(row.values.get("name", "")), [])
        unit = normal_text(row.values.get("unit", ""))
        if len(found) > 1 and unit:
            found = [one for one in found if unit in {one.organisation.name, one.organisation.short_name}]
        if not found:
            return CellFault("姓名", "not_in_class", "本班学员中没有此人，请核对姓名和单位。", "room")
        if len(found) > 1:
            return CellFault("单位", "two_of_a_name", "本班有同名学员，请填写单位全称以便区分。", "room")
        return found[0]


class _Purpose(ABC):
    """What both lists have in common: the class, the people, doubles."""

    def thing(self, context: Context) -> TrainingClass:
        """The right is asked over the class."""
        return _class_of(context)

    def judge(self, actor: Actor, context: Context, rows: Sequence[Row]) -> dict[int, list[CellFault]]:
        """Nobody of that name, two of it, a person twice, a place that is not there."""
        training_class, seen = _class_of(context), dict[int, int]()
        people, check = _People(training_class), self.checker(training_class)
        found: dict[int, list[CellFault]] = {}
        for row in rows:
            who = people.find(row)
            if isinstance(who, CellFault):
                found[row.number] = [who]
                continue
            if who.pk in seen:
                words = f"此人已在第 {seen[who.pk]} 行，请删去一行。"
                found[row.number] = [CellFault("姓名", "twice", words, "room")]
                continue
            seen[who.pk] = row.number
            fault = check(row)
            if fault is not None:
                found[row.number] = [fault]
        return found

    @abstractmethod
    def checker(self, training_class: TrainingClass) -> Any:
        """A function that says what is wrong with the place a row names, or None."""

    def prepare(self, actor: Actor, context: Context, rows: Sequence[Row]) -> Sequence[Row]:
        """The rows as they are: what they need is looked up under the lock."""
        return rows

    @abstractmethod
    def put(self, actor: Actor, training_class: TrainingClass, who: Nomination, row: Row) -> None:
        """Move one person to where the row says."""

    def apply(self, actor: Actor, context: Context, rows: Sequence[Row]) -> dict[int, batches.Outcome]:
        """Each row by itself; one that no longer fits is refused with its reason."""
        training_class = _class_of(context)
        people = _People(training_class)

        def act(row: Row) -> int:
            who = people.find(row)
            if isinstance(who, CellFault):
                raise Fault(who.message)
            self.put(actor, training_class, who, row)
            return who.pk

        return batches.one_by_one(rows, act)


class GroupRoom(_Purpose):
    """A typed grouping (分组名单)."""

    def checker(self, training_class: TrainingClass) -> Any:
        """Any group from 1 to 60 will do: groups not there yet are made."""

        def fits(_row: Row) -> None:
            return None

        return fits

    def put(self, actor: Actor, training_class: TrainingClass, who: Nomination, row: Row) -> None:
        """Into the group, made if need be."""
        number = int(row.values["group"])
        grouping.have_groups(actor, training_class=training_class, count=number)
        grouping.move_members(actor, training_class=training_class, ids=[who.pk], number=number)


class LodgingRoom(_Purpose):
    """A typed lodging list (住宿名单)."""

    def _room(self, training_class: TrainingClass, row: Row) -> Room | None:
        rooms = Room.objects.filter(training_class=training_class, number=row.values.get("room", ""))
        house = row.values.get("house", "")
        return (rooms.filter(house=house) if house else rooms).first()

    def checker(self, training_class: TrainingClass) -> Any:
        """The room must have been put down."""

        def check(row: Row) -> CellFault | None:
            if self._room(training_class, row) is not None:
                return None
            return CellFault("房号", "no_room", "没有登记这间房，请先在住宿页添加客房。", "room")

        return check

    def put(self, actor: Actor, training_class: TrainingClass, who: Nomination, row: Row) -> None:
        """Into the room, if it has a bed and the sex fits."""
        room = self._room(training_class, row)
        if room is None:
            raise Fault("没有登记这间房，请先在住宿页添加客房。")
        lodging.move_guests(actor, training_class=training_class, ids=[who.pk], room_id=room.pk)


batches.purpose("logistics.groups", sheet=GROUPS, rule="logistics.arrange")(GroupRoom)
batches.purpose("logistics.rooms", sheet=ROOMS, rule="logistics.arrange")(LodgingRoom)


@batchjobs.back("logistics.groups")
def _back_to_groups(batch: Batch) -> str:
    """To the groups of the class."""
    return f"/classes/{batch.context['class']}/logistics/groups/"


@batchjobs.back("logistics.rooms")
def _back_to_rooms(batch: Batch) -> str:
    """To the rooms of the class."""
    return f"/classes/{batch.context['class']}/logistics/rooms/"
