"""Nominating, admitting, waiting, substituting: who gets a place, and that nobody gets one twice."""

from datetime import timedelta

import pytest
from django.utils import timezone

from keyuan.kernel import audit
from keyuan.kernel.access import Forbidden
from keyuan.kernel.faults import Conflict, Fault
from keyuan.kernel.models import Message
from keyuan.kernel.notify import deliver
from keyuan.people.actions import PersonFacts
from keyuan.people.models import Person
from keyuan.training.actions import nominations
from keyuan.training.models import Nomination, QuotaShare, TrainingClass
from tests import factories
from tests.factories import Academy
from tests.kernel.sheet_files import resident_number


def states(klass: TrainingClass) -> list[str]:
    return list(klass.nominations.order_by("pk").values_list("state", flat=True))


def counted(klass: TrainingClass) -> tuple[int, list[int]]:
    """Places taken, and shares used in the order of units."""
    taken = TrainingClass.objects.get(pk=klass.pk).taken
    return taken, list(QuotaShare.objects.order_by("pk").values_list("used", flat=True))


def test_a_unit_sends_as_many_as_its_share_and_no_more(academy: Academy) -> None:
    klass = factories.published(academy, (2, 1))
    factories.nominee(academy, klass)
    factories.nominee(academy, klass)
    with pytest.raises(Conflict, match="2 个名额已用完"):
        factories.nominee(academy, klass)
    assert counted(klass) == (0, [2, 0])


def test_a_unit_without_a_share_is_sent_to_the_office(academy: Academy) -> None:
    klass = factories.published(academy, (2,))
    with pytest.raises(Fault, match="没有这个班次的名额"):
        factories.nominee(academy, klass, unit=1)


def test_nominating_again_gives_the_first_nomination_and_uses_no_second_place(academy: Academy) -> None:
    klass = factories.published(academy)
    first = factories.nominee(academy, klass)
    again = factories.nominee(academy, klass, who=first.person)
    assert again == first
    assert counted(klass) == (0, [1, 0])


def test_a_person_whom_another_unit_has_sent_is_refused_with_that_unit_named(academy: Academy) -> None:
    klass = factories.published(academy)
    first = factories.nominee(academy, klass)
    with pytest.raises(Conflict, match=academy.units[0].name):
        factories.nominee(academy, klass, unit=1, who=first.person)
    assert counted(klass) == (0, [1, 0])


def test_after_the_deadline_only_the_registrar_adds(academy: Academy) -> None:
    klass = factories.published(academy)
    yesterday = timezone.localdate() - timedelta(days=1)
    TrainingClass.objects.filter(pk=klass.pk).update(nominate_by=yesterday)
    who = factories.person(academy, unit=academy.units[0])
    with pytest.raises(Fault, match=r"已于 .* 截止"):
        nominations.nominate(
            academy.actor("liaison"), training_class=klass, person=who, organisation=academy.units[0]
        )
    late = nominations.nominate(
        academy.registrar, training_class=klass, person=who, organisation=academy.units[0]
    )
    assert late.state == "submitted"


def test_on_the_last_day_itself_a_liaison_still_may(academy: Academy) -> None:
    klass = factories.published(academy)
    TrainingClass.objects.filter(pk=klass.pk).update(nominate_by=timezone.localdate())
    assert factories.nominee(academy, klass).state == "submitted"


def test_a_liaison_nominates_for_the_own_unit_only(academy: Academy) -> None:
    klass = factories.published(academy)
    who = factories.person(academy, unit=academy.units[1])
    with pytest.raises(Forbidden):
        nominations.nominate(
            academy.actor("liaison"), training_class=klass, person=who, organisation=academy.units[1]
        )


def test_somebody_of_another_school_is_not_nominated(academy: Academy) -> None:
    klass, other = factories.published(academy), factories.build("sz")
    with pytest.raises(Fault, match="不在本校"):
        factories.nominee(academy, klass, who=factories.person(other))


def test_a_draft_class_takes_no_nominations(academy: Academy) -> None:
    klass = factories.approved(academy)
    with pytest.raises(Fault, match="不在报名阶段"):
        factories.nominee(academy, klass)


def test_admitting_counts_a_place_and_the_full_class_refuses_the_next(academy: Academy) -> None:
    klass = factories.published(academy, (2, 2), places=4)
    rows = [factories.nominee(academy, klass) for _ in range(2)] + [
        factories.nominee(academy, klass, unit=1) for _ in range(2)
    ]
    TrainingClass.objects.filter(pk=klass.pk).update(places=3)
    outcome = nominations.move_many(academy.registrar, nominations=rows, move="admit")
    assert (outcome.done, [row.pk for row, _why in outcome.refused]) == (3, [rows[3].pk])
    assert "名额已满" in outcome.refused[0][1]
    assert counted(klass)[0] == 3
    assert states(klass) == ["admitted"] * 3 + ["submitted"]


def test_returned_is_mended_by_the_unit_and_comes_back(academy: Academy) -> None:
    klass = factories.published(academy)
    row = factories.move(academy, factories.nominee(academy, klass), "return", "请补职务")
    assert (row.state, row.reason) == ("returned", "请补职务")
    deliver()
    told = Message.objects.get(kind="training.nomination_returned")
    assert told.person_id == academy.seats["liaison"].person_id
    nominations.move_nomination(academy.actor("liaison"), nomination=row, move="resubmit")
    assert counted(klass) == (0, [1, 0])
    assert states(klass) == ["submitted"]


def test_returning_and_declining_need_a_reason(academy: Academy) -> None:
    klass = factories.published(academy)
    row = factories.nominee(academy, klass)
    for name in ("return", "decline"):
        with pytest.raises(Fault, match="理由"):
            nominations.move_nomination(academy.registrar, nomination=row, move=name, note="")
    assert states(klass) == ["submitted"]


@pytest.mark.parametrize(("name", "state"), [("decline", "declined"), ("withdraw", "withdrawn")])
def test_declining_and_withdrawing_give_the_share_back(academy: Academy, name: str, state: str) -> None:
    klass = factories.published(academy, (1, 1))
    factories.move(academy, factories.nominee(academy, klass), name)
    assert states(klass) == [state]
    assert counted(klass) == (0, [0, 0])
    assert factories.nominee(academy, klass).state == "submitted"


def test_a_place_that_becomes_free_goes_to_whoever_has_waited_longest(academy: Academy) -> None:
    klass = factories.published(academy, (3, 1), places=4)
    TrainingClass.objects.filter(pk=klass.pk).update(places=1)
    first, second, third = (factories.nominee(academy, klass) for _ in range(3))
    factories.move(academy, first, "admit")
    factories.move(academy, third, "waitlist")
    factories.move(academy, second, "waitlist")
    factories.move(academy, first, "remove", "因工作原因退出")
    assert states(klass) == ["withdrawn", "waitlisted", "admitted"]
    assert counted(klass) == (1, [2, 0])
    deliver()
    kinds = Message.objects.filter(person_id=academy.seats["liaison"].person_id).values_list(
        "kind", flat=True
    )
    assert "training.from_waitlist" in kinds
    assert audit.verify() is None


def test_substituting_an_admitted_trainee_frees_the_place_and_fills_it_from_the_waitlist(
    academy: Academy,
) -> None:
    klass = factories.published(academy, (3, 1), places=4)
    TrainingClass.objects.filter(pk=klass.pk).update(places=1)
    first = factories.move(academy, factories.nominee(academy, klass), "admit")
    waiting = factories.move(academy, factories.nominee(academy, klass), "waitlist")
    fresh = nominations.substitute(
        academy.actor("liaison"), nomination=first, person=factories.person(academy, unit=academy.units[0])
    )
    assert fresh.replaces == first
    assert states(klass) == ["substituted", "admitted", "submitted"]
    assert Nomination.objects.get(pk=waiting.pk).state == "admitted"
    assert counted(klass) == (1, [2, 0])


def test_substituting_by_somebody_already_in_the_class_changes_nothing(academy: Academy) -> None:
    klass = factories.published(academy)
    first, second = (factories.nominee(academy, klass) for _ in range(2))
    with pytest.raises(Conflict, match="不能用来换人"):
        nominations.substitute(academy.actor("liaison"), nomination=first, person=second.person)
    assert states(klass) == ["submitted", "submitted"]
    assert counted(klass) == (0, [2, 0])


def test_substituting_ends_with_the_deadline_for_the_unit(academy: Academy) -> None:
    klass = factories.published(academy)
    row = factories.nominee(academy, klass)
    TrainingClass.objects.filter(pk=klass.pk).update(nominate_by=timezone.localdate() - timedelta(days=1))
    with pytest.raises(Fault, match="截止"):
        nominations.substitute(academy.actor("liaison"), nomination=row, person=factories.person(academy))


def test_substituting_goes_by_its_own_door(academy: Academy) -> None:
    klass = factories.published(academy)
    row = factories.nominee(academy, klass)
    with pytest.raises(Fault, match="接替人员"):
        nominations.move_nomination(academy.registrar, nomination=row, move="substitute")


def test_a_known_number_under_another_name_is_not_taken_for_the_same_person(academy: Academy) -> None:
    klass = factories.published(academy)
    number = resident_number(5, "19770707")
    facts = PersonFacts("演示甲", organisation=academy.units[0], id_number=number)
    made = nominations.nominate_new(
        academy.actor("liaison"), training_class=klass, organisation=academy.units[0], facts=facts
    )
    other = PersonFacts("演示乙", organisation=academy.units[0], id_number=number)
    with pytest.raises(Conflict, match="姓名与所填不同"):
        nominations.nominate_new(
            academy.actor("liaison"), training_class=klass, organisation=academy.units[0], facts=other
        )
    assert Person.objects.filter(name__in=["演示甲", "演示乙"]).get() == made.person


def test_a_stale_page_is_a_conflict_and_leaves_the_reason_alone(academy: Academy) -> None:
    klass = factories.published(academy)
    row = factories.nominee(academy, klass)
    stale = Nomination.objects.get(pk=row.pk)
    factories.move(academy, row, "admit", "")
    with pytest.raises(Conflict, match="请刷新"):
        nominations.move_nomination(academy.registrar, nomination=stale, move="return", note="旧页面")
    row.refresh_from_db()
    assert (row.state, row.reason) == ("admitted", "")


@pytest.mark.parametrize("wrong", ["abc", "999999", "-1", "1.5", "９"])
def test_a_garbled_replacement_is_an_answer_and_not_a_breakdown(
    academy: Academy, client_for, wrong: str
) -> None:
    klass = factories.published(academy)
    who = factories.person(academy, unit=academy.units[0])
    answer = client_for(academy.seats["liaison"]).post(
        f"/classes/{klass.pk}/nominate/people/", {"person": [who.pk], "replace": wrong}
    )
    assert answer.status_code in {302, 404, 422}
