"""The demo's rota: societies in three years of history, one turn answered, one invited, one proposed, the next open."""

from datetime import date, timedelta

from django.utils import timezone

from keyuan.desk.demo.cast import Cast
from keyuan.hosting import actions
from keyuan.hosting.models import Member, Rota, Turn
from keyuan.hosting.queries.standing import next_choice, replayed
from keyuan.orgs.models import Organisation

NAME = "省级学会党建强会活动"
WEEKS = (-150, -133, -116, -99, -82, -65, -48, -31, -14)


def make(cast: Cast) -> None:
    """Once: what is there stays."""
    office, school = cast.actor("registrar"), cast.school
    if Rota.objects.filter(school=school, name=NAME).exists():
        return
    today = timezone.localdate()
    rota = actions.open_rota(
        office, facts=actions.RotaFacts(NAME), opened_on=date(today.year - 4, 1, 10), seed="yanshi-2023-001",
        seed_source="演示：公开号码",
    )  # fmt: skip
    for weeks in WEEKS:
        day = today + timedelta(weeks=weeks)
        chosen = next_choice(rota, day, today, replayed(rota).state).choice.society
        if chosen is not None:
            unit = Organisation.objects.get(pk=chosen)
            actions.record_past(office, rota=rota, unit=unit, day=day, title="演示强会活动")
    _exempt_one(cast, rota)
    days = [today + timedelta(weeks=weeks) for weeks in (8, 18, 28, 38, 48, 58)]
    first, second, third, *_rest = actions.add_turns(office, rota=rota, days=days)
    for turn in (first, second, third):
        actions.propose(office, turn=turn)
    for turn in (first, second):
        actions.invite(office, turn=Turn.objects.get(pk=turn.pk))
    actions.accept(office, turn=Turn.objects.get(pk=first.pk))
    _worked_on(cast, *(Turn.objects.select_related("rota", "host").get(pk=one.pk) for one in (first, second)))


def _exempt_one(cast: Cast, rota: Rota) -> None:
    member = Member.objects.filter(rota=rota).last()
    if member is not None:
        today = timezone.localdate()
        actions.exempt(
            cast.actor("registrar"),
            member=member,
            starts=today,
            ends=today + timedelta(days=120),
            reason="办公场所搬迁",
        )


def _worked_on(cast: Cast, first: Turn, second: Turn) -> None:
    """The first turn has a task done, a unit that helps, a lecturer, and an exchange asked for."""
    office = cast.actor("registrar")
    task = first.tasks.first()
    if task is not None:
        actions.finish_task(office, task=task, note="演示方案已报送")
    beside = Member.objects.filter(rota=first.rota).exclude(organisation__in=(first.host_id, second.host_id))
    helper = beside.select_related("organisation").first()
    if helper is not None:
        actions.add_co_host(office, turn=first, unit=helper.organisation)
    actions.add_lecturer(office, turn=first, person=cast.parts["teacher"], topic="科技社团党建与学科发展")
    actions.ask_swap(office, turn=first, other=second, reason="与年会时间冲突")
