from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keyuan.questions import items as it
from keyuan.questions.items import Choice, Item, check
from keyuan.questions.richtext import clean, from_plain, is_plain, to_plain
from tests.questions.making import ITEMS, PNG

CHOICES = (Choice("甲", it.ONE), Choice("乙"))
PLAIN = Item("题干", it.Single(CHOICES))


@settings(deadline=None, max_examples=60)
@given(ITEMS)
def test_what_a_bank_holds_is_faultless(item: Item):
    assert check(item) == []


@pytest.mark.parametrize(
    ("item", "said"),
    [
        (replace(PLAIN, text=" "), "题干是空的"),
        (replace(PLAIN, points=Decimal("0.001")), "分值应在"),
        (replace(PLAIN, difficulty=6), "难度应为"),
        (replace(PLAIN, title="两\n行"), "题名应为一行"),
        (replace(PLAIN, tags=("甲,乙",)), "标签应为"),
        (replace(PLAIN, text="看<script>x</script>"), "不允许的格式"),
        (replace(PLAIN, text='<img src="图.png">'), "找不到图片“图.png”"),
        (replace(PLAIN, pictures=(it.Picture("图.png", PNG),)), "没有用到"),
        (replace(PLAIN, pictures=(it.Picture("图.svg", b"<svg/>"),)), "不是 PNG"),
        (replace(PLAIN, text="填 [[1]]"), "不是填空题"),
        (Item("问", it.Single((Choice("甲"), Choice("乙")))), "没有得满分的选项"),
        (Item("问", it.Single((Choice("甲", it.ONE), Choice("甲")))), "选项“甲”重复"),
        (Item("问", it.Single((Choice("甲", it.ONE),))), "选项应有 2 到"),
        (Item("问", it.Multiple((Choice("甲", Decimal("0.5")), Choice("乙")))), "之和应为 100%"),
        (Item("问[[2]]", it.Blanks((it.Blank((it.Accepted("甲"),)),))), "依次为 [[1]]"),
        (Item("问[[1]]", it.Blanks((it.Blank(()),))), "第 1 空：没有得满分的答案"),
        (Item("问", it.Matching((it.Pair("甲", "1"), it.Pair("甲", "2")))), "待配对项“甲”重复"),
        (Item("问", it.Ordering(("甲", "甲"))), "排序项“甲”重复"),
        (Item("问", it.Numeric((it.Value(Decimal("NaN")),))), "不是数"),
        (Item("问", it.Numeric((it.Value(it.ONE, Decimal(-1)),))), "误差不能小于 0"),
        (Item("问", it.Numeric((it.Value(it.ONE),), unit_needed=True)), "没有给出单位"),
        (Item("问", it.Short((it.Accepted("甲 "),))), "首尾不留空格"),
    ],
)
def test_each_fault_is_told(item: Item, said: str):
    assert any(said in fault for fault in check(item)), check(item)


@settings(deadline=None, max_examples=80)
@given(st.text("<>/&;\"'=pbimgsrcx :\n甲\x00\x0b\ufffe[]1", max_size=60))
def test_cleaning_again_changes_nothing_and_leaves_no_way_out(html: str):
    once = clean(html)
    assert clean(once) == once
    assert "\x00" not in once
    assert "\ufffe" not in once


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("<div>甲</div><div>乙</div>", "<p>甲</p><p>乙</p>"),
        ('<a href="https://x.example/">甲</a>', "甲"),
        ('<p onclick="x()" style="color:red">甲</p>', "<p>甲</p>"),
        ('<img src="https://x.example/a.png">甲', "甲"),
        ('<img src="../a.png">甲', "甲"),
        ("<scr<script>ipt>alert(1)</script>甲", "ipt&gt;alert(1)甲"),
        ("1 < 2", "1 &lt; 2"),
    ],
)
def test_only_the_safe_subset_stays(given: str, kept: str):
    assert clean(given) == kept


@settings(deadline=None, max_examples=60)
@given(st.text("甲乙 a<>&\n\"'", max_size=30))
def test_plain_words_come_back_as_written(words: str):
    html = from_plain(words)
    lines = [line.strip() for line in words.split("\n") if line.strip()]
    assert [" ".join(line.split()) for line in to_plain(html).split("\n") if line] == [
        " ".join(x.split()) for x in lines
    ]
    assert is_plain(html) or "\n" in words
