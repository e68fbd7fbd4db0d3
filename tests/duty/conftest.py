"""Small instances, drawn so that everything is scarce."""

from typing import Any

import pytest
from hypothesis import strategies as st

from tests.duty.ground import Ground, build

DAYS = [f"2027-0{month}-{day}" for month in (3, 4, 5) for day in ("05", "06", "20", "30")]


@st.composite
def small_years(draw: Any) -> dict[str, Any]:
    """At most three leaders, three classes, four slots; terms, free days, places and themes all run short."""
    classes = [
        {
            "id": f"C{n}",
            "starts": (starts := draw(st.sampled_from(DAYS))),
            "ends": draw(st.sampled_from([day for day in DAYS if day >= starts][:3])),
            "city": draw(st.sampled_from(["广州", "湛江"])),
            "places": draw(st.integers(0, 2)),
            "lecturers": draw(st.integers(0, 2)),
            "themes": draw(st.lists(st.sampled_from(["甲", "乙"]), max_size=2)),
        }
        for n in range(draw(st.integers(1, 3)))
    ]
    slots = []
    for n in range(draw(st.integers(0, 4))):
        owner = draw(st.sampled_from(classes))
        inside = [day for day in DAYS if owner["starts"] <= day <= owner["ends"]]
        slots.append(
            {
                "id": f"S{n}", "class": owner["id"], "date": draw(st.sampled_from(inside)),
                "theme": draw(st.sampled_from(["甲", "乙"])), "lecturers": draw(st.integers(0, 2)),
            }
        )  # fmt: skip
    leaders = [
        {
            "id": f"L{n}",
            "person": draw(st.sampled_from(["P0", f"P{n}"])),
            "role": "president",
            "field": draw(st.sampled_from(["理科", "工科"])),
            "city": draw(st.sampled_from(["广州", "湛江"])),
            "term": {"to": draw(st.sampled_from(["2027-03-31", "2027-04-25", "2029-01-01"]))},
            "needs": {"attend": draw(st.integers(0, 1)), "lecture": draw(st.integers(0, 1))},
            "expertise": draw(st.dictionaries(st.sampled_from(["甲", "乙"]), st.integers(1, 10))),
            "unavailable": [[day, day] for day in draw(st.lists(st.sampled_from(DAYS), max_size=3))],
        }
        for n in range(draw(st.integers(1, 3)))
    ]
    return {
        "format": "keyuan.duty/1",
        "rules": {
            "once_a_month": draw(st.booleans()),
            "lecturers_per_class": 2,
            "least_match": draw(st.integers(0, 3)),
            "farthest": draw(st.sampled_from([None, None, 100])),
            "moves_per_duty": draw(st.integers(0, 2)),
        },
        "distance": {"unit": "km", "step": 10, "between": [["广州", "湛江", 420]]},
        "leaders": leaders,
        "classes": classes,
        "slots": slots,
    }


@pytest.fixture
def year() -> dict[str, Any]:
    """Two presidents and a secretary, two classes, three slots: everybody finds a place."""
    return {
        "format": "keyuan.duty/1",
        "title": "演示",
        "rules": {"once_a_month": True, "lecturers_per_class": 2, "farthest": 400},
        "distance": {"unit": "km", "step": 10, "between": [["广州", "深圳", 140], ["广州", "湛江", 420], ["深圳", "湛江", 500]]},
        "leaders": [
            {"id": "甲", "role": "president", "field": "理科", "city": "广州", "term": {"to": "2027-12-31"},
             "needs": {"attend": 1, "lecture": 1}, "expertise": {"人工智能": 9}},
            {"id": "乙", "role": "president", "field": "工科", "city": "广州", "term": {"to": "2030-12-31"},
             "needs": {"attend": 1, "lecture": 1}, "expertise": {"人工智能": 5, "学会治理": 6}},
            {"id": "丙", "role": "secretary", "field": "市科协", "city": "深圳", "term": {"to": "2028-12-31"},
             "needs": {"attend": 1, "lecture": 0}, "unavailable": [["2027-03-01", "2027-03-31"]]},
        ],
        "classes": [
            {"id": "C1", "name": "第一期", "starts": "2027-03-08", "ends": "2027-03-10", "city": "广州", "places": 2},
            {"id": "C2", "name": "第二期", "starts": "2027-05-10", "ends": "2027-05-12", "city": "深圳", "places": 2},
        ],
        "slots": [
            {"id": "S1", "class": "C1", "date": "2027-03-08", "theme": "人工智能"},
            {"id": "S2", "class": "C2", "date": "2027-05-10", "theme": "人工智能"},
            {"id": "S3", "class": "C2", "date": "2027-05-11", "theme": "学会治理"},
        ],
    }  # fmt: skip


@pytest.fixture
def owing(db: None) -> Ground:
    """A school whose terms owe duties."""
    return build()
