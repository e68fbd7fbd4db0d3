"""Lecture fees read: the sheet of a class, a teacher's own, and payees by month."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet

from keyuan.fees.models import LectureFee, PayAccount
from keyuan.kernel import cipher
from keyuan.kernel.access import Actor, visible
from keyuan.training.models import TrainingClass

ZERO = Decimal(0)


def bound(account: PayAccount) -> str:
    """What a sealed account number is bound to."""
    return f"fees.account:{account.key}"


cipher.sealed(PayAccount, "number_sealed", bound)


def number_of(account: PayAccount) -> str:
    """The whole number; the caller has asked `fees.reveal`, or it is the person's own."""
    return cipher.open_sealed(account.number_sealed, bound(account))


def masked_number(account: PayAccount | None) -> str:
    """The number as screens show it: its last four digits."""
    return f"**** {number_of(account)[-4:]}" if account is not None and account.number_sealed else ""


def sheet_of(actor: Actor, training_class: TrainingClass) -> QuerySet[LectureFee]:
    """The slips of a class that the actor sees."""
    rows = visible(actor, LectureFee).filter(training_class=training_class)
    return (
        rows.select_related("person__organisation", "training_class").prefetch_related("lines").order_by("pk")
    )


def own_fees(actor: Actor) -> QuerySet[LectureFee]:
    """The actor's own slips, the newest first."""
    rows = visible(actor, LectureFee).filter(person_id=actor.person_id or 0).exclude(state="draft")
    return rows.select_related("training_class", "person").prefetch_related("lines").order_by("-month", "-pk")


def accounts_of(person_ids: list[int]) -> dict[int, PayAccount]:
    """Accounts by person; the caller shows them masked."""
    return {row.person_id: row for row in PayAccount.objects.filter(person_id__in=person_ids)}


def account_of(person_id: int) -> PayAccount | None:
    """One person's account."""
    return PayAccount.objects.filter(person_id=person_id).first()


@dataclass
class Payee:
    """What one person gets in a month over all classes (月度收款人)."""

    name: str
    unit: str
    person_id: int
    fees: list[LectureFee] = field(default_factory=list)

    @property
    def net(self) -> Decimal:
        """After tax."""
        return sum((fee.net for fee in self.fees), ZERO)

    @property
    def gross(self) -> Decimal:
        """Before tax."""
        return sum((fee.gross for fee in self.fees), ZERO)

    @property
    def tax(self) -> Decimal:
        """Withheld."""
        return self.gross - self.net

    @property
    def paid(self) -> int:
        """How many slips are paid."""
        return sum(fee.state == "paid" for fee in self.fees)


def payees_of(actor: Actor, month: date) -> list[Payee]:
    """Everybody who gets lecture fees in a month, by name."""
    rows = (
        visible(actor, LectureFee)
        .filter(month=month)
        .select_related("person__organisation", "training_class")
    )
    found: dict[int, Payee] = {}
    for fee in rows.order_by("person__pinyin", "person_id", "pk"):
        payee = found.setdefault(fee.person_id, Payee(fee.person.name, fee.person.unit, fee.person_id))
        payee.fees.append(fee)
    return list(found.values())


def months_of(actor: Actor) -> list[date]:
    """The months with lecture fees, the newest first."""
    return list(visible(actor, LectureFee).order_by("-month").values_list("month", flat=True).distinct())


def paid_by_class(class_ids: list[int]) -> dict[int, tuple[int, int]]:
    """How many slips of each class are paid, and how many there are."""
    found: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for class_id, state in LectureFee.objects.filter(training_class__in=class_ids).values_list(
        "training_class_id", "state"
    ):
        found[class_id][0] += state == "paid"
        found[class_id][1] += 1
    return {key: (paid, count) for key, (paid, count) in found.items()}


def waiting_in(fees: list[LectureFee]) -> dict[str, int]:
    """How many slips of a sheet can go out, be paid, and stand in the file for the bank."""
    states = [fee.state for fee in fees]
    return {
        "send": sum(fee.state in {"draft", "queried"} and fee.net > 0 for fee in fees),
        "pay": states.count("signed"),
        "paper": states.count("signed") + states.count("paid"),
    }
