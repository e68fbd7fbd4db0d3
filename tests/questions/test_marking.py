from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keyuan.questions import items as it
from keyuan.questions.items import Accepted, Choice, Item, Kind, Spelling
from keyuan.questions.marking import Verdict, full_answer, mark
from keyuan.questions.wording import agrees, quantity
from tests.questions.making import ITEMS, a

ANYTHING = st.one_of(
    st.none(), st.booleans(), st.integers(-2, 9), st.text(max_size=12),
    st.lists(st.one_of(st.none(), st.integers(-2, 9), st.text(max_size=4)), max_size=6),
)  # fmt: skip


@settings(deadline=None, max_examples=100)
@given(ITEMS, ANYTHING)
def test_a_mark_is_never_outside_the_points_whatever_was_sent(item: Item, answer):
    found = mark(item, answer)
    assert found.waiting or it.NONE <= found.points <= item.points
    assert found.waiting == (found.share is None)


@settings(deadline=None, max_examples=100)
@given(ITEMS)
def test_the_right_answer_earns_all_and_nothing_earns_nothing(item: Item):
    if not item.by_person:
        found = mark(item, full_answer(item))
        assert (found.points, found.share) == (item.points, it.ONE), found
        assert all(part.verdict is Verdict.RIGHT for part in found.parts)
    assert mark(item, None).points == 0


@settings(deadline=None, max_examples=50)
@given(st.one_of(a(Kind.SINGLE), a(Kind.MULTIPLE)), st.data())
def test_the_order_of_choices_does_not_matter(item: Item, data):
    count = len(item.body.choices)
    order = data.draw(st.permutations(range(count)))
    turned = replace(
        item, body=replace(item.body, choices=tuple(item.body.choices[place] for place in order))
    )
    chosen = data.draw(st.sets(st.integers(0, count - 1), min_size=1))
    if item.kind is Kind.SINGLE:
        one = min(chosen)
        assert mark(item, one).points == mark(turned, order.index(one)).points
    else:
        there = [order.index(place) for place in chosen]
        assert mark(item, sorted(chosen)).points == mark(turned, there).points


def several(*shares: str, exact: bool = False) -> Item:
    return Item(
        "问",
        it.Multiple(tuple(Choice(f"选{n}", Decimal(share)) for n, share in enumerate(shares)), exact),
        points=Decimal(4),
    )


@pytest.mark.parametrize(
    ("item", "answer", "points"),
    [
        (several("0.5", "0.5", "-1"), [0], "2.00"),
        (several("0.5", "0.5", "-1"), [0, 1], "4"),
        (several("0.5", "0.5", "-1"), [0, 1, 2], "0"),
        (several("0.5", "0.5", "-0.5"), [0, 1, 2], "2"),
        (several("0.5", "0.5", "0", exact=True), [0], "0"),
        (several("0.5", "0.5", "0", exact=True), [0, 1, 2], "0"),
        (several("0.5", "0.5", "0", exact=True), [1, 0, 0], "4"),
        (several("0.33333", "0.33333", "0.33333"), [2, 1, 0], "4"),
        (Item("[[1]][[2]]", it.Blanks((it.Blank((Accepted("甲"),), 1), it.Blank((Accepted("乙"),), 3)))), ["甲", "丙"], "0.25"),
        (Item("问", it.Matching((it.Pair("甲", "1"), it.Pair("乙", "2"), it.Pair("丙", "1")), ("3",))), [0, 2, 0], "0.67"),
        (Item("问", it.Matching((it.Pair("甲", "1"), it.Pair("乙", "2")), exact=True)), [0, 0], "0"),
        (Item("问", it.Ordering(("甲", "乙", "丙"))), [0, 2, 1], "0.33"),
        (Item("问", it.Ordering(("甲", "乙", "丙"))), [0, 0, 0], "0.33"),
        (Item("问", it.Ordering(("甲", "乙"), exact=True)), [1, 0], "0"),
    ],
)  # fmt: skip
def test_part_of_an_answer_earns_what_the_rules_say(item: Item, answer, points: str):
    assert mark(item, answer).points == Decimal(points)


LENGTH = it.Numeric((it.Value(Decimal("1.5"), Decimal("0.1")),), (it.Unit("m"), it.Unit("cm", Decimal(100))))


@pytest.mark.parametrize(
    ("written", "right"),
    [
        ("1.5", True), ("１．５５", True), ("1.61", False), ("150cm", True), ("150 ｃｍ", True), ("15e-1 m", True),
        ("150", False), ("1.5 kg", False), ("0.15×10^1m", True), ("一米五", False), ("", False), ("1,500", False),
    ],
)  # fmt: skip
def test_numbers_are_read_as_people_type_them(written: str, right):
    assert mark(Item("多长", LENGTH), written).points == int(right)


def test_a_unit_that_is_asked_for_must_be_written():
    asked = Item("多长", replace(LENGTH, unit_needed=True))
    assert mark(asked, "1.5").parts[0].why == "没有写单位"
    assert mark(asked, "1.5m").points == 1
    assert quantity("1,234,567.5 元").number == Decimal("1234567.5")
    assert quantity("9" * 500) is None


@pytest.mark.parametrize(
    ("written", "accepted", "spelling", "same"),
    [
        ("ＡＢ（１）", "ab(1)", Spelling(), True),
        ("ＡＢ", "AB", Spelling(width=False), False),
        ("中 国　科协", "中国科协", Spelling(), True),
        ("new   york ", "New York", Spelling(), True),
        ("newyork", "New York", Spelling(), False),
        ("中 国", "中国", Spelling(spaces=False), False),
        ("Ab", "ab", Spelling(case=False), False),
        ("學習強國", "学习强国", Spelling(), False),
        ("學習強國", "学习强国", Spelling(traditional=True), True),
        ("“四个自信”。", '"四个自信".', Spelling(), True),
    ],
)  # fmt: skip
def test_wordings_are_compared_as_the_question_says(written: str, accepted: str, spelling: Spelling, same):
    assert agrees(written, Accepted(accepted), spelling) is same


def test_a_star_stands_for_any_words_and_long_patterns_end_at_once():
    assert agrees("中国科学技术协会章程", Accepted("中国*协会*", wild=True), Spelling())
    assert not agrees("省科学技术协会", Accepted("中国*协会*", wild=True), Spelling())
    assert not agrees("a" * 2000, Accepted("a*" * 200 + "b", wild=True), Spelling())


def test_what_a_person_marks_waits_unless_nothing_was_written():
    question = Item("谈谈体会", it.Long("三点"))
    assert mark(question, "一、……").waiting
    assert mark(question, "一、……").points is None
    assert mark(question, "  ").points == 0
