"""Accounts of teachers written and revealed."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.fees.models import LectureFee, PayAccount, TeacherRank
from keyuan.fees.queries.lectures import bound, number_of
from keyuan.kernel import audit, cipher, erasure
from keyuan.kernel.access import Actor, require
from keyuan.kernel.faults import Fault
from keyuan.people import actions as people
from keyuan.people.models import Person

audit.sentence("fees.account.saved", "登记收款账户：{thing}")
audit.sentence("fees.account.revealed", "查看了{thing}的完整收款账号")


@erasure.eraser
def forget_account(person_id: int) -> None:
    """The account goes; slips stay as vouchers of the accounts (会计档案管理办法), without the number."""
    PayAccount.objects.filter(person_id=person_id).delete()


def _held(actor: Actor, person: Person) -> dict[str, Any]:
    """What this room keeps about a person, for the own export (PIPL art. 45)."""
    account = PayAccount.objects.filter(person=person).first()
    rank = TeacherRank.objects.filter(person=person).first()
    fees = LectureFee.objects.filter(person=person).exclude(state="draft").select_related("training_class")
    return {
        "职称等级": rank.rank if rank else "",
        "收款账户": f"{account.bank} {number_of(account)}" if account else "",
        "讲课费": [
            [
                fee.training_class.title,
                f"{fee.month:%Y-%m}",
                f"{fee.net:f}",
                f"{fee.gross:f}",
                fee.get_state_display(),
            ]
            for fee in fees
        ],
    }


people.exports("讲课费", _held)


def _clean(number: str) -> str:
    digits = "".join(number.split()).replace("-", "")
    if not (digits.isdecimal() and 8 <= len(digits) <= 30):
        raise Fault(_("账号应为 8 至 30 位数字，请核对。"), "number")
    return digits


@transaction.atomic
def save_account(actor: Actor, *, person: Person, bank: str, number: str) -> PayAccount:
    """Keep where a person is paid; the number is sealed for this row."""
    require(actor, "fees.account", person)
    if not bank.strip():
        raise Fault(_("请填写开户银行，写到支行。"), "bank")
    digits = _clean(number)
    saved = PayAccount.objects.select_for_update().filter(person=person).first() or PayAccount(person=person)
    saved.bank, saved.changed_at = bank.strip()[:80], timezone.now()
    saved.number_sealed = cipher.seal(digits, bound(saved))
    saved.save()
    audit.record(actor, "fees.account.saved", saved, person=person.pk)
    return saved


@transaction.atomic
def reveal_account(actor: Actor, *, account: PayAccount) -> str:
    """The whole number, and a line that says who looked."""
    require(actor, "fees.reveal", account.person)
    audit.record(actor, "fees.account.revealed", account, person=account.person_id)
    return number_of(account)


@transaction.atomic
def reveal_for(actor: Actor, *, fees: list[LectureFee]) -> dict[int, PayAccount]:
    """The accounts of a sheet to be paid, for one file; one line of the audit a person."""
    for fee in fees:
        require(actor, "fees.reveal", fee.person)
    accounts = {
        row.person_id: row for row in PayAccount.objects.filter(person__in=[fee.person_id for fee in fees])
    }
    audit.record_many(
        actor, "fees.account.revealed", [(row, {"person": row.person_id}) for row in accounts.values()]
    )
    return accounts
