"""A season of attending and lecturing, proposed, proven and partly accepted."""

from datetime import date, time, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from keyuan.desk.demo.cast import Cast
from keyuan.duty.actions import accepting, proposing
from keyuan.duty.actions import seasons as actions
from keyuan.duty.models import Season
from keyuan.kernel.faults import Fault
from keyuan.training.actions import timetable
from keyuan.training.models import TrainingClass

TITLES = ("人工智能与学会治理创新", "弘扬科学家精神", "全民科学素质提升", "绿色低碳技术前沿")


def _open_lectures(cast: Cast, first: date) -> None:
    """A few sessions without a teacher in the class that lies furthest ahead, where its half-days are free."""
    rows = TrainingClass.objects.filter(
        school=cast.school, state="published", starts__gt=first, itinerary=False
    )
    klass = rows.order_by("-starts").first()
    if klass is None:
        return
    days = [klass.starts + timedelta(days=n) for n in range((klass.ends - klass.starts).days + 1)]
    halves = [(day, half) for day in days for half in ("am", "pm")]
    taken = set(klass.sessions.values_list("date", "half"))
    for title, (day, half) in zip(TITLES, [one for one in halves if one not in taken], strict=False):
        starts, ends = (time(9), time(11)) if half == "am" else (time(15), time(17))
        timetable.place_session(
            cast.actor("registrar"), training_class=klass,
            facts={"kind": "lecture", "title": title, "date": day, "half": half, "starts": starts, "ends": ends, "teacher": None, "place": "", "hours": Decimal(2)},
        )  # fmt: skip


def _told(_done: int, _total: int, _words: str) -> None:
    """Nobody waits for the demo."""


@transaction.atomic
def make(cast: Cast) -> None:
    """Once: usual themes, the coming year, a proposal with some lines accepted, and one after somebody dropped out."""
    if Season.objects.filter(school=cast.school).exists():
        return
    registrar, today = cast.actor("registrar"), timezone.localdate()
    actions.load_themes(registrar)
    _open_lectures(cast, today)
    season = actions.save_season(
        registrar, season=None,
        facts={"title": "演示听课讲课排期", "starts": today, "ends": today + timedelta(days=365), "seconds": 20},
    )  # fmt: skip
    try:
        first = proposing.work_out(registrar, proposal=proposing.ask(registrar, season=season), step=_told)
    except Fault:
        return  # no class lies ahead, or nobody owes anything: the season alone is shown
    lines = [f"{one['leader']}-{one['kind']}" for one in (first.result or {})["assignments"]]
    if not lines:
        return
    accepting.accept(registrar, proposal=first, keys=lines[:4])
    away = proposing.ask_again(registrar, after=first, away=lines[-1:])
    proposing.work_out(registrar, proposal=away, step=_told)
