"""The history of a unit's people as a sheet to keep."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from keyuan.desk.queries.my_quota import History
from keyuan.kernel.chinese import in_chinese
from keyuan.kernel.sheet import Sheet, told
from keyuan.kernel.templating import plain_number

HISTORY = Sheet(
    key="desk.history",
    title="本单位人员培训情况",
    columns=(
        told("name", "姓名"),
        told("post", "职务", 16),
        told("year", "本年学时", 10),
        told("title", "班次名称", 40),
        told("starts", "开始日期"),
        told("ends", "结束日期"),
        told("state", "状态", 14),
        told("outcome", "结业", 8),
        told("hours", "学时", 8),
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
