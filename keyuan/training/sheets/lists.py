"""The room's lists as they are narrowed on the screen: classes, and the nominations of a class."""

from collections.abc import Iterable

from keyuan.kernel.sheet import Column, Sheet, readers
from keyuan.people import queries as people
from keyuan.training.models import Nomination, TrainingClass
from keyuan.training.queries.approving import state_words, waiting_words


def _text(key: str, title: str, width: int = 12) -> Column:
    return Column(key, title, readers.text, width=width)


CLASSES = Sheet(
    "training.classes", "班次一览",
    (_text("title", "班次", 40), _text("activity", "重点活动", 30), _text("department", "牵头部门", 16),
     _text("starts", "开班日期"), _text("ends", "结束日期"), _text("nominate_by", "报名截止"), _text("venue", "地点", 24),
     _text("head", "班主任"), _text("places", "名额", 8), _text("taken", "已录取", 8), _text("hours", "学时", 8),
     _text("state", "状态", 10)),
)  # fmt: skip
NOMINATIONS = Sheet(
    "training.nominations", "报名审核",
    (_text("name", "姓名"), _text("sex", "性别", 6), _text("birth", "出生年月", 11), _text("unit", "推荐单位", 34),
     _text("post", "职务", 20), _text("id", "证件号码（已遮盖）", 22), _text("phone", "手机（已遮盖）", 14),
     _text("lodging", "住宿", 6), _text("state", "状态", 14), _text("note", "意见", 30)),
)  # fmt: skip


def class_file(rows: Iterable[TrainingClass]) -> bytes:
    """The classes in the given order (.xlsx)."""
    classes = list(rows)
    waits = waiting_words(classes)
    return CLASSES.export(
        {"title": row.title, "activity": row.activity.name, "department": str(row.department),
         "starts": row.starts.isoformat(), "ends": row.ends.isoformat(),
         "nominate_by": row.nominate_by.isoformat() if row.nominate_by else "", "venue": row.venue,
         "head": row.head_teacher.name if row.head_teacher else "", "places": row.places, "taken": row.taken,
         "hours": row.hours, "state": state_words(row, waits)}
        for row in classes
    )  # fmt: skip


def nomination_file(rows: Iterable[Nomination]) -> bytes:
    """The nominations in the given order (.xlsx), numbers as the screen shows them."""

    def line(row: Nomination) -> dict[str, str]:
        numbers = people.masked(row.person)
        return {
            "name": row.person.name, "sex": row.person.sex, "birth": row.person.birth_month,
            "unit": row.organisation.name, "post": row.person.post_title, "id": numbers["id"],
            "phone": numbers["phone"], "lodging": "是" if row.lodging else "",
            "state": row.get_state_display(), "note": row.reason or row.note,
        }  # fmt: skip

    return NOMINATIONS.export(line(row) for row in rows)
