from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keyuan.questions import formats
from keyuan.questions import items as it
from keyuan.questions.formats import (
    aiken,
    giftwriting,
    moodlewriting,
    qtioldwriting,
    qtiwriting,
    tablewriting,
)
from keyuan.questions.formats.holding import held
from keyuan.questions.items import Choice, Item, Kind, check
from tests.questions.making import ITEMS, PNG

HOLDS = {
    "xlsx": tablewriting.hold,
    "moodle": moodlewriting.hold,
    "qti30": qtiwriting.hold,
    "qti22": qtiwriting.hold,
    "qti21": qtiwriting.hold,
    "qti12": qtioldwriting.hold,
    "gift": giftwriting.hold,
    "aiken": aiken.hold,
}
SHOWN = Item(
    '<p>看图</p><img src="图.png" alt="一张图">',
    it.Single((Choice('<img src="乙-1.png" alt="">', it.ONE, "对"), Choice("丙"))),
    pictures=(it.Picture("图.png", PNG), it.Picture("乙-1.png", PNG + b"2")),
)
ONE_OF_EACH = {
    Kind.SINGLE: Item("问", it.Single((Choice("甲", it.ONE), Choice("乙")))),
    Kind.MULTIPLE: Item("问", it.Multiple((Choice("甲", Decimal("0.5")), Choice("乙", Decimal("0.5")), Choice("丙", -it.ONE)))),
    Kind.TRUTH: Item("问", it.Truth(right=True)),
    Kind.BLANKS: Item("甲[[1]]乙[[2]]。", it.Blanks((it.Blank((it.Accepted("1"),)), it.Blank((it.Accepted("2"),))))),
    Kind.MATCHING: Item("问", it.Matching((it.Pair("甲", "1"), it.Pair("乙", "2")))),
    Kind.ORDERING: Item("问", it.Ordering(("甲", "乙"))),
    Kind.NUMERIC: Item("问", it.Numeric((it.Value(Decimal("1.5"), Decimal("0.1")),))),
    Kind.SHORT: Item("问", it.Short((it.Accepted("甲"),))),
    Kind.LONG: Item("问", it.Long("要点")),
}  # fmt: skip


@pytest.mark.parametrize("key", [key for key in HOLDS if key != "xlsx"])
@settings(deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow])
@given(item=ITEMS)
def test_what_a_format_holds_comes_back_equal(key: str, item: Item):
    kept, told = held([item], HOLDS[key])
    written = formats.write(key, [item])
    assert (written.count, list(written.faults)) == (len(kept), told)
    assert all(not check(each) for each in kept)
    if kept:
        reading = formats.read("", written.data)
        assert (list(reading.items), list(reading.faults)) == (kept, [])
    else:
        assert told[0].lost


@settings(deadline=None, max_examples=4, suppress_health_check=list(HealthCheck))
@given(items=st.lists(ITEMS, min_size=8, max_size=20))
def test_a_sheet_of_questions_comes_back_equal(items: list[Item]):
    kept, _told = held(items, HOLDS["xlsx"])
    reading = formats.read("", formats.write("xlsx", items).data)
    if kept:
        assert (list(reading.items), list(reading.rows)) == (kept, [])


@settings(deadline=None, max_examples=30)
@given(item=ITEMS, key=st.sampled_from(list(HOLDS)))
def test_nothing_is_left_out_in_silence(item: Item, key: str):
    kept, told = held([item], HOLDS[key])
    if not kept:
        assert told[0].lost
        return
    same = replace(kept[0], text="", body=item.body) == replace(item, text="")
    if not same or kept[0].kind != item.kind:
        assert told


@pytest.mark.parametrize("key", ["moodle", "qti30", "qti22", "qti21", "qti12"])
def test_pictures_go_with_their_questions(key: str):
    second = replace(SHOWN, pictures=(it.Picture("图.png", PNG + b"other"), SHOWN.pictures[1]))
    reading = formats.read("", formats.write(key, [SHOWN, second]).data)
    assert list(reading.items) == [SHOWN, second]


@pytest.mark.parametrize("key", ["xlsx", "gift", "aiken"])
def test_what_cannot_carry_pictures_says_so(key: str):
    written = formats.write(key, [ONE_OF_EACH[Kind.SINGLE], SHOWN])
    assert written.count == 1
    assert str(written.faults[-1]).startswith("第 2 题（看图")
    assert "带图片的题无法写入" in str(written.faults[-1])


@pytest.mark.parametrize(
    ("key", "kinds"),
    [
        ("aiken", [Kind.SINGLE]),
        ("gift", [kind for kind in Kind if kind not in {Kind.ORDERING, Kind.BLANKS}]),
        ("moodle", list(Kind)),
        ("qti12", list(Kind)),
        ("qti30", list(Kind)),
    ],
)
def test_each_format_takes_the_kinds_it_has(key: str, kinds: list[Kind]):
    written = formats.write(key, list(ONE_OF_EACH.values()))
    reading = formats.read("", written.data)
    assert [item.kind for item in reading.items] == [kind for kind in ONE_OF_EACH if kind in kinds]
    assert len([told for told in written.faults if told.lost]) == len(Kind) - len(kinds)


def test_an_item_that_does_not_fit_is_named_with_the_reason():
    items = [*[ONE_OF_EACH[Kind.SINGLE]] * 6, ONE_OF_EACH[Kind.ORDERING]]
    assert [str(told) for told in formats.write("aiken", items).faults] == [
        "第 7 题（问）：排序题无法写入 Aiken。"
    ]
    worth = replace(ONE_OF_EACH[Kind.SINGLE], points=Decimal(3), tags=("章程",))
    assert [str(told) for told in formats.write("aiken", [worth]).faults] == [
        "第 1 题（问）：已写出，未写入的有：分值、标签。"
    ]


def test_a_sheet_holds_one_of_each_kind():
    written = formats.write("xlsx", list(ONE_OF_EACH.values()))
    assert list(formats.read("", written.data).items) == list(ONE_OF_EACH.values())
    assert written.faults == ()
