"""What `manage doctor` verifies in this room: the chain of the ledger and its balances."""

from collections.abc import Iterator

from keyuan.credits.queries import verify_ledger
from keyuan.kernel.doctor import examine


@examine("学时台账")
def ledger_holds() -> Iterator[str]:
    """Every posting hangs on the one before, and every balance is the sum of its postings."""
    if fault := verify_ledger():
        yield f"{fault.message}（至第 {fault.seq} 条）；请与备份比对，查明谁动过数据库"
