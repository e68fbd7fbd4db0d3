"""Hours when two records become one person: countered at the one, banked at the other, each line with its reason."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.credits.actions.ledger import account_of, append, counter, locked_head
from keyuan.credits.models import Certificate, LedgerHead, Lot, Posting
from keyuan.kernel import audit
from keyuan.kernel.access import Actor
from keyuan.people.actions import merging

audit.sentence("credits.followed", "学时随人员合并转移 {count} 笔（合并 {merge}）")


@transaction.atomic
def _move(actor: Actor, lots: Iterable[Lot], *, to: int, merge: int, reason: str) -> list[int]:
    """Counter each lot that stands and bank the same hours, scheme by scheme, for another; the new lots' keys."""
    head, moved = locked_head(), []
    for lot in lots:
        standing = list(
            lot.postings.filter(kind=Posting.Kind.EARN, countered_by=None).select_related("account")
        )
        if standing:
            moved.append(_again(head, lot, standing, to=to, merge=merge, reason=reason).pk)
    if moved:
        audit.record(actor, "credits.followed", None, count=len(moved), merge=merge, first_lot=moved[0])
    return moved


def _again(head: LedgerHead, lot: Lot, standing: list[Posting], *, to: int, merge: int, reason: str) -> Lot:
    now = timezone.now()
    append(head, [(counter(line, reason, now), line.seq) for line in standing])
    last = Lot.objects.filter(source=lot.source).aggregate(last=Max("version"))["last"]
    fresh = Lot.objects.create(
        account=account_of(lot.account.school_id, to), source=lot.source, version=last + 1, earned_on=lot.earned_on,
        raw_minutes=lot.raw_minutes, half_days=lot.half_days, hours=lot.hours, title=lot.title,
        evidence={**lot.evidence, "merge": merge}, entered_at=now,
    )  # fmt: skip
    lines = [
        Posting(
            lot=fresh, account=fresh.account, scheme=line.scheme, kind=Posting.Kind.EARN, amount=line.amount,
            reason=reason, at=now,
        )
        for line in standing
    ]  # fmt: skip
    append(head, [(line, None) for line in lines])
    Certificate.objects.filter(lot=lot).update(lot=fresh)
    return fresh


def _standing(person_id: int) -> list[Lot]:
    rows = Lot.objects.filter(
        account__person_id=person_id, postings__kind=Posting.Kind.EARN, postings__countered_by=None
    )
    return list(rows.select_related("account").distinct().order_by("pk"))


def _follow(actor: Actor, kept: int, gone: int, merge: int) -> list[int]:
    """Everything the one banked goes to the other; whoever merges has been asked for the right."""
    reason = _("人员合并（第 %(n)s 号），学时转入保留的档案") % {"n": merge}
    return _move(actor, _standing(gone), to=kept, merge=merge, reason=reason)


def _return(actor: Actor, kept: int, gone: int, merge: int, keys: list[int]) -> int:
    """What came over goes back, as far as it still stands; what was paid again since, with it."""
    sources = set(Lot.objects.filter(pk__in=keys).values_list("source", flat=True))
    lots = [lot for lot in _standing(kept) if lot.source in sources]
    reason = _("撤销人员合并（第 %(n)s 号），学时退回原档案") % {"n": merge}
    return len(_move(actor, lots, to=gone, merge=merge, reason=reason))


merging.carrier(merging.Carrier("credits.Lot", ("credits.LedgerAccount",), _follow, _return))
