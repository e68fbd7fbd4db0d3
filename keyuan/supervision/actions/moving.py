"""The steps of an item: received, handed in, verified, suspended, taken up again, withdrawn."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.kernel.access import Actor, can, require
from keyuan.kernel.faults import Fault
from keyuan.supervision import flows
from keyuan.supervision.models import Item
from keyuan.supervision.rules.lights import next_report

# What a person may ask for by name; starting comes with the first report, issuing with a number, verifying by itself.
BY_NAME = ("receive", "submit", "retract", "suspend", "resume", "reopen", "drop", "withdraw")


def locked(item: Item) -> Item:
    """The item as stored, locked until the transaction ends."""
    rows = Item.objects.select_for_update(of=("self",)).select_related("owner", "owner_person", "department")
    return rows.get(pk=item.pk)


def put(item: Item, **values: Any) -> None:
    """Write what goes with a move before it, in the caller's transaction."""
    Item.objects.filter(pk=item.pk).update(**values)
    for name, value in values.items():
        setattr(item, name, value)


@transaction.atomic
def move_item(actor: Actor, *, item: Item, move: str, note: str = "") -> Item:
    """One step by its name. Raises Fault when it is handed in without evidence or a reason is missing."""
    if move not in BY_NAME:
        raise Fault(_("没有这一步，请刷新页面再办。"))
    one, now = locked(item), timezone.now()
    require(actor, flows.ITEM.moves[move].rule, one)
    if move == "receive":
        put(one, received_at=now)
    elif move == "submit":
        _with_evidence(one)
        put(one, submitted_at=now, submitted_by_id=actor.person_id)
    elif move in {"reopen", "resume"}:
        on = next_report(timezone.localdate(now), one.report_every)
        put(one, next_report_on=on)
    flows.ITEM.move(one, move, actor=actor, note=note)
    if move == "reopen":
        put(one, verified_by=None, closed_at=None)
    return one


def _with_evidence(item: Item) -> None:
    if not item.evidence.exists():
        raise Fault(_("还没有佐证。请先上传文件，或选一条系统里的记录，再提交核验。"), "evidence")


@transaction.atomic
def verify(actor: Actor, *, item: Item, verdict: str, note: str = "") -> Item:
    """Close what is proven (`close`), or send it back with a reason (`return`).

    Nobody verifies what they own or handed in; the database refuses it too, and a close without evidence.
    """
    one = locked(item)
    if verdict not in {"close", "return"}:
        raise Fault(_("请选“核验销号”或“退回补办”。"), "verdict")
    if can(actor, "supervision.manage", one) and not can(actor, "supervision.verify", one):
        raise Fault(_("本人负责或提交的事项，须由他人核验。"))
    require(actor, "supervision.verify", one)
    if verdict == "close":
        _with_evidence(one)
        put(one, verified_by_id=actor.person_id, closed_at=timezone.now())
    flows.ITEM.move(one, verdict, actor=actor, note=note)
    return one


@transaction.atomic
def receive_many(actor: Actor, *, items: Iterable[int]) -> int:
    """Receive those of these that wait for it and are the actor's to receive; how many."""
    rows = Item.objects.filter(pk__in=list(items), school_id=actor.school_id or 0, state=Item.State.ISSUED)
    found = [one for one in rows if can(actor, "supervision.answer", one)]
    for one in found:
        move_item(actor, item=one, move="receive")
    return len(found)
