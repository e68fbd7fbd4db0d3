"""Taking over an annex: twice the same changes nothing, an edited one changes what it says, a bad one nothing."""

import pytest

from keyuan.kernel.access import Actor, Forbidden, system_of
from keyuan.kernel.audit import timeline
from keyuan.kernel.faults import Conflict, Fault
from keyuan.orgs.models import Organisation
from keyuan.plan import rules
from keyuan.plan.actions import STARTING_PLAN, edit_activity, import_plan, load_starting_plan
from keyuan.plan.models import ActivityLead, AnnualPlan, KeyActivity
from keyuan.plan.queries.changes import activity_state, compare, state_of
from keyuan.plan.rules.annex import AnnexFault, read_annex, text_rows


def edited(*pairs: tuple[str, str]):
    text = STARTING_PLAN.read_text("utf-8")
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    return read_annex(text_rows(text))


def test_the_starting_plan_is_taken_once_and_again_changes_nothing(school):
    load_starting_plan(school)
    plan = AnnualPlan.objects.get(school=school, year=2020)
    assert (plan.types.count(), plan.activities.count(), ActivityLead.objects.count()) == (6, 23, 24)
    assert [str(one) for one in plan.activities.get(number=23).lead_organisations.order_by("leads__order")] == [
        "调宣部", "广东科学馆",
    ]  # fmt: skip
    before = state_of(plan)
    assert load_starting_plan(school).changes_nothing
    assert state_of(plan) == before


def test_an_edited_version_reports_and_makes_every_change(school):
    load_starting_plan(school)
    kept = KeyActivity.objects.get(number=23)
    annex = edited(
        ("全国科普日", "全国科普月"),
        ("湾区工程技术人员职业资格互认\t\t学会部", "湾区工程技术人员职业资格互认\t\t合作部")
        if "湾区工程技术人员职业资格互认\t\t学会部" in STARTING_PLAN.read_text("utf-8")
        else ("湾区工程技术人员职业资格互认\t学会部", "湾区工程技术人员职业资格互认\t合作部"),
        ("\t\t22\t科技工作者上山下乡活动\t组联部\n", ""),
        ("\t23\t重大", "\t22\t重大"),
    )
    found = import_plan(system_of(school.pk), school, annex)
    assert sorted(change.kind for change in found.changes) == ["leads", "removed", "renamed", "renumbered"]
    kept.refresh_from_db()
    assert kept.number == 22
    assert KeyActivity.objects.get(number=13).name == "全国科普月"
    assert not KeyActivity.objects.filter(name="科技工作者上山下乡活动").exists()
    assert timeline(KeyActivity.objects.get(number=13))[0].action == "plan.activity.renamed"
    import_plan(system_of(school.pk), school, read_annex(text_rows(STARTING_PLAN.read_text("utf-8"))))
    assert KeyActivity.objects.count() == 23


def test_an_unknown_department_is_named_with_the_nearest_and_nothing_is_written(school):
    with pytest.raises(AnnexFault, match=r"科普不.*科普部"):
        import_plan(system_of(school.pk), school, edited(("科普部", "科普不")))
    assert not AnnualPlan.objects.exists()


def test_an_activity_in_use_is_not_removed_and_the_reason_is_told(school, monkeypatch):
    load_starting_plan(school)
    monkeypatch.setattr(
        rules, "REMOVAL_CHECKS", [lambda activity: "其下有 2 个班次。" if activity.number == 22 else ""]
    )
    annex = edited(("\t\t22\t科技工作者上山下乡活动\t组联部\n", ""), ("\t23\t重大", "\t22\t重大"))
    before = state_of(AnnualPlan.objects.get())
    with pytest.raises(AnnexFault, match="其下有 2 个班次"):
        import_plan(system_of(school.pk), school, annex)
    assert state_of(AnnualPlan.objects.get()) == before


def test_a_plan_that_moved_since_the_preview_is_not_overwritten(school):
    load_starting_plan(school)
    annex = edited(("全国科普日", "全国科普月"))
    seen = compare(school, annex).state
    activity = KeyActivity.objects.get(number=1)
    registrar = Actor(None, school.pk, None, frozenset({"registrar", "system"}))
    edit_activity(
        registrar, activity=activity, name="院士休养", leads=list(activity.lead_organisations.all())
    )
    with pytest.raises(Conflict):
        import_plan(registrar, school, annex, expected=seen)


@pytest.mark.parametrize("role", ["liaison", "department_head", "trainee", "auditor"])
def test_only_the_registrar_imports_and_edits(school, role):
    load_starting_plan(school)
    actor = Actor(1, school.pk, None, frozenset({role}))
    activity = KeyActivity.objects.get(number=1)
    with pytest.raises(Forbidden):
        import_plan(actor, school, edited())
    with pytest.raises(Forbidden):
        edit_activity(actor, activity=activity, name="甲", leads=[])


def test_an_edit_keeps_its_history_and_refuses_a_stale_or_empty_one(school):
    load_starting_plan(school)
    actor = Actor(1, school.pk, None, frozenset({"registrar"}))
    activity = KeyActivity.objects.get(number=11)
    seen = activity_state(activity)
    lead = Organisation.objects.get(school=school, name="学会部")
    other = Organisation.objects.get(school=school, short_name="科普部")
    changed = edit_activity(actor, activity=activity, name="岭南科技创新论坛", leads=[other, lead], seen=seen)
    assert changed == ["name", "leads"]
    assert {entry.action for entry in timeline(activity)} >= {"plan.activity.renamed", "plan.activity.leads"}
    with pytest.raises(Conflict):
        edit_activity(actor, activity=activity, name="论坛", leads=[lead], seen=seen)
    for name, leads in (("", [lead]), ("全国科普日", [lead]), ("论坛", [])):
        with pytest.raises(Fault):
            edit_activity(actor, activity=activity, name=name, leads=leads)
