"""What the clock does for the phone pages."""

from keyuan.desk.actions import letters
from keyuan.kernel.access import SYSTEM
from keyuan.kernel.tick import every


@every(minutes=15, title="作废已退出学员的录取通知书")
def void_stale_letters() -> None:
    """A letter must not outlive the admission it tells of."""
    letters.void_stale(SYSTEM)
