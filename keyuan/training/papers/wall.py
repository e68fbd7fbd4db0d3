"""The timetable of a class to be hung up (课程表·上墙版): days across, half-days and times down, teachers with their posts."""

from keyuan.kernel.chinese import in_chinese
from keyuan.kernel.faults import Fault
from keyuan.kernel.papers.timetable import Entry, TimetableFacts, timetable_pdf
from keyuan.kernel.papers.timetablebook import timetable_xlsx
from keyuan.people.models import Person
from keyuan.training.models import Session, TrainingClass
from keyuan.training.papers.notice import span_words
from keyuan.training.queries import versions

HALVES = {"am": "上午", "pm": "下午", "ev": "晚上"}


@in_chinese
def wall_facts(training_class: TrainingClass) -> TimetableFacts:
    """What is hung up: the final version, else the newest released, else the draft, and which of them it is.

    Raises Fault while nothing stands in the timetable.
    """
    sessions = versions.standing(training_class)
    if not sessions:
        raise Fault("课程表还是空的，请先排课再下载上墙版。")
    head = training_class.head_teacher.name
    parts = [
        span_words(training_class),
        f"班主任：{head}",
        f"课程表{versions.standing_words(training_class)}",
    ]
    return TimetableFacts(
        title=f"{training_class.title}课程表",
        entries=tuple(_entry(session) for session in sessions),
        subtitle="　".join(parts),
        remark="课程如有调整，以最新发布的课程表为准。",
        draft=not training_class.timetable_version,
    )


def _entry(session: Session) -> Entry:
    kind = str(session.get_kind_display())
    return Entry(
        day=session.date, half=HALVES[session.half], title=session.title,
        time=f"{session.starts:%H:%M}—{session.ends:%H:%M}", kind="" if kind == session.title else kind,
        people=_named(session.teacher), place=session.place,
    )  # fmt: skip


def _named(teacher: Person | None) -> str:
    """A teacher with the post held; where none is known, with the unit."""
    if teacher is None:
        return ""
    beside = teacher.post_title or teacher.unit
    return f"{teacher.name}（{beside}）" if beside else teacher.name


def wall_pdf(training_class: TrainingClass) -> bytes:
    """To be printed (.pdf)."""
    return timetable_pdf(wall_facts(training_class))


def wall_docx(training_class: TrainingClass) -> bytes:
    """To be changed in Word or WPS (.docx)."""
    # Word's library takes an eighth of a second of every start; only this paper wants it.
    from keyuan.kernel.papers.timetabledocx import timetable_docx

    return timetable_docx(wall_facts(training_class))


def wall_xlsx(training_class: TrainingClass) -> bytes:
    """To be changed as a sheet (.xlsx)."""
    return timetable_xlsx(wall_facts(training_class))
