"""Screens of approvals, as each seat meets them."""

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from keyuan.approvals.models import Chain, Decision, Delegation, Request
from keyuan.orgs.models import Organisation
from keyuan.people.roles import Role
from keyuan.training.actions import classes
from keyuan.training.models import TrainingClass
from tests import factories
from tests.approvals.conftest import KIND, Ground, again

SignIn = Callable[[Any], Client]


@pytest.fixture
def enter(ground: Ground, client_for: SignIn) -> Callable[[str], Client]:
    return lambda key: client_for(ground.academy.seats[key])


def text(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status
    return answer.content.decode()


def test_what_waits_stands_in_the_inbox_on_the_home_and_nowhere_else(ground: Ground, enter: Any) -> None:
    request = ground.put()
    assert f"/approvals/{request.pk}/" in text(enter("head"), "/approvals/")
    assert "演示预算" in text(enter("head"), "/home/")
    assert f"/approvals/{request.pk}/" not in text(enter("leader"), "/approvals/")
    assert f"/approvals/{request.pk}/" in text(enter("keeper"), "/approvals/?tab=mine")
    text(enter("liaison"), f"/approvals/{request.pk}/", 404)


def test_a_return_without_a_reason_keeps_the_page(ground: Ground, enter: Any) -> None:
    request = ground.put()
    answer = enter("head").post(
        f"/approvals/{request.pk}/decide/", {"verdict": "return", "step": request.step_id}
    )
    assert answer.status_code == 422
    assert "需要写明理由" in answer.content.decode()
    answer = enter("head").post(
        f"/approvals/{request.pk}/decide/", {"verdict": "return", "note": "缺明细", "step": request.step_id}
    )
    assert answer.status_code == 302
    assert "缺明细" in text(enter("keeper"), f"/approvals/{request.pk}/")


@pytest.mark.parametrize(
    ("typed", "status"), [({"verdict": "x"}, 422), ({"verdict": "approve", "step": "0"}, 409), ({}, 422)]
)
def test_a_garbled_press_decides_nothing(
    ground: Ground, enter: Any, typed: dict[str, str], status: int
) -> None:
    request = ground.put()
    assert enter("head").post(f"/approvals/{request.pk}/decide/", typed).status_code == status
    assert not Decision.objects.exists()


def test_ticked_ones_are_agreed_to_with_the_step_one_saw(ground: Ground, enter: Any) -> None:
    first, second = ground.put(6000), ground.put(100, number=1)
    tickets = [f"{row.pk}-{row.step_id}" for row in (first, second)]
    assert enter("head").post("/approvals/many/", {"pk": [*tickets, "x-1", "9"]}).status_code == 302
    assert [again(row).state for row in (first, second)] == ["in_progress", "approved"]
    enter("head").post("/approvals/many/", {"pk": tickets})
    assert Decision.objects.count() == 2
    assert enter("head").post("/approvals/many/").status_code == 422


def test_decisions_are_exported_with_whose_word_it_was(ground: Ground, enter: Any) -> None:
    ground.said("head", ground.put(), note="=1+1")
    book = load_workbook(io.BytesIO(enter("registrar").get("/approvals/export/").content))
    row = [cell.value for cell in list(book.active)[1]]
    assert {"演示预算", "批准", "=1+1"} <= set(row)
    assert enter("liaison").get("/approvals/export/").status_code == 403


def test_a_withdrawn_request_says_so(ground: Ground, enter: Any) -> None:
    request = ground.put()
    assert enter("keeper").post(f"/approvals/{request.pk}/withdraw/", {"note": "重报"}).status_code == 302
    page = text(enter("keeper"), f"/approvals/{request.pk}/")
    assert "已撤回" in page
    assert "重报" in page


def rows(*steps: dict[str, Any]) -> dict[str, Any]:
    typed = {
        "s-TOTAL_FORMS": len(steps),
        "s-INITIAL_FORMS": 0,
        "starts": f"{timezone.localdate()}",
        "note": "",
    }
    for number, step in enumerate(steps):
        typed |= {f"s-{number}-{name}": value for name, value in ({"who": "head"} | step).items()}
    return typed


def test_the_table_of_a_chain_is_previewed_then_saved_as_a_new_version(ground: Ground, enter: Any) -> None:
    office, path = enter("sysadmin"), f"/approvals/chains/{KIND}/"
    assert "部门负责人审批" in text(office, path)
    typed = rows(
        {"title": "初审", "who": "role:leader", "days": 3},
        {"title": "终审", "who": "post", "post": "常务副校长", "order": 2},
        {},
    )
    shown = office.post(path, typed | {"act": "preview"})
    assert shown.status_code == 200
    assert "此步无人可批" in shown.content.decode()
    assert "请核对职务写法" in shown.content.decode()
    assert not Chain.objects.exists()
    assert office.post(path, typed | {"act": "save"}).status_code == 302
    chain = Chain.objects.latest("version")
    assert chain.version == 2, "the shipped one is kept as the first"
    assert [(step.title, step.who, step.days) for step in chain.steps.all()] == [
        ("初审", "role", 3),
        ("终审", "post", None),
    ]
    assert "初审" in text(office, "/approvals/chains/")


@pytest.mark.parametrize(
    "step",
    [{"title": "甲", "who": "person"}, {"title": "甲", "who": "post"}, {"title": "甲", "fact": "amount"}, {"title": ""},
     {"title": "甲", "fact": "amount", "test": "gt", "amount": "很多"}, {"title": "甲", "who": "role:liaison"}],
)  # fmt: skip
def test_a_wrong_table_is_not_saved_and_keeps_what_was_typed(
    ground: Ground, enter: Any, step: dict[str, Any]
) -> None:
    answer = enter("registrar").post(
        f"/approvals/chains/{KIND}/", rows(step) | {"act": "save", "note": "我的说明"}
    )
    assert answer.status_code == 422
    assert "我的说明" in answer.content.decode()
    assert not Chain.objects.exists()


def test_departments_without_a_head_are_named(ground: Ground, enter: Any) -> None:
    Organisation.objects.create(school=ground.academy.school, kind="department", name="演示科普部")
    assert "演示科普部" in text(enter("registrar"), f"/approvals/chains/{KIND}/")
    text(enter("registrar"), "/approvals/chains/nothing/", 404)
    text(enter("head"), f"/approvals/chains/{KIND}/", 403)


def test_a_delegation_is_given_seen_on_the_own_page_and_taken_back(ground: Ground, enter: Any) -> None:
    today, deputy = timezone.localdate(), ground.academy.seats["deputy"].person
    typed = {
        "delegate": deputy.pk,
        "starts": f"{today}",
        "ends": f"{today + timedelta(days=2)}",
        "reason": "出差",
    }
    assert enter("head").post("/approvals/delegations/", typed | {"ends": "2020-01-01"}).status_code == 422
    assert enter("head").post("/approvals/delegations/", typed).status_code == 302
    assert enter("head").post("/approvals/delegations/", typed).status_code == 422
    assert deputy.name in text(enter("head"), "/me/")
    assert "委托审批" in text(enter("deputy"), "/me/")
    request = ground.put()
    assert "受" in text(enter("deputy"), f"/approvals/{request.pk}/")
    row = Delegation.objects.get()
    assert enter("deputy").post(f"/approvals/delegations/{row.pk}/revoke/").status_code == 403
    assert enter("head").post(f"/approvals/delegations/{row.pk}/revoke/").status_code == 302
    assert enter("liaison").get("/approvals/delegations/").status_code == 403


def test_a_class_out_of_plan_says_why_and_wants_the_leader_besides(ground: Ground, enter: Any) -> None:
    academy = ground.academy
    klass = factories.draft(academy, unplanned=True, unplanned_reason="上级临时部署")
    classes.move_class(academy.registrar, training_class=klass, move="submit")
    with pytest.raises(Exception, match="没有"):
        classes.move_class(academy.actor("head"), training_class=klass, move="approve")
    classes.move_class(academy.actor("head"), training_class=klass, move="pass")
    assert TrainingClass.objects.get().state == "submitted"
    assert "上级临时部署" in text(enter("leader"), f"/approvals/{Request.objects.get().pk}/")
    classes.move_class(academy.actor("leader"), training_class=klass, move="approve")
    assert TrainingClass.objects.get().state == klass.state == "approved"


def test_the_paper_of_a_class_out_of_plan_is_kept_and_another_takes_none(ground: Ground, enter: Any) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    paper = SimpleUploadedFile("审批件.pdf", b"%PDF-1.4\n%%EOF\n")
    planned = factories.draft(ground.academy)
    assert (
        enter("registrar").post(f"/classes/{planned.pk}/unplanned-paper/", {"file": paper}).status_code == 422
    )
    klass = factories.draft(ground.academy, unplanned=True, unplanned_reason="上级临时部署")
    paper.seek(0)
    assert (
        enter("registrar").post(f"/classes/{klass.pk}/unplanned-paper/", {"file": paper}).status_code == 302
    )
    assert "审批件.pdf" in text(enter("registrar"), f"/classes/{klass.pk}/")
    assert enter("registrar").post(f"/classes/{klass.pk}/unplanned-paper/").status_code == 422


def test_taking_a_class_back_or_calling_it_off_ends_its_approval(ground: Ground) -> None:
    academy = ground.academy
    klass = factories.draft(academy)
    for move in ("recall", "cancel"):
        classes.move_class(academy.registrar, training_class=klass, move="submit")
        classes.move_class(academy.registrar, training_class=klass, move=move, note="演示")
        assert not Request.objects.filter(state="in_progress").exists()
    assert Request.objects.filter(state="withdrawn").count() == 2


def test_a_request_taken_back_returns_the_class_to_a_draft(ground: Ground, enter: Any) -> None:
    klass = factories.draft(ground.academy)
    classes.move_class(ground.academy.registrar, training_class=klass, move="submit")
    assert enter("registrar").post(f"/approvals/{Request.objects.get().pk}/withdraw/").status_code == 302
    assert TrainingClass.objects.get().state == "draft"


def test_a_leader_without_a_seat_leaves_a_warning_on_the_page(ground: Ground, enter: Any) -> None:
    other = Organisation.objects.create(school=ground.academy.school, kind="department", name="演示空部")
    request = ground.put(organisation=other)
    assert "此步无人可批" in text(enter("keeper"), f"/approvals/{request.pk}/")
    factories.seat(ground.academy, "newhead", Role.DEPARTMENT_HEAD, other)
    assert "此步无人可批" not in text(enter("keeper"), f"/approvals/{request.pk}/")
