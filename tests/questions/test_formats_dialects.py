"""Files as other programs and other hands write them; all made up here."""

import io
import zipfile
from decimal import Decimal

import openpyxl
import pytest

from keyuan.questions import formats
from keyuan.questions import items as it
from keyuan.questions.items import Choice, Item, Kind


def taken(words: str) -> Item:
    reading = formats.read("", words.encode())
    assert [str(told) for told in reading.lost] == []
    return reading.items[0]


def lost(words: str) -> str:
    reading = formats.read("", words.encode())
    assert reading.items == ()
    return str(reading.faults[0])


def test_aiken_as_chinese_offices_type_it():
    found = taken("党校的主业主课是？\nA、理论教育\nB．党性教育\nC）娱乐\n答案：AB\n")
    assert found.body == it.Multiple(
        (Choice("理论教育", Decimal("0.5")), Choice("党性教育", Decimal("0.5")), Choice("娱乐", -it.ONE))
    )


def test_aiken_mistakes_are_told_one_by_one():
    words = "没有答案行\nA. 甲\nB. 乙\n\n下一题\nA. 甲\nB. 乙\nANSWER: D\n\n好题\nA. 甲\nB. 乙\nANSWER: B"
    reading = formats.read("", words.encode())
    assert [item.text for item in reading.items] == ["好题"]
    assert ["没有答案行" in str(reading.faults[0]), "对不上" in str(reading.faults[1])] == [True, True]
    assert reading.numbers == (3,)


@pytest.mark.parametrize(
    ("words", "body"),
    [
        ("地球是圆的。{T}", it.Truth(right=True)),
        ("甲{FALSE#错了#对了}", it.Truth(False, feedback_true="错了", feedback_false="对了")),
        ("几年？{#1949}", it.Numeric((it.Value(Decimal(1949)),))),
        ("几？{#3.141..3.143}", it.Numeric((it.Value(Decimal("3.142"), Decimal("0.001")),))),
        ("几？{#=5:1 =%50%8:0}", it.Numeric((it.Value(Decimal(5), it.ONE), it.Value(Decimal(8), share=Decimal("0.5"))))),
        ("首都？{=北京 =%50%北平#旧称}", it.Short((it.Accepted("北京"), it.Accepted("北平", Decimal("0.5"), "旧称")))),
        ("首都？{=北京* =%0%*}", it.Short((it.Accepted("北京*", wild=True), it.Accepted("*", it.NONE, wild=True)))),
        ("配{=甲 -> 1 =乙 -> 2 = -> 3}", it.Matching((it.Pair("甲", "1"), it.Pair("乙", "2")), ("3",))),
        ("选{=\\=对 ~\\~错#为何}", it.Single((Choice("=对", it.ONE), Choice("~错", feedback="为何")))),
        ("选{~%50%甲 ~%50%乙 ~%-100%丙}", it.Multiple((Choice("甲", Decimal("0.5")), Choice("乙", Decimal("0.5")), Choice("丙", -it.ONE)))),
        ("谈谈。{}", it.Long()),
        ("首都是{=北京}。", it.Blanks((it.Blank((it.Accepted("北京"),)),))),
    ],
)  # fmt: skip
def test_gift_is_read_as_its_rules_say(words: str, body: it.Body):
    assert taken(words).body == body


def test_gift_carries_title_number_tags_category_and_general_feedback():
    words = "$CATEGORY: $course$/top/党建/理论\n\n// [id:A-1] [tag:章程] [tag:科普]\n::题一::甲{T####见第一章}\n\n说明文字\n"
    reading = formats.read("", words.encode())
    item = reading.items[0]
    assert (item.code, item.title, item.tags, item.category, item.feedback) == (
        "A-1",
        "题一",
        ("章程", "科普"),
        "党建/理论",
        "见第一章",
    )
    assert "第 2 题（说明文字）：没有写答案的花括号" in str(reading.faults[0])


def test_moodle_kinds_that_cannot_be_taken_are_named():
    words = "<quiz><question type='calculated'><name><text>算</text></name></question><question type='cloze'><name><text>填</text></name><questiontext><text>甲{1:MULTICHOICE:=乙~丙}</text></questiontext></question></quiz>"
    reading = formats.read("", words.encode())
    assert [str(told) for told in reading.faults] == [
        "第 1 题（算）：题型“calculated 计算题”无法读入。",
        "第 2 题（填）：完形填空里的 MULTICHOICE 小题无法读入，只能读入文字填空。",
    ]


def test_moodle_cloze_becomes_blanks_with_weights():
    item = taken(
        "<quiz><question type='cloze'><questiontext format='html'><text>甲{2:SHORTANSWER:=乙#好~%50%丙}，丁{:SA:=戊\\}}。</text></questiontext></question></quiz>"
    )
    assert item.text == "甲[[1]]，丁[[2]]。"
    assert item.body == it.Blanks((
        it.Blank((it.Accepted("乙", feedback="好"), it.Accepted("丙", Decimal("0.5"))), 2), it.Blank((it.Accepted("戊}"),)),
    ))  # fmt: skip


CANVAS = """<questestinterop><assessment><section><item ident="g1" title="连线"><itemmetadata><qtimetadata>
<qtimetadatafield><fieldlabel>question_type</fieldlabel><fieldentry>{kind}</fieldentry></qtimetadatafield>
<qtimetadatafield><fieldlabel>points_possible</fieldlabel><fieldentry>5.0</fieldentry></qtimetadatafield></qtimetadata></itemmetadata>
<presentation><material><mattext texttype="text/html">&lt;div&gt;{text}&lt;/div&gt;</mattext></material>{asked}</presentation>
<resprocessing><outcomes><decvar maxvalue="100" minvalue="0" varname="SCORE" vartype="Decimal"/></outcomes>{scored}</resprocessing></item></section></assessment></questestinterop>"""
LABELS = "".join(
    f"<response_label ident='{n}'><material><mattext>{x}</mattext></material></response_label>"
    for n, x in (("1", "甲"), ("2", "乙"), ("3", "丙"))
)


def test_canvas_questions_are_read():
    several = CANVAS.format(
        kind="multiple_answers_question", text="选", scored="<respcondition><conditionvar><and><varequal respident='r'>1</varequal>"
        "<varequal respident='r'>2</varequal><not><varequal respident='r'>3</varequal></not></and></conditionvar><setvar action='Set' varname='SCORE'>100</setvar></respcondition>",
        asked=f"<response_lid ident='r' rcardinality='Multiple'><render_choice>{LABELS}</render_choice></response_lid>",
    )  # fmt: skip
    item = taken(several)
    assert (item.text, item.title, item.points) == ("<p>选</p>", "连线", 5)
    assert item.body == it.Multiple(
        (Choice("甲", Decimal("0.5")), Choice("乙", Decimal("0.5")), Choice("丙")), exact=True, shuffle=False
    )
    counted = CANVAS.format(
        kind="numerical_question", text="几", asked="<response_str ident='r'><render_fib fibtype='Decimal'/></response_str>",
        scored="<respcondition><conditionvar><or><varequal respident='r'>10</varequal><and><vargte respident='r'>9.5</vargte><varlte respident='r'>10.5</varlte></and></or></conditionvar><setvar action='Set' varname='SCORE'>100</setvar></respcondition>",
    )  # fmt: skip
    assert taken(counted).body == it.Numeric((it.Value(Decimal(10), Decimal("0.5")),))
    filled = CANVAS.format(
        kind="fill_in_multiple_blanks_question", text="我[who]你", scored="<respcondition><conditionvar><varequal respident='response_who'>1</varequal></conditionvar><setvar action='Add' varname='SCORE'>100.00</setvar></respcondition>",
        asked=f"<response_lid ident='response_who'><material><mattext>who</mattext></material><render_choice>{LABELS}</render_choice></response_lid>",
    )  # fmt: skip
    assert (taken(filled).text, taken(filled).kind) == ("<p>我[[1]]你</p>", Kind.BLANKS)
    assert [each.text for each in taken(filled).body.blanks[0].accepted] == ["甲", "乙", "丙"]
    assert "公式计算题" in lost(CANVAS.format(kind="calculated_question", text="算", asked="", scored=""))


ITEM = """<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="x" title="题">
<responseDeclaration identifier="R" cardinality="{many}" baseType="{base}">{right}</responseDeclaration>
<itemBody>{asked}</itemBody><responseProcessing template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/{template}"/></assessmentItem>"""
RIGHT = "<correctResponse><value>A</value><value>B</value></correctResponse>"
MAPPED = "<mapping lowerBound='0' defaultValue='-2'><mapEntry mapKey='A' mappedValue='1'/><mapEntry mapKey='B' mappedValue='1'/></mapping>"
CHOICES = (
    "<choiceInteraction responseIdentifier='R' maxChoices='0'><prompt>选</prompt>"
    + "".join(
        f"<simpleChoice identifier='{x}'>{x}<feedbackInline identifier='{x}' outcomeIdentifier='F'>说{x}</feedbackInline></simpleChoice>"
        for x in "ABC"
    )
    + "</choiceInteraction>"
)


def test_qti_mapping_and_exact_match_are_told_apart():
    mapped = taken(
        ITEM.format(
            many="multiple", base="identifier", right=RIGHT + MAPPED, asked=CHOICES, template="map_response"
        )
    )
    exact = taken(
        ITEM.format(
            many="multiple", base="identifier", right=RIGHT + MAPPED, asked=CHOICES, template="match_correct"
        )
    )
    assert [(x.text, x.share, x.feedback) for x in mapped.body.choices] == [
        ("A", Decimal("0.5"), "说A"),
        ("B", Decimal("0.5"), "说B"),
        ("C", -1, "说C"),
    ]
    assert (mapped.text, mapped.points, mapped.body.exact, exact.body.exact) == ("<p>选</p>", 2, False, True)


def test_qti_ways_of_answering_that_are_not_known_are_named():
    spots = ITEM.format(
        many="single",
        base="point",
        right="",
        asked="<p>点</p><hotspotInteraction responseIdentifier='R'/>",
        template="x",
    )
    assert "“hotspotInteraction”无法读入" in lost(spots)
    assert "没有作答区" in lost(
        ITEM.format(many="single", base="string", right="", asked="<p>说明</p>", template="x")
    )
    assert "请上传整个压缩包" in lost("<assessmentTest/>")


def test_a_package_without_a_list_is_read_file_by_file():
    words = ITEM.format(
        many="multiple", base="identifier", right=RIGHT, asked=CHOICES, template="match_correct"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("a/1.xml", words)
        made.writestr("a/2.xml", "<assessmentItem identifier='y'")
    reading = formats.read("", out.getvalue())
    assert [item.title for item in reading.items] == ["题"]
    assert "第 2 题（a/2.xml）：XML 文件不完整" in str(reading.faults[-1])


def sheet(*rows: list[str]) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(formats.template()))
    titles = [str(cell.value).rstrip("*") for cell in book.active[3]]
    for number, row in enumerate(rows, 4):
        for title, value in zip(["题型", "题干", "选项A", "选项B", "选项C", "答案"], row, strict=False):
            book.active.cell(number, titles.index(title) + 1, value)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_bad_rows_of_the_sheet_come_back_with_what_to_mend():
    reading = formats.read("", sheet(
        ["单选", "首都？", "北京", "上海", "", "A"], ["单选题", "谁？", "甲", "乙", "", "AB"], ["问答", "谁？"],
        ["判断题", "对吗？", "", "", "", "也许"], ["数值题", "几？", "", "", "", "3.14±0.01 米"],
    ))  # fmt: skip
    assert [item.text for item in reading.items] == ["首都？", "几？"]
    assert reading.items[1].body == it.Numeric(
        (it.Value(Decimal("3.14"), Decimal("0.01")),), (it.Unit("米"),)
    )
    assert [
        "只能有一个答案" in reading.rows[0].message,
        "认不出" in reading.rows[1].message,
        "正确 或 错误" in reading.rows[2].message,
    ] == [True] * 3
    back = openpyxl.load_workbook(io.BytesIO(formats.returned(reading))).active
    assert [back.cell(2, 1).value, back.cell(2, 2).value] == ["单选题", "谁？"]
    assert "只能有一个答案" in back.cell(2, back.max_column).value
    again = formats.read("", formats.returned(reading))
    assert len(again.rows) == 3


def test_what_other_files_lose_comes_back_as_a_list():
    reading = formats.read("", "甲{T}\n\n说明文字\n".encode())
    back = openpyxl.load_workbook(io.BytesIO(formats.returned(reading))).active
    assert [str(cell.value) for cell in back[2]][:2] == ["2", "说明文字"]
