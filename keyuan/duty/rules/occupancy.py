"""Who sits where in a plan, and what stands in the way of one more."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from keyuan.duty.rules.instance import ATTEND, LECTURE, Instance
from keyuan.duty.rules.options import Option, clash

FULL, SLOT, CAP, OWN = "full", "slot", "cap", "own"


@dataclass(frozen=True, slots=True)
class Obstacle:
    """What keeps somebody from one option in a plan (妨碍): which resource, and in words."""

    kind: str
    resource: str
    words: str


class Occupancy:
    """A plan seen from its classes, slots and persons (占用情况)."""

    def __init__(self, instance: Instance, chosen: Iterable[Option]) -> None:
        self.instance = instance
        self.at: dict[tuple[str, str], list[Option]] = defaultdict(list)
        self.lecturers: Counter[str] = Counter()
        self.of_person: dict[str, list[Option]] = defaultdict(list)
        for one in chosen:
            self.take(one)

    def take(self, one: Option) -> None:
        """One arrangement more."""
        self.at[one.kind, one.at].append(one)
        self.of_person[one.person].append(one)
        if one.kind == LECTURE:
            self.lecturers[one.offer] += 1

    def capacity(self, kind: str, at: str) -> int:
        """How many a class takes as guests, or a slot as lecturers."""
        return self.instance.offers[at].places if kind == ATTEND else self.instance.slots[at].lecturers

    def is_full(self, kind: str, at: str) -> bool:
        """Whether nobody more fits into this class or slot."""
        return len(self.at[kind, at]) >= self.capacity(kind, at)

    def obstacles(self, one: Option, instead_of: Option | None = None) -> Iterator[Obstacle]:
        """Everything that forbids an option beside the plan, less the arrangement it would replace."""
        leaving = instead_of if instead_of is not None else None
        there = [other for other in self.at[one.kind, one.at] if other != leaving]
        room = self.capacity(one.kind, one.at)
        if len(there) >= room:
            yield self._full(one, there, room)
        if one.kind == LECTURE:
            busy = self.lecturers[one.offer] - int(
                leaving is not None and leaving.kind == LECTURE and leaving.offer == one.offer
            )
            most = self.instance.offers[one.offer].lecturers
            if busy >= most:
                yield Obstacle(
                    CAP,
                    one.offer,
                    _("班次 {id} 讲课人数已到上限（{most} 人）").format(id=one.offer, most=most),
                )
        for other in self.of_person[one.person]:
            if other != leaving and clash(self.instance, one, other):
                yield Obstacle(OWN, other.at, self._own(one, other))

    def _full(self, one: Option, there: list[Option], room: int) -> Obstacle:
        if one.kind == ATTEND:
            words = _("班次 {id} 名额已满（{count}/{room}）").format(id=one.at, count=len(there), room=room)
            return Obstacle(FULL, one.at, words)
        if not room:
            return Obstacle(SLOT, one.at, _("课次 {id} 不需要人讲").format(id=one.at))
        names = "、".join(name_of(self.instance, other.leader) for other in there[:3])
        return Obstacle(SLOT, one.at, _("课次 {id} 由{names}讲").format(id=one.at, names=names))

    def _own(self, one: Option, other: Option) -> str:
        if self.instance.rules.once_a_month:
            return _("{id} 与本人的 {other} 同月").format(id=one.at, other=other.at)
        return _("{id} 与本人的 {other} 日期相重").format(id=one.at, other=other.at)


def name_of(instance: Instance, leader: str) -> str:
    """A leader's name with the id, which alone is unique."""
    name = instance.leaders[leader].name
    return name if name == leader else f"{name}（{leader}）"


def place_words(instance: Instance, kind: str, at: str) -> str:
    """A class or a slot in words."""
    offer, starts, ends = instance.place(kind, at)
    if kind == ATTEND:
        return _("班次 {id}“{name}”（{starts} 至 {ends}，{city}）").format(
            id=at, name=offer.name, starts=starts, ends=ends, city=offer.city
        )
    return _("课次 {id}“{theme}”（{day}，班次 {offer}，{city}）").format(
        id=at, theme=instance.slots[at].theme, day=starts, offer=offer.id, city=offer.city
    )


def kind_words(kind: str) -> str:
    """The two duties in words."""
    return _("听课") if kind == ATTEND else _("讲课")


def far_words(instance: Instance, distance: int) -> str:
    """A distance with its unit."""
    if instance.distances.unit == "km":
        return _("{count} 公里").format(count=distance)
    return _("{count} 分钟").format(count=distance)
