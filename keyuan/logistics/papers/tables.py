"""Tables on paper: a card for each table, and the list of who sits where."""

from django.utils import timezone

from keyuan.kernel.access import Actor
from keyuan.kernel.faults import Fault
from keyuan.kernel.papers import press
from keyuan.kernel.papers.facts import Form, Notice, Paragraph, Table
from keyuan.kernel.papers.official import notice_docx
from keyuan.logistics.queries import dining
from keyuan.training.models import TrainingClass

MISSING = "还没有排桌，请先在桌次页排桌。"


def table_cards(actor: Actor, training_class: TrainingClass) -> bytes:
    """Two cards a page (桌牌), each with the table's name on both faces of the fold."""
    found = dining.tables_of(actor, training_class)
    if not found:
        raise Fault(MISSING)
    tables = [{"name": str(one), "length": len(str(one))} for one in found]
    return press.pdf("namecards", {"title": f"{training_class.title}桌牌", "people": tables})


def tables_docx(actor: Actor, training_class: TrainingClass) -> bytes:
    """Table by table (.docx), the head table first."""
    board = dining.table_board(actor, training_class)
    filled = [column for column in board.columns if column.cards]
    if not filled:
        raise Fault(MISSING)
    body: list[Paragraph | Table] = []
    for column in filled:
        body.append(Paragraph(f"{column.title}（{len(column.cards)}人）", level=2))
        lines = tuple((str(n), one.name, one.unit, one.note) for n, one in enumerate(column.cards, 1))
        body.append(Table(("序号", "姓名", "单位", "组别"), lines, (0.7, 1.4, 4.6, 1.2)))
    if board.waiting:
        names = "、".join(one.name for one in board.waiting)
        body.append(Paragraph(f"另有{len(board.waiting)}人待安排：{names}。"))
    notice = Notice(
        form=Form.REPORT, title=f"{training_class.title}桌次名单", body=tuple(body),
        signers=(training_class.department.name,), day=timezone.localdate(),
    )  # fmt: skip
    return notice_docx(notice)
