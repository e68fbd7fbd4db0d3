"""Lists a class gives out: who is in which group, room, vehicle and seat."""

from collections.abc import Iterator

from keyuan.kernel.access import Actor, visible
from keyuan.kernel.sheet import Column, Sheet, readers, told
from keyuan.logistics.models import Diner, Hall, Leg, Ride, Seat, Stay
from keyuan.logistics.queries import boards, dining, needs
from keyuan.training.models import Nomination, TrainingClass

PERSON = (
    Column("no", "序号", readers.text, width=6, weightless=True),
    Column("name", "姓名", readers.name, required=True, width=12),
    told("unit", "单位", 30),
)
GROUPS = Sheet(
    "logistics.groups", "分组名单",
    (*PERSON, Column("group", "组别", readers.number(1, 60), required=True, aliases=("组", "小组", "组号"), width=8),
     told("post", "班级职务", 16)),
    notes=("一行一位学员；组别填数字。班级职务只供查看，导入时不读。",),
)  # fmt: skip
ROOMS = Sheet(
    "logistics.rooms", "住宿名单",
    (*PERSON, told("house", "楼栋", 12),
     Column("room", "房号", readers.text, required=True, aliases=("房间", "房间号", "客房"), width=10), told("sex", "性别", 6)),
    notes=("一行一位学员；房号须已在住宿页登记。性别只供查看，导入时不读。",),
)  # fmt: skip
RIDES = Sheet(
    "logistics.rides", "乘车名单",
    (*PERSON, told("group", "组别", 8), told("vehicle", "车号", 10), told("plate", "车牌")),
)  # fmt: skip
SEATS = Sheet(
    "logistics.seats",
    "座次名单",
    (*PERSON, told("group", "组别", 8), told("row", "排", 6), told("column", "座", 6)),
)
TABLES = Sheet("logistics.tables", "桌次名单", (*PERSON, told("group", "组别", 8), told("table", "桌次", 12)))
NEEDS = Sheet(
    "logistics.needs", "学员需要",
    (*PERSON, told("diet", "用餐需要", 24), told("room", "住宿需要", 24), told("together", "愿与谁同住", 14)),
)  # fmt: skip


def _people(rows: list[Nomination]) -> Iterator[tuple[Nomination, dict[str, str]]]:
    for n, row in enumerate(rows, 1):
        line = {"no": str(n), "name": row.person.name, "unit": row.organisation.name, "sex": row.person.sex}
        yield row, line | {"group": str(row.group or "")}


def group_file(actor: Actor, training_class: TrainingClass) -> bytes:
    """Group by group, with posts (.xlsx); the same columns are read again."""
    posts = boards.post_words(actor, training_class)
    rows = sorted(boards.trainees(training_class), key=lambda row: (row.group is None, row.group or 0))
    return GROUPS.export(line | {"post": posts.get(row.pk, "")} for row, line in _people(rows))


def room_file(actor: Actor, training_class: TrainingClass) -> bytes:
    """Room by room (.xlsx); those who need a bed and have none stand at the end."""
    stays = {
        stay.nomination_id: stay.room
        for stay in visible(actor, Stay).filter(room__training_class=training_class).select_related("room")
    }
    rows = [row for row in boards.trainees(training_class) if row.lodging or row.pk in stays]
    last = 10**6
    rows.sort(key=lambda row: (stays[row.pk].order, stays[row.pk].pk) if row.pk in stays else (last, 0))

    def place(row: Nomination) -> dict[str, str]:
        room = stays.get(row.pk)
        return {"house": room.house, "room": room.number} if room else {}

    return ROOMS.export(line | place(row) for row, line in _people(rows))


def ride_file(actor: Actor, leg: Leg) -> bytes:
    """Vehicle by vehicle (.xlsx)."""
    rides = {
        ride.nomination_id: ride.vehicle
        for ride in visible(actor, Ride).filter(leg=leg).select_related("vehicle")
    }
    rows = [row for row in boards.trainees(leg.training_class) if row.pk in rides]
    rows.sort(key=lambda row: rides[row.pk].pk)
    return RIDES.export(
        line | {"vehicle": rides[row.pk].title, "plate": rides[row.pk].plate} for row, line in _people(rows)
    )


def seat_file(actor: Actor, hall: Hall) -> bytes:
    """Seat by seat from the front (.xlsx)."""
    seats = {seat.nomination_id: seat for seat in visible(actor, Seat).filter(hall=hall)}
    rows = [row for row in boards.trainees(hall.training_class) if row.pk in seats]
    rows.sort(key=lambda row: (seats[row.pk].row, seats[row.pk].column))
    return SEATS.export(
        line | {"row": str(seats[row.pk].row), "column": str(seats[row.pk].column)}
        for row, line in _people(rows)
    )


def table_file(actor: Actor, training_class: TrainingClass) -> bytes:
    """Table by table (.xlsx), the head table first."""
    order = {one.pk: at for at, one in enumerate(dining.tables_of(actor, training_class))}
    diners = {
        one.nomination_id: one.table
        for one in visible(actor, Diner).filter(table__training_class=training_class).select_related("table")
    }
    rows = [row for row in boards.trainees(training_class) if row.pk in diners]
    rows.sort(key=lambda row: order[diners[row.pk].pk])
    return TABLES.export(line | {"table": str(diners[row.pk])} for row, line in _people(rows))


def kitchen_file(actor: Actor, training_class: TrainingClass) -> bytes:
    """Meal by meal in numbers (.xlsx); no name stands in it."""
    kinds, servings = dining.kitchen(actor, training_class)
    sheet = Sheet(
        "logistics.kitchen", "用餐人数",
        (told("day", "日期", 14), told("meal", "餐次", 8), told("people", "用餐人数", 10), *(told(kind, kind, 10) for kind in kinds)),
        notes=("早餐按住宿人数；已批准请假的半天不计。",),
    )  # fmt: skip
    return sheet.export(
        {"day": f"{row.day:%Y-%m-%d}", "meal": dining.meal_words(row.meal), "people": str(row.people)}
        | {kind: str(row.marks.get(kind, 0)) for kind in kinds}
        for row in servings
    )


def needs_file(actor: Actor, training_class: TrainingClass) -> bytes:
    """Diet and room needs for kitchen and hotel (.xlsx); who joins the branch is not in it."""
    answers = needs.needs_of(actor, training_class)
    wishes = boards.wishes_of(actor, training_class)
    rows = [
        row
        for row in boards.trainees(training_class)
        if row.pk in wishes or (row.pk in answers and (answers[row.pk].diet or answers[row.pk].room))
    ]

    def said(row: Nomination) -> dict[str, str]:
        found = answers.get(row.pk, needs.Needs(row.pk))
        return {"diet": found.diet, "room": found.room, "together": wishes.get(row.pk, "")}

    return NEEDS.export(line | said(row) for row, line in _people(rows))
