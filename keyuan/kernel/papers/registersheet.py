"""The register of document numbers as a workbook, gaps at its end."""

from collections.abc import Iterable, Iterator

from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.kernel.models import DocNumber
from keyuan.kernel.papers.registering import Gap
from keyuan.kernel.papers.words import FORMS
from keyuan.kernel.sheet import Sheet, told

REGISTER = Sheet(
    key="papers.register",
    title="发文登记",
    columns=(
        told("number", "发文字号", 26),
        told("title", "文件标题", 50),
        told("form", "公文格式", 16),
        told("day", "成文日期"),
        told("state", "状态", 8),
        told("origin", "取号方式", 10),
        told("taken", "取号时间", 18),
        told("reason", "作废原因", 30),
    ),
)


def register_file(rows: Iterable[DocNumber], gaps: Iterable[Gap]) -> bytes:
    """The rows, then a line a gap."""
    return REGISTER.export(_lines(rows, gaps))


def _lines(rows: Iterable[DocNumber], gaps: Iterable[Gap]) -> Iterator[dict[str, str]]:
    forms = {key: str(words) for key, words in FORMS}
    for row in rows:
        yield {
            "number": row.number,
            "title": row.title,
            "form": forms.get(row.form, ""),
            "day": row.day.isoformat() if row.day else "",
            "state": row.get_state_display(),
            "origin": row.get_origin_display(),
            "taken": timezone.localtime(row.taken_at).strftime("%Y-%m-%d %H:%M"),
            "reason": row.void_reason,
        }
    for gap in gaps:
        yield {
            "number": f"{gap.series.mark}〔{gap.year}〕",
            "title": _("空号：%(words)s") % {"words": gap.words},
            "state": _("空号"),
        }
