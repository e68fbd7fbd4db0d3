"""Accounts of teachers written and revealed."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.fees.models import LectureFee, PayAccount
from keyuan.fees.queries.lectures import bound, number_of
from keyuan.kernel import audit, cipher, erasure
from keyuan.kernel.access import Actor, require
from keyuan.kernel.faults import Fault
from keyuan.people.models import Person

audit.sentence("fees.account.saved", "登记收款账户：{thing}")
audit.sentence("fees.account.revealed", "查看了{thing}的完整收款账号")


@erasure.eraser
def forget_account(person_id: int) -> None:
    """The account goes; slips stay as vouchers of the accounts (会计档案管理办法), without the number."""
    PayAccount.objects.filter(person_id=person_id).delete()


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
