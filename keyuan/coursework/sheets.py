"""The list of a task as a workbook: who handed in what and when; never what was written."""

from django.utils import timezone

from keyuan.coursework.models import Task
from keyuan.coursework.queries.handins import board_rows, hand_ins
from keyuan.kernel.access import Actor
from keyuan.kernel.sheet import Column, Sheet, readers, told

WORDS = {
    "none": "未交",
    "submitted": "已提交，待阅",
    "returned": "已退回",
    "accepted": "已通过",
    "excused": "免交",
}
LIST = Sheet(
    "coursework.list", "提交情况",
    (
        Column("no", "序号", readers.text, width=6, weightless=True), told("name", "姓名"), told("unit", "单位", 30),
        told("state", "状态", 14), told("late", "迟交", 8), told("version", "稿次", 8), told("count", "字数", 8),
        told("files", "附件数", 8), told("at", "最近提交", 18), told("consent", "同意汇编", 10),
    ),
    notes=("字数不计空格和换行。",),
)  # fmt: skip


def list_file(actor: Actor, task: Task) -> bytes:
    """Everybody of the class with where the task stands (.xlsx)."""
    handed = {one.nomination.pk: one for one in hand_ins(actor, task)}
    rows = []
    for n, row in enumerate(board_rows(task), 1):
        line = {
            "no": str(n),
            "name": row.person.name,
            "unit": row.organisation.name,
            "state": WORDS[row.stand],
        }
        found = handed.get(row.pk)
        if found is not None:
            at = found.submission.submitted_at
            line |= {
                "late": "迟交" if found.late else "", "version": str(found.submission.number), "count": str(found.count),
                "files": str(len(found.files)), "consent": "同意" if found.submission.consent else "不同意",
                "at": f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else "",
            }  # fmt: skip
        rows.append(line)
    return LIST.export(rows)
