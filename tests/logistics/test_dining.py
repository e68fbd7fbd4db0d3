"""Tables of meals: filled evenly, the head table by hand, told in time, and the kitchen told numbers only."""

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.test import Client
from docx import Document
from hypothesis import given
from hypothesis import strategies as st

from keyuan.attendance.models import Expected
from keyuan.attendance.models.presence import Leave, LeaveSitting
from keyuan.kernel.access import Actor, Forbidden, visible
from keyuan.kernel.faults import Conflict, Fault
from keyuan.logistics import papers
from keyuan.logistics.actions import answering, arranging, dining, grouping
from keyuan.logistics.actions.answering import AnswerFacts
from keyuan.logistics.models import Diner, MealTable
from keyuan.logistics.queries import dining as reads
from keyuan.logistics.queries import mine
from keyuan.logistics.rules import dining as rules
from keyuan.logistics.rules.grouping import Member
from keyuan.training.models import Nomination
from tests import factories
from tests.logistics.conftest import Ground

DAY = date(2026, 3, 2)


def sized(ground: Ground, size: int) -> None:
    arranging.set_up(ground.academy.registrar, training_class=ground.klass, facts={"table_size": size})


def seated(ground: Ground) -> Counter[str]:
    return Counter(str(one.table) for one in Diner.objects.select_related("table"))


@given(
    groups=st.lists(st.integers(0, 6), max_size=40),
    seats=st.lists(st.integers(1, 12), max_size=6),
    together=st.booleans(),
    held=st.integers(0, 3),
)
def test_no_table_is_overfull_nobody_sits_twice_and_the_locked_stay(
    *, groups: list[int], seats: list[int], together: bool, held: int
) -> None:
    people = [Member(key, f"u{key % 5}", "", str(group)) for key, group in enumerate(groups)]
    tables = [(100 + at, count) for at, count in enumerate(seats)]
    locked = dict.fromkeys(range(min(held, len(people), seats[0])), 100) if seats else {}
    found = rules.propose(people, tables, locked, together=together)
    assert Counter(found.values()) <= Counter(dict(tables))
    assert found.items() >= locked.items()
    assert len(found) == min(len(people), sum(seats))


def test_mixing_spreads_a_unit_over_the_tables() -> None:
    people = [Member(key, "甲" if key < 3 else f"u{key}") for key in range(12)]
    found = rules.propose(people, [(1, 4), (2, 4), (3, 4)], {}, together=False)
    assert {found[key] for key in range(3)} == {1, 2, 3}


@pytest.mark.parametrize(
    ("said", "marks"),
    [
        ("", ()), ("无", ()), ("没有。", ()), ("清真", ("清真",)), ("素食，花生过敏", ("素食", "过敏")),
        ("高血压，少盐", ("低盐低脂",)), ("糖尿病", ("低糖",)), ("不吃香菜", ("其他忌口",)),
    ],
)  # fmt: skip
def test_free_words_become_marks(said: str, marks: tuple[str, ...]) -> None:
    assert rules.marks_of(said) == marks


@given(st.integers(0, 9), st.sampled_from(rules.ORDER), st.sampled_from(rules.ORDER))
def test_meals_run_from_the_first_to_the_last(days: int, first: str, last: str) -> None:
    found = rules.meals_between(DAY, DAY + timedelta(days=days), first, last)
    assert found == sorted(found, key=lambda one: (one[0], rules.ORDER.index(one[1])))
    if days:
        assert (found[0][1], found[-1][1]) == (first, last)
        assert len(found) == 3 * (days - 1) + 3 - rules.ORDER.index(first) + rules.ORDER.index(last) + 1


def test_the_proposal_puts_tables_down_keeps_groups_together_and_leaves_the_head_table(
    ground: Ground,
) -> None:
    actor, klass = ground.academy.registrar, ground.klass
    sized(ground, 4)
    grouping.propose_groups(actor, training_class=klass, count=2)
    dining.add_tables(actor, training_class=klass, count=1, capacity=3, head=True)
    head = MealTable.objects.get()
    dining.move_diners(actor, training_class=klass, ids=ground.ids(0), table_id=head.pk)
    assert dining.propose_tables(actor, training_class=klass, together=True) == 0
    assert seated(ground)["主桌"] == 1
    assert MealTable.objects.count() == 3
    for one in MealTable.objects.exclude(pk=head.pk):
        assert len({diner.nomination.group for diner in one.diners.select_related("nomination")}) == 1
    assert dining.propose_tables(actor, training_class=klass, together=False) == 0
    assert MealTable.objects.count() == 3, "asked again, no table is added"
    assert sorted(seated(ground).values()) == [1, 3, 4]


def test_locked_people_stay_and_newcomers_fill_up(ground: Ground) -> None:
    actor, klass = ground.academy.registrar, ground.klass
    sized(ground, 4)
    dining.propose_tables(actor, training_class=klass, together=False)
    table = Diner.objects.get(nomination=ground.rows[0]).table_id
    dining.lock_diners(actor, training_class=klass, ids=ground.ids(0), locked=True)
    with pytest.raises(Fault, match="锁定"):
        dining.move_diners(actor, training_class=klass, ids=ground.ids(0), table_id=None)
    dining.propose_tables(actor, training_class=klass, together=True)
    assert Diner.objects.get(nomination=ground.rows[0]).table_id == table
    dining.move_diners(actor, training_class=klass, ids=ground.ids(1), table_id=None)
    assert dining.propose_tables(actor, training_class=klass, together=False, only_new=True) == 0
    assert Diner.objects.count() == 8


def test_a_table_takes_no_more_than_its_seats_and_a_class_one_head_table(ground: Ground) -> None:
    actor, klass = ground.academy.registrar, ground.klass
    dining.add_tables(actor, training_class=klass, count=2, capacity=2)
    first, second = MealTable.objects.all()
    dining.move_diners(actor, training_class=klass, ids=ground.ids(0, 1), table_id=first.pk)
    with pytest.raises(Conflict, match="还有 0 个座位"):
        dining.move_diners(actor, training_class=klass, ids=ground.ids(2), table_id=first.pk)
    with pytest.raises(Conflict, match="已坐 2 人"):
        dining.change_table(actor, training_class=klass, table_id=first.pk, title="", capacity=1, head=False)
    dining.change_table(actor, training_class=klass, table_id=first.pk, title="贵宾桌", capacity=2, head=True)
    with pytest.raises(Conflict, match="主桌"):
        dining.change_table(actor, training_class=klass, table_id=second.pk, title="", capacity=2, head=True)
    with pytest.raises(Forbidden):
        dining.remove_table(ground.academy.actor("liaison"), training_class=klass, table_id=first.pk)
    with pytest.raises(Fault, match="60"):
        dining.add_tables(actor, training_class=klass, count=60, capacity=2)
    dining.remove_table(actor, training_class=klass, table_id=first.pk)
    assert not Diner.objects.exists()


def test_who_withdraws_leaves_the_table(ground: Ground) -> None:
    actor, klass = ground.academy.registrar, ground.klass
    dining.propose_tables(actor, training_class=klass, together=True)
    Nomination.objects.filter(pk=ground.rows[0].pk).update(state="withdrawn")
    dining.add_tables(actor, training_class=klass, count=1, capacity=2)
    assert not Diner.objects.filter(nomination=ground.rows[0]).exists()


def test_the_kitchen_is_told_numbers_and_leave_is_taken_off(academy: factories.Academy) -> None:
    klass = factories.taught(academy, ("4", "4"), trainees=3)
    actor, rows = academy.registrar, list(Nomination.objects.filter(training_class=klass).order_by("pk"))
    arranging.set_up(
        actor,
        training_class=klass,
        facts={"asks_diet": True, "first_meal": "breakfast", "last_meal": "dinner"},
    )
    for row, diet in zip(rows, ("清真", "清真，花生过敏", "无"), strict=True):
        answering.answer(actor, nomination=row, facts=AnswerFacts(diet=diet))
    Nomination.objects.filter(pk__in=[row.pk for row in rows[:2]]).update(lodging=True)
    expected = Expected.objects.filter(person=rows[0].person).select_related("sitting").order_by("pk").first()
    assert expected is not None
    sitting = expected.sitting
    leave = Leave.objects.create(
        school=academy.school, owner_label="training.class", owner_id=klass.pk, person=rows[0].person, reason="公务",
        half_days=1, approver_role="headteacher", state="approved", requested_at=sitting.starts,
    )  # fmt: skip
    LeaveSitting.objects.create(leave=leave, expected=expected)
    kinds, found = reads.kitchen(actor, klass)
    assert kinds == ["清真", "过敏"]
    meal = "lunch" if sitting.half == "am" else "dinner"
    by = {(one.day, one.meal): one for one in found}
    assert (by[sitting.date, meal].people, by[sitting.date, meal].marks) == (2, {"清真": 1, "过敏": 1})
    assert max(one.people for one in found if one.meal == "breakfast") <= 2
    assert max(one.people for one in found) == 3


def test_trainees_see_their_table_once_it_is_told(
    ground: Ground, own_seat: Callable[[Any], Any], client_for: Callable[[Any], Client]
) -> None:
    actor, klass, row = ground.academy.registrar, ground.klass, ground.rows[0]
    sized(ground, 4)
    dining.propose_tables(actor, training_class=klass, together=False)
    phone = client_for(own_seat(row.person))
    assert "用餐桌次" not in phone.get("/logistics/mine/").content.decode()
    arranging.tell(actor, training_class=klass, part="tables")
    shown = phone.get("/logistics/mine/").content.decode()
    diner = Diner.objects.get(nomination=row)
    assert str(diner.table) in shown
    own = Actor(row.person_id, klass.school_id, None, frozenset({"trainee"}))
    found = mine.own_in(own, klass)
    assert found is not None
    assert len(found.tablemates) == 3
    assert phone.get(f"/classes/{klass.pk}/logistics/tables/").status_code in {403, 404}
    assert not visible(ground.academy.actor("liaison"), MealTable).exists()


def test_tables_are_arranged_and_printed_by_plain_forms(
    ground: Ground, client_for: Callable[[Any], Client]
) -> None:
    office, base = (
        client_for(ground.academy.seats["registrar"]),
        f"/classes/{ground.klass.pk}/logistics/tables/",
    )
    assert (
        office.post(
            f"{base}meals/", {"table_size": 1, "first_meal": "lunch", "last_meal": "lunch"}
        ).status_code
        == 422
    )
    assert (
        office.post(
            f"{base}meals/", {"table_size": 4, "first_meal": "lunch", "last_meal": "dinner"}
        ).status_code
        == 302
    )
    assert office.post(f"{base}one/", {"count": 1, "capacity": 2, "head": "on"}).status_code == 302
    assert office.post(f"{base}one/", {"count": 1, "capacity": 2, "head": "on"}).status_code == 422
    head = MealTable.objects.get()
    assert (
        office.post(f"{base}move/", {"act": "move", "pk": ground.ids(0, 1), "to": head.pk}).status_code == 302
    )
    assert office.post(f"{base}move/", {"act": "group"}).status_code == 302
    assert (
        office.post(
            f"{base}one/?table={head.pk}", {"title": "主宾桌", "capacity": 3, "head": "on"}
        ).status_code
        == 302
    )
    assert office.post(f"{base}move/", {"act": "lock", "pk": ground.ids(0)}).status_code == 302
    page = office.get(base).content.decode()
    assert "主宾桌" in page
    assert "只有人数，没有姓名" in page
    rows = openpyxl.load_workbook(BytesIO(office.get(f"{base}export/").content)).active
    assert rows is not None
    assert [row[4].value for row in list(rows.iter_rows())[1:3]] == ["主宾桌", "主宾桌"]
    kitchen = openpyxl.load_workbook(BytesIO(office.get(f"{base}kitchen/").content)).active
    said = " ".join(str(cell) for row in kitchen.iter_rows(values_only=True) for cell in row)
    assert "午餐" in said
    assert not any(row.person.name in said for row in ground.rows)
    for kind in ("tables", "tablecards"):
        answer = office.get(f"/classes/{ground.klass.pk}/logistics/paper/?kind={kind}")
        assert answer.status_code == 200
    document = Document(BytesIO(papers.make(ground.academy.registrar, ground.klass, "tables").content))
    assert any("主宾桌（2人）" in line.text for line in document.paragraphs)
    assert office.post(f"{base}one/?table={head.pk}", {"act": "remove"}).status_code == 302
    assert not MealTable.objects.filter(pk=head.pk).exists()
