"""An activity's year and its line: what may be laid down, what is refused, what is never lost."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from keyuan.kernel.faults import Conflict, Fault
from keyuan.kernel.models import AuditEntry
from keyuan.orgs.models import School
from keyuan.people.middleware import actor_in
from keyuan.people.models import Seat
from keyuan.people.roles import Role
from keyuan.plan import actions
from keyuan.plan.actions import load_starting_plan
from keyuan.plan.models import AnnualPlan, KeyActivity, Milestone
from keyuan.plan.queries import life
from keyuan.plan.rules.annex import read_annex, text_rows
from tests.plan.conftest import seat_in


@pytest.fixture
def forum(school: School) -> KeyActivity:
    load_starting_plan(school)
    return KeyActivity.objects.get(name__contains="岭南科学论坛")


@pytest.fixture
def office(registrar: Seat):
    return actor_in(registrar)


def begun(office, school, activities, year=2021) -> AnnualPlan:
    return actions.begin_year(office, school=school, year=year, title=f"{year}年计划", chosen=activities)


def test_a_new_year_carries_what_was_chosen_and_a_renamed_activity_stays_in_its_line(school, forum, office):
    facts = {
        "first_month": 5,
        "last_month": 6,
        "owner": None,
        "budget": Decimal("1200.50"),
        "audience": "cadre",
    }
    actions.set_details(office, activity=forum, facts=facts)
    other = forum.plan.activities.exclude(pk=forum.pk).order_by("number")[0]
    plan = begun(office, school, [other, forum])
    fresh = plan.activities.get(name=forum.name)
    leads = [lead.organisation for lead in fresh.leads.all()]
    assert leads == [lead.organisation for lead in forum.leads.all()]
    assert (fresh.first_month, fresh.last_month, fresh.budget, fresh.audience) == (
        5,
        6,
        Decimal("1200.50"),
        "cadre",
    )
    actions.edit_activity(office, activity=fresh, name="岭南科技创新论坛", leads=leads)
    fresh.refresh_from_db()
    line = life.line_of(office, fresh)
    assert [(year.activity.plan.year, year.activity.name) for year in line] == [
        (2021, "岭南科技创新论坛"),
        (2020, forum.name),
    ]
    assert plan.activities.count() == 2
    with pytest.raises(Conflict, match="已有计划"):
        begun(office, school, [forum])
    with pytest.raises(Fault, match="较早年度"):
        begun(office, school, [forum], year=2019)


def test_a_line_holds_one_activity_a_year_and_is_joined_and_parted_by_hand(school, forum, office):
    a, b = KeyActivity.objects.filter(plan=forum.plan).exclude(pk=forum.pk).order_by("number")[:2]
    begun(office, school, [a, forum])
    later = KeyActivity.objects.get(plan__year=2021, name=a.name)
    forum.refresh_from_db()
    with pytest.raises(Conflict, match="同一年度已有另一项"):
        actions.link(office, activity=later, earlier=forum, reason="更名文件")
    actions.unlink(office, activity=later, reason="不是同一项活动")
    later.refresh_from_db()
    assert life.line_of(office, later) == []
    with pytest.raises(Fault, match="没有与其他年度相连"):
        actions.unlink(office, activity=later, reason="再来一次")
    assert b in life.linkable(office, later)
    assert forum not in life.linkable(office, later)
    actions.link(office, activity=later, earlier=b, reason="更名文件")
    later.refresh_from_db()
    assert [year.activity.name for year in life.line_of(office, later)] == [later.name, b.name]
    with pytest.raises(IntegrityError), transaction.atomic():
        KeyActivity.objects.filter(pk=a.pk).update(series=later.series_id)
    with pytest.raises(Fault, match="依据"):
        actions.link(office, activity=later, earlier=b, reason=" ")


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"first_month": 5, "last_month": None}, "一起填写"),
        ({"first_month": 6, "last_month": 5}, "不能早于"),
        ({"budget": Decimal(-1)}, "不能小于 0"),
    ],
)
def test_what_cannot_be_is_refused_where_it_was_typed_and_by_the_database(forum, office, facts, said):
    with pytest.raises(Fault, match=said):
        actions.set_details(office, activity=forum, facts=facts)
    with pytest.raises(IntegrityError), transaction.atomic():
        KeyActivity.objects.filter(pk=forum.pk).update(**facts)


def test_a_milestone_is_done_with_evidence_only_and_what_was_said_stays_in_the_log(forum, office):
    one = actions.save_milestone(office, activity=forum, name="嘉宾确认", due=date(2020, 5, 15))
    with pytest.raises(Fault, match="同名"):
        actions.save_milestone(office, activity=forum, name="嘉宾确认", due=date(2020, 6, 1))
    with pytest.raises(Fault, match="前后一年"):
        actions.save_milestone(office, activity=forum, name="太远", due=date(2026, 6, 1))
    with pytest.raises(Fault, match="完成依据"):
        actions.finish_milestone(office, milestone=one, evidence=" ")
    with pytest.raises(IntegrityError), transaction.atomic():
        Milestone.objects.filter(pk=one.pk).update(done_on=date(2020, 5, 1))
    assert [found.pk for found in life.open_milestones(office, until=date(2020, 5, 15))] == [one.pk]
    actions.finish_milestone(office, milestone=one, evidence="邀请函回执", on=date(2020, 5, 10))
    assert not life.open_milestones(office)
    with pytest.raises(Conflict):
        actions.save_milestone(office, activity=forum, milestone=one, name="改名", due=date(2020, 5, 15))
    with pytest.raises(Conflict, match="不能删除"):
        actions.drop_milestone(office, milestone=one, reason="不要了")
    actions.reopen_milestone(office, milestone=one, reason="嘉宾改期")
    actions.drop_milestone(office, milestone=one, reason="并入下一项")
    kept = [
        entry.facts
        for entry in AuditEntry.objects.filter(action__startswith="plan.milestone").order_by("seq")
    ]
    assert "邀请函回执" in str(kept)
    assert "并入下一项" in str(kept)


def test_lessons_of_earlier_years_stand_on_the_next_years_page_and_hold_the_activity(school, forum, office):
    actions.add_lesson(office, activity=forum, text="邀请提前三个月发出")
    plan = begun(office, school, [forum])
    again = plan.activities.get()
    assert [lesson.text for lesson in life.lessons_of(office, again)] == ["邀请提前三个月发出"]
    rows = actions.STARTING_PLAN.read_text("utf-8").replace("岭南科学论坛", "改头换面的活动")
    renamed = actions.import_plan(office, school, read_annex(text_rows(rows)))
    assert not renamed.objections  # the same number under a new name is the same activity
    forum.refresh_from_db()
    assert "改头换面" in forum.name


def test_the_head_of_a_leading_department_follows_it_and_others_see_no_milestones(school, forum, client_for):
    lead, stranger = forum.leads.first().organisation, seat_in(school, Role.TRAINEE)
    head = Seat.objects.create(
        person=stranger.person, school=school, role=Role.DEPARTMENT_HEAD, organisation=lead
    )
    actions.save_milestone(actor_in(head), activity=forum, name="嘉宾确认", due=date(2020, 5, 15))
    other = KeyActivity.objects.filter(plan=forum.plan).exclude(leads__organisation=lead).first()
    address = f"/plan/activities/{forum.pk}/"
    assert "嘉宾确认" in client_for(head).get(address).content.decode()
    assert "嘉宾确认" not in client_for(stranger).get(address).content.decode()
    form = {"name": "越权", "due": "2020-05-15"}
    assert client_for(head).post(f"/plan/activities/{other.pk}/milestones/add/", form).status_code == 403
    one = Milestone.objects.get()
    assert client_for(stranger).get(f"/plan/milestones/{one.pk}/").status_code == 404


def test_by_plain_forms_a_year_is_laid_down_followed_and_begun_anew(school, forum, registrar, client_for):
    client, here = client_for(registrar), f"/plan/activities/{forum.pk}/"
    bad = client.post(here + "details/", {"first_month": "6", "last_month": "5"})
    assert (bad.status_code, "不能早于" in bad.content.decode()) == (422, True)
    typed = {
        "first_month": "5",
        "last_month": "6",
        "budget": "8000",
        "audience": "cadre",
        "owner": registrar.person_id,
    }
    assert client.post(here + "details/", typed).status_code == 302
    assert client.post(here + "milestones/add/", {"name": "嘉宾确认", "due": "2020-05-15"}).status_code == 302
    one = Milestone.objects.get()
    done = {"on": "2020-05-10", "evidence": "回执"}
    assert client.post(f"/plan/milestones/{one.pk}/finish/", done).status_code == 302
    assert client.post(here + "lessons/add/", {"text": "早发邀请"}).status_code == 302
    shown = client.get(here).content.decode()
    for words in ("5月至6月", "8,000.00", "依据：回执", "早发邀请", registrar.person.name):
        assert words in shown
    assert client.post("/plan/2020/begin/", {"year": "2021", "title": "2021年计划"}).status_code == 422
    answer = client.post("/plan/2020/begin/", {"year": "2021", "title": "2021年计划", "pk": [forum.pk]})
    assert answer.url == "/plan/2021/"
    assert (
        "2020年"
        in client.get(f"/plan/activities/{KeyActivity.objects.get(plan__year=2021).pk}/").content.decode()
    )
