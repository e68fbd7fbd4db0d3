"""The inbox: its tabs, its rows, and what was ticked in it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.approvals.models import Request
from keyuan.approvals.queries.requests import decided_by_me, requests_seen, waiting
from keyuan.approvals.rules import APPROVERS, KINDS, kind_title
from keyuan.approvals.rules.places import waiting_for
from keyuan.kernel.access import Actor

TABS = ("waiting", "mine", "said", "all")


@dataclass(frozen=True)
class Line:
    """One request as the inbox lists it (审批列表行)."""

    request: Request
    kind: str
    bulk: bool
    late: bool

    @property
    def ticket(self) -> str:
        """The request with the step one has before one, so that a later step is never agreed to by mistake."""
        return f"{self.request.pk}-{self.request.step_id}"


def tab_named(name: str) -> str:
    """The tab asked for, else what waits."""
    return name if name in TABS else TABS[0]


def rows_of(actor: Actor, tab: str) -> QuerySet[Request]:
    """The requests of a tab."""
    rows = requests_seen(actor)
    if tab == "mine":
        return rows.filter(submitted_by_id=actor.person_id or 0)
    if tab == "said":
        return rows.filter(decided_by_me(actor))
    return rows if tab == "all" else rows.filter(waiting_for(actor))


def tabs(actor: Actor, current: str) -> list[tuple[str, str, bool, int | None]]:
    """The tabs with their addresses; what waits is counted."""
    names = {"waiting": _("待我审批"), "mine": _("我提交的"), "said": _("我已审批"), "all": _("全部")}
    count = waiting(actor).count() if actor.roles.intersection(APPROVERS) else 0
    return [
        (
            names[tab],
            "?" if tab == TABS[0] else f"?tab={tab}",
            tab == current,
            count if tab == TABS[0] else None,
        )
        for tab in TABS
    ]


def lines(rows: Iterable[Request]) -> list[Line]:
    """Rows with what a list says beside them."""
    today = timezone.localdate()
    return [
        Line(
            row, kind_title(row.kind), row.kind in KINDS and KINDS[row.kind].bulk,
            row.state == Request.State.IN_PROGRESS and row.due is not None and row.due < today,
        )
        for row in rows
    ]  # fmt: skip


def kinds() -> list[tuple[str, str]]:
    """The kinds to narrow by."""
    return [(key, str(found.title)) for key, found in sorted(KINDS.items())]


def search(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    """Requests whose title or submitter contains the text."""
    return rows.filter(Q(title__icontains=text) | Q(submitted_by__name__icontains=text))


def chosen(actor: Actor, tickets: Sequence[str]) -> list[tuple[Request, int]]:
    """The ticked requests that the actor sees, each with the step that stood there when it was ticked."""
    wanted: dict[int, int] = {}
    for ticket in tickets[:200]:
        request_id, _dash, step_id = ticket.partition("-")
        if all(part.isascii() and part.isdigit() for part in (request_id, step_id)):
            wanted[int(request_id)] = int(step_id)
    rows = requests_seen(actor).select_related("chain").filter(pk__in=wanted)
    return [(row, wanted[row.pk]) for row in rows]
