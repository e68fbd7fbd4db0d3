import io
import stat
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keyuan.questions import formats
from keyuan.questions import items as it
from keyuan.questions.formats import opening
from keyuan.questions.items import Choice, Item
from keyuan.questions.richtext import clean

PLAIN = Item("党校设在哪里？", it.Single((Choice("北京", it.ONE), Choice("上海"))))
AIKEN = "党校设在哪里？\nA. 北京\nB. 上海\nANSWER: A\n"


def refused(data: bytes) -> str:
    reading = formats.read("questions", data)
    assert reading.items == ()
    return str(reading.faults[0])


def box(files: dict[str, bytes | str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in files.items():
            made.writestr(name, data)
    return out.getvalue()


def test_entities_and_outside_references_are_refused():
    outside = '<!DOCTYPE quiz [<!ENTITY x SYSTEM "file:///etc/passwd">]><quiz><question type="essay">&x;</question></quiz>'
    laughs = '<!DOCTYPE q [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><quiz>&b;</quiz>'
    assert "不允许的内容" in refused(outside.encode())
    assert "不允许的内容" in refused(laughs.encode())
    assert "不允许的内容" in str(formats.read("", box({"a.xml": laughs})).faults[-1])


def test_a_doctype_that_only_names_itself_is_read():
    plain = '<!DOCTYPE questestinterop SYSTEM "ims_qtiasiv1p2p1.dtd"><questestinterop/>'
    assert refused(plain.encode()) == "文件里没有试题。"


def test_a_bomb_is_refused_before_it_is_unpacked():
    assert "压缩得异常" in refused(box({"a.xml": b"<a>" + b" " * 3_000_000}))
    many = box({f"{number}.xml": b"" for number in range(opening.ENTRIES + 1)})
    assert "个文件" in refused(many)


@pytest.mark.parametrize("name", ["../a.xml", "/etc/a.xml", "a/../../b.xml", "C:/a.xml", "a\\..\\b.xml"])
def test_a_way_out_of_the_package_is_refused(name: str):
    assert "越出了压缩包" in refused(box({name: "<a/>"}))


def test_links_passwords_and_doubles_are_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        link = zipfile.ZipInfo("a.xml")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        made.writestr(link, "/etc/passwd")
    assert "符号链接" in refused(out.getvalue())
    locked = bytearray(box({"a.xml": "<a/>"}))
    locked[locked.index(b"PK\x01\x02") + 8] |= 1
    assert "有密码" in refused(bytes(locked))


def test_a_manifest_cannot_reach_outside():
    manifest = '<manifest><resources><resource type="imsqti_item_xmlv2p1" href="../../etc/passwd.xml"/></resources></manifest>'
    assert "不在压缩包里" in refused(box({"imsmanifest.xml": manifest}))


def test_deep_nesting_and_endless_elements_are_refused():
    assert "嵌套过深" in refused(b"<quiz>" + b"<a>" * 5000 + b"</a>" * 5000 + b"</quiz>")
    deep = "甲{=" + "{" * 4000 + "}" * 4000 + "}\n"
    assert "花括号" in refused(deep.encode())


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"])
def test_any_usual_encoding_is_read(codec: str):
    assert formats.read("", AIKEN.encode(codec)).items == (PLAIN,)


@pytest.mark.parametrize("codec", ["gb2312", "gbk", "gb18030", "utf-16"])
def test_xml_in_the_encoding_it_names_is_read(codec: str):
    words = formats.write("moodle", [PLAIN]).data.decode().replace("UTF-8", codec)
    assert formats.read("", words.encode(codec)).items == (PLAIN,)


def test_what_is_no_text_in_any_encoding_is_refused():
    assert "编码" in refused(b"<?xml version='1.0' encoding='gb18030'?><quiz>\xff\xff</quiz>")
    assert "认不出" in refused(b"hello")
    assert "认不出" in refused(b"%PDF-1.7 ...")
    assert "空的" in refused(b" \n")
    assert ".xlsx" in refused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    assert "30 MB" in refused(b"a" * (opening.FILE_LIMIT + 1))


@pytest.mark.parametrize("key", ["xlsx", "moodle", "qti30", "qti12"])
def test_a_file_cut_short_is_told_and_never_an_error(key: str):
    data = formats.write(key, [PLAIN, PLAIN]).data
    for part in (3, 2):
        reading = formats.read("", data[: len(data) * (part - 1) // part])
        assert reading.items == ()
        assert "Traceback" not in str(reading.faults[0])


SEEDS = {
    key: formats.write(key, [PLAIN, Item("写[[1]]。", it.Blanks((it.Blank((it.Accepted("甲"),)),)))]).data
    for key in ("moodle", "gift", "aiken")
}
SEEDS["item"] = zipfile.ZipFile(io.BytesIO(formats.write("qti30", [PLAIN]).data)).read("q0001/item.xml")
SEEDS["old"] = zipfile.ZipFile(io.BytesIO(formats.write("qti12", [PLAIN]).data)).read("questions.xml")


@settings(deadline=None, max_examples=50)
@given(seed=st.sampled_from(list(SEEDS)), data=st.data())
def test_no_damage_makes_an_error(seed: str, data):
    words = SEEDS[seed].decode()
    for _hit in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(words)))
        end = min(len(words), start + data.draw(st.integers(0, 12)))
        words = words[:start] + data.draw(st.text("<>/{}=~#%:\"'&; 1xA\n\\[]-", max_size=6)) + words[end:]
    reading = formats.read("", words.encode())
    assert reading.items or reading.faults
    for item in reading.items:
        assert item.text == clean(item.text)


def test_scripts_and_outside_pictures_do_not_come_in():
    text = '<p onclick="x()">甲<script>alert(1)</script><img src="https://x.example/a.png"><a href="https://x.example">乙</a></p>'
    gift = text.replace("=", "\\=").replace(":", "\\:") + "{T}"
    reading = formats.read("", ("[html]" + gift).encode())
    assert reading.items[0].text == "<p>甲乙</p>"
    words = (
        formats.write("moodle", [PLAIN])
        .data.decode()
        .replace("党校设在哪里？", text.replace("<", "&lt;").replace(">", "&gt;"))
    )
    reading = formats.read("", words.encode())
    assert reading.items[0].text == "<p>甲乙</p>"
    assert "脚本" in str(reading.faults[0])
    assert "链接" in str(reading.faults[0])
    assert "图片“a.png”" in str(reading.faults[0])


@pytest.mark.parametrize("words", ["<b>" * 90_000, "<img " * 90_000, "甲" * 70_000, "<div><p>" * 20_000])
def test_a_text_no_question_has_is_refused_before_it_costs_time(words: str):
    quiz = f"<quiz><question type='essay'><questiontext><text><![CDATA[{words}]]></text></questiontext></question></quiz>"
    assert "请缩短" in refused(quiz.encode())
    assert "请缩短" in refused(f"[html]{words}{{T}}\n".encode())


def test_a_cloze_of_nothing_but_braces_is_refused():
    words = "{1:SA:" * 500
    quiz = f"<quiz><question type='cloze'><questiontext><text>{words}</text></questiontext></question></quiz>"
    assert "花括号太多" in refused(quiz.encode())


def test_more_parts_than_any_question_has_are_refused():
    choices = "".join(f"<simpleChoice identifier='c{number}'>甲</simpleChoice>" for number in range(20_000))
    item = f"<assessmentItem><itemBody><choiceInteraction>{choices}</choiceInteraction></itemBody></assessmentItem>"
    assert "超过 200 个" in refused(item.encode())
    places = "<response_lid ident='a'/>" * 20_000
    old = f"<questestinterop><item><presentation>{places}</presentation></item></questestinterop>"
    assert "超过 200 个" in refused(old.encode())
