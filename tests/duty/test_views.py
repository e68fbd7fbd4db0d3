"""The screens of duties: who sees what, the office's whole road, the person's own, letters and workbooks."""

import io
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import openpyxl
from django.test import Client
from django.utils import timezone

from keyuan.duty import actions
from keyuan.duty.models import CountingRule, Duty, DutyClaim, DutyRule, Proof, ReminderRule
from keyuan.duty.todos import claims_to_look_at
from keyuan.kernel.models import IssuedPaper, StoredFile
from keyuan.people.middleware import actor_in
from keyuan.people.roles import Role
from tests import factories
from tests.duty.ground import PDF, Ground, paper

LONG_AGO, FAR = date(2021, 5, 20), date(2090, 5, 19)
In = Callable[[Any], Client]


def serve(ground: Ground, due: date = FAR) -> Client | None:
    """Two presidents in office, the first with an account; a liaison of the first society."""
    ground.people[0] = factories.seat(ground.academy, "president", Role.TEACHER).person
    ground.elect(0, LONG_AGO, due=due, number=4)
    ground.elect(1, LONG_AGO, at=1, due=FAR)
    factories.seat(ground.academy, "society", Role.LIAISON, ground.societies[0])
    ground.open()
    return None


def test_the_office_plans_proves_waives_and_invites_on_screen(owing: Ground, client_for: In) -> None:
    serve(owing)
    office, klass = client_for(owing.academy.seats["registrar"]), owing.coming(40)
    duty, other = owing.duty(), owing.duty("lecture", 1, 1)
    at = f"/duties/{duty.pk}/"
    assert "演示省数学学会" in office.get("/duties/").text
    refused = office.post(f"{at}plan/", {"what": "", "title": "演示活动", "note": "留着"})
    assert (refused.status_code, "留着" in refused.text) == (422, True)
    assert office.post(f"{at}plan/", {"what": f"class:{klass.pk}"}).status_code == 302
    assert "可以参加" in office.get(at).text
    office.post("/duties/invite/", {"pk": [duty.term_id, "x"]})
    letter = IssuedPaper.objects.get(kind="duty-invitation")
    listed = office.get("/duties/letters/", {"q": letter.number}).text
    assert letter.number in listed
    assert office.get(f"/duties/letters/{letter.pk}/pdf/").content[:4] == b"%PDF"
    assert office.get(f"/duties/letters/{letter.pk}/docx/").content[:2] == b"PK"
    assert office.post("/duties/letters/archive/", {"pk": letter.pk}).content[:2] == b"PK"
    assert office.post(f"{at}cancel/", {"reason": ""}).status_code == 422
    office.post(f"{at}cancel/", {"reason": "班次冲突"})
    assert "已作废" in office.get("/duties/letters/", {"void": "yes"}).text
    facts = {"title": "演示外省报告", "held_on": "2023-03-04", "evidence": paper()}
    office.post(f"/duties/{other.pk}/prove/", facts)
    proof = Proof.objects.get()
    assert StoredFile.objects.get(owner_label="duty.DutyClaim").owner_id == proof.claim_id
    assert "演示外省报告" in office.get("/duties/", {"state": "proven"}).text
    office.post(f"/duties/proofs/{proof.pk}/reverse/", {"reason": "误认"})
    office.post(f"{at}waive/", {"reason": "演示病休"})
    page = office.get("/duties/", {"state": "exempt", "q": "演示省数学"}).text
    assert ("演示病休" in page, "演示省物理学会" in page) == (True, False)
    office.post(f"{at}revoke/", {"reason": "已返岗"})
    assert owing.state(duty) == "open"
    office.post("/duties/refresh/")
    sheet = openpyxl.load_workbook(io.BytesIO(office.get("/duties/export/").content)).active
    assert sheet is not None
    assert {row[5] for row in sheet.iter_rows(min_row=2, values_only=True)} >= {
        owing.people[0].name,
        "演示乙",
    }


def test_the_holder_and_the_liaison_see_and_claim_their_own_only(owing: Ground, client_for: In) -> None:
    serve(owing)
    seats, duty, other = owing.academy.seats, owing.duty("lecture"), owing.duty("lecture", 1, 1)
    mine, unit, office = (
        client_for(seats["president"]),
        client_for(seats["society"]),
        client_for(seats["registrar"]),
    )
    klass = owing.coming(40)
    actions.plan(owing.office, duty=owing.duty(), training_class=klass)
    page = mine.get("/duties/mine/").text
    assert ("演示省数学学会" in page, "可以参加" in page, klass.title in page) == (True, True, True)
    mine.post(f"/duties/{owing.duty().pk}/answer/", {"answer": "yes"})
    assert "本人可以参加" in office.get("/duties/").text
    assert mine.get("/duties/").status_code == 403
    for who in (mine, unit):
        assert who.get(f"/duties/{duty.pk}/").status_code == 200
        assert who.get(f"/duties/{other.pk}/").status_code == 404
        assert who.get(f"/duties/people/{owing.people[1].pk}/").status_code == 404
        assert who.post(f"/duties/{duty.pk}/waive/", {"reason": "自己免"}).status_code == 403
    board = unit.get("/duties/").text
    assert ("演示省数学学会" in board, "演示省物理学会" in board) == (True, False)
    facts = {"title": "演示院士讲坛", "held_on": "2023-03-04"}
    assert unit.post(f"/duties/{duty.pk}/claim/", facts).status_code == 422
    unit.post(f"/duties/{duty.pk}/claim/", {**facts, "evidence": paper()})
    claim = DutyClaim.objects.get()
    assert "举证待审核" in mine.get("/duties/mine/").text
    stored = StoredFile.objects.get(owner_label="duty.DutyClaim")
    assert b"".join(office.get(f"/files/{stored.pk}/")) == PDF
    assert client_for(seats["liaison2"]).get(f"/files/{stored.pk}/").status_code == 404
    assert unit.post(f"/duties/claims/{claim.pk}/accept/").status_code == 403
    assert claim.title in office.get("/duties/claims/", {"state": "waiting", "q": "院士"}).text
    assert office.post(f"/duties/claims/{claim.pk}/return/", {"reason": ""}).status_code == 422
    office.post(f"/duties/claims/{claim.pk}/accept/")
    assert owing.state(duty) == "proven"
    mine.post(f"/duties/{owing.duty().pk}/claim/", {**facts, "evidence": paper()})
    mine.post(f"/duties/claims/{DutyClaim.objects.latest('pk').pk}/withdraw/")
    assert DutyClaim.objects.latest("pk").state == "withdrawn"


def test_rules_are_laid_down_on_screen(owing: Ground, client_for: In) -> None:
    office = client_for(owing.academy.seats["registrar"])
    owed = {
        "kind": "lecture", "organisation_kind": "city_association", "post_duty": "chair", "since": "2027-01-01",
        "owed": "on", "months": "24", "basis": "演示决定",
    }  # fmt: skip
    assert office.post("/duties/rules/owed/", {**owed, "basis": ""}).status_code == 422
    office.post("/duties/rules/owed/", owed)
    assert DutyRule.objects.get(post_duty="chair").months == 24
    counting = {
        "kind": "lecture",
        "counts": "no",
        "since": "2027-01-01",
        "class_kind": "salon",
        "basis": "演示决定",
    }
    office.post("/duties/rules/counting/", counting)
    rule = CountingRule.objects.get(class_kind="salon")
    office.post(f"/duties/rules/counting/{rule.pk}/end/", {"until": "2027-02-01"})
    assert "2027-02-01" in office.get("/duties/rules/").text
    office.post(
        "/duties/rules/reminders/", {"since": "2027-01-01", "days": "120，60 天, 60", "liaison": "on"}
    )
    assert ReminderRule.objects.get(since=date(2027, 1, 1)).days == [120, 60]
    before = DutyRule.objects.count()
    office.post("/duties/rules/defaults/")
    assert DutyRule.objects.count() == before


def test_the_office_is_told_what_waits_and_the_board_costs_the_same_for_many(
    owing: Ground, client_for: In, django_assert_max_num_queries: Any
) -> None:
    serve(owing, due=timezone.localdate() + timedelta(days=20))
    actions.claim(
        owing.system,
        duty=owing.duty("lecture", 1, 1),
        title="演示",
        held_on=date(2023, 3, 4),
        evidence=paper(),
    )
    own = sorted(claims_to_look_at(owing.office), key=lambda todo: todo.link)
    assert [(todo.link, todo.count) for todo in own] == [("/duties/?within=90", 1), ("/duties/claims/", 1)]
    liaison = actor_in(owing.academy.seats["liaison"])
    with django_assert_max_num_queries(0):
        assert list(claims_to_look_at(liaison)) == []
    office = client_for(owing.academy.seats["registrar"])
    near = office.get("/duties/", {"within": "90", "sort": "-until"}).text
    assert ("演示省数学学会" in near, "演示省物理学会" in near) == (True, False)
    for _n in range(2):
        with django_assert_max_num_queries(27):
            office.get("/duties/")
    assert Duty.objects.count() == 4
