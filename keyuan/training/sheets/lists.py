"""The room's lists as they are narrowed on the screen: classes, and the nominations of a class."""

from collections.abc import Iterable

from keyuan.kernel.sheet import Sheet, told
from keyuan.people import queries as people
from keyuan.training.models import Nomination, TrainingClass
from keyuan.training.queries.approving import state_words, waiting_words

CLASSES = Sheet(
    "training.classes", "班次一览",
    (told("title", "班次", 40), told("activity", "重点活动", 30), told("department", "牵头部门", 16),
     told("starts", "开班日期"), told("ends", "结束日期"), told("nominate_by", "报名截止"), told("venue", "地点", 24),
     told("head", "班主任"), told("places", "名额", 8), told("taken", "已录取", 8), told("hours", "学时", 8),
     told("state", "状态", 10)),
)  # fmt: skip
NOMINATIONS = Sheet(
    "training.nominations", "报名审核",
    (told("name", "姓名"), told("sex", "性别", 6), told("birth", "出生年月", 11), told("unit", "推荐单位", 34),
     told("post", "职务", 20), told("id", "证件号码（已遮盖）", 22), told("phone", "手机（已遮盖）", 14),
     told("lodging", "住宿", 6), told("state", "状态", 14), told("note", "意见", 30)),
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
