"""Money to the cent, withholding both ways, paid hours, the quota and its warnings."""

from datetime import date, time
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyuan.fees.rules import quota
from keyuan.fees.rules.lectures import Taught, counted, suggested_rank
from keyuan.fees.rules.money import cents, in_capitals
from keyuan.fees.rules.quota import Parameters, Plan
from keyuan.fees.rules.withholding import Bracket, TaxTable

CENT = Decimal("0.01")
TABLE = TaxTable(
    Decimal(4000), Decimal(800), Decimal("0.2"),
    (
        Bracket(Decimal(0), Decimal("0.2")), Bracket(Decimal(20000), Decimal("0.3"), Decimal(2000)),
        Bracket(Decimal(50000), Decimal("0.4"), Decimal(7000)),
    ),
)  # fmt: skip
amounts = st.decimals(0, 2_000_000, places=2)


# 国家税务总局公告2018年第61号 Art. 8 and its table of rates; each sum can be followed by hand.
@pytest.mark.parametrize(
    ("gross", "tax"),
    [
        ("800", "0"),  # 800 - 800 = 0
        ("2000", "240"),  # (2000 - 800) * 20 %: the example of the announcement's reading for 劳务报酬
        ("4000", "640"),  # (4000 - 800) * 20 %
        ("30000", "5200"),  # 30000 * 80 % * 30 % - 2000
        ("100000", "25000"),  # 100000 * 80 % * 40 % - 7000
    ],
)
def test_tax_is_withheld_as_the_announcement_says(gross, tax):
    assert TABLE.tax(Decimal(gross)) == Decimal(tax)


# The closed formulas by which offices turn net into gross: n; (n-160)/0.8; n/0.84; (n-2000)/0.76; (n-7000)/0.68.
@pytest.mark.parametrize(
    ("net", "gross"),
    [
        ("500", "500.00"), ("800", "800.00"), ("2000", "2300.00"), ("3360", "4000.00"), ("4000", "4761.90"),
        ("12000", "14285.71"), ("21000", "25000.00"), ("30000", "36842.11"), ("49500", "62500.00"),
        ("60000", "77941.18"),
    ],
)  # fmt: skip
def test_net_is_grossed_up_by_the_known_formulas(net, gross):
    assert TABLE.gross(Decimal(net)) == Decimal(gross)


@given(amounts)
def test_the_gross_of_a_net_leaves_that_net_within_a_cent(net):
    assert abs(TABLE.net(TABLE.gross(net)) - net) <= CENT


@given(amounts)
def test_the_net_of_a_gross_comes_from_that_gross_within_two_cents(gross):
    # A cent of net is up to 1/0.68 of a cent of gross.
    assert abs(TABLE.gross(TABLE.net(gross)) - gross) <= 2 * CENT


@given(amounts, amounts)
def test_who_gets_more_after_tax_gets_more_before_tax(one, other):
    low, high = sorted((one, other))
    assert TABLE.gross(low) <= TABLE.gross(high)
    assert TABLE.tax(low) <= TABLE.tax(high)
    assert TABLE.net(low) <= TABLE.net(high)


@given(st.lists(st.decimals(0, 50_000, places=2), min_size=1, max_size=6))
def test_fees_of_a_month_together_bear_the_tax_of_their_sum(nets):
    net = gross = Decimal(0)
    for one in nets:
        further = TABLE.further_gross(one, month_net=net, month_gross=gross)
        assert further >= one
        net, gross = net + one, gross + further
    assert gross == TABLE.gross(net)


def test_a_table_with_a_jump_is_named():
    torn = TaxTable(
        Decimal(4000), Decimal(800), Decimal("0.2"),
        (Bracket(Decimal(0), Decimal("0.2")), Bracket(Decimal(20000), Decimal("0.3"), Decimal(1000))),
    )  # fmt: skip
    assert TABLE.faults() == []
    assert "20000" in torn.faults()[0]


@given(st.decimals(0, 10_000_000, places=6))
def test_rounding_is_half_up_to_the_cent(amount):
    assert cents(amount) == amount.quantize(CENT, ROUND_HALF_UP)
    assert abs(cents(amount) - amount) <= CENT / 2


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0", "零元整"), ("1", "壹元整"), ("10", "壹拾元整"), ("1005", "壹仟零伍元整"), ("4761.90", "肆仟柒佰陆拾壹元玖角整"),
        ("107000.53", "壹拾万零柒仟元伍角叁分"), ("20000.05", "贰万元零伍分"), ("0.05", "伍分"), ("100000000", "壹亿元整"),
    ],
)  # fmt: skip
def test_amounts_are_written_in_banking_capitals(amount, words):
    assert in_capitals(Decimal(amount)) == words


def taught(
    pk: int, klass: int = 1, half: str = "am", *, hours: str = "4", start: int = 9, end: int = 12
) -> Taught:
    return Taught(pk, klass, date(2030, 5, 6), half, time(start), time(end), Decimal(hours))


def test_a_lecture_to_two_classes_at_once_is_paid_once():
    found = counted([taught(2, klass=8), taught(1, klass=7)], Decimal(4))
    assert [found[1].hours, found[2].hours] == [4, 0]
    assert "合班" in found[2].note


def test_a_half_day_pays_at_most_four_hours_over_all_classes():
    found = counted([taught(1, hours="3", end=10), taught(2, 8, hours="3", start=10)], Decimal(4))
    assert [found[1].hours, found[2].hours] == [3, 1]


@given(st.lists(st.tuples(st.sampled_from(["am", "pm"]), st.integers(0, 8), st.integers(8, 17)), max_size=8))
def test_paid_hours_never_exceed_those_held_nor_the_half_day(rows):
    sessions = [
        Taught(pk, pk % 3, date(2030, 5, 6), half, time(start), time(start + 1), Decimal(hours) / 2)
        for pk, (half, hours, start) in enumerate(rows)
    ]
    found = counted(sessions, Decimal(4))
    assert all(0 <= found[one.session_id].hours <= one.hours for one in sessions)
    for half in ("am", "pm"):
        assert sum(found[one.session_id].hours for one in sessions if one.half == half) <= 4


@pytest.mark.parametrize(
    ("post", "rank"),
    [
        ("中国科学院院士、教授", "院士、全国知名专家"), ("副教授", "副高级"), ("教授", "正高级"), ("副研究员", "副高级"),
        ("高级工程师", "副高级"), ("教授级高级工程师", "正高级"), ("办公室主任", ""),
    ],
)  # fmt: skip
def test_a_post_suggests_a_rank_and_never_too_high_a_one(post, rank):
    assert suggested_rank(post, ["院士、全国知名专家", "正高级", "副高级", "中级及其他"]) == rank


GIVEN = Parameters(30, Decimal("0.7"), 1, Decimal("0.1"), None, "演示依据")
THIRD = {"lodging": Decimal(340), "food": Decimal(130), "venue": Decimal(50), "other": Decimal(30)}


def plan(**changed: Any) -> Plan:
    facts = {
        "places": 40, "staff": 4, "days": 3, "arrive_days": 0, "leave_days": 0, "items": {}, "lecture": Decimal(0),
        "lecture_limit": Decimal(0),
    }  # fmt: skip
    return Plan(**{**facts, **changed})


def test_the_quota_of_a_small_class_is_rate_by_heads_by_days():
    # 财行〔2016〕540号, third category 550 yuan a person and day: 550 * 44 * 3.
    assert sum(quota.item_limits(THIRD, plan(), GIVEN).values()) == Decimal(72600)


def test_days_beyond_thirty_count_seventy_percent():
    # 30 + 10 * 0.7 = 37 days.
    assert quota.counted_days(plan(days=40), GIVEN) == Decimal(37)


def test_arrival_and_departure_count_one_day_each_at_most():
    assert quota.counted_days(plan(arrive_days=2, leave_days=1), GIVEN) == Decimal(5)
    assert any("各不超过" in one.text for one in quota.findings(THIRD, plan(arrive_days=2), GIVEN))


def test_staff_above_the_share_or_the_cap_is_not_counted_and_said():
    capped = Parameters(30, Decimal("0.05"), 1, Decimal("0.05"), 10, "演示依据")
    assert quota.staff_limit(400, capped) == 10
    assert quota.staff_limit(39, GIVEN) == 3
    found = quota.findings(THIRD, plan(staff=9), GIVEN)
    assert found[0].tone == "bad"
    assert found[0].source == "演示依据"


def test_items_may_lean_on_each_other_but_their_sum_may_not_exceed_the_quota():
    limits = quota.item_limits(THIRD, plan(), GIVEN)
    leaning = {**limits, "lodging": limits["lodging"] + 100, "food": limits["food"] - 100}
    over = {**limits, "lodging": limits["lodging"] + CENT}
    assert [one.tone for one in quota.findings(THIRD, plan(items=leaning), GIVEN)] == ["info"]
    assert [one.tone for one in quota.findings(THIRD, plan(items=over), GIVEN)] == ["bad"]


def test_what_training_money_may_never_pay_is_named():
    found = quota.findings(THIRD, plan(extras=(("结业纪念品", Decimal(1)),)), GIVEN)
    assert "纪念品" in found[0].text


@given(st.integers(1, 400), st.integers(0, 60), st.integers(1, 90), st.integers(0, 3))
def test_more_people_or_days_never_lower_the_quota(places, staff, days, travel):
    small = plan(places=places, staff=staff, days=days, arrive_days=travel)
    for more in (plan(places=places + 1, staff=staff, days=days, arrive_days=travel),
                 plan(places=places, staff=staff, days=days + 1, arrive_days=travel)):  # fmt: skip
        limits, greater = (sum(quota.item_limits(THIRD, one, GIVEN).values()) for one in (small, more))
        assert greater >= limits
