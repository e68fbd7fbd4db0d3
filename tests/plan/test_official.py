"""The plan's way to its document: proposals taken in, the council's word, names frozen, changes by approval only."""

from datetime import date
from io import BytesIO

import openpyxl
import pytest

from keyuan.approvals import actions as approvals
from keyuan.approvals.models import Request
from keyuan.kernel.access import Actor, Forbidden, visible
from keyuan.kernel.faults import Conflict, Fault
from keyuan.orgs.models import Organisation
from keyuan.people.models import Seat
from keyuan.people.roles import Role
from keyuan.plan import actions
from keyuan.plan.actions import Asked, Wish, load_starting_plan
from keyuan.plan.models import AnnualPlan, PlanChange, PlanProposal
from keyuan.plan.todos import proposals_waiting
from tests.plan.conftest import seat_in


def acting(seat: Seat, unit: int | None = None) -> Actor:
    return Actor(seat.person_id, seat.school_id, unit, frozenset({seat.role}), seat.pk)


@pytest.fixture
def plan(school):
    load_starting_plan(school)
    return AnnualPlan.objects.get(school=school, year=2020)


@pytest.fixture
def office(school) -> Actor:
    return acting(seat_in(school, Role.REGISTRAR))


@pytest.fixture
def leader(school) -> Actor:
    return acting(seat_in(school, Role.LEADER))


def approved(plan, office, leader) -> AnnualPlan:
    request = actions.submit_plan(office, plan=plan)
    approvals.agree(leader, request=request, note="同意")
    plan.refresh_from_db()
    return plan


def wish(plan, name="青年科学家沙龙", reason="学会提出") -> Wish:
    return Wish(plan.types.first(), name, reason)


def test_proposals_are_sent_back_mended_taken_in_and_merged_with_several_leads(plan, school, office):
    units = Organisation.objects.filter(school=school, kind="department").order_by("pk")[:2]
    heads = [Actor(office.person_id, school.pk, unit.pk, frozenset({"department_head"})) for unit in units]
    first, second = (
        actions.propose(head, plan=plan, unit=unit, wish=wish(plan))
        for head, unit in zip(heads, units, strict=True)
    )
    with pytest.raises(Forbidden):
        actions.propose(heads[0], plan=plan, unit=units[1], wish=wish(plan))
    assert list(visible(heads[0], PlanProposal)) == [first]
    with pytest.raises(Fault, match="未处理的申报"):
        actions.submit_plan(office, plan=plan)
    with pytest.raises(Fault, match="理由"):
        actions.return_proposal(office, proposal=first, note="")
    actions.return_proposal(office, proposal=first, note="请改名称")
    first = actions.propose_again(heads[0], proposal=first, wish=wish(plan, "青年科学家论坛"))
    made = actions.accept_proposal(office, proposal=first)
    again = actions.accept_proposal(office, proposal=second, into=made)
    assert (again.pk, made.number, made.name) == (made.pk, 24, "青年科学家论坛")
    leads = made.leads.order_by("order").values_list("organisation", flat=True)
    assert list(leads) == [unit.pk for unit in units]
    with pytest.raises(Conflict):
        actions.withdraw_proposal(heads[1], proposal=second)


def test_a_plan_is_issued_only_after_the_council_and_keeps_the_names_of_that_day(plan, office, leader):
    with pytest.raises(Conflict):
        actions.issue_plan(office, plan=plan)
    request = actions.submit_plan(office, plan=plan)
    activity = plan.activities.get(name="岭南科学论坛")
    leads = [lead.organisation for lead in activity.leads.all()]
    with pytest.raises(Fault, match="正在审批"):
        actions.edit_activity(office, activity=activity, name="新名", leads=leads)
    approvals.decide(leader, request=request, verdict=approvals.verdict("return"), note="请补充")
    plan.refresh_from_db()
    assert plan.state == "draft"
    paper = actions.issue_plan(office, plan=approved(plan, office, leader))
    plan.refresh_from_db()
    assert (plan.state, plan.number) == ("issued", paper.number)
    unit = leads[0]
    Organisation.objects.filter(pk=unit.pk).update(name="更名后的部门", short_name="更名后")
    frozen = next(line for line in plan.issued if line["name"] == "岭南科学论坛")
    assert "更名后" not in "".join(frozen["leads"])
    assert len(plan.issued) == 23
    with pytest.raises(Fault, match="临时计划变更"):
        actions.edit_activity(office, activity=activity, name="新名", leads=leads)
    actions.file_plan(office, plan=plan)
    with pytest.raises(Fault, match="未归档"):
        actions.ask_change(office, plan=plan, asked=Asked("withdraw", "不办了", activity))


def test_an_issued_plan_changes_by_approval_and_its_text_stays(plan, office, leader):
    actions.record_issued(office, plan=plan, number="演科协〔2020〕10号", day=date(2020, 3, 2))
    plan.refresh_from_db()
    kept, unit = list(plan.issued), Organisation.objects.filter(school=plan.school, kind="department").first()
    forum = plan.activities.get(name="岭南科学论坛")
    asked = (
        Asked("alter", "上级要求更名", forum, name="岭南科技创新论坛"),
        Asked("add", "新增任务", None, plan.types.first(), unit, "科学家精神宣讲"),
        Asked("withdraw", "条件不具备", plan.activities.get(number=1)),
    )
    for one in asked:
        change = actions.ask_change(office, plan=plan, asked=one)
        with pytest.raises(Forbidden):
            approvals.agree(office, request=Request.objects.get(kind="plan.change", about_id=change.pk))
        approvals.agree(leader, request=Request.objects.get(kind="plan.change", about_id=change.pk))
    forum.refresh_from_db()
    plan.refresh_from_db()
    assert forum.name == "岭南科技创新论坛"
    assert plan.activities.get(name="科学家精神宣讲").number == 24
    assert plan.issued == kept
    assert list(PlanChange.objects.values_list("seq", "state")) == [(n, "approved") for n in (1, 2, 3)]
    with pytest.raises(Fault, match="已经取消"):
        actions.ask_change(office, plan=plan, asked=Asked("withdraw", "再来", plan.activities.get(number=1)))
    back = actions.ask_change(office, plan=plan, asked=Asked("withdraw", "误提", forum))
    with pytest.raises(Fault, match="办结后再归档"):
        actions.file_plan(office, plan=plan)
    approvals.withdraw(office, request=Request.objects.get(kind="plan.change", about_id=back.pk))
    back.refresh_from_db()
    assert (back.state, back.seq) == ("withdrawn", None)
    for bad in (
        Asked("add", "缺名称"),
        Asked("alter", "无内容", forum),
        Asked("alter", "", forum, name="甲"),
    ):
        with pytest.raises(Fault):
            actions.ask_change(office, plan=plan, asked=bad)


def test_the_way_to_the_document_is_walked_on_screen(plan, school, client_for):
    client = client_for(seat_in(school, Role.REGISTRAR))
    leader = client_for(seat_in(school, Role.LEADER))
    unit = Organisation.objects.filter(school=school, kind="department").first()
    fields = {"name": "青年沙龙", "reason": "学会提出", "type": plan.types.first().pk, "unit": unit.pk}
    assert client.post("/plan/2020/propose/", fields | {"reason": ""}).status_code == 422
    assert client.post("/plan/2020/propose/", fields).status_code == 302
    at = f"/plan/proposals/{PlanProposal.objects.get().pk}/"
    assert client.post(f"{at}return/", {"note": "请改名"}).status_code == 302
    assert "请改名" in client.get("/plan/2020/official/").content.decode()
    assert client.post(at, fields | {"name": "青年论坛"}).status_code == 302
    assert client.get(f"{at}accept/").status_code == 200
    assert client.post(f"{at}accept/", {"into": ""}).status_code == 302
    assert client.get("/plan/2020/official/pdf/").status_code == 404
    client.post("/plan/2020/submit/")
    request = Request.objects.get(kind="plan.annual")
    assert leader.get(f"/approvals/{request.pk}/").status_code == 200
    approvals.agree(acting(Seat.objects.get(role="leader")), request=request)
    client.post("/plan/2020/issue/")
    plan.refresh_from_db()
    assert plan.number in client.get("/plan/2020/official/").content.decode()
    assert client.get("/plan/2020/official/pdf/").content.startswith(b"%PDF")
    assert client.get("/plan/2020/official/docx/").content.startswith(b"PK")
    activity = plan.activities.get(name="青年论坛")
    asked = {"kind": "alter", "activity": activity.pk, "name": "青年科学家论坛", "reason": "上级要求"}
    assert client.post("/plan/2020/change/", asked | {"reason": ""}).status_code == 422
    assert client.post("/plan/2020/change/", asked).status_code == 302
    approvals.agree(acting(Seat.objects.get(role="leader")), request=Request.objects.get(kind="plan.change"))
    assert "变更第 1 号" in client.get(f"/plan/activities/{activity.pk}/").content.decode()
    trainee = client_for(seat_in(school, Role.TRAINEE))
    assert "部门申报" not in trainee.get("/plan/2020/official/").content.decode()
    assert trainee.get("/plan/2020/change/").status_code == 403


def test_what_departments_proposed_is_listed_narrowed_given_out_and_waits_on_their_homes(
    plan, school, office, client_for
):
    units = Organisation.objects.filter(school=school, kind="department").order_by("pk")[:2]
    heads = [Actor(office.person_id, school.pk, unit.pk, frozenset({"department_head"})) for unit in units]
    for number in range(60):
        actions.propose(
            heads[number % 2], plan=plan, unit=units[number % 2], wish=wish(plan, f"演示活动{number:02}")
        )
    back = PlanProposal.objects.get(name="演示活动01")
    actions.return_proposal(office, proposal=back, note="请写明对象")
    client = client_for(Seat.objects.get(person_id=office.person_id))
    first = client.get("/plan/2020/proposals/").content.decode()
    assert "演示活动49" in first
    assert "演示活动50" not in first
    assert "共 60 条" in first
    one = client.get("/plan/2020/proposals/", {"state": "returned", "unit": units[1].pk}).content.decode()
    assert "请写明对象" in one
    assert "共 1 条" in one
    assert "没有符合条件的记录" in client.get("/plan/2020/proposals/", {"q": "没有的"}).content.decode()
    book = openpyxl.load_workbook(
        BytesIO(client.get("/plan/2020/proposals/export/", {"state": "returned"}).content)
    ).active
    assert [row[2] for row in book.iter_rows(values_only=True) if row[2]][-1] == "演示活动01"
    assert "60" in client.get("/plan/2020/official/").content.decode()
    assert [each.count for each in proposals_waiting(office)] == [59]
    assert [each.count for each in proposals_waiting(heads[1])] == [1]
    assert list(proposals_waiting(heads[0])) == []
    assert client_for(seat_in(school, Role.TRAINEE)).get("/plan/2020/proposals/").status_code == 403


def test_the_changes_of_an_issued_plan_are_listed_and_a_cancelled_activity_is_marked(
    plan, school, office, leader, client_for
):
    actions.record_issued(office, plan=plan, number="演科协〔2020〕10号", day=date(2020, 3, 2))
    gone, kept = plan.activities.get(number=1), plan.activities.get(number=2)
    for asked in (Asked("withdraw", "条件不具备", gone), Asked("alter", "更名", kept, name="演示新名称")):
        change = actions.ask_change(office, plan=plan, asked=asked)
        approvals.agree(leader, request=Request.objects.get(kind="plan.change", about_id=change.pk))
    client = client_for(seat_in(school, Role.TRAINEE))
    text = client.get("/plan/2020/changes/", {"kind": "withdraw"}).content.decode()
    assert gone.name in text
    assert "演示新名称" not in text
    book = openpyxl.load_workbook(BytesIO(client.get("/plan/2020/changes/export/").content)).active
    said = ["、".join(str(cell or "") for cell in row) for row in book.iter_rows(values_only=True)]
    assert any("演示新名称" in line and "更名" in line for line in said)
    table = client.get("/plan/2020/").content.decode()
    assert table.count("已取消") == 1
    assert "这项活动已按临时计划变更取消" in client.get(f"/plan/activities/{gone.pk}/").content.decode()
    assert "这项活动已按临时计划变更取消" not in client.get(f"/plan/activities/{kept.pk}/").content.decode()
