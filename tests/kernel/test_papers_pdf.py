"""Papers in PDF: their words, their page count, and that nothing typed is read as source."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pypdfium2
import pytest

from keyuan.kernel.papers import press
from keyuan.kernel.papers.certificate import CertificateFacts, certificate_pdf
from keyuan.kernel.papers.listing import ListFacts, list_pdf, sign_in_sheet
from keyuan.kernel.papers.timetable import Entry, TimetableFacts, timetable_pdf

CERTIFICATE = CertificateFacts(
    name="欧阳演示",
    title="科协系统干部培训班",
    days="2026年3月2日至3月6日",
    hours="40",
    number="粤科协培〔2026〕第00012号",
    verify_code="7K3MPQ9WXZ2RTA",
    verify_url="http://127.0.0.1:8000/verify/7K3MPQ9WXZ2RTA/",
    issued_on=date(2026, 3, 6),
    plates=("广东省科协党校", "广东省科技人才学院"),
)


def pages_of(made: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(made)
    words = []
    for page in document:
        text = page.get_textpage()
        words.append("".join(text.get_text_bounded().split()))
        text.close()
        page.close()
    document.close()
    return words


def size_of(made: bytes) -> tuple[int, int]:
    document = pypdfium2.PdfDocument(made)
    width, height = document.get_page_size(0)
    document.close()
    return round(width / 72 * 25.4), round(height / 72 * 25.4)


def test_a_certificate_is_one_landscape_page_that_says_what_it_is_and_is_not():
    made = certificate_pdf(CERTIFICATE)
    (words,) = pages_of(made)
    assert size_of(made) == (297, 210)
    for said in (
        "结业证书",
        "欧阳演示",
        "科协系统干部培训班",
        "40学时",
        "〔2026〕第00012号",
        "7K3MPQ9WXZ2RTA",
        "2026年3月6日",
    ):
        assert said in words
    assert "广东省科协党校" in words
    assert "广东省科技人才学院" in words
    assert "不作学历、学位凭证" in words
    assert "作废" not in words


def test_a_void_certificate_says_so_across_the_page():
    assert "作废" in pages_of(certificate_pdf(replace(CERTIFICATE, void=True)))[0]


def test_the_longest_names_stay_on_one_page():
    long = replace(
        CERTIFICATE,
        name="阿卜杜拉·买买提江·演示",
        title="学习贯彻党的二十大精神暨省级学会党建强会骨干能力提升专题研修班（第三期）" * 2,
        organisation="广东省粤港澳大湾区人工智能与机器人产业技术创新促进研究会",
    )
    assert len(pages_of(certificate_pdf(long))) == 1


def test_equal_facts_give_equal_bytes():
    assert certificate_pdf(CERTIFICATE) == certificate_pdf(CERTIFICATE)


@pytest.mark.parametrize(
    "typed", ['#read("certificate.typ")', '"] #panic("x") //', "$x^2$ *粗* _斜_ \\ @a <b>", "{{ 7*7 }}"]
)
def test_what_people_type_is_never_source(typed):
    (words,) = pages_of(certificate_pdf(replace(CERTIFICATE, name=typed)))
    assert "".join(typed.split())[:6] in words


def test_a_timetable_is_one_landscape_page_in_the_order_of_the_clock():
    first = date(2026, 11, 23)
    entries = tuple(
        Entry(first + timedelta(days), half, f"专题{days}{half}", "14:30—17:00" if half == "下午" else "09:00—11:30", "专题授课", "李四演示", "报告厅")
        for days in range(5)
        for half in ("上午", "下午")
    )  # fmt: skip
    early = Entry(first, "上午", "开班式", "08:30—09:00")
    made = timetable_pdf(TimetableFacts("演示班课程表", (*entries, early), remark="以通知为准"))
    (words,) = pages_of(made)
    assert size_of(made) == (297, 210)
    assert words.index("开班式") < words.index("专题0上午")
    assert "11月23日（周一）" in words
    assert "以通知为准" in words
    assert "晚上" not in words


def test_a_draft_timetable_and_an_empty_one_are_papers_too():
    assert "草稿" in pages_of(timetable_pdf(TimetableFacts("演示班课程表", (), draft=True)))[0]


def test_a_long_list_repeats_its_head_and_counts_its_pages():
    rows = tuple((str(at), f"张三演示{at}", "广州市科学技术协会") for at in range(1, 121))
    pages = pages_of(list_pdf(ListFacts("学员名册", ("序号", "姓名", "单位"), rows)))
    assert len(pages) > 1
    assert all("姓名" in page for page in pages)
    assert f"共{len(pages)}页" in pages[0]
    assert "张三演示120" in pages[-1]


def test_a_list_lies_on_its_side_when_its_columns_ask_for_it():
    narrow = ListFacts("名册", ("序号", "姓名"), (("1", "张三演示"),))
    wide = ListFacts("名册", tuple(f"第{at}项内容说明" for at in range(9)), ())
    assert size_of(list_pdf(narrow)) == (210, 297)
    made = list_pdf(wide)
    assert size_of(made) == (297, 210)
    assert "（暂无）" in pages_of(made)[0]


def test_a_list_with_a_short_row_is_refused():
    with pytest.raises(ValueError, match="2 格"):
        list_pdf(ListFacts("名册", ("序号", "姓名"), (("1",),)))


def test_a_sign_in_sheet_has_a_place_for_each_half_day():
    facts = sign_in_sheet("演示班签到表", (("张三演示", "广州市科协"),), halves=("23日上午", "23日下午"))
    (words,) = pages_of(list_pdf(facts))
    assert "23日上午" in words
    assert "不得代签" in words


def test_the_offices_fonts_come_first(settings, tmp_path):
    settings.VAR = tmp_path
    assert len(press.font_folders()) == 1
    (tmp_path / "fonts").mkdir()
    assert press.font_folders()[0] == Path(tmp_path) / "fonts"
    assert all(press.faces().values())
