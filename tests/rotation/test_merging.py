"""Two records of one person become one: labels, lists, exemptions and hours follow, one line is left, and all of it goes back."""

from datetime import date, timedelta

import pytest

from keyuan.people.actions import merging
from keyuan.people.models import Merge, Person
from keyuan.people.roles import Role
from keyuan.rotation import actions
from keyuan.rotation.models import CohortMember, Exemption
from tests import factories
from tests.rotation.conftest import Ground

SPECIALISTS, EARLY, LATE = "专业技术人员继续教育", date(2015, 1, 1), date(2024, 1, 1)


def _pair(ground: Ground) -> tuple[Person, Person]:
    factories.seat(ground.academy, "second", Role.REGISTRAR)
    return ground.person("演示并甲", ground.society), ground.person("演示并乙", ground.society)


def _merged(ground: Ground, kept: Person, gone: Person) -> Merge:
    merge = merging.propose(ground.office, kept=kept, gone=gone, reason="演示重复")
    return merging.approve(ground.academy.actor("second"), merge=merge)


@pytest.mark.parametrize(("kept_since", "gone_since"), [(None, EARLY), (LATE, EARLY), (EARLY, LATE)])
def test_a_label_in_both_records_is_borne_since_the_earlier_day_and_goes_back(
    ground: Ground, kept_since: date | None, gone_since: date
) -> None:
    (kept, gone), label = _pair(ground), ground.label("专业技术人员")
    for who, since in ((kept, kept_since), (gone, gone_since)):
        if since:
            actions.label_person(ground.office, label=label, person=who, starts=since)
    ground.hours(kept, 10, ground.today)
    ground.hours(gone, 20, ground.today)
    before = list(CohortMember.objects.order_by("pk").values_list("pk", "person_id", "starts", "ends"))
    merge = _merged(ground, kept, gone)
    lines = ground.lines(ground.requirement(SPECIALISTS))
    assert list(lines) == [kept.name]
    assert lines[kept.name].held.hours == 30
    assert lines[kept.name].member.joined == EARLY
    merging.undo(ground.academy.actor("second"), merge=merge, note="查明是两个人")
    assert (
        list(CohortMember.objects.order_by("pk").values_list("pk", "person_id", "starts", "ends")) == before
    )


def test_of_two_exemptions_the_longer_one_stands_and_a_place_on_a_list_follows(ground: Ground) -> None:
    one, (kept, gone) = ground.requirement("学会秘书长调训"), _pair(ground)
    actions.list_person(ground.office, requirement=one, person=gone)
    actions.exempt(
        ground.office,
        requirement=one,
        persons=[kept],
        reason="演示短期",
        until=ground.today + timedelta(days=5),
    )
    actions.exempt(ground.office, requirement=one, persons=[gone], reason="演示长期")
    merge = _merged(ground, kept, gone)
    line = ground.lines(one)[kept.name]
    assert (line.standing.state, line.reason) == ("exempt", "演示长期")
    merging.undo(ground.academy.actor("second"), merge=merge, note="查明是两个人")
    assert dict(Exemption.objects.values_list("person__name", "reason")) == {
        kept.name: "演示短期",
        gone.name: "演示长期",
    }
    assert ground.lines(one)[gone.name].reason == "演示长期"
