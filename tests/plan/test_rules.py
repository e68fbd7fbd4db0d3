"""The parser of the annex: what it reads from rows of cells, and what it refuses."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyuan.plan.actions import STARTING_PLAN
from keyuan.plan.rules.annex import AnnexFault, read_annex, text_rows
from keyuan.plan.rules.wording import clean, split_leads

NOTICE = Path(__file__).resolve().parents[3] / "shared" / "seed" / "notice-2020-10.txt"
HEAD = "主要类型\t主要任务\t重点活动\t\t牵头部门\n"
TITLE = "演示党校2021年教学活动计划\n"


def read(body: str, title: str = TITLE, head: str = HEAD):
    return read_annex(text_rows(title + head + body))


def fault(body: str, **kwargs: str) -> str:
    with pytest.raises(AnnexFault) as caught:
        read(body, **kwargs)
    return caught.value.message


def test_the_starting_plan_has_six_types_and_twenty_three_activities():
    plan = read_annex(text_rows(STARTING_PLAN.read_text("utf-8")))
    assert plan.year == 2020
    assert plan.title == "广东省科协党校（科技人才学院）2020年教学活动策划"
    assert plan.source_note == "粤科协组〔2020〕10号附件2"
    assert [kind.name for kind in plan.types] == [
        "国情考察研修", "宣传教育培训", "学术交流", "交流合作", "科技志愿服务", "高端科技智库",
    ]  # fmt: skip
    assert [line.number for line in plan.activities] == list(range(1, 24))
    assert plan.activities[3].name == "“最美科技工作者”学习宣传"
    assert plan.activities[22].leads == ("调宣部", "广东科学馆")


@pytest.mark.skipif(not NOTICE.exists(), reason="the original notice lies outside the project")
def test_the_original_notice_says_the_same_as_the_starting_plan():
    assert read_annex(text_rows(NOTICE.read_text("utf-8"))) == read_annex(
        text_rows(STARTING_PLAN.read_text("utf-8"))
    )


BLANKS = st.sampled_from(["", " ", "\u3000", "\u00a0", "\u200b", " \u3000 "])
NAMES = st.text(st.sampled_from("科技工作者活动培训班论坛“”（）、·"), min_size=2, max_size=12).filter(
    lambda t: t.strip("、")
)


@given(st.lists(st.lists(NAMES, min_size=1, max_size=4), min_size=1, max_size=5), st.data())
def test_a_plan_is_read_back_whatever_stray_blanks_stand_in_it(blocks, data):
    def strewn(text: str) -> str:
        return data.draw(BLANKS).join(text)

    lines, expected, number = [], [], 0
    for kind, names in enumerate(blocks):
        for place, name in enumerate(names):
            number += 1
            unique = f"{name}{'序' * number}"
            first = f"{strewn('甲乙丙丁戊'[kind] + '类工作')}\t任务" if place == 0 else "\t"
            lines.append(f"{first}\t{data.draw(BLANKS)}{number}{data.draw(BLANKS)}\t{strewn(unique)}\t组联部")
            expected.append((number, unique, "甲乙丙丁戊"[kind] + "类工作"))
    plan = read("\n".join(lines))
    assert [(line.number, line.name, line.type_name) for line in plan.activities] == expected


def test_a_blank_between_latin_words_stays_and_others_go():
    assert clean(" 国情考察\u3000研修 ") == "国情考察研修"
    assert clean("AI  for Science 讲坛") == "AI for Science讲坛"


def test_several_leads_in_one_cell_are_parted_in_order_and_each_once():
    assert split_leads("调宣部、广东科学馆，调宣部") == ["调宣部", "广东科学馆"]


def test_a_second_row_without_number_and_name_brings_a_further_lead():
    plan = read("类\t任务\t1\t活动甲\t组联部\n\t\t\t\t学会部\n\t\t2\t活动乙\t学会部")
    assert plan.activities[0].leads == ("组联部", "学会部")


def test_full_width_numbers_and_a_repeated_heading_are_understood():
    plan = read(f"类\t任务\t１\t活动甲\t组联部\n— 12 —\n{HEAD}\t\t2．\t活动乙\t学会部")
    assert [line.number for line in plan.activities] == [1, 2]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("类\t任务\t1\t甲活动\t组联部\n\t\t3\t乙活动\t组联部", "缺第 2 项"),
        ("类\t任务\t2\t甲活动\t组联部", "缺第 1 项"),
        ("类\t任务\t1\t甲活动\t组联部\n\t\t1\t乙活动\t组联部", "编号 1 出现了 2 次"),
        ("类\t任务\t1\t\t组联部", "第 1 项重点活动没有名称"),
        ("类\t任务\t1\t甲活动\t", "没有牵头部门"),
        ("类\t任务\t\t甲活动\t组联部", "没有编号"),
        ("类\t任务\t一\t甲活动\t组联部", "不是数字"),
        ("\t\t1\t甲活动\t组联部", "没有主要类型"),
        ("类\t任务\t1\t甲活动\t组联部\n\t\t2\t甲活动\t组联部", "写了 2 次"),
        ("", "没有一项重点活动"),
        ("类\t任务\t1\t甲活动\t组联部\n插入的一段话\n\t\t2\t乙活动\t组联部", "打断了表格"),
    ],
)
def test_a_faulty_table_is_refused_with_the_place_named(body, words):
    assert words in fault(body)


def test_a_text_without_such_a_table_is_refused():
    with pytest.raises(AnnexFault, match="没有找到年度计划表"):
        read_annex(text_rows("关于放假的通知\n\n2020年五一放假安排如下"))


def test_a_heading_without_the_lead_column_names_what_is_missing():
    assert "牵头部门" in fault("类\t任务\t1\t甲", head="主要类型\t主要任务\t重点活动\t\t备注\n")


def test_a_table_without_a_year_above_it_is_refused():
    assert "没有找到计划的年度" in fault("类\t任务\t1\t甲活动\t组联部", title="教学活动计划\n")
