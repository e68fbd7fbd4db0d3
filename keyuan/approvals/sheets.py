"""Exports of decisions."""

from collections.abc import Iterable, Iterator

from django.utils import timezone

from keyuan.approvals.models import Decision
from keyuan.approvals.queries.course import spoken_by
from keyuan.approvals.rules import kind_title
from keyuan.kernel.sheet import Sheet, told
from keyuan.people.roles import Role

DECISIONS = Sheet(
    key="approvals.decisions",
    title="审批意见",
    columns=(
        told("kind", "事项", 16),
        told("title", "审批单", 40),
        told("step", "环节", 20),
        told("who", "审批人", 20),
        told("role", "身份"),
        told("verdict", "意见", 16),
        told("note", "意见内容", 40),
        told("at", "时间", 18),
        told("state", "现状", 10),
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
