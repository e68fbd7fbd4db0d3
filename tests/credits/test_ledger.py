"""The ledger's promises, through its actions and queries."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from keyuan.credits.actions import award, award_many, reverse, reverse_many
from keyuan.credits.models import Balance, HourRule, Lot, Posting
from keyuan.credits.queries import account_rows, statement_for, totals_for, verify_ledger
from keyuan.kernel.access import Forbidden
from keyuan.kernel.faults import Fault
from tests.credits.conftest import World


def pay(world: World, **changes: object) -> Lot:
    return award_many(world.registrar, school_id=world.school.pk, rows=[world.facts(**changes)])[0]


def held(world: World, number: int = 0) -> Decimal:
    return totals_for(world.registrar, world.people[number].pk).get("cadre", Decimal(0))


def test_an_award_is_banked_and_stated(world: World) -> None:
    lot = award(
        world.registrar,
        person_id=world.people[0].pk,
        school_id=world.school.pk,
        source="test.completion:9",
        earned_on=date(2020, 10, 30),
        title="科学传播培训班",
        minutes=90,
    )
    assert lot.hours == Decimal("2.00")
    statement = statement_for(world.trainee, world.people[0].pk)
    assert [line.title for line in statement.lines] == ["科学传播培训班"]
    assert statement.total == held(world) == Decimal(2)
    assert statement.years == {2020: Decimal(2)}
    assert verify_ledger() is None


def test_paying_again_changes_nothing_and_returns_the_first_lot(world: World) -> None:
    first = pay(world)
    again = pay(world, hours=Decimal(8), title="改过的名称")
    assert again == first
    assert again.title == "科协系统干部培训班"
    assert (Lot.objects.count(), Posting.objects.count(), held(world)) == (1, 1, Decimal(24))


def test_a_source_never_pays_two_people(world: World) -> None:
    pay(world)
    with pytest.raises(Fault, match="他人名下"):
        pay(world, number=1)


def test_reversal_restores_and_the_source_may_pay_again_as_a_new_version(world: World) -> None:
    pay(world)
    lines = reverse(world.registrar, source="test.completion:1", reason="班次重新打开")
    assert held(world) == 0
    assert [line.amount for line in lines] == [Decimal(-24)]
    again = pay(world, hours=Decimal(20))
    assert (again.version, held(world)) == (2, Decimal(20))
    assert verify_ledger() is None


def test_reversing_twice_changes_nothing(world: World) -> None:
    pay(world)
    first = reverse(world.registrar, source="test.completion:1", reason="误登")
    again = reverse(world.registrar, source="test.completion:1", reason="误登")
    assert first == again
    assert Posting.objects.count() == 2


def test_a_reversal_needs_a_reason_and_something_to_reverse(world: World) -> None:
    pay(world)
    with pytest.raises(Fault, match="理由"):
        reverse(world.registrar, source="test.completion:1", reason=" ")
    with pytest.raises(Fault, match="没有找到"):
        reverse(world.registrar, source="test.completion:404", reason="误登")


def test_no_hours_are_no_award(world: World) -> None:
    with pytest.raises(Fault, match="大于 0"):
        pay(world, hours=Decimal(0))


def test_half_days_cap_what_counts_and_the_statement_says_so(world: World) -> None:
    lot = pay(world, hours=Decimal(24), half_days=5)
    assert (lot.hours, held(world)) == (Decimal(24), Decimal(20))
    assert statement_for(world.trainee, world.people[0].pk).lines[0].is_capped


def test_the_rule_in_force_on_the_day_counts(world: World) -> None:
    HourRule.objects.create(starts=date(2021, 1, 1), minutes_an_hour=50, hours_a_half_day=3, basis="演示")
    pay(world, source="test:1", hours=None, minutes=450, half_days=0)
    pay(world, source="test:2", hours=None, minutes=450, half_days=2, earned_on=date(2021, 3, 1))
    assert {lot.source: lot.hours for lot in Lot.objects.all()} == {
        "test:1": Decimal(10),
        "test:2": Decimal(9),
    }
    assert held(world) == Decimal(16)


def test_only_the_registrar_of_the_school_awards_and_reverses(world: World) -> None:
    pay(world)
    for actor in (world.stranger, world.liaison, world.trainee):
        with pytest.raises(Forbidden):
            award_many(actor, school_id=world.school.pk, rows=[world.facts(source="x:1")])
        with pytest.raises(Forbidden):
            reverse_many(actor, sources=["test.completion:1"], reason="误登")
    assert held(world) == Decimal(24)


def test_everyone_sees_their_own_the_office_all_and_a_liaison_totals_only(world: World) -> None:
    for number in range(3):
        pay(world, number=number, source=f"test:{number}")
    seen = {
        actor: account_rows(actor).count()
        for actor in (world.registrar, world.liaison, world.trainee, world.stranger)
    }
    assert list(seen.values()) == [3, 2, 1, 0]
    assert statement_for(world.liaison, world.people[0].pk).lines == ()
    assert statement_for(world.trainee, world.people[1].pk).lines == ()
    assert totals_for(world.liaison, world.people[1].pk) == {}
    assert [row.held for row in account_rows(world.registrar)] == [Decimal(24)] * 3


def test_the_queries_of_an_award_do_not_grow_with_the_people(
    world: World, django_assert_max_num_queries: Any
) -> None:
    rows = [world.facts(number % 5, source=f"test:{number}") for number in range(300)]
    with django_assert_max_num_queries(40):
        award_many(world.registrar, school_id=world.school.pk, rows=rows)
    assert Posting.objects.count() == 300
    with django_assert_max_num_queries(20):
        reverse_many(world.registrar, sources=[row.source for row in rows], reason="班次重新打开")
    assert set(Balance.objects.values_list("amount", flat=True)) == {Decimal(0)}
    assert verify_ledger() is None
