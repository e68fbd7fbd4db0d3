"""The life of a hand-in, as a table."""

from keyuan.coursework.models import Submission
from keyuan.kernel import notify
from keyuan.kernel.access import Actor
from keyuan.kernel.flow import Flow, Move

S = Submission.State
READ = "coursework.manage"

notify.kind("coursework.returned", title="作业退回修改", text="“{title}”请修改后再交：{reason}")
notify.kind("coursework.accepted", title="作业已通过", text="您提交的“{title}”已通过。")


def _tell(row: Submission, kind: str) -> None:
    notify.tell(
        row.person_id, kind, f"/coursework/tasks/{row.task_id}/", school_id=row.training_class.school_id,
        title=row.task.title, reason=row.reason or None,
    )  # fmt: skip


def _returned(row: Submission, actor: Actor) -> None:
    _tell(row, "coursework.returned")


def _accepted(row: Submission, actor: Actor) -> None:
    _tell(row, "coursework.accepted")


# The version is written first, by the action: the database refuses a hand-in without one.
SUBMISSION: Flow[Submission] = Flow(
    "coursework.submission",
    Submission,
    Move("submit", "提交作业", (S.DRAFT, S.RETURNED), S.SUBMITTED, "coursework.hand_in"),
    Move("reopen", "收回修改", (S.SUBMITTED,), S.DRAFT, "coursework.hand_in"),
    Move("return", "退回修改", (S.SUBMITTED,), S.RETURNED, READ, then=_returned, reason=True, noted="reason"),
    Move("accept", "通过", (S.SUBMITTED,), S.ACCEPTED, READ, then=_accepted),
    Move("unaccept", "撤销通过", (S.ACCEPTED,), S.SUBMITTED, READ, reason=True),
    Move("excuse", "同意免交", (S.DRAFT, S.RETURNED), S.EXCUSED, READ, reason=True, noted="reason"),
    Move("unexcuse", "撤销免交", (S.EXCUSED,), S.DRAFT, READ),
    begins=(S.EXCUSED,),
)
