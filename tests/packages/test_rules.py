"""A package is known by its manifest, and whatever is hostile, broken or lacking in it is refused with a reason."""

import io
import json
import stat
import zipfile
from collections.abc import Mapping

import pytest

from keyuan.kernel.faults import Fault
from keyuan.packages.rules import archive, manifests

RESOURCE = '<resources><resource identifier="R" type="webcontent" href="{href}"/></resources>'
ITEM = '<item identifier="I" identifierref="R"><title>第一课</title>{more}</item>'
MANIFEST = (
    '<manifest identifier="M" xmlns:adlcp="http://www.adlnet.org/xsd/{space}">'
    "<metadata><schema>ADL SCORM</schema><schemaversion>{version}</schemaversion></metadata>"
    '<organizations default="O"><organization identifier="O"><title>演示课程</title>' + ITEM + "</organization></organizations>"
    + RESOURCE + "</manifest>"
)  # fmt: skip
CMI5 = (
    '<courseStructure xmlns="https://w3id.org/xapi/profiles/cmi5/v1/CourseStructure.xsd"><course id="urn:c"><title>'
    '<langstring lang="zh-CN">演示课程</langstring></title></course><block id="urn:b"><title/><au id="urn:a" moveOn="{move}"'
    ' masteryScore="0.7"><title><langstring>单元一</langstring></title><url>index.html?pages=1</url></au></block></courseStructure>'
)


def manifest(
    version: str = "1.2", href: str = "index.html", more: str = "", space: str = "adlcp_rootv1p2"
) -> str:
    return MANIFEST.format(version=version, href=href, more=more, space=space)


def packed(files: Mapping[str, str | bytes], *, how: int = zipfile.ZIP_DEFLATED) -> io.BytesIO:
    """A small archive made in memory."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how) as box:
        for name, content in files.items():
            box.writestr(name, content)
    return out


def contents(files: Mapping[str, str | bytes]) -> manifests.Contents:
    return manifests.read(archive.opened(packed(files)))


def refused(files: Mapping[str, str | bytes]) -> str:
    with pytest.raises(Fault) as fault:
        contents(files)
    assert fault.value.field == "file"
    return fault.value.message


@pytest.mark.parametrize(
    ("version", "space", "standard"),
    [
        ("1.2", "adlcp_rootv1p2", "scorm12"), ("2004 3rd Edition", "adlcp_v1p3", "scorm2004-3"),
        ("2004 4th Edition", "adlcp_v1p3", "scorm2004-4"), ("CAM 1.3", "adlcp_v1p3", "scorm2004-3"),
    ],
)  # fmt: skip
def test_each_edition_of_scorm_is_known_by_what_it_says(version: str, space: str, standard: str) -> None:
    found = contents({"imsmanifest.xml": manifest(version, space=space), "index.html": "<p>"})
    assert (found.standard, found.title, found.units[0].title) == (standard, "演示课程", "第一课")
    assert found.units[0].href == "index.html"


def test_a_sco_keeps_its_parameters_its_base_and_what_it_is_told() -> None:
    text = manifest(href="a.html?x=1", more="<adlcp:masteryscore>80</adlcp:masteryscore>")
    text = text.replace("<resources>", '<resources xml:base="sco/">').replace(
        'identifierref="R"', 'identifierref="R" parameters="?lang=zh"'
    )
    unit = contents({"imsmanifest.xml": text, "sco/a.html": ""}).units[0]
    assert (unit.href, unit.facts) == ("sco/a.html?x=1&lang=zh", {"mastery_score": "80"})


def test_a_cmi5_course_gives_its_units_with_their_rule_of_moving_on() -> None:
    found = contents({"cmi5.xml": CMI5.format(move="CompletedOrPassed"), "index.html": ""})
    assert (found.standard, found.title, found.units[0].href) == ("cmi5", "演示课程", "index.html?pages=1")
    assert found.units[0].facts["move_on"] == "CompletedOrPassed"
    assert "moveOn" in refused({"cmi5.xml": CMI5.format(move="Never"), "index.html": ""})


def test_an_h5p_package_needs_its_content_and_its_libraries() -> None:
    said = {
        "title": "演示",
        "mainLibrary": "H5P.X",
        "preloadedDependencies": [{"machineName": "H5P.X", "majorVersion": 1, "minorVersion": 2}],
    }
    files = {"h5p.json": json.dumps(said), "content/content.json": "{}", "H5P.X-1.2/library.json": "{}"}
    assert contents(files).standard == "h5p"
    assert "H5P.X-1.2" in refused({name: files[name] for name in ("h5p.json", "content/content.json")})
    assert "content.json" in refused({"h5p.json": files["h5p.json"], "H5P.X-1.2/library.json": "{}"})
    assert "JSON" in refused({**files, "h5p.json": "{"})
    assert "mainLibrary" in refused({**files, "h5p.json": "[]"})


@pytest.mark.parametrize("coding", ["gb2312", "utf-16", "utf-8-sig"])
def test_a_manifest_is_read_in_the_coding_it_was_written_in(coding: str) -> None:
    head = f'<?xml version="1.0" encoding="{coding.removesuffix("-sig")}"?>'
    found = contents({"imsmanifest.xml": (head + manifest()).encode(coding), "index.html": ""})
    assert found.title == "演示课程"


def test_a_start_page_of_other_letter_case_is_found_and_one_that_is_missing_named() -> None:
    assert (
        contents({"imsmanifest.xml": manifest(href="INDEX.html"), "index.html": ""}).units[0].href
        == "index.html"
    )
    assert "gone.html" in refused({"imsmanifest.xml": manifest(href="gone.html"), "index.html": ""})


@pytest.mark.parametrize(
    "href",
    ["https://example.org/a.html", "//example.org/a.html", "/etc/passwd", "../a.html", "javascript:alert(1)"],
)
def test_a_start_page_outside_the_package_is_refused(href: str) -> None:
    assert "不在包内" in refused({"imsmanifest.xml": manifest(href=href), "a.html": ""})


def test_what_is_no_package_is_told_apart_from_one_packed_a_folder_too_deep() -> None:
    assert "不是课件包" in refused({"index.html": ""})
    assert "全选后再压缩" in refused({"课程/imsmanifest.xml": manifest(), "课程/index.html": ""})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<manifest>", "不是完整的 XML"), ("<manifest/>", "没有说明是 SCORM"), (manifest("7.0", space="x"), "7.0"),
        (manifest().replace('identifierref="R"', 'identifierref="Q"'), "不存在的资源"),
        (manifest().replace(ITEM.format(more=""), ""), "没有可以打开的学习单元"),
        (manifest(more="<item>" * 30 + "</item>" * 30), "20 层"),
    ],
)  # fmt: skip
def test_a_broken_manifest_says_what_is_broken(text: str, words: str) -> None:
    assert words in refused({"imsmanifest.xml": text, "index.html": ""})


@pytest.mark.parametrize(
    "head",
    [
        '<!DOCTYPE m [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE m [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>', '<!DOCTYPE m SYSTEM "http://127.0.0.1/x.dtd">',
    ],
)  # fmt: skip
def test_entities_and_documents_from_elsewhere_are_refused(head: str) -> None:
    assert "实体" in refused({"imsmanifest.xml": head + manifest(), "index.html": ""})


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("../evil.html", "想写到包外"), ("a/../../evil.html", "想写到包外"), ("..\\evil.html", "想写到包外"),
        ("/etc/cron.d/x", "绝对路径"), ("C:\\windows\\x.html", "绝对路径"), ("a\x07b.html", "控制字符"),
        ("aux.html", "不能作文件名"), ("a./x.html", "不能作文件名"), ("~/frame.js", "不能作文件名"), ("x" * 300, "240"),
        ("shell.php", "服务器脚本"), ("a/.htaccess", "服务器脚本"), ("setup.EXE", "服务器脚本"), ("inner.zip", "包中的压缩包"),
    ],
)  # fmt: skip
def test_names_and_kinds_that_are_not_taken_are_named(name: str, words: str) -> None:
    assert words in refused({"imsmanifest.xml": manifest(), "index.html": "", name: "x"})


def test_names_that_differ_by_case_only_are_one_name() -> None:
    assert "重名" in refused({"imsmanifest.xml": manifest(), "index.html": "", "Index.html": ""})


def test_links_and_locked_files_are_refused() -> None:
    link = zipfile.ZipInfo("link.html")
    link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    out = packed({"imsmanifest.xml": manifest()})
    with zipfile.ZipFile(out, "a") as box:
        box.writestr(link, "/etc/passwd")
    with pytest.raises(Fault, match="链接"):
        archive.opened(out)
    locked = bytearray(packed({"a.html": "x"}).getvalue())
    locked[6] |= 1
    locked[locked.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(Fault, match="密码"):
        archive.opened(io.BytesIO(bytes(locked)))


def test_bombs_are_refused_before_they_are_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "压缩炸弹" in refused({"imsmanifest.xml": manifest(), "zeros.bin": bytes(3_000_000)})
    monkeypatch.setattr(archive, "MOST_BYTES", 5000)
    assert "解开后超过" in refused({"imsmanifest.xml": manifest(), "a.txt": "a" * 6000})
    monkeypatch.setattr(archive, "MOST_ONE", 2000)
    assert "a.txt" in refused({"a.txt": "a" * 3000})
    monkeypatch.setattr(archive, "MOST_FILES", 2)
    assert "最多 2 个" in refused({f"{n}.txt": "" for n in range(3)})


def test_a_file_that_holds_more_than_it_declared_is_stopped() -> None:
    whole = bytearray(packed({"a.txt": "a" * 500_000}, how=zipfile.ZIP_STORED).getvalue())
    found = archive.opened(io.BytesIO(bytes(whole)))
    found.files["a.txt"].file_size = 10
    with pytest.raises(Fault):
        b"".join(found.pieces("a.txt"))
    whole[100] ^= 1
    with pytest.raises(Fault, match="损坏"):
        archive.opened(io.BytesIO(bytes(whole))).read("a.txt")


def test_what_is_no_archive_and_an_empty_one_are_refused() -> None:
    for data, words in (
        (b"PK\x03\x04nonsense", "不是 ZIP"),
        (b"", "不是 ZIP"),
        (packed({}).getvalue(), "没有文件"),
    ):
        with pytest.raises(Fault, match=words):
            archive.opened(io.BytesIO(data))


def test_chinese_names_are_read_as_utf_8_or_gbk_and_litter_is_passed_over() -> None:
    gbk = zipfile.ZipInfo("课件.html")
    gbk.flag_bits = archive.UTF8
    assert archive.path_of(gbk) == "课件.html"
    gbk.orig_filename, gbk.flag_bits = "课件.html".encode("gb18030").decode("cp437"), 0
    assert archive.path_of(gbk) == "课件.html"
    gbk.orig_filename = b"\xff\xff\xff.html".decode("cp437")
    with pytest.raises(Fault, match="编码"):
        archive.path_of(gbk)
    found = archive.opened(
        packed({"a.html": "", "__MACOSX/._a.html": "", "img/.DS_Store": "", "b\\c.html": ""})
    )
    assert set(found.files) == {"a.html", "b/c.html"}


def test_flash_is_taken_with_a_warning() -> None:
    found = contents({"imsmanifest.xml": manifest(), "index.html": "", "old/film.swf": "FWS"})
    assert len(found.warnings) == 1
    assert "film.swf" in found.warnings[0]
