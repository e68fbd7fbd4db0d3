"""Exports of hours and certificates."""

from collections.abc import Iterable, Iterator

from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.credits.models import Certificate, LedgerAccount
from keyuan.credits.queries import Statement
from keyuan.kernel.sheet import Sheet, told

STATEMENT = Sheet(
    key="credits.statement",
    title="学时对账单",
    columns=(
        told("earned_on", "取得日期"),
        told("title", "名称", 40),
        told("school", "记账单位", 20),
        told("scheme", "学时类别", 18),
        told("kind", "种类", 8),
        told("amount", "学时", 8),
        told("reason", "说明", 30),
    ),
)
CERTIFICATES = Sheet(
    key="credits.certificates",
    title="证书发放登记",
    columns=(
        told("number", "证书编号", 26),
        told("name", "姓名"),
        told("unit", "单位", 30),
        told("title", "班次名称", 40),
        told("hours", "学时", 8),
        told("starts", "开始日期"),
        told("ends", "结束日期"),
        told("state", "状态", 8),
        told("issued", "签发日期"),
        told("reason", "作废理由", 24),
    ),
)
TOTALS = Sheet(
    key="credits.totals",
    title="学时汇总",
    columns=(
        told("name", "姓名"),
        told("unit", "单位", 30),
        told("held", "学时合计", 10),
        told("earned", "笔数", 8),
        told("certificates", "有效证书", 10),
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
