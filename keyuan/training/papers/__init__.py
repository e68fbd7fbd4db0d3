"""Every paper of a class, made from the same facts: nothing is typed twice."""

from collections.abc import Callable
from dataclasses import dataclass

from keyuan.kernel.faults import Fault
from keyuan.training import sheets
from keyuan.training.models import TrainingClass
from keyuan.training.papers import notice, summary, wall
from keyuan.training.queries import nominations as reads


@dataclass(frozen=True)
class Made:
    """One paper as a file."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Kind:
    """One kind of paper a class can have."""

    kind: str
    title: str
    form: str
    note: str
    write: Callable[[TrainingClass], bytes]


def _roster(training_class: TrainingClass) -> bytes:
    return sheets.roster_file(reads.all_admitted(training_class))


KINDS = (
    Kind(
        "notice",
        "开班通知",
        "docx",
        "红头、信函、纪要三种格式任选，附件可选；没有文号时按草稿标明",
        notice.notice,
    ),
    Kind("letter", "开班通知（信函格式）", "docx", "不论所选格式，一律按信函排版", notice.letter),
    Kind(
        "minutes",
        "会议纪要",
        "docx",
        "议定事项由记录人补写，出席、请假、列席名单在拟稿页填写",
        notice.minutes,
    ),
    Kind("roster", "学员名册", "xlsx", "按单位次序排列", _roster),
    Kind(
        "attendance",
        "考勤表",
        "xlsx",
        "每个课次一列，签到、迟到、请假、缺勤分明",
        sheets.attendance_file,
    ),
    Kind(
        "links",
        "学员专属链接",
        "xlsx",
        "没有账号的学员凭链接签到、请假；每人一个，只发给本人",
        sheets.links_file,
    ),
    Kind("leave", "请假登记", "xlsx", "请假单及审批结果", sheets.leave_file),
    Kind(
        "timetable",
        "课程表",
        "xlsx",
        "终版；没有终版时是最近发布的一版，未发布时是草稿，表内写明",
        sheets.timetable_file,
    ),
    Kind(
        "wall",
        "课程表·上墙版",
        "pdf",
        "A4 横版，一页最多五天；天为列，半天和时间为行，写明第几版，未发布的印“草稿”",
        wall.wall_pdf,
    ),
    Kind("wall-docx", "课程表·上墙版", "docx", "同上，可用 WPS 或 Word 修改", wall.wall_docx),
    Kind("wall-xlsx", "课程表·上墙版", "xlsx", "同上，每页一张工作表", wall.wall_xlsx),
    Kind(
        "summary",
        "办班总结",
        "docx",
        "概况、出勤与结业、评估数据和照片自动放好，做法与建议由班主任补写",
        summary.summary_docx,
    ),
)


def available(training_class: TrainingClass) -> list[Kind]:
    """The papers a class can have now."""
    return list(KINDS)


def make(training_class: TrainingClass, kind: str) -> Made:
    """One paper. Raises Fault for a kind that does not exist."""
    for known in KINDS:
        if known.kind == kind:
            name = f"{training_class.title}{known.title}.{known.form}"
            return Made(name, known.write(training_class))
    raise Fault("没有这种文件，请从列表中选择。")
