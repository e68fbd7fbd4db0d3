from datetime import date
from decimal import Decimal

from django.db import migrations

# The steps as they were before chains: what waits goes on where it stood.
STEPS = (
    {"order": 1, "title": "部门审核", "who": "head", "days": 3},
    {"order": 2, "title": "校领导审批", "who": "role", "role": "leader", "days": 3},
)


def _chain(apps, school_id, kind):
    chains, steps = apps.get_model("approvals", "Chain"), apps.get_model("approvals", "Step")
    found = chains.objects.filter(school_id=school_id, kind=kind).order_by("-version").first()
    if found is None:
        found = chains.objects.create(
            school_id=school_id, kind=kind, version=1, starts=date(2020, 1, 1), note="系统初始"
        )
        steps.objects.bulk_create(steps(chain=found, distinct=True, **facts) for facts in STEPS)
    return found, list(steps.objects.filter(chain=found).order_by("order"))


def _put(apps, paper, kind, training_class, link, total):
    chain, steps = _chain(apps, paper.school_id, kind)
    requests, decisions = apps.get_model("approvals", "Request"), apps.get_model("approvals", "Decision")
    request = requests.objects.create(
        school_id=paper.school_id, chain=chain, kind=kind, about_label=f"fees.{type(paper).__name__}",
        about_id=paper.pk, title=training_class.title[:120], link=link,
        organisation_id=training_class.department_id, step=steps[0], submitted_by_id=paper.submitted_by_id,
        submitted_at=paper.changed_at,
        facts={"total": f"{total:f}", "places": f"{paper.places}", "staff": f"{paper.staff}", "days": f"{paper.days}"},
    )  # fmt: skip
    if paper.state == "checked" and len(steps) > 1 and paper.checked_by_id:
        decisions.objects.create(
            request=request, step=steps[0], verdict="passed", person_id=paper.checked_by_id,
            role="department_head", note=paper.note, at=paper.changed_at,
        )  # fmt: skip
        requests.objects.filter(pk=request.pk).update(step=steps[1], note=paper.note)


def put_before_chains(apps, schema_editor):
    budgets, settlements = apps.get_model("fees", "Budget"), apps.get_model("fees", "Settlement")
    waiting = ("submitted", "checked")
    for paper in budgets.objects.filter(state__in=waiting).select_related("training_class"):
        total = sum((line.amount for line in paper.lines.all()), Decimal(0))
        klass = paper.training_class
        _put(apps, paper, "fees.budget", klass, f"/classes/{klass.pk}/fees/", total)
    for paper in settlements.objects.filter(state__in=waiting).select_related("budget__training_class"):
        total = sum((line.actual for line in paper.lines.all()), Decimal(0))
        klass = paper.budget.training_class
        _put(apps, paper, "fees.settlement", klass, f"/classes/{klass.pk}/fees/settlement/", total)


class Migration(migrations.Migration):
    """Budgets and settlements that wait go on waiting, now before their approval chains."""

    dependencies = [("fees", "0003_approved_by_another"), ("approvals", "0003_no_double")]
    operations = [migrations.RunPython(put_before_chains, migrations.RunPython.noop)]
