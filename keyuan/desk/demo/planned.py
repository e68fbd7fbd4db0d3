"""The demo's plan through the years: months, owners, budgets, milestones and lessons; the next year begun, one activity renamed."""

from datetime import date
from decimal import Decimal

from keyuan.approvals import actions as approving
from keyuan.approvals import queries as approvals
from keyuan.desk.demo.cast import SECOND_LEAD, Cast
from keyuan.plan import actions
from keyuan.plan.models import AnnualPlan, KeyActivity

# By number of the plan of 2020: first month, last month, yuan, whom it is for.
YEAR = {
    1: (3, 5, 60_000, "cadre"), 2: (4, 6, 80_000, "cadre"), 3: (5, 6, 45_000, "cadre"), 4: (9, 10, 30_000, "cadre"),
    5: (5, 7, 120_000, "leading_talent"), 6: (6, 8, 90_000, "leading_talent"), 7: (10, 11, 50_000, "cadre"),
    8: (7, 7, 40_000, "cadre"), 9: (3, 12, 20_000, ""), 10: (8, 9, 150_000, "leading_talent"), 11: (8, 9, 25_000, ""),
    12: (4, 11, 70_000, "overseas_talent"), 13: (1, 12, 15_000, ""),
}  # fmt: skip
RENAMED = ("岭南科学论坛", "岭南科技创新论坛")


def make(cast: Cast) -> None:
    """Once: the plan of 2020 followed, the plan of 2021 begun from it."""
    registrar = cast.actor("registrar")
    plan = AnnualPlan.objects.filter(school=cast.school, year=2020).first()
    if plan is None or AnnualPlan.objects.filter(school=cast.school, year=2021).exists():
        return
    owners = [cast.parts[key] for key in ("registrar", "head")]
    for activity in plan.activities.filter(number__in=YEAR):
        first, last, budget, audience = YEAR[activity.number]
        owner = owners[activity.number % len(owners)]
        facts = {
            "first_month": first,
            "last_month": last,
            "owner": owner,
            "budget": Decimal(budget),
            "audience": audience,
        }
        actions.set_details(registrar, activity=activity, facts=facts)
    forum = plan.activities.filter(name__contains=RENAMED[0]).first() or plan.activities.order_by("number")[0]
    _followed(cast, forum)
    chosen = list(plan.activities.filter(number__lte=13) | plan.activities.filter(pk=forum.pk))
    title = plan.title.replace("2020", "2021")
    fresh = actions.begin_year(registrar, school=cast.school, year=2021, title=title, chosen=chosen)
    again = fresh.activities.get(series=KeyActivity.objects.get(pk=forum.pk).series_id)
    name = again.name.replace(*RENAMED)
    if name != again.name:
        leads = [lead.organisation for lead in again.leads.select_related("organisation").order_by("order")]
        actions.edit_activity(registrar, activity=again, name=name, leads=leads)


def _followed(cast: Cast, forum: KeyActivity) -> None:
    registrar = cast.actor("registrar")
    found = [
        actions.save_milestone(registrar, activity=forum, name=name, due=due, owner=cast.parts["registrar"])
        for name, due in (
            ("选题报批", date(2020, 3, 20)), ("嘉宾确认", date(2020, 5, 15)), ("论坛举办", date(2020, 9, 10)),
        )
    ]  # fmt: skip
    actions.finish_milestone(registrar, milestone=found[0], evidence="选题报告（演示）", on=date(2020, 3, 18))
    actions.add_lesson(registrar, activity=forum, text="嘉宾邀请宜提前三个月发出，避开院士增选时段（演示）。")


def issued(cast: Cast) -> None:
    """The plan of 2020 noted as issued, one change of it approved; a proposal for the next year."""
    registrar = cast.actor("registrar")
    plan = AnnualPlan.objects.filter(school=cast.school, year=2020, state="draft").first()
    following = AnnualPlan.objects.filter(school=cast.school, year=2021).first()
    if plan is not None:
        actions.record_issued(registrar, plan=plan, number="粤科协组〔2020〕10号", day=date(2020, 3, 2))
        plan.refresh_from_db()
        last = plan.activities.order_by("number").last()
        asked = actions.Asked("withdraw", "场地调整，当年不再举办（演示）", last)
        change = actions.ask_change(registrar, plan=plan, asked=asked)
        waiting = approvals.open_request("plan.change", change)
        if waiting is not None:
            approving.agree(cast.actor("leader"), request=waiting, note="同意（演示）。")
    if following is not None and not following.proposals.exists():
        head = cast.actor("head2")
        unit = cast.units[SECOND_LEAD]
        kind = following.types.order_by("order")[0]
        wish = actions.Wish(kind, "学会秘书长研修班", "学会换届集中，新任秘书长需要培训（演示）。")
        actions.propose(head, plan=following, unit=unit, wish=wish)
