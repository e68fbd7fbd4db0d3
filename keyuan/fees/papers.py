"""The lecture-fee sheet as a paper to sign (.docx and PDF), and the budget as a paper."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from django.utils import timezone

from keyuan.fees.models import Budget, LectureFee, PayAccount
from keyuan.fees.queries.budgets import total_of
from keyuan.fees.queries.lectures import masked_number
from keyuan.fees.rules.money import in_capitals, plain, short
from keyuan.kernel.papers.facts import Annex, Form, Notice, Paragraph, Table, chinese_day
from keyuan.kernel.papers.listing import ListFacts, list_pdf
from keyuan.kernel.papers.official import notice_docx
from keyuan.training.models import TrainingClass

HEAD = (
    "序号",
    "姓名",
    "单位、职称等级",
    "学时",
    "税后标准",
    "税前",
    "税款",
    "税后实发",
    "开户行、账号",
    "本人签名",
)
WEIGHTS = (1.1, 1.5, 2.7, 1.0, 1.3, 1.9, 1.7, 1.9, 2.7, 1.6)


def _rows(
    fees: Iterable[LectureFee], accounts: Mapping[int, PayAccount]
) -> tuple[tuple[tuple[str, ...], ...], tuple[str, ...]]:
    rows, total = [], [Decimal(0), Decimal(0), Decimal(0), Decimal(0)]
    for number, fee in enumerate(fees, 1):
        account = accounts.get(fee.person_id)
        signed = (
            f"{timezone.localtime(fee.signed_at):%m-%d} {fee.get_signed_how_display()}"
            if fee.signed_at
            else ""
        )
        rows.append(
            (
                str(number), fee.person.name, f"{fee.person.unit} {fee.rank}".strip(), f"{fee.hours.normalize():f}",
                short(fee.rate), plain(fee.gross), plain(fee.tax), plain(fee.net),
                f"{account.bank}（尾号{masked_number(account)[-4:]}）" if account else "", signed,
            )
        )  # fmt: skip
        for at, amount in enumerate((fee.hours, fee.gross, fee.tax, fee.net)):
            total[at] += amount
    last = (
        "合计", "", "", f"{total[0].normalize():f}", "", plain(total[1]), plain(total[2]), plain(total[3]), "", "",
    )  # fmt: skip
    return tuple(rows), last


def _subtitle(klass: TrainingClass) -> str:
    start, end = klass.starts, klass.ends
    last = f"{end.day}日" if (start.year, start.month) == (end.year, end.month) else chinese_day(end)
    return f"{chinese_day(start)}至{last}，{klass.venue}"


def _sum_words(fees: Iterable[LectureFee]) -> str:
    return f"税后实发合计人民币{in_capitals(sum((fee.net for fee in fees), Decimal(0)))}"


REMARK = (
    "讲课费标准为税后；每半天最多按规定学时计算，几个班合班授课不重复计发；税款按当月合并预扣。以转账支付。"
)
FOOT = "经办人：　　　　　　　　审核人：　　　　　　　　审批人：　　　　　　　　"


def sheet_pdf(klass: TrainingClass, fees: list[LectureFee], accounts: Mapping[int, PayAccount]) -> bytes:
    """The sheet on its side, with room to sign; phone signatures stand in it with their day."""
    rows, total = _rows(fees, accounts)
    return list_pdf(
        ListFacts(
            f"{klass.title}讲课费签收单", HEAD, (*rows, total), subtitle=_subtitle(klass),
            notes=(_sum_words(fees), REMARK), weights=WEIGHTS, flipped=True, tall=True, foot=FOOT,
        )
    )  # fmt: skip


def sheet_docx(klass: TrainingClass, fees: list[LectureFee], accounts: Mapping[int, PayAccount]) -> bytes:
    """The same as a document to be edited; the table stands on a landscape page."""
    rows, total = _rows(fees, accounts)
    table = Table(HEAD, rows, WEIGHTS, total=total)
    return notice_docx(
        Notice(
            form=Form.REPORT, title=f"{klass.title}讲课费签收单",
            body=(
                Paragraph(f"班期：{_subtitle(klass)}。"), Paragraph(f"{_sum_words(fees)}。{REMARK}"),
                Paragraph("明细见附件，由各位老师签名确认。"),
            ),
            signers=(klass.department.name,), day=timezone.localdate(),
            annexes=(Annex("讲课费签收明细", (table, Paragraph(FOOT, indent=False)), wide=True),),
        )
    )  # fmt: skip


def budget_docx(budget: Budget) -> bytes:
    """The budget sheet with its reckoning, to go with the plan for approval."""
    klass = budget.training_class
    rows = tuple(
        (line.title, line.basis, "" if line.limit is None else plain(line.limit), plain(line.amount))
        for line in budget.lines.all()
    )
    total = total_of(budget)
    people = (
        f"{budget.category}培训，学员 {budget.places} 人，工作人员 {budget.staff} 人，培训 {budget.days} 天"
        f"（另报到 {budget.arrive_days} 天、撤离 {budget.leave_days} 天）。"
    )
    body: list[Paragraph | Table] = [
        Paragraph(f"班期：{_subtitle(klass)}。"), Paragraph(people),
        Paragraph(f"执行标准：{budget.standard.source}。列支渠道：{budget.channel or '（待定）'}。"),
        Table(("项目", "计算依据", "标准限额", "预算金额"), rows, (2.8, 3.6, 1.5, 1.5),
              total=("合计", in_capitals(total), "", plain(total))),
    ]  # fmt: skip
    if budget.explanation:
        body.append(Paragraph(f"超标说明：{budget.explanation}"))
    return notice_docx(
        Notice(
            form=Form.REPORT, title=f"{klass.title}培训预算", body=tuple(body), signers=(klass.department.name,),
            day=timezone.localdate(),
        )
    )  # fmt: skip
