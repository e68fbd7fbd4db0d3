"""Files of papers that no row speaks of, left by work that was taken back: found, and swept once they are old."""

import time
from collections.abc import Iterator

from django.core.files.storage import default_storage

from keyuan.kernel import tick
from keyuan.kernel.doctor import examine
from keyuan.kernel.models import IssuedPaper

FOLDER = "papers"
# An issue writes its file before its row, within one transaction; a day is far longer than any.
ORPHAN_AGE = 24 * 3600


def _on_disk(folder: str) -> Iterator[str]:
    try:
        folders, names = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    yield from (f"{folder}/{name}" for name in names)
    for below in folders:
        yield from _on_disk(f"{folder}/{below}")


def strays(older: float = ORPHAN_AGE) -> list[str]:
    """The places of old files that no issued paper names."""
    named = set(IssuedPaper.objects.order_by().values_list("file", flat=True))
    limit = time.time() - older
    return [
        place
        for place in _on_disk(FOLDER)
        if place not in named and default_storage.get_modified_time(place).timestamp() < limit
    ]


@tick.daily("04:20", title="清理无主文书文件")
def sweep(older: float = ORPHAN_AGE) -> int:
    """Remove them; how many."""
    found = strays(older)
    for place in found:
        default_storage.delete(place)
    return len(found)


@examine("文书文件")
def _examined() -> Iterator[str]:
    if count := len(strays()):
        yield f"有 {count} 个文书文件没有对应的登记（办理中断留下的）；后台进程每天 04:20 清理，请确认它在运行"
