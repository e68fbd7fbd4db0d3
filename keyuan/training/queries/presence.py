"""Each session with who came and how its evaluation stands, and the class's grid, in a fixed number of queries."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from keyuan.attendance.models import Expected
from keyuan.attendance.queries.grid import grid
from keyuan.evaluation.models import Form
from keyuan.kernel.access import Actor
from keyuan.training.models import Session, TrainingClass
from keyuan.training.queries.released import released_of


@dataclass(frozen=True)
class PresenceLine:
    """One session on the attendance page."""

    session: Session
    expected: int
    came: int
    form: Form | None


def lines(actor: Actor, training_class: TrainingClass) -> list[PresenceLine]:
    """The sessions in order with expected, present and evaluation; three queries."""
    sessions = [session for session in released_of(actor, training_class) if session.sitting_id]
    counts = {
        row["sitting_id"]: (row["expected"], row["came"])
        for row in Expected.objects.filter(sitting_id__in=[s.sitting_id for s in sessions])
        .order_by()
        .values("sitting_id")
        .annotate(expected=Count("pk"), came=Count("pk", filter=Q(checkin__verdict__in=("present", "late"))))
    }
    forms = Form.objects.in_bulk([s.form_id for s in sessions if s.form_id])
    return [PresenceLine(s, *counts.get(s.sitting_id, (0, 0)), forms.get(s.form_id or 0)) for s in sessions]


def grid_facts(asked: Mapping[str, str], training_class: TrainingClass) -> dict[str, Any]:
    """The class's grid of half-days as its table shows it, narrowed as asked by `only` and `q`."""
    found = grid("training.class", training_class.pk)
    only, q = asked.get("only", ""), asked.get("q", "").strip()[:40]
    return {
        "grid": found, "rows": found.narrowed(only, q), "only": only, "q": q,
        "label": "training.class", "owner_id": training_class.pk,
    }  # fmt: skip
