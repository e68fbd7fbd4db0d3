"""Reminders at set distances: invitations without answer, tasks, reports; nobody twice for the same."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from keyuan.hosting import flows
from keyuan.hosting.models import Nudge, Report, Task, Turn
from keyuan.kernel.access import Actor, require
from keyuan.orgs.models import School

# Days before the day (negative: after it) on which somebody is reminded.
DISTANCES = {"answer": (3, 0, -3), "task": (7, 0, -3), "report": (5, 0, -3, -10)}
Due = tuple[Turn, str, date, str]


def _due(school: School) -> Iterable[Due]:
    """What has a day: the turn, which thing, its day, and what to say."""
    rows = Turn.objects.filter(rota__school=school, rota__active=True).select_related("rota", "host")
    for turn in rows.filter(state="invited", answer_by__isnull=False):
        if turn.answer_by:
            yield turn, "answer", turn.answer_by, str(_("承办邀请待答复"))
    tasks = Task.objects.filter(turn__in=rows.filter(state__in=("accepted", "done")), done_at=None)
    for task in tasks.select_related("turn__rota", "turn__host"):
        yield task.turn, f"task:{task.order}", task.due, task.title
    reports = Report.objects.filter(turn__in=rows.filter(state="done"), state__in=("draft", "returned"))
    for report in reports.select_related("turn__rota", "turn__host"):
        yield report.turn, "report", report.due, str(_("活动总结待报送"))


def remind(actor: Actor, *, school: School, today: date) -> int:
    """Tell hosts what has come near or is late; how many were told of. Running it again tells nobody twice."""
    require(actor, "hosting.keep", None)
    count = 0
    for turn, what, due, words in _due(school):
        days = (due - today).days
        if days in DISTANCES[what.partition(":")[0]]:
            count += _nudge(turn, what, due, days, words)
    return count


@transaction.atomic
def _nudge(turn: Turn, what: str, due: date, days: int, words: str) -> int:
    _row, new = Nudge.objects.get_or_create(turn=turn, what=what, due=due, days=days)
    if new:
        flows.tell_unit(turn, turn.host_id, "hosting.due", what=words, due=due)
    return int(new)
