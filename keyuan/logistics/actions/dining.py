"""Tables of a class's meals: put down, filled by proposal or by hand, locked."""

from django.db import DatabaseError, IntegrityError, transaction
from django.utils.translation import gettext as _

from keyuan.kernel import audit
from keyuan.kernel.access import Actor
from keyuan.kernel.faults import Conflict, Fault
from keyuan.logistics.actions.arranging import arrangement_for, chosen, hold
from keyuan.logistics.models import Diner, MealTable
from keyuan.logistics.queries.boards import trainees
from keyuan.logistics.rules import dining
from keyuan.logistics.rules.grouping import Member
from keyuan.training.models import TrainingClass

audit.sentence("logistics.tables.added", "添加餐桌：{thing}，{tables} 桌")
audit.sentence("logistics.table.changed", "修改餐桌：{thing}")
audit.sentence("logistics.table.removed", "撤销餐桌：{thing}")
audit.sentence("logistics.tables.proposed", "自动排桌：{thing}，{people} 人")
audit.sentence("logistics.diners.moved", "调整桌次：{thing}，{people} 人")
audit.sentence("logistics.diners.locked", "锁定桌次：{thing}，{people} 人")
audit.sentence("logistics.diners.unlocked", "解除桌次锁定：{thing}，{people} 人")
MOST = 60


def _room_for(held: TrainingClass, count: int) -> list[int]:
    """The next free numbers of tables."""
    have = set(MealTable.objects.filter(training_class=held).values_list("number", flat=True))
    if count < 1 or len(have) + count > MOST:
        raise Fault(_("一个班最多 %(n)s 桌。") % {"n": MOST}, "count")
    return [number for number in range(1, 2 * MOST + 2) if number not in have][:count]


@transaction.atomic
def add_tables(
    actor: Actor, *, training_class: TrainingClass, count: int, capacity: int, head: bool = False
) -> int:
    """Put so many tables down, numbered on; with `head` the first of them is the head table, filled by hand.

    Faults: more than sixty tables, a second head table.
    """
    held = hold(actor, training_class)
    numbers = _room_for(held, count)
    if head and MealTable.objects.filter(training_class=held, is_head=True).exists():
        raise Conflict(_("已经有主桌了，请先把原来的主桌改为普通桌。"), "head")
    MealTable.objects.bulk_create(
        MealTable(training_class=held, number=number, capacity=capacity, is_head=head and at == 0)
        for at, number in enumerate(numbers)
    )
    audit.record(actor, "logistics.tables.added", held, tables=count)
    return count


def table_in(training_class: TrainingClass, table_id: int) -> MealTable:
    """A table of the class."""
    found = MealTable.objects.filter(training_class=training_class, pk=table_id).first()
    if found is None:
        raise Fault(_("没有这一桌，请刷新后再试。"), "to")
    return found


@transaction.atomic
def change_table(
    actor: Actor, *, training_class: TrainingClass, table_id: int, title: str, capacity: int, head: bool
) -> None:
    """Give a table a name, other seats, or make it the head table. Conflict: more sit there, a second head table."""
    held = hold(actor, training_class)
    table = table_in(held, table_id)
    there = table.diners.count()
    if there > capacity:
        raise Conflict(
            _("%(table)s已坐 %(n)s 人，座位不能少于这个数。") % {"table": table, "n": there}, "capacity"
        )
    others = MealTable.objects.filter(training_class=held, is_head=True).exclude(pk=table.pk)
    if head and others.exists():
        raise Conflict(_("已经有主桌了，请先把原来的主桌改为普通桌。"), "head")
    MealTable.objects.filter(pk=table.pk).update(title=title.strip()[:20], capacity=capacity, is_head=head)
    audit.record(actor, "logistics.table.changed", held, table=table.pk)


@transaction.atomic
def remove_table(actor: Actor, *, training_class: TrainingClass, table_id: int) -> None:
    """Take a table away; who sat there waits for another. One already gone stays so."""
    held = hold(actor, training_class)
    if MealTable.objects.filter(training_class=held, pk=table_id).delete()[0]:
        audit.record(actor, "logistics.table.removed", held, table=table_id)


@transaction.atomic
def propose_tables(
    actor: Actor, *, training_class: TrainingClass, together: bool, only_new: bool = False
) -> int:
    """A table for everybody who is not at the head table: groups together, or units mixed. How many have none.

    Missing tables of the class's size are put down; locked people stay.
    """
    held = hold(actor, training_class)
    people = trainees(held)
    diners = Diner.objects.filter(table__training_class=held)
    at_head = set(diners.filter(table__is_head=True).values_list("nomination_id", flat=True))
    plain = diners.filter(table__is_head=False)
    if not only_new:
        plain.filter(locked=False).delete()
    kept = dict(plain.values_list("nomination_id", "table_id"))
    hungry = [
        Member(row.pk, str(row.organisation_id), row.person.sex, str(row.group or 0))
        for row in people
        if row.pk not in at_head
    ]
    if not hungry:
        raise Fault(_("没有需要排桌的学员。"))
    _enough(actor, held, len(hungry))
    tables = MealTable.objects.filter(training_class=held, is_head=False).values_list("pk", "capacity")
    found = dining.propose(hungry, list(tables), kept, together=together)
    Diner.objects.bulk_create(
        Diner(table_id=table, nomination_id=pk) for pk, table in found.items() if pk not in kept
    )
    audit.record(actor, "logistics.tables.proposed", held, people=len(found) - len(kept))
    return len(hungry) - len(found)


def _enough(actor: Actor, held: TrainingClass, people: int) -> None:
    """Put tables of the class's size down until everybody has a seat."""
    size = arrangement_for(held).table_size
    rows = MealTable.objects.filter(training_class=held, is_head=False)
    missing = dining.tables_needed(people - sum(rows.values_list("capacity", flat=True)), size)
    if missing:
        numbers = _room_for(held, missing)
        MealTable.objects.bulk_create(
            MealTable(training_class=held, number=number, capacity=size) for number in numbers
        )
        audit.record(actor, "logistics.tables.added", held, tables=missing)


@transaction.atomic
def move_diners(actor: Actor, *, training_class: TrainingClass, ids: list[int], table_id: int | None) -> int:
    """Put the ticked trainees at one table, or away from theirs; how many moved. It must have seats for them."""
    held = hold(actor, training_class)
    rows = chosen(held, ids)
    diners = Diner.objects.filter(nomination__in=rows)
    moving = diners.exclude(table_id=table_id) if table_id is not None else diners
    locked = "、".join(moving.filter(locked=True).values_list("nomination__person__name", flat=True)[:5])
    if locked:
        raise Fault(_("%(names)s 已锁定，请先解锁再移动。") % {"names": locked})
    there = set(diners.filter(table_id=table_id or 0).values_list("nomination_id", flat=True))
    moving.delete()
    newcomers = [row for row in rows if row.pk not in there]
    if table_id is not None:
        table = table_in(held, table_id)
        left = table.capacity - table.diners.count()
        if len(newcomers) > left:
            raise Conflict(
                _("%(table)s还有 %(left)s 个座位，坐不下 %(n)s 人。")
                % {"table": table, "left": left, "n": len(newcomers)},
                "to",
            )
        try:
            with transaction.atomic():
                Diner.objects.bulk_create(Diner(table=table, nomination=row) for row in newcomers)
        except (IntegrityError, DatabaseError) as refused:
            raise Conflict(_("%(table)s刚刚有变化，请刷新后再排。") % {"table": table}, "to") from refused
    audit.record(actor, "logistics.diners.moved", held, people=len(newcomers))
    return len(newcomers)


@transaction.atomic
def lock_diners(actor: Actor, *, training_class: TrainingClass, ids: list[int], locked: bool) -> int:
    """Lock the ticked trainees at their tables, or let them go; how many changed."""
    held = hold(actor, training_class)
    rows = chosen(held, ids)
    count = Diner.objects.filter(nomination__in=rows, locked=not locked).update(locked=locked)
    if count:
        word = "logistics.diners.locked" if locked else "logistics.diners.unlocked"
        audit.record(actor, word, held, people=count)
    return count
