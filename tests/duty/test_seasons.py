"""A season from the database to plans: scarce cases against brute force, acceptance, undoing, re-planning."""

import json
import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from keyuan.duty.actions import accepting, proposing
from keyuan.duty.actions import seasons as actions
from keyuan.duty.models import Acceptance, Duty, DutyPlan, Expertise, Proof, Proposal, Theme
from keyuan.duty.queries.drafting import given, instance_of
from keyuan.duty.queries.proposals import Board, compared
from keyuan.duty.rules.instance import Out
from keyuan.duty.rules.proposal import read_proposal
from keyuan.duty.rules.reading import read
from keyuan.duty.rules.verifying import verify
from keyuan.kernel.faults import Conflict, Fault
from keyuan.people.models import Availability
from keyuan.terms.models import Term
from tests.duty.grounds import YEAR, Ground, build
from tests.duty.oracle import Oracle

pytestmark = pytest.mark.django_db
MARCH, MAY = date(YEAR, 3, 5), date(YEAR, 5, 7)


def scarce() -> Ground:
    """Three leaders, two classes with three places and three slots between them; one term ends between the classes."""
    return build(
        [{"field": "理科"}, {"field": "工科", "city": "4408"}, {"field": "理科", "due": date(YEAR, 4, 30)}],
        [
            {"starts": MARCH, "places": 2, "titles": ["甲题讲座", "乙题讲座"], "venue": "演示馆（湛江）"},
            {"starts": MAY, "places": 1, "titles": ["甲题报告"]},
        ],
    )


def solved(ground: Ground) -> Proposal:
    row = proposing.ask(ground.office, season=ground.season)
    ground.worked()
    row.refresh_from_db()
    assert row.is_solved
    return row


def standing() -> dict[tuple[int, str], int]:
    rows = DutyPlan.objects.filter(cancelled_at=None).select_related("duty")
    return {(one.duty.term_id, one.duty.kind): one.session_id or one.training_class_id or 0 for one in rows}


def test_the_database_becomes_an_instance_whose_proposal_is_as_good_as_brute_force() -> None:
    ground = scarce()
    first, second, third = ground.terms
    Availability.objects.create(
        school=ground.academy.school, person=first.holder, kind="cannot", starts=date(YEAR, 1, 1), ends=date(YEAR, 12, 31),
        weekdays=1 << MARCH.weekday(),
    )  # fmt: skip
    Expertise.objects.create(person=second.holder, theme=Theme.objects.get(name="甲题"), worth=9)
    row = solved(ground)
    raw = row.instance
    leaders = {one["id"]: one for one in raw["leaders"]}
    assert [one["city"] for one in raw["classes"]] == ["湛江", "广州"]
    assert leaders[f"L{second.pk}"]["city"] == "湛江"
    assert leaders[f"L{second.pk}"]["expertise"] == {"甲题": 9, "乙题": 6, "未定主题": 1}
    assert leaders[f"L{third.pk}"]["term"]["to"] == f"{YEAR}-04-30"
    assert [MARCH.isoformat()] * 2 in leaders[f"L{first.pk}"]["unavailable"]
    assert "演示理事长" not in json.dumps([raw, row.result], ensure_ascii=False)
    oracle = Oracle(raw)
    best = max(map(oracle.worth, oracle.plans()))
    found = {(one["leader"], one["kind"]): one["at"] for one in (row.result or {})["assignments"]}
    assert oracle.worth(found) == best
    assert (row.gap, row.faults, row.covered) == (0, [], len(found))
    assert verify(read(raw), read_proposal(json.dumps(row.result))).sound


def test_what_is_fixed_done_or_waived_is_honoured_and_contradictions_keep_their_places() -> None:
    ground = scarce()
    first, second, _third = ground.terms
    duties = {(one.term_id, one.kind): one for one in Duty.objects.all()}
    DutyPlan.objects.create(duty=duties[first.pk, "attend"], training_class=ground.classes[1])
    Proof.objects.create(
        duty=duties[second.pk, "attend"], how="manual", title="演示", held_on=date(YEAR, 3, 1)
    )
    raw = instance_of(given(ground.season))
    leaders = {one["id"]: one for one in raw["leaders"]}
    assert leaders[f"L{first.pk}"]["fixed"] == {"attend": f"C{ground.classes[1].pk}"}
    assert leaders[f"L{second.pk}"]["needs"] == {"lecture": 1}
    assert [f"{YEAR}-03-01", f"{YEAR}-03-31"] in leaders[f"L{second.pk}"]["unavailable"]
    DutyPlan.objects.create(
        duty=duties[first.pk, "lecture"], training_class=ground.classes[1], session=ground.sessions[2]
    )
    raw = instance_of(given(ground.season))  # both in May: the rule of the month would refuse what stands
    leaders = {one["id"]: one for one in raw["leaders"]}
    assert f"L{first.pk}" not in leaders
    assert [one["places"] for one in raw["classes"]] == [2, 0]
    assert [one["lecturers"] for one in raw["slots"]] == [1, 1, 0]


def test_accepting_plans_every_line_once_and_undoing_restores() -> None:
    ground = scarce()
    row = solved(ground)
    lines = [one["leader"] + "-" + one["kind"] for one in (row.result or {})["assignments"]]
    taken = accepting.accept(ground.office, proposal=row, keys=lines[:1])
    assert (len(taken.made), len(standing())) == (1, 1)
    taken = accepting.accept(ground.office, proposal=row)
    assert (len(taken.made), taken.same) == (len(lines) - 1, 1)
    assert len(standing()) == len(lines)
    late, early = Acceptance.objects.order_by("-pk")
    with pytest.raises(Conflict):
        accepting.undo(ground.office, acceptance=early)
    accepting.undo(ground.office, acceptance=late)
    accepting.undo(ground.office, acceptance=early)
    assert standing() == {}
    with pytest.raises(Conflict):
        accepting.undo(ground.office, acceptance=early)
    with pytest.raises(Fault):
        accepting.accept(ground.office, proposal=row, keys=["L0-attend"])


def test_when_somebody_cannot_come_only_what_must_moves_and_undoing_brings_it_back() -> None:
    ground = scarce()
    row = solved(ground)
    accepting.accept(ground.office, proposal=row)
    before = standing()
    leaver = next(key for key in before if key[1] == "attend" and key[0] != ground.terms[2].pk)
    again = proposing.ask_again(ground.office, after=row, out=Out(leaders=frozenset([f"L{leaver[0]}"])))
    ground.worked()
    again.refresh_from_db()
    assert again.faults == []
    board = Board(ground.office, again)
    changed = [line for line in board.lines if line.change]
    assert {line.key for line in changed} >= {f"L{leaver[0]}-attend"}
    accepting.accept(ground.office, proposal=again)
    after = standing()
    assert not any(term == leaver[0] for term, _kind in after)
    moved = {key for key in before.keys() & after.keys() if before[key] != after[key]}
    assert len(moved) <= again.changed
    assert "演示理事长" in " ".join(line.change for line in changed)
    assert not any(re.search(r"[LCS]\d", line.why + line.change) for line in board.lines)
    assert compared(Board(ground.office, row), board)
    with pytest.raises(Conflict):  # the older proposal is over
        accepting.accept(ground.office, proposal=row)
    accepting.undo(ground.office, acceptance=again.acceptances.get())
    assert standing() == before


def test_days_on_which_somebody_cannot_come_stay_known_in_the_next_plan() -> None:
    ground = scarce()
    row = solved(ground)
    one = next(one for one in (row.result or {})["assignments"] if one["kind"] == "lecture")
    again = proposing.ask_again(ground.office, after=row, out=Out(), away=[f"{one['leader']}-lecture"])
    ground.worked()
    again.refresh_from_db()
    third = proposing.ask_again(ground.office, after=again, out=Out())
    for later in (again, third):
        owner = next(row for row in later.instance["leaders"] if row["id"] == one["leader"])
        day = ground.sessions[[s.pk for s in ground.sessions].index(int(one["at"][1:]))].date.isoformat()
        assert [day, day] in owner["unavailable"]


def test_a_hand_made_plan_is_never_overwritten_and_nothing_is_asked_for_nothing() -> None:
    ground = scarce()
    row = solved(ground)
    one = next(one for one in (row.result or {})["assignments"] if one["kind"] == "attend")
    duty = Duty.objects.get(term_id=int(one["leader"][1:]), kind="attend")
    DutyPlan.objects.create(duty=duty, title="演示活动", day=date(YEAR, 8, 1))
    taken = accepting.accept(ground.office, proposal=row)
    assert len(taken.left) == 1
    assert DutyPlan.objects.get(duty=duty, cancelled_at=None).title == "演示活动"
    ground.season.classes.all().delete()
    with pytest.raises(Fault):
        proposing.ask(ground.office, season=ground.season)


def test_a_term_that_ends_meanwhile_before_the_day_is_left_with_the_reason() -> None:
    ground = scarce()
    row = solved(ground)
    lines = (row.result or {})["assignments"]
    one = next(one for one in lines if one["at"] == f"C{ground.classes[1].pk}")
    over = Term.objects.get(pk=int(one["leader"][1:]))
    Term.objects.filter(pk=over.pk).update(due=date(YEAR, 3, 31))
    taken = accepting.accept(ground.office, proposal=row)
    assert [f"{over.holder}" in line and f"{YEAR}-03-31" in line for line in taken.left] == [True]
    assert (over.pk, one["kind"]) not in standing()
    assert len(standing()) == len(lines) - 1


def test_the_office_does_it_all_on_screens_and_others_do_not(client_for: Callable[[Any], Client]) -> None:
    ground = scarce()
    office = client_for(ground.academy.seats["registrar"])
    teacher = client_for(ground.academy.seats["teacher"])
    base = f"/duties/seasons/{ground.season.pk}/"
    assert "演示排期" in office.get("/duties/seasons/").content.decode()
    assert teacher.get("/duties/seasons/").status_code == 403
    assert teacher.get(base).status_code == 404
    klass = ground.classes[0].pk
    sent = {
        "shown": klass,
        "pk": klass,
        f"places-{klass}": "x",
        f"lecturers-{klass}": "2",
        f"city-{klass}": "湛江",
    }
    refused = office.post(base + "classes/", sent)
    assert refused.status_code == 422
    assert 'value="x"' in refused.content.decode()
    assert office.post(base + "classes/", {**sent, f"places-{klass}": "3"}).status_code == 302
    assert ground.season.classes.get(training_class=klass).places == 3
    slot = ground.sessions[0].pk
    office.post(base + "slots/", {"shown": [slot, ground.sessions[1].pk], "pk": slot, f"theme-{slot}": ""})
    assert ground.season.slots.count() == 2
    answer = office.post(base + "propose/", follow=True)
    assert "可以离开这个页面" in answer.content.decode()
    ground.worked()
    row = Proposal.objects.get()
    place = f"/duties/proposals/{row.pk}/"
    shown = office.get(place).content.decode()
    assert "已证明最优" in shown
    assert "演示理事长1" in shown
    assert f"L{ground.terms[0].pk}）" not in shown
    assert office.get(place + "?q=演示省第2学会&kind=attend&sort=-day").status_code == 200
    for name in ("export", "instance", "result", "replan"):
        assert office.get(f"{place}{name}/").status_code == 200
    assert (
        read(json.loads(office.get(place + "instance/").content)).fingerprint
        == (row.result or {})["instance"]
    )
    assert office.post(place + "accept/", {"act": "all"}).status_code == 302
    duty = DutyPlan.objects.first()
    assert duty is not None
    assert f"?line=L{duty.duty.term_id}-" in office.get(f"/duties/drop-out/{duty.duty_id}/")["Location"]
    away = f"L{duty.duty.term_id}-{duty.duty.kind}"
    assert office.post(place + "replan/", {"away": away}).status_code == 302
    ground.worked()
    again = Proposal.objects.latest("pk")
    assert office.get(f"/duties/proposals/{again.pk}/compare/?with={row.pk}").status_code == 200
    assert office.get(f"/duties/proposals/{again.pk}/?result=changed").status_code == 200
    office.post(f"/duties/acceptances/{row.acceptances.get().pk}/undo/")
    assert standing() == {}


def test_themes_and_expertise_are_kept_by_the_office(client_for: Callable[[Any], Client]) -> None:
    ground = scarce()
    office, person = client_for(ground.academy.seats["registrar"]), ground.terms[0].holder
    assert person is not None
    assert office.post("/duties/themes/defaults/").status_code == 302
    assert Theme.objects.count() == 14
    facts = {"name": "甲题", "words": "", "fields": "", "base": "0"}
    assert (
        office.post("/duties/themes/add/", facts).status_code == 409
        or Theme.objects.filter(name="甲题").count() == 1
    )
    told = {"shown": person.pk, f"known-{person.pk}": "人工智能 9、甲题：3"}
    assert office.post("/duties/expertise/", told).status_code == 302
    assert {(row.theme.name, row.worth) for row in Expertise.objects.all()} == {("人工智能", 9), ("甲题", 3)}
    wrong = office.post("/duties/expertise/", {**told, f"known-{person.pk}": "没有的 9"})
    assert wrong.status_code == 422
    assert "没有的 9" in wrong.content.decode()
    assert office.get("/duties/expertise/export/").status_code == 200
    actions.forget_expertise(person.pk)
    assert not Expertise.objects.exists()
    office.post(f"/duties/themes/{Theme.objects.get(name='甲题').pk}/remove/")
    assert not Theme.objects.filter(name="甲题").exists()
