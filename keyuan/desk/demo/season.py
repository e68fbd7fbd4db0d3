"""A season of attending and lecturing, proposed, proven and partly accepted."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from keyuan.desk.demo.cast import Cast
from keyuan.duty.actions import accepting, proposing
from keyuan.duty.actions import seasons as actions
from keyuan.duty.models import Season
from keyuan.duty.rules.instance import Out
from keyuan.kernel.faults import Fault


def _told(_done: int, _total: int, _words: str) -> None:
    """Nobody waits for the demo."""


@transaction.atomic
def make(cast: Cast) -> None:
    """Once: usual themes, the coming year, a proposal with some lines accepted, and one after somebody dropped out."""
    if Season.objects.filter(school=cast.school).exists():
        return
    registrar, today = cast.actor("registrar"), timezone.localdate()
    actions.load_themes(registrar)
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
    away = proposing.ask_again(registrar, after=first, out=Out(), away=lines[-1:])
    proposing.work_out(registrar, proposal=away, step=_told)
