"""What the rooms below are given by this one: a page on each class, a card on one's own page, things to find."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from keyuan.fees.models import Budget, LectureFee
from keyuan.fees.queries.budgets import ZERO, actual_of, budgets_seen, total_of
from keyuan.kernel import search
from keyuan.kernel.access import Actor, can, visible
from keyuan.kernel.templating import money
from keyuan.people import queries as people
from keyuan.people.queries import ProfileLine
from keyuan.plan import queries as plan
from keyuan.plan.models import KeyActivity
from keyuan.plan.queries import Panel, PanelLine
from keyuan.training.models import TrainingClass
from keyuan.training.queries.classes import tab


def _shown(actor: Actor, training_class: TrainingClass) -> bool:
    return training_class.fees and can(actor, "fees.read", training_class)


tab("fees/", _lazy("经费"), _shown)


@plan.activity_panel
def spent_on(actor: Actor, activity: KeyActivity) -> Panel | None:
    """What the classes of an activity were to cost and did cost, beside what the plan set aside for it."""
    if not can(actor, "fees.read"):
        return None
    budgets = list(
        budgets_seen(actor).filter(training_class__activity=activity).order_by("training_class__starts")
    )
    if not budgets:
        return None
    spent, totals = actual_of(budgets), {each.pk: total_of(each) for each in budgets}
    lines = [
        PanelLine(
            each.training_class.title, f"/classes/{each.training_class_id}/fees/",
            _("预算 %(a)s，决算 %(b)s") % {"a": money(totals[each.pk]), "b": money(spent[each.pk])}
            if each.pk in spent else _("预算 %(a)s，未决算") % {"a": money(totals[each.pk])},
        )
        for each in budgets
    ]  # fmt: skip
    asked, settled = sum(totals.values(), ZERO), sum(spent.values(), ZERO)
    told = {"a": money(asked), "b": money(settled), "c": money(activity.budget)}
    if activity.budget is None:
        lead = _("预算合计 %(a)s，已决算 %(b)s；计划经费未定。") % told
    elif asked > activity.budget:
        lead = _("计划 %(c)s，预算合计 %(a)s，超出 %(d)s；已决算 %(b)s。") % {
            **told,
            "d": money(asked - activity.budget),
        }
    else:
        lead = _("计划 %(c)s，预算合计 %(a)s，尚余 %(d)s；已决算 %(b)s。") % {
            **told,
            "d": money(activity.budget - asked),
        }
    return Panel(_("经费执行"), lines, lead=lead)


@people.profile_card
def my_lecture_fees(actor: Actor) -> tuple[str, list[ProfileLine]] | None:
    """One's own lecture-fee slips, where there are any."""
    rows = visible(actor, LectureFee).filter(person_id=actor.person_id or 0).exclude(state="draft")
    lines = [
        ProfileLine(fee.training_class.title, f"/fees/mine/{fee.pk}/", str(fee.get_state_display()))
        for fee in rows.select_related("training_class").order_by("-month", "-pk")[:5]
    ]
    return (_("我的讲课费"), lines) if lines else None


search.register(
    Budget, kind="预算", link=lambda budget: f"/classes/{budget.training_class_id}/fees/",
    title=lambda budget: f"{budget.training_class.title} 预算",
    note=lambda budget: str(budget.get_state_display()), text=lambda budget: budget.channel,
    rows=lambda rows: rows.select_related("training_class"),
)  # fmt: skip
