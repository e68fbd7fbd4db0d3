"""The boards on which people are moved: columns of groups, rooms or vehicles with the people in them."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from keyuan.kernel.access import Actor, visible
from keyuan.logistics.models import Group, GroupLock, Leg, Post, Ride, Room, Stay, Vehicle, Wish
from keyuan.logistics.rules.grouping import Spread, spreads
from keyuan.training.models import Nomination, TrainingClass
from keyuan.training.queries import nominations


@dataclass(frozen=True)
class Card:
    """One trainee on a board (人员卡)."""

    pk: int
    name: str
    unit: str
    sex: str = ""
    locked: bool = False
    note: str = ""


@dataclass
class Column:
    """One group, room or vehicle on a board (分栏), with who is in it; capacity 0 is without limit."""

    key: str
    title: str
    cards: list[Card] = field(default_factory=list)
    capacity: int = 0
    note: str = ""
    pk: int = 0


@dataclass(frozen=True)
class Board:
    """A board (排布板): who is not placed yet, and the columns."""

    waiting: list[Card]
    columns: list[Column]

    @property
    def placed(self) -> int:
        """How many have a place."""
        return sum(len(column.cards) for column in self.columns)

    @property
    def total(self) -> int:
        """Everybody on the board."""
        return self.placed + len(self.waiting)

    @property
    def beds(self) -> int:
        """The places there are."""
        return sum(column.capacity for column in self.columns)


def card(row: Nomination, *, locked: bool = False, note: str = "") -> Card:
    """A trainee as a card."""
    return Card(row.pk, row.person.name, str(row.organisation), row.person.sex, locked, note)


def trainees(training_class: TrainingClass) -> list[Nomination]:
    """The trainees in the fixed order of units; the caller has asked for the right over the class."""
    return list(nominations.all_admitted(training_class))


def groups_of(actor: Actor, training_class: TrainingClass) -> list[Group]:
    """The groups of a class with their leaders."""
    rows = visible(actor, Group).filter(training_class=training_class)
    return list(rows.select_related("leader__person"))


def post_words(actor: Actor, training_class: TrainingClass, *, branch: bool = False) -> dict[int, str]:
    """What posts each trainee holds, in words, group leaders among them; the branch's only where asked for."""
    found: dict[int, list[str]] = {}
    rows = visible(actor, Post).filter(training_class=training_class)
    for post in rows:
        if branch or post.kind not in Post.BRANCH:
            found.setdefault(post.nomination_id, []).append(post.get_kind_display())
    for group in visible(actor, Group).filter(training_class=training_class).exclude(leader=None):
        found.setdefault(group.leader_id or 0, []).append(_("组长"))
    return {pk: "、".join(words) for pk, words in found.items()}


def group_board(actor: Actor, training_class: TrainingClass) -> Board:
    """The groups and who is in them, in five queries."""
    people = trainees(training_class)
    locks = set(
        visible(actor, GroupLock)
        .filter(nomination__training_class=training_class)
        .values_list("nomination_id", flat=True)
    )
    words = post_words(actor, training_class)
    columns = {
        group.number: Column(str(group.number), str(group), note=group.place, pk=group.pk)
        for group in groups_of(actor, training_class)
    }
    waiting: list[Card] = []
    for row in people:
        made = card(row, locked=row.pk in locks, note=words.get(row.pk, ""))
        home = columns.get(row.group or 0)
        (waiting if home is None else home.cards).append(made)
    return Board(waiting, list(columns.values()))


@dataclass(frozen=True)
class Explained:
    """Why the groups are as they are (编组说明): the spread of units, sexes and fields."""

    units: list[Spread]
    sexes: list[Spread]
    fields: list[Spread]
    single_units: int

    @property
    def uneven(self) -> list[Spread]:
        """Units that could lie more evenly, as locks or moves by hand left them."""
        return [row for row in self.units if not row.is_even]


def field_of(row: Nomination) -> str:
    """The field or region of a trainee's unit; its kind where none is noted."""
    return row.organisation.field_or_region or str(row.organisation.get_kind_display())


def explained(training_class: TrainingClass, groups: int) -> Explained:
    """How many of each unit, sex and field each group has."""
    people = [row for row in trainees(training_class) if row.group]
    units = spreads(((str(row.organisation), row.group or 0) for row in people), groups)
    return Explained(
        [row for row in units if row.total > 1],
        spreads(((row.person.sex or _("未填"), row.group or 0) for row in people), groups),
        spreads(((field_of(row), row.group or 0) for row in people), groups),
        sum(row.total == 1 for row in units),
    )


def room_board(actor: Actor, training_class: TrainingClass) -> Board:
    """The rooms and who sleeps in them; who needs no bed is left out."""
    rows = visible(actor, Room).filter(training_class=training_class)
    columns = {
        room.pk: Column(
            str(room.pk), str(room), capacity=room.capacity, pk=room.pk, note=room.get_sex_display()
        )
        for room in rows
    }
    stays = {
        stay.nomination_id: stay for stay in visible(actor, Stay).filter(room__training_class=training_class)
    }
    wishes = wishes_of(actor, training_class)
    waiting: list[Card] = []
    for row in trainees(training_class):
        stay = stays.get(row.pk)
        note = _("愿与%(name)s同住") % {"name": wishes[row.pk]} if row.pk in wishes else ""
        if stay is not None:
            columns[stay.room_id].cards.append(card(row, locked=stay.locked, note=note))
        elif row.lodging:
            waiting.append(card(row, note=note))
    return Board(waiting, list(columns.values()))


def wishes_of(actor: Actor, training_class: TrainingClass) -> dict[int, str]:
    """Whom each trainee would share a room with, by name."""
    rows = visible(actor, Wish).filter(
        nomination__training_class=training_class, other__state=Nomination.State.ADMITTED
    )
    return dict(rows.values_list("nomination_id", "other__person__name"))


def legs_of(actor: Actor, training_class: TrainingClass) -> list[Leg]:
    """The journeys of a class in order of time."""
    return list(visible(actor, Leg).filter(training_class=training_class))


def ride_board(actor: Actor, leg: Leg) -> Board:
    """The vehicles of one journey and who rides in them."""
    columns = {
        one.pk: Column(
            str(one.pk), str(one), capacity=one.capacity, pk=one.pk,
            note=" ".join(filter(None, (one.plate, one.driver))),
        )
        for one in visible(actor, Vehicle).filter(leg=leg)
    }  # fmt: skip
    rides = {ride.nomination_id: ride for ride in visible(actor, Ride).filter(leg=leg)}
    waiting: list[Card] = []
    for row in trainees(leg.training_class):
        ride = rides.get(row.pk)
        note = _("第%(n)s组") % {"n": row.group} if row.group else ""
        made = card(row, locked=ride.locked if ride else False, note=note)
        (waiting if ride is None else columns[ride.vehicle_id].cards).append(made)
    return Board(waiting, list(columns.values()))


def names(cards: Iterable[Card]) -> str:
    """The names, as a sentence lists them."""
    return "、".join(one.name for one in cards)
