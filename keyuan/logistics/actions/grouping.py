"""Dividing a class into groups: proposed, moved by hand, locked, named."""

from django.db import transaction
from django.utils.translation import gettext as _

from keyuan.kernel import audit
from keyuan.kernel.access import Actor
from keyuan.kernel.faults import Fault
from keyuan.logistics.actions.arranging import chosen, hold
from keyuan.logistics.models import Group, GroupLock
from keyuan.logistics.queries.boards import field_of, trainees
from keyuan.logistics.rules import grouping
from keyuan.training.actions.grouping import assign_groups
from keyuan.training.models import TrainingClass

audit.sentence("logistics.groups.proposed", "自动编组：{thing}，{groups} 组 {people} 人")
audit.sentence("logistics.groups.locked", "锁定组别：{thing}，{people} 人")
audit.sentence("logistics.groups.unlocked", "解除组别锁定：{thing}，{people} 人")
audit.sentence("logistics.group.named", "修改小组信息：{thing}，第 {number} 组")
MOST = 60


@transaction.atomic
def propose_groups(actor: Actor, *, training_class: TrainingClass, count: int, only_new: bool = False) -> int:
    """Divide the trainees into `count` groups with units, sexes and fields spread evenly; how many moved.

    Locked people stay. With `only_new` everybody who has a group stays. Raises Fault when the count does not
    fit the people or a locked person is in a group that would be no more.
    """
    held = hold(actor, training_class)
    people = trainees(held)
    if not people:
        raise Fault(_("还没有录取的学员，不能编组。"))
    if not 1 <= count <= min(MOST, len(people)):
        raise Fault(_("组数应在 1 至 %(n)s 之间。") % {"n": min(MOST, len(people))}, "count")
    locks = set(
        GroupLock.objects.filter(nomination__training_class=held).values_list("nomination_id", flat=True)
    )
    fixed = {row.pk: row.group for row in people if row.group and (only_new or row.pk in locks)}
    beyond = [row.person.name for row in people if row.pk in locks and (row.group or 0) > count]
    if beyond:
        names = "、".join(beyond[:5])
        raise Fault(
            _("%(names)s 锁定在第 %(n)s 组之后的组里，请先解锁或增加组数。") % {"names": names, "n": count},
            "count",
        )
    members = [
        grouping.Member(row.pk, str(row.organisation_id), row.person.sex, field_of(row)) for row in people
    ]
    numbers = grouping.propose(
        members, count, {pk: number for pk, number in fixed.items() if number <= count}
    )
    _have_groups(held, count)
    moved = assign_groups(actor, training_class=held, numbers=dict(numbers))
    _settle_leaders(held)
    audit.record(actor, "logistics.groups.proposed", held, groups=count, people=len(people))
    return moved


def _have_groups(training_class: TrainingClass, count: int) -> None:
    """Groups 1 to `count` exist and none after."""
    Group.objects.filter(training_class=training_class, number__gt=count).delete()
    have = set(Group.objects.filter(training_class=training_class).values_list("number", flat=True))
    Group.objects.bulk_create(
        Group(training_class=training_class, number=number)
        for number in range(1, count + 1)
        if number not in have
    )


@transaction.atomic
def have_groups(actor: Actor, *, training_class: TrainingClass, count: int) -> None:
    """Let there be at least so many groups; those there are stay."""
    held = hold(actor, training_class)
    if not 1 <= count <= MOST:
        raise Fault(_("组数应在 1 至 %(n)s 之间。") % {"n": MOST}, "count")
    have = Group.objects.filter(training_class=held).count()
    if have < count:
        _have_groups(held, count)
        audit.record(actor, "logistics.groups.proposed", held, groups=count, people=0)


def _settle_leaders(training_class: TrainingClass) -> None:
    """A leader who is no longer in the group leads it no more."""
    for group in (
        Group.objects.filter(training_class=training_class).exclude(leader=None).select_related("leader")
    ):
        if group.leader is not None and group.leader.group != group.number:
            Group.objects.filter(pk=group.pk).update(leader=None)


@transaction.atomic
def move_members(actor: Actor, *, training_class: TrainingClass, ids: list[int], number: int | None) -> int:
    """Put the ticked trainees into one group, or into none; how many moved. Locked people move only unlocked."""
    held = hold(actor, training_class)
    rows = chosen(held, ids)
    if number is not None and not Group.objects.filter(training_class=held, number=number).exists():
        raise Fault(_("没有这个组，请刷新后再试。"), "to")
    locked = GroupLock.objects.filter(nomination__in=[row.pk for row in rows if row.group != number])
    names = "、".join(locked.values_list("nomination__person__name", flat=True)[:5])
    if names:
        raise Fault(_("%(names)s 已锁定，请先解锁再移动。") % {"names": names})
    moved = assign_groups(actor, training_class=held, numbers={row.pk: number for row in rows})
    _settle_leaders(held)
    return moved


@transaction.atomic
def lock_members(actor: Actor, *, training_class: TrainingClass, ids: list[int], locked: bool) -> int:
    """Lock the ticked trainees where they are, or let them go; how many changed."""
    held = hold(actor, training_class)
    rows = chosen(held, ids)
    have = GroupLock.objects.filter(nomination__in=rows)
    if locked:
        known = set(have.values_list("nomination_id", flat=True))
        fresh = [row for row in rows if row.pk not in known and row.group]
        GroupLock.objects.bulk_create(GroupLock(nomination=row) for row in fresh)
        count = len(fresh)
    else:
        count = have.count()
        have.delete()
    if count:
        word = "logistics.groups.locked" if locked else "logistics.groups.unlocked"
        audit.record(actor, word, held, people=count)
    return count


@transaction.atomic
def name_group(
    actor: Actor, *, training_class: TrainingClass, number: int, title: str, place: str, leader: int | None
) -> Group:
    """Give a group its name, its place for discussion and its leader, who must be of the group."""
    held = hold(actor, training_class)
    group = Group.objects.filter(training_class=held, number=number).first()
    if group is None:
        raise Fault(_("没有这个组，请刷新后再试。"))
    if leader is not None and not held.nominations.filter(pk=leader, state="admitted", group=number).exists():
        raise Fault(_("组长须是本组学员。"), "leader")
    group.title, group.place, group.leader_id = title.strip()[:20], place.strip()[:80], leader
    group.save()
    audit.record(actor, "logistics.group.named", held, number=number)
    return group
