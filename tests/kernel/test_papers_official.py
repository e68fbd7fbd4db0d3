"""Official documents: what GB/T 9704-2012 asks for, read back from the .docx file."""

import base64
import io
import re
from dataclasses import replace
from datetime import date

import docx
import pytest
from docx.oxml.ns import qn
from hypothesis import given
from hypothesis import strategies as st

from keyuan.kernel.papers.composing import notice_docx, plain_text
from keyuan.kernel.papers.facts import (
    Annex,
    Form,
    Notice,
    Paragraph,
    Pictures,
    Table,
    chinese_count,
    full_widths,
    numbered,
    title_lines,
)

# One white dot.
DOT = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP6DwABBQECz6AuzQAAAABJRU5ErkJggg=="
)
QUOTA = Table(("序号", "单位", "名额"), (("1", "广州市科学技术协会", "3"),), total=("", "合计", "3"))
REPLY = Table(tuple(f"第{at}项内容说明" for at in range(12)), blank_rows=6)
NOTICE = Notice(
    form=Form.RED_HEAD,
    title="广东省科协关于举办2026年科协系统干部能力提升培训班的通知",
    body=(
        Paragraph("现将“有关事项”通知如下："),
        Paragraph("培训对象", 1),
        Paragraph("各单位。"),
        Paragraph("要求", 1),
    ),
    signers=("广东省科学技术协会",),
    day=date(2026, 3, 2),
    mark="广东省科学技术协会文件",
    number="粤科协培〔2026〕12号",
    addressees="各地级以上市科协",
    annexes=(Annex("名额分配表", (QUOTA,)), Annex("报名回执", (REPLY,))),
    copies_to=("省科技厅",),
    printed_by="广东省科协办公室",
)


def opened(notice: Notice):
    return docx.Document(io.BytesIO(notice_docx(notice)))


def mm(length) -> int:
    return round(length.mm)


def lines_of(notice: Notice) -> list[str]:
    return [paragraph.text for paragraph in opened(notice).paragraphs]


def test_the_page_is_a4_with_the_standards_margins():
    section = opened(NOTICE).sections[0]
    assert (mm(section.page_width), mm(section.page_height)) == (210, 297)
    sides = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert tuple(map(mm, sides)) == (37, 35, 28, 26)


def test_a_page_holds_22_lines_of_28_characters():
    document = opened(NOTICE)
    section = document.sections[0]
    pitch = int(section._sectPr.find(qn("w:docGrid")).get(qn("w:linePitch")))
    height = (section.page_height - section.top_margin - section.bottom_margin) / 635
    assert int(height // pitch) == 22
    normal = document.styles["Normal"].element
    squeeze = int(normal.rPr.find(qn("w:spacing")).get(qn("w:val"))) / 20
    width = (section.page_width - section.left_margin - section.right_margin) / 12700
    # The last character of a line needs no gap after it.
    assert 28 * 16 + 27 * squeeze <= width < 29 * 16 + 28 * squeeze
    assert normal.pPr.find(qn("w:spacing")).get(qn("w:line")) == str(pitch)
    assert document.styles["Normal"].font.size.pt == 16


def test_every_run_is_marked_as_mainland_chinese():
    document = opened(NOTICE)
    for run in document.element.body.iter(qn("w:r")):
        if run.find(qn("w:t")) is None:
            continue
        props = run.find(qn("w:rPr"))
        assert props.find(qn("w:lang")).get(qn("w:eastAsia")) == "zh-CN"
        assert props.find(qn("w:rFonts")).get(qn("w:hint")) == "eastAsia"


def test_styles_name_the_offices_fonts():
    styles = opened(NOTICE).styles
    fonts = {
        name: styles[name].element.rPr.find(qn("w:rFonts")).get(qn("w:eastAsia"))
        for name in ("Normal", "Title", "Heading 1", "Heading 2")
    }
    assert fonts == {
        "Normal": "仿宋_GB2312",
        "Title": "方正小标宋简体",
        "Heading 1": "黑体",
        "Heading 2": "楷体_GB2312",
    }


def test_children_of_properties_stand_in_the_schemas_order():
    from keyuan.kernel.papers.ooxml import P_ORDER, R_ORDER

    body = opened(NOTICE).element.body
    for tag, order in (("w:pPr", P_ORDER), ("w:rPr", R_ORDER)):
        for props in body.iter(qn(tag)):
            places = [order.index(child.tag.rsplit("}", 1)[1]) for child in props]
            assert places == sorted(places)


def test_headings_get_their_numbers_once():
    lines = lines_of(NOTICE)
    assert "一、培训对象" in lines
    assert "二、要求" in lines
    typed = numbered(
        (Paragraph("一、已有", 1), Paragraph("其次", 1), Paragraph("细目", 2), Paragraph("再细", 3))
    )
    assert [block.text for block in typed if isinstance(block, Paragraph)] == [
        "一、已有",
        "二、其次",
        "（一）细目",
        "1.再细",
    ]


def test_addressees_end_with_a_full_width_colon_and_annexes_are_listed():
    lines = lines_of(replace(NOTICE, addressees="各单位:"))
    assert "各单位：" in lines
    assert "附件：1.\t名额分配表" in lines
    assert "2.\t报名回执" in lines
    one = lines_of(replace(NOTICE, annexes=NOTICE.annexes[:1]))
    assert "附件：名额分配表" in one
    assert "附件" in one


def test_the_signature_stays_with_the_last_paragraph():
    paragraphs = opened(replace(NOTICE, annexes=())).paragraphs
    at = next(n for n, paragraph in enumerate(paragraphs) if paragraph.text == "广东省科学技术协会")
    assert paragraphs[at - 1].paragraph_format.keep_with_next
    assert paragraphs[at].paragraph_format.keep_with_next
    day = paragraphs[at + 1]
    assert day.text == "2026年3月2日"
    assert round(day.paragraph_format.right_indent.pt / 15.8) == 4


@pytest.mark.parametrize(
    "name", ["广东省科协", "广东省粤港澳大湾区人工智能与机器人产业技术创新促进研究会联合办公室"]
)
def test_a_signer_of_any_length_stays_inside_the_page(name):
    paragraphs = opened(replace(NOTICE, annexes=(), signers=(name,))).paragraphs
    signer = next(paragraph for paragraph in paragraphs if paragraph.text == name)
    assert signer.paragraph_format.right_indent.pt >= 0


def test_a_wide_reply_form_lies_on_its_side_and_its_head_repeats():
    document = opened(NOTICE)
    sizes = [(mm(section.page_width), mm(section.page_height)) for section in document.sections]
    assert sizes == [(210, 297), (297, 210), (210, 297)]
    quota, reply = document.tables[:2]
    assert quota.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert len(reply.rows) == 7
    for table, room in ((quota, 156), (reply, 225)):
        widths = [int(grid.get(qn("w:w"))) for grid in table._tbl.tblGrid.findall(qn("w:gridCol"))]
        assert sum(widths) <= room / 25.4 * 1440 + 1


def test_a_row_of_the_wrong_length_is_refused():
    with pytest.raises(ValueError, match="3 格"):
        Table(("甲", "乙", "丙"), (("1", "2"),))


def test_page_numbers_stand_at_the_outer_edges():
    document = opened(NOTICE)
    assert document.settings.odd_and_even_pages_header_footer
    section = document.sections[0]
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        paragraph = footer.paragraphs[0]
        assert "".join(run.text for run in paragraph.runs) == "— 1 —"
        assert paragraph._p.pPr.find(qn("w:jc")).get(qn("w:val")) == side
        assert "PAGE" in paragraph._p.xml


def test_a_letter_has_two_red_double_lines_of_170_mm_and_no_number_on_its_first_page():
    section = opened(replace(NOTICE, form=Form.LETTER, mark="广东省科学技术协会")).sections[0]
    assert section.different_first_page_header_footer
    top = section.first_page_header.paragraphs
    low = section.first_page_footer.paragraphs
    assert top[-2].text == "广东省科学技术协会"
    for paragraph in (*top[-2:], *low):
        form = paragraph.paragraph_format
        assert round(156 - form.left_indent.mm - form.right_indent.mm) == 170
    sizes = [int(p._p.find(f".//{qn('w:pBdr')}")[0].get(qn("w:sz"))) for p in (*top[-2:], *low)]
    # Thick above thin at the head, thin above thick at the foot.
    assert sizes == [18, 6, 6, 18]
    assert not any("PAGE" in p._p.xml for p in low)
    assert mm(section.footer_distance) == 19


@pytest.mark.parametrize("form", [Form.RED_HEAD, Form.LETTER])
def test_a_document_without_a_number_says_on_every_page_that_it_is_a_draft(form):
    document = opened(replace(NOTICE, form=form, number=""))
    assert any("草稿" in paragraph.text for paragraph in document.paragraphs)
    for section in document.sections:
        headers = [section.header, section.even_page_header]
        if section.different_first_page_header_footer:
            headers.append(section.first_page_header)
        assert all("草稿" in "".join(p.text for p in header.paragraphs) for header in headers)


def test_a_numbered_document_is_no_draft():
    document = opened(NOTICE)
    words = [p.text for p in document.paragraphs] + [p.text for p in document.sections[0].header.paragraphs]
    assert not any("草稿" in text for text in words)
    assert NOTICE.number in words


def test_the_imprint_closes_the_document():
    body = opened(NOTICE).element.body
    boxes = [box for box in body.iter(qn("w:txbxContent")) if box.find(qn("w:tbl")) is not None]
    assert len(boxes) == 1
    words = "".join(text.text for text in boxes[0].iter(qn("w:t")))
    assert words == "抄送：省科技厅。广东省科协办公室2026年3月2日印发"
    anchored = body.findall(qn("w:p"))[-1]
    assert boxes[0] in list(anchored.iter(qn("w:txbxContent")))
    assert "<wp:align>bottom</wp:align>" in anchored.xml
    rules = [
        (edge.tag.rsplit("}", 1)[1], edge.get(qn("w:sz")))
        for edge in boxes[0].iter(qn("w:tblBorders"))
        for edge in edge
    ]
    assert rules == [("top", "8"), ("bottom", "8"), ("insideH", "6")]


def test_minutes_name_who_was_there_and_bear_no_signature():
    minutes = replace(
        NOTICE,
        form=Form.MINUTES,
        mark="校务委员会会议纪要",
        annexes=(),
        present=("甲", "乙"),
        observing=("丙",),
    )
    lines = lines_of(minutes)
    assert lines[-2:] == ["出席：甲、乙", "列席：丙"]
    assert not any(line.startswith("请假") for line in lines)
    assert lines.count("2026年3月2日") == 0
    assert "\t广东省科学技术协会\t2026年3月2日" in lines
    first = next(p for p in opened(minutes).paragraphs if p.text.startswith("出席"))
    fonts = [run._r.rPr.find(qn("w:rFonts")).get(qn("w:eastAsia")) for run in first.runs]
    assert fonts == ["黑体", None]


def test_headings_carry_the_styles_that_navigation_reads():
    document = opened(NOTICE)
    headings = {p.text: p.style.name for p in document.paragraphs if p.style.name.startswith("Heading")}
    assert headings == {"一、培训对象": "Heading 1", "二、要求": "Heading 1"}
    levels = [
        document.styles[f"Heading {at}"].element.pPr.find(qn("w:outlineLvl")).get(qn("w:val"))
        for at in range(1, 5)
    ]
    assert levels == ["0", "1", "2", "3"]


def test_no_blanks_are_typed_to_reach_a_place():
    line = Paragraph("填报单位：\t填报日期：", indent=False, stops=(0.5,))
    document = opened(replace(NOTICE, annexes=(Annex("回执", (line,)),)))
    assert not any("　" in p.text or "  " in p.text for p in document.paragraphs)
    placed = next(p for p in document.paragraphs if p.text.startswith("填报"))
    assert round(placed.paragraph_format.tab_stops[0].position.mm) == 78


def test_the_number_of_a_page_lying_on_its_side_is_turned():
    document = opened(NOTICE)
    wide = next(s for s in document.sections if s.page_width > s.page_height)
    for footer in (wide.footer, wide.even_page_footer):
        assert 'vert="vert"' in footer._element.xml
        assert "PAGE" in footer._element.xml


def test_photographs_stand_two_in_a_row_with_captions():
    shots = tuple((DOT, f"照片{at}") for at in range(3))
    document = opened(replace(NOTICE, form=Form.REPORT, annexes=(), body=(Pictures(shots),)))
    assert [len(table.columns) for table in document.tables] == [2, 1]
    assert len(document.inline_shapes) == 3
    assert document.tables[0].cell(0, 1).text.strip() == "照片1"


def test_a_report_has_neither_mark_nor_number_nor_imprint():
    document = opened(replace(NOTICE, form=Form.REPORT, mark="", number="", annexes=()))
    assert document.paragraphs[0].style.name == "Title"
    assert not document.tables
    assert not any("草稿" in paragraph.text for paragraph in document.paragraphs)


def test_plain_text_has_every_word():
    text = plain_text(NOTICE)
    for words in (NOTICE.title, NOTICE.number, "广州市科学技术协会", "2026年3月2日"):
        assert words in text


@given(st.text("广东省科协关于举办的通知培训班《》（）、0123456789", min_size=1, max_size=90))
def test_a_title_keeps_every_character_and_fits_its_lines(title):
    lines = title_lines(title)
    assert "".join(lines) == title
    assert all(full_widths(line) <= 19 for line in lines)


def test_a_title_breaks_where_it_reads_well():
    lines = title_lines(NOTICE.title)
    assert len(lines) == 2
    assert not re.match(r"[的和、》）]", lines[1])
    assert title_lines("第一行\n第二行") == ["第一行", "第二行"]


def test_headings_count_in_chinese():
    assert [chinese_count(n) for n in (1, 10, 11, 20, 21, 99)] == [
        "一",
        "十",
        "十一",
        "二十",
        "二十一",
        "九十九",
    ]


def test_a_letter_without_copies_gets_no_page_for_an_imprint_it_has_not():
    letter = replace(NOTICE, form=Form.LETTER, mark="广东省科学技术协会", copies_to=())
    assert len(opened(letter).sections) == 2
    assert not list(opened(letter).element.body.iter(qn("w:txbxContent")))


def test_the_sum_of_a_table_keeps_two_rows_beside_it():
    rows = tuple((str(at), "演示", "1") for at in range(4))
    table = opened(replace(NOTICE, annexes=(Annex("表", (replace(QUOTA, rows=rows),)),))).tables[0]
    kept = [row.cells[0].paragraphs[0].paragraph_format.keep_with_next for row in table.rows]
    assert kept == [None, None, None, True, True, None]
