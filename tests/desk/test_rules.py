"""What the desk decides by itself: audiences in numbers, addresses of maps."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyuan.desk.rules.audience import FEWEST, level_of, tally
from keyuan.desk.rules.maps import maps_of

NAMES = st.lists(st.sampled_from(["市级科协", "省级学会", "高校", "企业", ""]), max_size=60)


@given(NAMES)
def test_no_group_of_an_audience_is_smaller_than_five_and_none_is_lost(names: list[str]):
    groups = tally(names)
    assert all(group.count >= FEWEST for group in groups)
    assert sum(group.count for group in groups) in {0, len(names)}


@given(NAMES)
def test_a_group_named_is_told_as_it_is(names: list[str]):
    counts = Counter(names)
    for group in tally(names):
        if group.name in counts:
            assert group.count == counts[group.name]


def test_a_rest_below_five_takes_the_smallest_named_group_in():
    named = ["甲"] * 9 + ["乙"] * 6 + ["丙"] * 2
    assert [(group.name, group.count) for group in tally(named)] == [("甲", 9), ("其他", 8)]


def test_an_audience_that_would_be_all_rest_is_not_divided():
    assert tally(["甲"] * 4 + ["乙"] * 3) == []


@pytest.mark.parametrize(
    ("title", "level"),
    [("主任科员", "staff"), ("办公室主任", "middle"), ("副秘书长", "leaders"), ("教授级高工、院长", "leaders"),
     ("副研究员", "experts"), ("四级调研员", "staff"), ("干部处处长", "middle"), ("科普专干", "staff"), ("", "staff")],
)  # fmt: skip
def test_the_level_of_a_post_is_read_from_its_title(title: str, level: str):
    assert level_of(title) == level


def test_maps_open_by_https_with_the_address_alone():
    found = maps_of(" 演示科学馆  1号厅?&x=1 ")
    assert found is not None
    assert found.place == "演示科学馆 1号厅?&x=1"
    for link in (found.amap, found.baidu):
        assert link.startswith("https://")
        assert "%3F%26x%3D1" in link
    assert maps_of("  ") is None
