"""Background work of this room: forgetting stated times that are long past."""

from keyuan.kernel.tick import daily
from keyuan.people.actions import availability


@daily("03:25", title="清除过期一年的可授课时间")
def purge_availability() -> None:
    """What ended a year ago is of no use to anybody."""
    availability.purge()
