"""What a trainee sees on the own phone: the own group, room, vehicle and seat, and the class's contacts."""

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from django.db.models import QuerySet
from django.utils import timezone

from keyuan.kernel.access import Actor, visible
from keyuan.logistics.models import Arrangement, Diner, Group, MealTable, Post, Ride, Room, Seat, Stay
from keyuan.logistics.queries.needs import Needs, own_needs, phone_showers
from keyuan.logistics.rules import attends
from keyuan.people import queries as people
from keyuan.training.models import Nomination, TrainingClass
from keyuan.training.queries import policy


@dataclass
class Mine:
    """One class as one trainee is looked after in it (我的会务)."""

    klass: TrainingClass
    nomination: Nomination
    arrangement: Arrangement
    needs: Needs
    group: Group | None = None
    posts: list[str] = field(default_factory=list)
    room: Room | None = None
    roommates: list[str] = field(default_factory=list)
    rides: list[Ride] = field(default_factory=list)
    seats: list[Seat] = field(default_factory=list)
    table: MealTable | None = None
    tablemates: list[str] = field(default_factory=list)

    @cached_property
    def mates(self) -> list[str]:
        """Who is in the own group, where groups have been told; asked for only where it is shown."""
        if self.group is None:
            return []
        rows = self.klass.nominations.filter(state=Nomination.State.ADMITTED, group=self.nomination.group)
        rows = rows.order_by("organisation__kind", "organisation__order", "pk")
        return list(rows.values_list("person__name", flat=True))

    @cached_property
    def wish(self) -> str:
        """With whom one would share a room; asked for only where it is shown."""
        wish = getattr(self.nomination, "wish", None)
        return wish.other.person.name if wish is not None else ""

    @property
    def may_answer(self) -> bool:
        """Whether the questions are open."""
        by = self.arrangement.answer_by
        open_still = by is None or timezone.localdate() <= by
        return self.klass.state == TrainingClass.State.PUBLISHED and self.arrangement.asks and open_still

    @property
    def told(self) -> list[str]:
        """The parts that have been told."""
        return [
            part for part in ("groups", "rooms", "rides", "seats", "tables") if self.arrangement.is_told(part)
        ]

    @property
    def contacts_until(self) -> date | None:
        """The last day of the contacts, once the class is closed."""
        return policy.contacts_until(self.klass)


def own_nominations(actor: Actor) -> QuerySet[Nomination]:
    """The classes one attends, the latest first, as long as contacts last."""
    rows = visible(actor, Nomination).filter(
        person_id=actor.person_id or 0, state=Nomination.State.ADMITTED, training_class__in=attends(actor)
    )
    return rows.select_related(
        "training_class__head_teacher", "training_class__arrangement", "person"
    ).order_by("-training_class__starts")


def mine(actor: Actor) -> list[Mine]:
    """How one is looked after in each class one attends."""
    return [mine_in(actor, row) for row in own_nominations(actor)]


def own_in(actor: Actor, training_class: TrainingClass) -> Mine | None:
    """How one is looked after in this class; None for who does not attend it (any more)."""
    row = own_nominations(actor).filter(training_class=training_class).first()
    return mine_in(actor, row) if row is not None else None


def mine_in(actor: Actor, nomination: Nomination) -> Mine:
    """How one is looked after in one class; only what has been told."""
    klass = nomination.training_class
    # Read with the nomination; none is stored where nothing has been set yet.
    arrangement = getattr(klass, "arrangement", None) or Arrangement(training_class=klass)
    found = Mine(klass, nomination, arrangement, own_needs(actor, nomination))
    if found.arrangement.is_told("groups"):
        _add_group(actor, found)
    if found.arrangement.is_told("rooms"):
        _add_room(actor, found)
    if found.arrangement.is_told("rides"):
        rides = visible(actor, Ride).filter(nomination=nomination).select_related("leg", "vehicle")
        found.rides = list(rides.order_by("leg__date", "leg__departs"))
    if found.arrangement.is_told("seats"):
        found.seats = list(visible(actor, Seat).filter(nomination=nomination).select_related("hall"))
    if found.arrangement.is_told("tables"):
        _add_table(actor, found)
    return found


def _add_room(actor: Actor, found: Mine) -> None:
    """The own room and who shares it, in one query."""
    own = found.nomination.pk
    rows = (
        visible(actor, Stay).filter(room__stays__nomination=own).select_related("room", "nomination__person")
    )
    for stay in rows:
        found.room = stay.room
        if stay.nomination_id != own and stay.nomination.state == Nomination.State.ADMITTED:
            found.roommates.append(stay.nomination.person.name)


def _add_table(actor: Actor, found: Mine) -> None:
    """The own table and who sits at it, in one query."""
    own = found.nomination.pk
    rows = (
        visible(actor, Diner)
        .filter(table__diners__nomination=own)
        .select_related("table", "nomination__person")
    )
    for diner in rows:
        found.table = diner.table
        if diner.nomination_id != own and diner.nomination.state == Nomination.State.ADMITTED:
            found.tablemates.append(diner.nomination.person.name)


def _add_group(actor: Actor, found: Mine) -> None:
    klass, nomination = found.klass, found.nomination
    found.posts = [
        str(post.get_kind_display())
        for post in visible(actor, Post).filter(training_class=klass, nomination=nomination)
    ]
    if nomination.group is None:
        return
    rows = visible(actor, Group).filter(training_class=klass, number=nomination.group)
    found.group = rows.select_related("leader__person").first()


@dataclass(frozen=True)
class Contact:
    """One line of the class's contacts (通讯录); a phone only where its owner agreed."""

    name: str
    unit: str
    post: str
    group: int | None
    phone: str


def contacts_of(training_class: TrainingClass) -> list[Contact]:
    """The contacts of a class in the order of units; the caller has asked whether they may be seen."""
    shown = phone_showers(training_class)
    rows = training_class.nominations.filter(state=Nomination.State.ADMITTED)
    rows = rows.select_related("person", "organisation").order_by(
        "organisation__kind", "organisation__order", "organisation_id", "person__pinyin", "pk"
    )
    return [
        Contact(
            row.person.name, str(row.organisation), row.person.post_title, row.group,
            people.phone_of(row.person) if row.pk in shown else "",
        )
        for row in rows
    ]  # fmt: skip
