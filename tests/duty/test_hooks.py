"""What the other rooms get of duties: the worker's rounds, the own export, erasure, the card, a merge of persons."""

import json
from datetime import date

from keyuan.duty import actions, jobs
from keyuan.duty.models import Duty, DutyClaim, Reminder
from keyuan.kernel import erasure
from keyuan.kernel.access import Actor
from keyuan.people import actions as people
from keyuan.people.actions import merging
from keyuan.people.middleware import actor_in
from keyuan.people.queries import profile_of
from keyuan.people.roles import Role
from tests import factories
from tests.duty.ground import Ground, paper

LONG_AGO, FAR = date(2021, 5, 20), date(2090, 5, 19)


def test_the_worker_opens_duties_and_reminds_without_doing_anything_twice(owing: Ground) -> None:
    owing.elect(0, LONG_AGO, due=FAR)
    for _round in range(2):
        jobs.keep_in_step()
        jobs.remind_all()
    assert (Duty.objects.count(), Reminder.objects.count()) == (2, 0)


def test_a_person_gets_and_loses_what_is_held(owing: Ground) -> None:
    owing.elect(0, LONG_AGO, due=FAR)
    owing.open()
    holder, duty = owing.people[0], owing.duty("lecture")
    actions.claim(
        owing.system,
        duty=duty,
        title="演示院士讲坛",
        held_on=date(2023, 3, 4),
        note="演示私语",
        evidence=paper(),
    )
    me = Actor(holder.pk, holder.school_id, None, frozenset({"teacher"}))
    text = json.dumps(people.export_self(me, person=holder), ensure_ascii=False, default=str)
    assert all(word in text for word in ("演示院士讲坛", "演示私语", "听一课"))
    cards = dict(profile_of(me))
    assert [line.link for line in cards["听一课讲一课"]] == ["/duties/mine/", "/duties/mine/"]
    erasure.erase(owing.office, person_id=holder.pk)
    assert DutyClaim.objects.get().note == ""


def test_a_merged_person_takes_the_duties_along(owing: Ground) -> None:
    owing.elect(0, LONG_AGO, due=FAR)
    owing.open()
    kept, gone = owing.people[1], owing.people[0]
    carried = merging.tried(owing.office, kept, gone)
    assert any(each["model"] == "terms.Term" for each in carried.moved)
    merge = merging.propose(owing.office, kept=kept, gone=gone, reason="演示：同一人")
    second = factories.seat(owing.academy, "second", Role.REGISTRAR)
    merging.approve(actor_in(second), merge=merge)
    assert set(Duty.objects.values_list("term__holder_id", flat=True)) == {kept.pk}
