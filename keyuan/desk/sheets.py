"""The history of a unit's people as a sheet to keep."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from keyuan.desk.queries.my_quota import History
from keyuan.kernel.chinese import in_chinese
from keyuan.kernel.sheet import Column, Sheet, readers
from keyuan.kernel.templating import plain_number

HISTORY = Sheet(
    key="desk.history",
    title="本单位人员培训情况",
    columns=(
        Column("name", "姓名", readers.text, width=12),
        Column("post", "职务", readers.text, width=16),
        Column("year", "本年学时", readers.text, width=10),
        Column("title", "班次名称", readers.text, width=40),
        Column("starts", "开始日期", readers.text, width=12),
        Column("ends", "结束日期", readers.text, width=12),
        Column("state", "状态", readers.text, width=14),
        Column("outcome", "结业", readers.text, width=8),
        Column("hours", "学时", readers.text, width=8),
    ),
)


@in_chinese
def history_file(found: Iterable[History]) -> bytes:
    """One line a person and class; whoever attended none has a line alone."""
    return HISTORY.export(_lines(found))


def _lines(found: Iterable[History]) -> Iterator[dict[str, str]]:
    for history in found:
        who = {
            "name": history.person.name, "post": history.person.post_title, "year": plain_number(history.hours),
        }  # fmt: skip
        if not history.classes:
            yield who
        for row in history.classes:
            outcome = history.outcome(row)
            yield {
                **who,
                "title": row.training_class.title,
                "starts": row.training_class.starts.isoformat(),
                "ends": row.training_class.ends.isoformat(),
                "state": str(row.get_state_display()),
                "outcome": "" if outcome is None else _("结业") if outcome.completed else _("未结业"),
                "hours": plain_number(outcome.hours) if outcome is not None else "",
            }
