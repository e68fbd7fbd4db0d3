"""How long 10,000 rows of 10 columns take to write, and to read with every check; wall and CPU seconds."""

import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "keyuan.project.settings")

from keyuan.kernel.codes import id_check_digit
from keyuan.people.sheets import ROSTER

ROWS = 10_000


def person(serial: int) -> dict[str, str]:
    """One row of obviously made-up data."""
    first17 = (
        f"449999{1950 + serial % 50}{serial // 840 % 12 + 1:02d}{serial % 28 + 1:02d}{serial % 1000:03d}"
    )
    return {
        "order": str(serial),
        "name": "演示" + "".join("零一二三四五六七八九"[int(digit)] for digit in str(serial)),
        "sex": "男",
        "birth_month": f"{first17[6:10]}-{first17[10:12]}",
        "organisation": "演示学会",
        "post_title": "高级工程师",
        "phone": f"199{serial:08d}",
        "email": f"p{serial}@example.com",
        "id_number": first17 + id_check_digit(first17),
        "remark": "测量用",
    }


def timed(title: str, act: Callable[[], Any]) -> Any:
    """The result, with its wall and CPU time (children included) printed."""

    def cpu() -> float:
        return sum(
            sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
        )

    began, used = time.perf_counter(), cpu()
    result = act()
    print(f"{title}: {time.perf_counter() - began:.2f} s, CPU {cpu() - used:.2f} s")
    return result


def main() -> None:
    """Write, read, tell."""
    import django

    django.setup()
    sheet = ROSTER.only(*(column.key for column in ROSTER.columns if column.key != "lodging"))
    content = timed(f"export {ROWS} x 10", lambda: sheet.export(person(serial) for serial in range(ROWS)))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "roster.xlsx"
        path.write_bytes(content)
        contents = timed(f"read and judge {ROWS} x 10", lambda: ROSTER.read(path))
    print(f"{len(content) // 1024} KiB, {len(contents.good)} good, {len(contents.bad)} bad")


if __name__ == "__main__":
    main()
