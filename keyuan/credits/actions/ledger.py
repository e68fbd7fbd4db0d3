"""Hours into the ledger and, by counter-entry, out of it again."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.credits.models import HourRule, LedgerAccount, LedgerHead, Lot, Posting
from keyuan.credits.models.ledger import Scheme
from keyuan.credits.queries.ledger import live_lots
from keyuan.credits.rules.chain import digest, key
from keyuan.credits.rules.hours import exact, postings_of, terms_on
from keyuan.kernel import audit
from keyuan.kernel.access import Actor, require
from keyuan.kernel.faults import Fault
from keyuan.people.models import Person

audit.sentence("credits.award", "登记学时：{thing}（{hours}学时）")
audit.sentence("credits.award_many", "批量登记学时 {count} 笔")
audit.sentence("credits.reverse", "冲销学时 {count} 笔")


@dataclass(frozen=True)
class AwardFacts:
    """One earning to be banked (一笔学时): `source` names it for good; `hours` None is computed from minutes."""

    person_id: int
    source: str
    earned_on: date
    title: str
    minutes: int = 0
    half_days: int = 0
    hours: Decimal | None = None
    evidence: dict[str, Any] = field(default_factory=dict)


def award(
    actor: Actor,
    *,
    person_id: int,
    school_id: int,
    source: str,
    earned_on: date,
    title: str,
    minutes: int = 0,
    half_days: int = 0,
    hours: Decimal | None = None,
    evidence: dict[str, Any] | None = None,
) -> Lot:
    """Bank one earning. Paying the same source again changes nothing and returns the first lot.

    After a reversal the source may be paid again, as its next version. Raises Forbidden, or Fault when
    the hours are not above nought or the source already paid somebody else.
    """
    facts = AwardFacts(person_id, source, earned_on, title, minutes, half_days, hours, evidence or {})
    return award_many(actor, school_id=school_id, rows=[facts])[0]


@transaction.atomic
def award_many(actor: Actor, *, school_id: int, rows: Sequence[AwardFacts]) -> list[Lot]:
    """`award` for many at a cost of queries that does not grow with them; lots in the order of `rows`."""
    require(actor, "credits.award", school_id)
    head = locked_head()
    rows = _as_one(rows)
    wanted: dict[str, AwardFacts] = {}
    for row in rows:
        first = wanted.setdefault(row.source, row)
        if first.person_id != row.person_id:
            raise Fault(_("同一来源不能登记给两个人：%(source)s") % {"source": row.source})
    standing = live_lots(wanted)
    fresh = [row for row in wanted.values() if row.source not in standing]
    for row in wanted.values():
        if row.source in standing and standing[row.source].account.person_id != row.person_id:
            raise Fault(_("这笔学时已登记在他人名下，不能重复登记：%(source)s") % {"source": row.source})
    if fresh:
        made = _write_lots(head, school_id, fresh)
        standing |= {lot.source: lot for lot in made}
        _note_award(actor, made)
    return [standing[row.source] for row in rows]


def _as_one(rows: Sequence[AwardFacts]) -> list[AwardFacts]:
    """Whoever was found to be the same person as another earns for that other."""
    people = Person.objects.filter(pk__in={row.person_id for row in rows}, merged_into__isnull=False)
    kept = dict(people.values_list("pk", "merged_into_id"))
    return [replace(row, person_id=kept.get(row.person_id) or row.person_id) for row in rows]


def _note_award(actor: Actor, made: list[Lot]) -> None:
    if len(made) == 1:
        audit.record(actor, "credits.award", made[0], hours=str(made[0].hours), source=made[0].source)
    else:
        audit.record(
            actor, "credits.award_many", None, count=len(made), first_lot=made[0].pk, last_lot=made[-1].pk
        )


def locked_head() -> LedgerHead:
    """The head row, locked: every writer of the ledger passes here one by one, replays included."""
    LedgerHead.objects.get_or_create(pk=1)
    return LedgerHead.objects.select_for_update().get(pk=1)


def _write_lots(head: LedgerHead, school_id: int, fresh: list[AwardFacts]) -> list[Lot]:
    rules = list(HourRule.objects.all())
    accounts = _accounts(school_id, {row.person_id for row in fresh})
    versions = _last_versions([row.source for row in fresh])
    now = timezone.now()
    lots = [
        Lot(
            account=accounts[row.person_id],
            source=row.source,
            version=versions.get(row.source, 0) + 1,
            earned_on=row.earned_on,
            raw_minutes=row.minutes,
            half_days=row.half_days,
            hours=_stated(row, rules),
            title=row.title[:200],
            evidence=row.evidence,
            entered_at=now,
        )
        for row in fresh
    ]
    lots = Lot.objects.bulk_create(lots)
    append(
        head,
        [
            (
                Posting(
                    lot=lot, account=lot.account, scheme=scheme, kind=Posting.Kind.EARN, amount=amount, at=now
                ),
                None,
            )
            for lot in lots
            for scheme, amount in postings_of(lot, rules)
        ],
    )
    return lots


def _stated(row: AwardFacts, rules: list[HourRule]) -> Decimal:
    hours = row.hours
    if hours is None:
        hours = terms_on(rules, Scheme.CADRE, row.earned_on).of_minutes(row.minutes)
    hours = exact(Decimal(hours))
    if hours <= 0:
        raise Fault("学时必须大于 0，请检查班次的学时或课次的分钟数。", "hours")
    return hours


def _accounts(school_id: int, person_ids: set[int]) -> dict[int, LedgerAccount]:
    rows = LedgerAccount.objects.filter(school_id=school_id, person_id__in=person_ids)
    found = {row.person_id: row for row in rows}
    missing = sorted(person_ids - found.keys())
    if missing:
        made = LedgerAccount.objects.bulk_create(
            [LedgerAccount(school_id=school_id, person_id=person_id) for person_id in missing]
        )
        found |= {row.person_id: row for row in made}
    return found


def account_of(school_id: int, person_id: int) -> LedgerAccount:
    """The person's account with the school, opened where there is none; the head must be locked."""
    return _accounts(school_id, {person_id})[person_id]


def _last_versions(sources: list[str]) -> dict[str, int]:
    rows = Lot.objects.filter(source__in=sources).order_by().values("source").annotate(last=Max("version"))
    return {row["source"]: row["last"] for row in rows}


def append(head: LedgerHead, lines: list[tuple[Posting, int | None]]) -> list[Posting]:
    """Seal and write the lines after the head, which must be locked; balances follow by the trigger."""
    sealed_by = key()
    for line, counter_seq in lines:
        line.seq = head.seq + 1
        line.previous = head.digest
        line.digest = digest(sealed_by, line, line.lot, counter_seq)
        head.seq, head.digest = line.seq, line.digest
    written = Posting.objects.bulk_create([line for line, _ in lines])
    LedgerHead.objects.filter(pk=1).update(seq=head.seq, digest=head.digest)
    return written


def reverse(actor: Actor, *, source: str, reason: str) -> list[Posting]:
    """Take back what the source paid, by counter-entry. Doing so again changes nothing and returns the same lines.

    Raises Forbidden, or Fault when the reason is missing or the source never paid.
    """
    lines = reverse_many(actor, sources=[source], reason=reason)
    if not lines:
        raise Fault("没有找到这笔学时，可能从未登记。", "source")
    return lines


@transaction.atomic
def reverse_many(actor: Actor, *, sources: Iterable[str], reason: str) -> list[Posting]:
    """`reverse` for many; sources that never paid are passed over. Few queries, whatever their number."""
    sources = list(dict.fromkeys(sources))
    if not reason.strip():
        raise Fault("冲销学时需要写明理由。", "reason")
    head = locked_head()
    rows = (
        Posting.objects.filter(lot__source__in=sources, kind=Posting.Kind.EARN)
        .select_related("lot", "account", "countered_by")
        .order_by("seq")
    )
    latest: dict[tuple[str, str], Posting] = {(row.lot.source, row.scheme): row for row in rows}
    for school_id in {row.account.school_id for row in latest.values()}:
        require(actor, "credits.reverse", school_id)
    require(actor, "credits.reverse")
    now = timezone.now()
    # Read before the counters are made: naming `counter_of` already fills the reverse side.
    before = [row.countered_by for row in latest.values() if hasattr(row, "countered_by")]
    open_rows = [row for row in latest.values() if not hasattr(row, "countered_by")]
    written = append(head, [(counter(row, reason.strip()[:200], now), row.seq) for row in open_rows])
    if written:
        audit.record(
            actor, "credits.reverse", None, count=len(written), first=written[0].seq, last=written[-1].seq
        )
    return before + written


def counter(row: Posting, reason: str, now: datetime) -> Posting:
    """The counter-entry of a line, not yet written."""
    return Posting(
        lot=row.lot,
        account=row.account,
        scheme=row.scheme,
        kind=Posting.Kind.COUNTER,
        amount=-row.amount,
        counter_of=row,
        reason=reason,
        at=now,
    )
