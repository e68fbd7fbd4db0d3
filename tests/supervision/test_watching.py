"""Reminders by date, weekly digests, and items made of what other rooms hold."""

import re
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.utils import timezone

from keyuan.kernel import calendar, erasure, files, todos
from keyuan.kernel.access import SYSTEM, Forbidden, system_of, visible
from keyuan.kernel.faults import Fault
from keyuan.kernel.models import CalendarDay, Outbox
from keyuan.people.actions import EXPORTS
from keyuan.plan.models import Milestone
from keyuan.plan.queries import actions_on, panels_for
from keyuan.supervision import actions, jobs
from keyuan.supervision.models import Digest, Item, Step
from keyuan.supervision.queries import digests, sources
from keyuan.supervision.queries.board import items, lit
from keyuan.supervision.rules.lights import Light
from tests.supervision.conftest import Floor, again, build

# Wednesday, far from every date that counts from today.
DEADLINE, ISSUED = date(2031, 3, 12), date(2031, 2, 20)


def told(kind: str) -> list[set[int]]:
    return [set(row.person_ids) for row in Outbox.objects.filter(kind=f"supervision.{kind}").order_by("pk")]


def persons(floor: Floor, *keys: str) -> set[int]:
    return {floor.academy.seats[key].person_id for key in keys}


def test_day_by_day_the_ladder_tells_each_rung_once_and_climbs_higher(floor: Floor) -> None:
    one = floor.dated(
        floor.item("running", department=floor.academy.department), issued=ISSUED, deadline=DEADLINE
    )
    for state in ("submitted", "suspended", "closed"):
        floor.dated(floor.item(state), issued=ISSUED, deadline=DEADLINE)
    school, system = floor.academy.school, system_of(floor.academy.school.pk)
    climbed = {}
    for n in range(-12, 18):
        day = DEADLINE + timedelta(days=n)
        climbed[n] = actions.climb(system, school=school, today=day)
        assert actions.climb(system, school=school, today=day) == 0
    assert [n for n, count in climbed.items() if count] == [-7, -3, 0, 3, 7, 14]
    assert set(climbed.values()) == {0, 1}
    owner, head = persons(floor, "liaison"), persons(floor, "liaison", "head")
    assert told("nearing") == [owner, owner]
    assert told("due") == [head]
    assert told("overdue") == [head, *[persons(floor, "liaison", "head", "leader")] * 2]
    assert Step.objects.filter(item=one, kind="escalated").count() == 6
    # A later deadline begins anew; of several missed mornings only the last is made up.
    later = DEADLINE + timedelta(days=60)
    actions.postpone(floor.office, item=one, until=later, reason="演示")
    assert actions.climb(system, school=school, today=later + timedelta(days=1)) == 1
    assert told("overdue")[-1] == head


def test_a_school_lays_down_its_own_ladder_from_a_day_on(floor: Floor) -> None:
    one = floor.dated(floor.item("received"), issued=ISSUED, deadline=DEADLINE)
    school, system = floor.academy.school, system_of(floor.academy.school.pk)
    since = DEADLINE - timedelta(days=4)
    actions.set_ladder(floor.office, school=school, since=since, rungs=[(-2, "leader")], basis="演示办法")
    assert actions.climb(system, school=school, today=DEADLINE - timedelta(days=6)) == 1
    assert actions.climb(system, school=school, today=DEADLINE - timedelta(days=3)) == 0
    assert actions.climb(system, school=school, today=DEADLINE - timedelta(days=2)) == 1
    assert told("nearing")[-1] == persons(floor, "liaison", "registrar", "leader")
    assert Step.objects.filter(item=one, kind="escalated").count() == 2
    with pytest.raises(Fault, match="两档"):
        actions.set_ladder(floor.office, school=school, since=since, rungs=[(1, "head"), (1, "owner")])
    with pytest.raises(Forbidden):
        actions.set_ladder(floor.owner, school=school, since=since, rungs=[(1, "head")])


def test_the_digest_of_a_week_goes_to_each_in_their_own_range_once(floor: Floor) -> None:
    monday = date(2031, 3, 10)
    late = floor.dated(floor.item("running"), issued=ISSUED, deadline=monday - timedelta(days=1))
    floor.dated(floor.item("issued"), issued=ISSUED, deadline=DEADLINE)
    floor.dated(
        floor.item("received", owner=floor.academy.units[0]), issued=ISSUED, deadline=date(2031, 6, 1)
    )
    other = floor.dated(
        actions.open_item(floor.office, facts=floor.facts(owner=floor.academy.units[1]), issue=True),
        issued=ISSUED, deadline=DEADLINE,
    )  # fmt: skip
    closed = floor.item("closed")
    Item.objects.filter(pk=closed.pk).update(
        closed_at=timezone.make_aware(datetime.combine(date(2031, 3, 5), time(9)))
    )
    school, system = floor.academy.school, system_of(floor.academy.school.pk)
    assert actions.make_digests(system, school=school, today=monday) == 4
    assert actions.make_digests(system, school=school, today=monday + timedelta(days=1)) == 0
    made = {row.person_id: row for row in Digest.objects.all()}
    assert set(made) == persons(floor, "registrar", "leader", "liaison", "liaison2")
    whole, own = made[floor.office.person_id], made[floor.stranger.person_id]
    parts = {key: len(rows) for key, rows in whole.facts["parts"].items()}
    assert parts == {"overdue": 1, "due": 2, "reports": 0, "waiting": 0, "later": 1, "closed": 1}
    assert whole.facts["lights"] == {"red": 1, "amber": 2, "green": 1}
    assert whole.whole
    assert [line["pk"] for line in own.facts["parts"]["due"]] == [other.pk]
    assert digests.size_of(own.facts) == 1
    assert late.number in str(made[floor.owner.person_id].facts)
    assert len(told("digest")) == 4


def test_the_digest_day_is_the_weeks_first_working_day(db: None) -> None:
    monday = date(2031, 3, 10)
    assert [digests.is_digest_day(monday + timedelta(days=n)) for n in range(7)] == [True, *[False] * 6]
    CalendarDay.objects.create(day=monday, working=False)
    assert not digests.is_digest_day(monday)
    assert digests.is_digest_day(monday + timedelta(days=1))
    assert calendar.is_workday(monday + timedelta(days=1))


def test_the_schedules_run_school_by_school_and_bear_running_twice(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    floor.dated(floor.item("received"), issued=ISSUED, deadline=DEADLINE)
    real, today = timezone.localdate, [DEADLINE - timedelta(days=1)]
    monkeypatch.setattr(timezone, "localdate", lambda value=None: real(value) if value else today[0])
    for _again in range(2):
        jobs.remind_by_ladder()
        jobs.weekly_digest()
    assert len(told("nearing")) == 1
    assert not Digest.objects.exists()
    today[0] = date(2031, 3, 10)
    jobs.weekly_digest()
    assert Digest.objects.count() == 3


def test_a_digest_is_read_and_handed_out_by_its_receiver_alone(
    floor: Floor, client_for: Callable[[Any], Client]
) -> None:
    floor.item("running", title="演示通报事项")
    actions.make_digests(floor.office, school=floor.academy.school, today=timezone.localdate())
    own = Digest.objects.get(person_id=floor.owner.person_id)
    owner, stranger = (client_for(floor.academy.seats[key]) for key in ("liaison", "liaison2"))
    path = f"/supervision/digests/{own.pk}/"
    shown = owner.get(path).content.decode()
    assert "演示通报事项" in shown
    assert "绿灯·正常" in shown
    assert stranger.get(path).status_code == 404
    assert "演示通报事项" not in stranger.get("/supervision/digest/").content.decode()
    book = openpyxl.load_workbook(BytesIO(owner.get(f"{path}export/?as=xlsx").content))
    assert "演示通报事项" in {cell for row in book.active.iter_rows(values_only=True) for cell in row}
    assert owner.get(f"{path}export/?as=docx").content[:2] == b"PK"
    assert owner.get("/supervision/digest/export/?as=pdf").content[:4] == b"%PDF"
    assert "当周" in owner.get("/supervision/digests/").content.decode()
    assert owner.post("/supervision/digest/").status_code == 403


def test_lights_in_the_database_are_the_lights_of_the_rule(floor: Floor) -> None:
    today = timezone.localdate()
    for n in (-3, 0, 5, 30):
        for state in ("running", "submitted", "returned"):
            floor.dated(
                floor.item(state), issued=today - timedelta(days=40), deadline=today + timedelta(days=n)
            )
    owed = floor.item("running", report_every=7, deadline=today + timedelta(days=60))
    Item.objects.filter(pk=owed.pk).update(next_report_on=today - timedelta(days=1))
    rows = list(items(floor.office))
    for name, wanted in lit(today).items():
        rule = {one.pk for one in rows if digests.light(one, today) is Light(name)}
        assert set(items(floor.office).filter(wanted).values_list("pk", flat=True)) == rule
        assert rule


def test_activities_and_other_rooms_things_become_items_in_bulk_and_once(
    floor: Floor, client_for: Callable[[Any], Client]
) -> None:
    office = client_for(floor.academy.seats["registrar"])
    activity = floor.academy.activity
    assert {kind for kind, _word in sources.kinds()} >= {"plan", "duty", "filing", "hosting"}
    assert all(isinstance(sources.found_of(floor.office, kind), list) for kind in sources.SOURCES)
    assert "列为督办事项" in dict(actions_on(floor.office, activity))
    ref = f"activity:{activity.pk}"
    shown = office.get(
        "/supervision/pick/", {"kind": "plan", "q": activity.name, "ref": ref}
    ).content.decode()
    assert activity.name in shown
    assert "checked" in shown
    assert office.post("/supervision/pick/?kind=plan", {"act": "issue"}).status_code == 422
    kept = office.post(
        "/supervision/pick/?kind=plan", {"pk": [ref], "act": "issue", "owner": "没有的演示单位"}
    )
    assert kept.status_code == 422
    assert "没有“没有的演示单位”这个单位" in kept.content.decode()
    assert re.search(f'value="{ref}"[^>]* checked', kept.content.decode())
    assert (
        'name="owner" list="unit-names" autocomplete="off" maxlength="80" value="没有的演示单位"'
        in kept.content.decode()
    )
    assert not Item.objects.filter(source_ref=ref).exists()
    late = f"{timezone.localdate() + timedelta(days=3)}"
    office.post("/supervision/pick/?kind=plan", {"pk": [ref], "act": "issue", "deadline": late, "every": "7"})
    one = Item.objects.get(source_ref=ref)
    assert (one.owner, one.state, one.report_every, one.kind) == (
        floor.academy.department,
        "issued",
        7,
        "plan",
    )
    assert not sources.found_of(floor.office, "plan")
    Milestone.objects.create(activity=activity, name="演示方案", due=DEADLINE)
    (left,) = sources.found_of(floor.office, "plan")
    assert (left.title, left.deadline, left.owner_id) == (
        f"{activity.name}：演示方案",
        DEADLINE,
        floor.academy.department.pk,
    )
    assert [panel.title for panel in panels_for(floor.office, activity) if panel.title == "督办"]
    assert client_for(floor.academy.seats["liaison"]).get("/supervision/pick/").status_code == 403


def test_what_waits_is_on_the_homes_of_those_it_waits_for(floor: Floor) -> None:
    floor.item("issued")
    floor.item("submitted")
    late = floor.dated(floor.item("received"), issued=ISSUED, deadline=date(2021, 3, 1))
    actions.ask_postponement(floor.owner, item=late, until=DEADLINE, reason="演示")

    def titles(key: str) -> list[str]:
        return [one.title for one in todos.for_actor(floor.academy.actor(key)) if "督办" in one.title]

    assert set(titles("liaison")) == {"2 个督办事项在办，其中 1 个已超期", "1 个督办事项待签收"}
    assert set(titles("registrar")) == {"1 个督办事项待核验", "1 个督办延期申请待审批"}
    assert titles("liaison2") == []


def test_another_school_sees_nothing_and_who_is_erased_answers_for_nothing(floor: Floor) -> None:
    who = floor.academy.seats["teacher"].person
    one = floor.item("issued", owner_person=who)
    floor.item("draft")
    other = build("other")
    for actor in (
        other.office,
        other.leader,
        other.owner,
        floor.stranger,
        floor.academy.actor("headteacher"),
    ):
        assert not visible(actor, Item).exists()
        assert not visible(actor, Step).exists()
    assert Counter(visible(floor.owner, Item).values_list("state", flat=True)) == {"issued": 1}
    assert visible(floor.academy.actor("teacher"), Item).get() == one
    assert files.OWNERS["supervision.Item"](floor.stranger).count() == 0
    actions.make_digests(floor.office, school=floor.academy.school, today=timezone.localdate())
    assert len(EXPORTS["督办"](floor.office, who)) == 2
    erasure.erase(SYSTEM, person_id=who.pk)
    assert again(one).owner_person is None
    assert not Digest.objects.filter(person=who).exists()
