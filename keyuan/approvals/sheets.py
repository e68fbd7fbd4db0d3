"""Exports of decisions."""

from collections.abc import Iterable, Iterator

from django.utils import timezone

from keyuan.approvals.models import Decision
from keyuan.approvals.queries.course import spoken_by
from keyuan.approvals.rules import kind_title
from keyuan.kernel.sheet import Column, Sheet, readers
from keyuan.people.roles import Role

DECISIONS = Sheet(
    key="approvals.decisions",
    title="审批意见",
    columns=(
        Column("kind", "事项", readers.text, width=16),
        Column("title", "审批单", readers.text, width=40),
        Column("step", "环节", readers.text, width=20),
        Column("who", "审批人", readers.text, width=20),
        Column("role", "身份", readers.text, width=12),
        Column("verdict", "意见", readers.text, width=16),
        Column("note", "意见内容", readers.text, width=40),
        Column("at", "时间", readers.text, width=18),
        Column("state", "现状", readers.text, width=10),
    ),
)


def decision_rows(rows: Iterable[Decision]) -> Iterator[dict[str, str]]:
    """Decisions as the register lists them."""
    roles = dict(Role.choices)
    for row in rows:
        yield {
            "kind": kind_title(row.request.kind),
            "title": row.request.title,
            "step": row.step.title,
            "who": spoken_by(row),
            "role": str(roles.get(row.role, row.role)),
            "verdict": row.get_verdict_display(),
            "note": row.note,
            "at": f"{timezone.localtime(row.at):%Y-%m-%d %H:%M}",
            "state": row.request.get_state_display(),
        }


def decisions_file(rows: Iterable[Decision]) -> bytes:
    """The register as a workbook."""
    return DECISIONS.export(decision_rows(rows))
