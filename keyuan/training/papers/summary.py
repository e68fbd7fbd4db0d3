"""The summary of a class (办班总结): figures filled in, judgement left to the head teacher."""

from decimal import Decimal

from django.utils import timezone

from keyuan.evaluation import queries as evaluation
from keyuan.kernel import files
from keyuan.kernel.chinese import in_chinese
from keyuan.kernel.papers.facts import Block, Form, Notice, Paragraph, Pictures, Table
from keyuan.kernel.papers.official import notice_docx
from keyuan.training.models import Completion, Session, TrainingClass
from keyuan.training.papers.notice import span_words
from keyuan.training.queries import closing, places, versions
from keyuan.training.queries.writing import photos_of

SESSION_OWNER = "training.session"


def _figures(training_class: TrainingClass) -> list[Paragraph]:
    board = places.board_of(training_class)
    done: list[Completion] = closing.completions_of(training_class)
    lines = [
        Paragraph(
            f"本班于{span_words(training_class)}在{training_class.venue}举办，计划{training_class.places}人，"
            f"{board.units}个单位分配名额，其中{board.answered}个单位报送，实际录取{board.admitted}人。"
        )
    ]
    if done:
        passed = sum(row.completed for row in done)
        share = sum((row.attended_share for row in done), Decimal(0)) / len(done)
        lines.append(
            Paragraph(
                f"平均出勤率{share:.1%}（每人出勤学时占应到学时之比的平均数），结业{passed}人，未结业{len(done) - passed}人。"
            )
        )
    else:
        lines.append(Paragraph("本班尚未结班，出勤和结业数据待结班后生成。"))
    return lines


def _timetable(training_class: TrainingClass) -> Table:
    rows = tuple(
        (
            f"{s.date:%m-%d}{s.get_half_display()}",
            s.get_kind_display(),
            s.title,
            str(s.teacher or ""),
            f"{s.hours.normalize():f}",
        )
        for s in versions.standing(training_class)
    )
    return Table(("时间", "形式", "内容", "主讲", "学时"), rows, (1.3, 1.1, 3.4, 1.1, 0.7))


def _evaluation(training_class: TrainingClass) -> list[Paragraph | Table]:
    sessions = {s.pk: s for s in Session.objects.filter(training_class=training_class)}
    results = evaluation.results_of(SESSION_OWNER, sessions)
    shown = [(sessions[pk], result) for pk, result in results.items() if result.shown == "full"]
    few = len(results) - len(shown)
    if not shown:
        return [Paragraph("没有可公布的评估结果（每个课次满 5 份才公布）。")]
    rows = tuple(
        (s.title, str(s.teacher or ""), f"{r.answered}/{r.eligible}", _score(r.low, r.high))
        for s, r in sorted(shown, key=lambda x: x[0].pk)
    )
    note = f"另有{few}个课次不足 5 份，不予统计。" if few else ""
    return [
        Table(("课次", "主讲", "参评/应评", "得分"), rows, (3.4, 1.2, 1.2, 1.0)),
        Paragraph(f"得分满分 100。{note}"),
    ]


def _score(low: Decimal | None, high: Decimal | None) -> str:
    if low is None or high is None:
        return "—"
    return f"{low}" if low == high else f"{low}—{high}"


def _photos(training_class: TrainingClass) -> list[Block]:
    """The photographs of the class, captions from their names; none gives no heading."""
    shots = []
    for stored in photos_of(training_class):
        with files.opened(stored) as kept:
            shots.append((kept.read(), stored.name.rsplit(".", 1)[0]))
    return [Paragraph("活动照片", level=1), Pictures(tuple(shots))] if shots else []


@in_chinese
def summary_docx(training_class: TrainingClass) -> bytes:
    """The summary as .docx; the parts only a person can write carry a prompt in brackets."""
    body = (
        Paragraph("基本情况", level=1), *_figures(training_class),
        Paragraph("课程安排", level=1), _timetable(training_class),
        Paragraph("主要做法", level=1), Paragraph("（由班主任填写）"),
        Paragraph("教学评估", level=1), *_evaluation(training_class),
        Paragraph("不足与建议", level=1), Paragraph("（由班主任填写）"), *_photos(training_class),
    )  # fmt: skip
    return notice_docx(
        Notice(
            form=Form.REPORT,
            title=f"{training_class.title}办班总结",
            body=body,
            signers=(training_class.department.name,),
            day=timezone.localdate(),
        )
    )
