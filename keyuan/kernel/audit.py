"""The audit chain: who did what in which seat, append-only and chained by hash.

Facts hold ids and short codes only, never ballots, evaluation answers or personal data, so that
erasing a person leaves the chain whole (PIPL art. 47).
"""

import hashlib
import hmac
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext

from keyuan.kernel.access import Actor
from keyuan.kernel.models.audit import AuditEntry, AuditHead
from keyuan.kernel.secrets import secret

SENTENCES: dict[str, str] = {}


def sentence(action: str, words: str) -> None:
    """Register the Chinese sentence of an action; `{thing}` and the facts' names may stand in it."""
    SENTENCES[action] = words


def _digest(key: bytes, entry: AuditEntry) -> str:
    text = json.dumps(
        [
            entry.previous,
            entry.seq,
            entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
            entry.school_id,
            entry.person_id,
            entry.seat_id,
            entry.action,
            entry.thing,
            entry.thing_id,
            entry.facts,
        ],
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def _key() -> bytes:
    return secret(settings.SECRETS, "audit")


def record(actor: Actor, action: str, thing: Model | None = None, **facts: Any) -> AuditEntry:
    """Write one line in the caller's transaction; it stands or falls with what it tells of."""
    return record_many(actor, action, [(thing, facts)])[0]


def _head() -> AuditHead:
    """The chain's end, locked until the caller's transaction ends; made by the very first line."""
    locked = AuditHead.objects.select_for_update()
    head = locked.filter(pk=1).first()
    if head is None:
        AuditHead.objects.get_or_create(pk=1)
        head = locked.get(pk=1)
    return head


@transaction.atomic(savepoint=False)
def record_many(
    actor: Actor, action: str, things: Iterable[tuple[Model | None, dict[str, Any]]]
) -> list[AuditEntry]:
    """Write one line a thing with two queries in all."""
    things = list(things)
    if not things:
        return []
    head = _head()
    now: datetime = timezone.now()
    key, seq, previous = _key(), head.seq, head.digest
    entries = []
    for thing, facts in things:
        seq += 1
        entry = AuditEntry(
            seq=seq,
            at=now,
            school_id=actor.school_id,
            person_id=actor.person_id,
            seat_id=actor.seat_id,
            action=action,
            thing=thing._meta.label if thing is not None else "",
            thing_id=thing.pk if thing is not None else None,
            facts=json.loads(json.dumps(facts, default=str)),
            previous=previous,
        )
        previous = entry.digest = _digest(key, entry)
        entries.append(entry)
    AuditEntry.objects.bulk_create(entries)
    AuditHead.objects.filter(pk=1).update(seq=seq, digest=previous)
    return entries


@dataclass(frozen=True)
class ChainFault:
    """Where the chain is broken and how."""

    seq: int
    message: str


def verify(expected_head: str = "") -> ChainFault | None:
    """The first broken place of the chain, or None. A cut tail shows only against a head kept elsewhere."""
    key, previous, seq = _key(), "0" * 64, 0
    for entry in AuditEntry.objects.order_by("seq").iterator(chunk_size=2000):
        seq += 1
        if entry.seq != seq:
            return ChainFault(seq, f"第 {seq} 条缺失")
        if entry.previous != previous:
            return ChainFault(seq, f"第 {seq} 条与上一条不相连")
        if _digest(key, entry) != entry.digest:
            return ChainFault(seq, f"第 {seq} 条内容被改动")
        previous = entry.digest
    head = AuditHead.objects.filter(pk=1).first()
    if head and (head.seq, head.digest) != (seq, previous):
        return ChainFault(seq, f"日志末尾缺失：应有 {head.seq} 条，现有 {seq} 条")
    if expected_head and expected_head != previous:
        return ChainFault(seq, "日志末尾与留存的摘要不符")
    return None


def timeline(thing: Model, limit: int = 100) -> list[AuditEntry]:
    """The last lines about one thing, newest first; the caller has asked whether it may be seen."""
    return list(AuditEntry.objects.filter(thing=thing._meta.label, thing_id=thing.pk)[:limit])


class _Words(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return ""


def words(entry: AuditEntry, thing: str = "") -> str:
    """The line as a sentence for people."""
    return gettext(SENTENCES.get(entry.action, entry.action)).format_map(_Words(entry.facts, thing=thing))
