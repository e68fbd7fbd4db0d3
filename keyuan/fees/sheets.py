"""Workbooks of the room: a standard out and in, budgets, settlements, lecture fees, payees."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path

from django.utils.translation import gettext as _

from keyuan.fees.actions.standards import RateFacts
from keyuan.fees.models import (
    Budget,
    DayRate,
    FeeStandard,
    LectureFee,
    LectureRate,
    PayAccount,
    Settlement,
)
from keyuan.fees.queries.budgets import total_of
from keyuan.fees.queries.lectures import Payee, masked_number, number_of
from keyuan.fees.queries.settling import compared
from keyuan.fees.rules.money import plain
from keyuan.kernel.sheet import Column, Sheet, SheetFault, readers, told

QUOTA, LECTURE = "综合定额", "讲课费"
# What a file says stays Chinese whatever language the screen is in, so that it can be read back.
ITEMS = {"lodging": "住宿费", "food": "伙食费", "venue": "场地、资料、交通费", "other": "其他费用"}
MARKS = {"found": "有公开文本可查", "recalled": "待核对原文", "own": "本单位规定"}


STANDARD = Sheet(
    "fees.standard", "费用标准",
    (
        Column("kind", "标准", readers.choice(QUOTA, LECTURE), required=True, choices=(QUOTA, LECTURE), width=10),
        Column("name", "类别或职称等级", readers.limited(30), required=True, width=18, example="三类"),
        Column("audience", "适用对象", readers.limited(60), width=20, example="处级及以下"),
        Column("item", "分项", readers.choice(*ITEMS.values()), width=20,
               choices=tuple(ITEMS.values()), note="讲课费不填"),
        Column("amount", "金额", readers.number(0, 100_000, 2), required=True, example="340"),
        Column("mark", "可靠程度", readers.limited(20), width=18),
    ),
    notes=("综合定额的金额为元/人·天；讲课费为税后元/学时。", "导入会替换这份标准的全部金额，不改动起用日期和参数。"),
)  # fmt: skip
BUDGET = Sheet(
    "fees.budget", "培训预算",
    (told("title", "项目", 24), told("basis", "计算依据", 40), told("limit", "标准限额", 14),
     told("amount", "预算金额", 14)),
)  # fmt: skip
BUDGETS = Sheet(
    "fees.budgets", "经费一览",
    (told("title", "班次", 40), told("department", "牵头部门", 16), told("starts", "开班日期"),
     told("category", "类别", 8), told("places", "人数", 8), told("total", "预算", 14), told("state", "预算状态", 14),
     told("actual", "决算", 14), told("settled", "决算状态", 14)),
)  # fmt: skip
SETTLEMENT = Sheet(
    "fees.settlement", "培训决算",
    (told("title", "项目", 24), told("planned", "预算", 14), told("actual", "决算", 14), told("diff", "差额", 14),
     told("receipts", "票据张数", 8), told("reason", "超支原因", 40)),
)  # fmt: skip
LECTURES = Sheet(
    "fees.lectures", "讲课费发放表",
    (told("no", "序号", 6), told("name", "姓名"), told("unit", "单位", 30), told("rank", "职称等级", 16),
     told("hours", "学时", 8), told("rate", "税后标准", 10), told("gross", "税前金额", 12), told("tax", "代扣税款", 12),
     told("net", "税后金额", 12), told("bank", "开户银行", 28), told("number", "账号", 24), told("month", "发放月份", 10),
     told("state", "状态", 14), told("paid", "支付日期", 12)),
)  # fmt: skip
PAYEES = Sheet(
    "fees.payees", "讲课费月度汇总",
    (told("name", "姓名"), told("unit", "单位", 30), told("classes", "班次", 50), told("gross", "税前合计", 14),
     told("tax", "代扣税款合计", 14), told("net", "税后合计", 14), told("paid", "已支付", 10)),
)  # fmt: skip


def standard_file(standard: FeeStandard) -> bytes:
    """All figures of a standard (.xlsx), as the import reads them back."""
    days = [
        {"kind": QUOTA, "name": row.category, "audience": row.audience, "item": ITEMS[row.item],
         "amount": f"{row.amount:f}", "mark": MARKS[row.mark]}
        for row in standard.rates.all()
    ]  # fmt: skip
    lectures = [
        {"kind": LECTURE, "name": row.rank, "amount": f"{row.amount:f}", "mark": MARKS[row.mark]}
        for row in standard.lectures.all()
    ]
    return STANDARD.export([*days, *lectures])


def read_standard(path: Path) -> tuple[list[RateFacts], list[RateFacts]]:
    """Day rates and lecture rates of a file. Raises SheetFault naming the first cell that cannot be taken."""
    found = STANDARD.read(path)
    for row in found.bad:
        first = row.faults[0]
        words = _("第 %(row)s 行“%(column)s”：%(message)s")
        raise SheetFault(
            "rows", words % {"row": row.number, "column": first.column, "message": first.message}
        )
    items = {words: item for item, words in ITEMS.items()}
    marks = {words: mark for mark, words in MARKS.items()}
    days: dict[tuple[str, str], RateFacts] = {}
    lectures: dict[str, RateFacts] = {}
    for row in found.good:
        values = row.values
        item = items.get(values.get("item", ""), "")
        facts = RateFacts(
            values["name"], Decimal(values["amount"]), item, values.get("audience", ""),
            marks.get(values.get("mark", ""), "own"),
        )  # fmt: skip
        if values["kind"] == LECTURE:
            lectures[facts.name] = facts
        elif item:
            days[facts.name, item] = facts
        else:
            raise SheetFault("rows", _("第 %(row)s 行没有填写分项。") % {"row": row.number})
    if not days or not lectures:
        raise SheetFault("rows", _("表中应既有综合定额，也有讲课费标准。"))
    return list(days.values()), list(lectures.values())


def budget_file(budget: Budget) -> bytes:
    """One budget, its total last."""
    rows: list[dict[str, str]] = [
        {"title": line.title, "basis": line.basis, "limit": "" if line.limit is None else plain(line.limit),
         "amount": plain(line.amount)}
        for line in budget.lines.all()
    ]  # fmt: skip
    return BUDGET.export([*rows, {"title": "合计", "amount": plain(total_of(budget))}])


def budgets_file(rows: Iterable[Budget], actual: Mapping[int, Decimal]) -> bytes:
    """Budgets with their settlements."""

    def line(row: Budget) -> dict[str, str]:
        settlement: Settlement | None = getattr(row, "settlement", None)
        klass = row.training_class
        return {
            "title": klass.title, "department": str(klass.department), "starts": klass.starts.isoformat(),
            "category": row.category, "places": str(row.places), "total": plain(total_of(row)),
            "state": row.get_state_display(), "actual": plain(actual[row.pk]) if row.pk in actual else "",
            "settled": settlement.get_state_display() if settlement else "",
        }  # fmt: skip

    return BUDGETS.export(line(row) for row in rows)


def settlement_file(settlement: Settlement) -> bytes:
    """One settlement against its budget."""
    lines = compared(settlement)
    rows = [
        {"title": one.title, "planned": plain(one.planned), "actual": plain(one.actual),
         "diff": plain(one.difference), "receipts": str(one.receipts or ""), "reason": one.reason}
        for one in lines
    ]  # fmt: skip
    planned, actual = (sum((getattr(one, key) for one in lines), Decimal(0)) for key in ("planned", "actual"))
    total = {
        "title": "合计",
        "planned": plain(planned),
        "actual": plain(actual),
        "diff": plain(actual - planned),
    }
    return SETTLEMENT.export([*rows, total])


def lectures_file(fees: Iterable[LectureFee], accounts: Mapping[int, PayAccount], *, whole: bool) -> bytes:
    """The sheet of a class; account numbers whole only where the caller has written down who takes them."""

    def line(number: int, fee: LectureFee) -> dict[str, str]:
        account = accounts.get(fee.person_id)
        shown = (number_of(account) if whole else masked_number(account)) if account else ""
        return {
            "no": str(number), "name": fee.person.name, "unit": fee.person.unit, "rank": fee.rank,
            "hours": f"{fee.hours.normalize():f}", "rate": plain(fee.rate), "gross": plain(fee.gross),
            "tax": plain(fee.tax), "net": plain(fee.net), "bank": account.bank if account else "", "number": shown,
            "month": f"{fee.month:%Y-%m}", "state": fee.get_state_display(),
            "paid": fee.paid_on.isoformat() if fee.paid_on else "",
        }  # fmt: skip

    return LECTURES.export(line(number, fee) for number, fee in enumerate(fees, 1))


def payees_file(payees: Iterable[Payee]) -> bytes:
    """Everybody of a month."""
    return PAYEES.export(
        {"name": one.name, "unit": one.unit, "classes": "；".join(fee.training_class.title for fee in one.fees),
         "gross": plain(one.gross), "tax": plain(one.tax), "net": plain(one.net),
         "paid": f"{one.paid}/{len(one.fees)}"}
        for one in payees
    )  # fmt: skip


def typed_figures(standard: FeeStandard, typed: Mapping[str, Decimal]) -> dict[str, list[RateFacts]]:
    """All figures of a standard with the amounts as typed; a changed figure is the office's own from now on."""

    def mark(row: DayRate | LectureRate, amount: Decimal) -> str:
        return row.mark if row.amount == amount else "own"

    days = [(row, typed[f"day-{row.pk}"]) for row in standard.rates.all()]
    lectures = [(row, typed[f"lecture-{row.pk}"]) for row in standard.lectures.all()]
    return {
        "days": [
            RateFacts(row.category, amount, row.item, row.audience, mark(row, amount)) for row, amount in days
        ],
        "lectures": [RateFacts(row.rank, amount, mark=mark(row, amount)) for row, amount in lectures],
    }
