"""Exports of hours and certificates."""

from collections.abc import Iterable, Iterator

from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.credits.models import Certificate, LedgerAccount
from keyuan.credits.queries import Statement
from keyuan.kernel.sheet import Column, Sheet, readers

STATEMENT = Sheet(
    key="credits.statement",
    title="学时对账单",
    columns=(
        Column("earned_on", "取得日期", readers.text, width=12),
        Column("title", "名称", readers.text, width=40),
        Column("school", "记账单位", readers.text, width=20),
        Column("scheme", "学时类别", readers.text, width=18),
        Column("kind", "种类", readers.text, width=8),
        Column("amount", "学时", readers.text, width=8),
        Column("reason", "说明", readers.text, width=30),
    ),
)
CERTIFICATES = Sheet(
    key="credits.certificates",
    title="证书发放登记",
    columns=(
        Column("number", "证书编号", readers.text, width=26),
        Column("name", "姓名", readers.text, width=12),
        Column("unit", "单位", readers.text, width=30),
        Column("title", "班次名称", readers.text, width=40),
        Column("hours", "学时", readers.text, width=8),
        Column("starts", "开始日期", readers.text, width=12),
        Column("ends", "结束日期", readers.text, width=12),
        Column("state", "状态", readers.text, width=8),
        Column("issued", "签发日期", readers.text, width=12),
        Column("reason", "作废理由", readers.text, width=24),
    ),
)
TOTALS = Sheet(
    key="credits.totals",
    title="学时汇总",
    columns=(
        Column("name", "姓名", readers.text, width=12),
        Column("unit", "单位", readers.text, width=30),
        Column("held", "学时合计", readers.text, width=10),
        Column("earned", "笔数", readers.text, width=8),
        Column("certificates", "有效证书", readers.text, width=10),
    ),
)


def statement_rows(statement: Statement) -> Iterator[dict[str, str]]:
    """The lines of a statement and its sum."""
    for line in statement.lines:
        yield {
            "earned_on": line.earned_on.isoformat(),
            "title": line.title,
            "school": line.school,
            "scheme": line.scheme,
            "kind": _("冲销") if line.kind == "counter" else _("入账"),
            "amount": f"{line.amount:f}",
            "reason": line.reason or (_("按半天上限折算") if line.is_capped else ""),
        }
    yield {"title": _("合计"), "amount": f"{statement.total:f}"}


def certificate_rows(rows: Iterable[Certificate]) -> Iterator[dict[str, str]]:
    """Certificates as the register of issue lists them."""
    for row in rows:
        yield {
            "number": row.number,
            "name": row.holder_name,
            "unit": row.organisation_name,
            "title": row.title,
            "hours": f"{row.hours:f}",
            "starts": row.starts.isoformat(),
            "ends": row.ends.isoformat(),
            "state": row.get_state_display(),
            "issued": timezone.localdate(row.issued_at).isoformat() if row.issued_at else "",
            "reason": row.reason,
        }


def total_rows(rows: Iterable[LedgerAccount]) -> Iterator[dict[str, str]]:
    """Accounts with what they hold; `rows` come from `queries.account_rows`."""
    for row in rows:
        yield {
            "name": row.person.name,
            "unit": row.person.unit,
            "held": f"{getattr(row, 'held'):f}",  # noqa: B009 - annotated by the query, unknown to the model
            "earned": str(getattr(row, "earned")),  # noqa: B009 - as above
            "certificates": str(getattr(row, "certificates_held")),  # noqa: B009 - as above
        }
