"""Reads of the ledger: statements, totals, what is live, and whether the chain holds."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Count, DecimalField, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from keyuan.credits.models import Balance, Certificate, LedgerAccount, LedgerHead, Lot, Posting
from keyuan.credits.models.ledger import Scheme
from keyuan.credits.rules.chain import START, digest, key
from keyuan.credits.rules.hours import exact
from keyuan.kernel.access import Actor, visible

NOUGHT = Decimal("0.00")
AMOUNT: "DecimalField[Decimal, Decimal]" = DecimalField(max_digits=9, decimal_places=2)


@dataclass(frozen=True)
class StatementLine:
    """One line of a person's statement (对账单)."""

    seq: int
    at: datetime
    earned_on: date
    title: str
    school: str
    scheme: str
    kind: str
    stated: Decimal
    amount: Decimal
    reason: str
    is_countered: bool

    @property
    def is_capped(self) -> bool:
        """Whether fewer hours count than were stated, because of the half-day cap."""
        return self.kind == Posting.Kind.EARN and self.amount < self.stated


@dataclass(frozen=True)
class Statement:
    """All lines of a person, their sum, and the sums by year earned."""

    lines: tuple[StatementLine, ...] = ()
    total: Decimal = NOUGHT
    years: dict[int, Decimal] = field(default_factory=dict)


def statement_for(actor: Actor, person_id: int) -> Statement:
    """The person's statement as far as the actor may see it, the newest earning first. Two queries."""
    rows = (
        visible(actor, Posting)
        .filter(account__person_id=person_id)
        .select_related("lot", "account__school", "countered_by")
        .order_by("-lot__earned_on", "-seq")
    )
    lines = tuple(_line(row) for row in rows)
    years: dict[int, Decimal] = {}
    for line in lines:
        years[line.earned_on.year] = years.get(line.earned_on.year, NOUGHT) + line.amount
    return Statement(
        lines, sum((line.amount for line in lines), NOUGHT), dict(sorted(years.items(), reverse=True))
    )


def _line(row: Posting) -> StatementLine:
    return StatementLine(
        seq=row.seq,
        at=row.at,
        earned_on=row.lot.earned_on,
        title=row.lot.title,
        school=row.account.school.name,
        scheme=str(Scheme(row.scheme).label),
        kind=row.kind,
        stated=row.lot.hours,
        amount=row.amount,
        reason=row.reason,
        is_countered=hasattr(row, "countered_by"),
    )


def totals_for(actor: Actor, person_id: int) -> dict[str, Decimal]:
    """Scheme code → hours held over all schools the actor sees."""
    rows = visible(actor, Balance).filter(account__person_id=person_id).order_by()
    return {
        found["scheme"]: exact(found["held"]) for found in rows.values("scheme").annotate(held=Sum("amount"))
    }


def year_totals(actor: Actor, person_ids: Iterable[int], year: int) -> dict[int, Decimal]:
    """Person → hours earned in a year, for those whose account the actor sees; totals only, one query."""
    rows = Posting.objects.filter(
        account__in=visible(actor, LedgerAccount).filter(person_id__in=list(person_ids)),
        scheme=Scheme.CADRE, lot__earned_on__year=year,
    )  # fmt: skip
    sums = rows.order_by().values_list("account__person_id").annotate(found=Sum("amount"))
    return {person_id: exact(found) for person_id, found in sums}


def account_rows(actor: Actor) -> QuerySet[LedgerAccount]:
    """Accounts the actor sees, with `held` (hours), `earned` (live lots) and `certificates` (valid), for the list page."""
    held = Balance.objects.filter(account=OuterRef("pk"), scheme=Scheme.CADRE).values("amount")
    earned = (
        Posting.objects.filter(account=OuterRef("pk"), kind=Posting.Kind.EARN, countered_by=None)
        .order_by()
        .values("account")
        .annotate(found=Count("pk"))
        .values("found")
    )
    valid = (
        Certificate.objects.filter(
            school=OuterRef("school"), person=OuterRef("person"), state=Certificate.State.ISSUED
        )
        .order_by()
        .values("person")
        .annotate(found=Count("pk"))
        .values("found")
    )
    return (
        visible(actor, LedgerAccount)
        .select_related("person__organisation")
        .annotate(
            held=Coalesce(Subquery(held), Value(NOUGHT), output_field=AMOUNT),
            earned=Coalesce(Subquery(earned), 0),
            certificates_held=Coalesce(Subquery(valid), 0),
        )
    )


def live_lots(sources: Iterable[str]) -> dict[str, Lot]:
    """Source → the lot that stands for it now; reversed ones are left out. One query."""
    standing = Posting.objects.filter(lot=OuterRef("pk"), kind=Posting.Kind.EARN, countered_by=None)
    rows = Lot.objects.filter(Exists(standing), source__in=list(sources)).select_related("account")
    return {lot.source: lot for lot in rows}


@dataclass(frozen=True)
class LedgerFault:
    """Where the ledger does not hold, and how."""

    seq: int
    message: str


def verify_ledger(expected_head: str = "") -> LedgerFault | None:
    """The first broken place of the chain or the first balance that differs, or None.

    A cut tail shows against the head row, and against `expected_head` when that was kept elsewhere.
    """
    seq, previous, fault = _walk_the_chain()
    if fault is not None:
        return fault
    head = LedgerHead.objects.filter(pk=1).first() or LedgerHead()
    if (head.seq, head.digest) != (seq, previous):
        return LedgerFault(seq, f"台账末尾缺失：应有 {head.seq} 条，现有 {seq} 条")
    if expected_head and expected_head != previous:
        return LedgerFault(seq, "台账末尾与留存的摘要不符")
    differing = balances_that_differ()
    return LedgerFault(seq, f"{len(differing)} 个账户的余额与记账之和不符") if differing else None


def _walk_the_chain() -> tuple[int, str, LedgerFault | None]:
    """The number and digest of the last line, and the first fault on the way there."""
    sealed_by, previous, seq = key(), START, 0
    rows = Posting.objects.order_by("seq").select_related("lot").annotate(counter_seq=F("counter_of__seq"))
    for line in rows.iterator(chunk_size=2000):
        seq += 1
        words = ""
        if line.seq != seq:
            words = f"第 {seq} 条记账缺失"
        elif line.previous != previous:
            words = f"第 {seq} 条记账与上一条不相连"
        elif digest(sealed_by, line, line.lot, line.counter_seq) != line.digest:
            words = f"第 {seq} 条记账或其来源内容被改动"
        if words:
            return seq, previous, LedgerFault(seq, words)
        previous = line.digest
    return seq, previous, None


def balances_that_differ() -> list[int]:
    """Accounts whose balance is not the sum of their postings."""
    sums = (
        Posting.objects.filter(account=OuterRef("account"), scheme=OuterRef("scheme"))
        .order_by()
        .values("account")
        .annotate(total=Sum("amount"))
        .values("total")
    )
    rows = Balance.objects.annotate(total=Coalesce(Subquery(sums), Value(NOUGHT), output_field=AMOUNT))
    wrong = {row.account_id for row in rows if exact(row.amount) != exact(row.total)}
    missing = Posting.objects.filter(
        ~Exists(Balance.objects.filter(account=OuterRef("account"), scheme=OuterRef("scheme")))
    )
    wrong.update(missing.values_list("account_id", flat=True))
    return sorted(wrong)


def account_search(rows: QuerySet[LedgerAccount], text: str) -> QuerySet[LedgerAccount]:
    """Accounts whose holder's name, pinyin or unit contains the text."""
    return rows.filter(
        Q(person__name__icontains=text)
        | Q(person__pinyin__icontains=text)
        | Q(person__organisation__name__icontains=text)
        | Q(person__organisation_text__icontains=text)
    )
