"""Files that offices send by mistake or malice, through the page where the reply sheet is sent."""

import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from keyuan.kernel.models.batches import Batch, BatchRow
from keyuan.people.models import Person
from tests.faults import ground as grounds
from tests.faults.ground import TITLES, Ground
from tests.kernel.sheet_files import HEAD, inline, raw_workbook, resident_number, sheet_xml, workbook

GOOD = ["演示甲", "女", "演示学会", "干事", resident_number(1), ""]


def letter(_path: Path) -> bytes:
    return "尊敬的党校：名单随后寄上。".encode("gb18030")


def picture(_path: Path) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + bytes(500)


def paper(_path: Path) -> bytes:
    return b"%PDF-1.7\n" + bytes(500)


def word(path: Path) -> bytes:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<document/>")
    return path.read_bytes()


def locked(_path: Path) -> bytes:
    return (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(64)
    )


def huge(_path: Path) -> bytes:
    return b"PK\x03\x04" + bytes(50 * 1024 * 1024)


def bomb(path: Path) -> bytes:
    space = " " * (200 * 1024 * 1024)
    return raw_workbook(path, sheet_xml(HEAD, space)).read_bytes()


def nothing(_path: Path) -> bytes:
    return b""


def torn(path: Path) -> bytes:
    return workbook(path, [TITLES, GOOD]).read_bytes()[:2000]


def no_rows(path: Path) -> bytes:
    return workbook(path, [TITLES]).read_bytes()


def no_titles(path: Path) -> bytes:
    return workbook(path, [["关于报送名单的函"], ["此致敬礼"]]).read_bytes()


def titles_twice(path: Path) -> bytes:
    return workbook(
        path, [["姓名", "姓名", "证件号码"], ["演示甲", "演示乙", resident_number(1)]]
    ).read_bytes()


def too_many(path: Path) -> bytes:
    titles = "".join(inline(f"{'ABC'[n]}1", title) for n, title in enumerate(("姓名", "单位", "证件号码")))
    rows = "".join(f'<row r="{n}">{inline(f"A{n}", "演示")}</row>' for n in range(2, 20_100))
    return raw_workbook(path, sheet_xml(f'<row r="1">{titles}</row>{rows}')).read_bytes()


def archive(path: Path) -> bytes:
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("evil.exe", b"MZ")
    return path.read_bytes()


@pytest.fixture
def send(ground: Ground, client_for: Callable[..., Client], tmp_path: Path) -> Callable[..., Any]:
    """Sends a file from the nomination page as the unit's liaison."""
    client = client_for(ground.liaison)

    def post(content: bytes, name: str = "报名回执.xlsx") -> Any:
        page = f"/classes/{ground.held.pk}/nominate/"
        assert client.get(page).status_code == 200
        file = SimpleUploadedFile(name, content)
        return client.post(f"{page}upload/", {"file": file}, headers={"Referer": f"http://testserver{page}"})

    return post


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (letter, "另存为 .xlsx"), (picture, "请检查是否选错了文件"), (paper, "请检查是否选错了文件"),
        (word, "请把表格另存为 .xlsx"), (archive, "请检查是否选错了文件"), (locked, "请去掉密码"), (huge, "最大 20 MB"),
        (bomb, "请只留下名单"), (nothing, "请检查是否选错了文件"), (torn, "另存为 .xlsx"), (no_rows, "请"),
        (no_titles, "请"), (too_many, "请分成几个文件"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_roster_gets_a_page_that_says_how_to_mend_and_the_way_back(
    ground: Ground, send: Callable[..., Any], tmp_path: Path,
    make: Callable[[Path], bytes], says: str,
) -> None:  # fmt: skip
    answer = send(make(tmp_path / "made"))
    text = answer.content.decode()
    assert answer.status_code == 422
    said = re.search(r'<p class="lead">(.*?)</p>', text)
    assert said is not None
    assert says in said[1]
    assert f'href="/classes/{ground.held.pk}/nominate/"' in text
    assert Batch.objects.count() == BatchRow.objects.count() == 0


def test_titles_that_stand_twice_are_asked_about_on_the_page_of_columns(
    ground: Ground, send: Callable[..., Any], client_for: Callable[..., Client], tmp_path: Path
) -> None:
    answer = send(titles_twice(tmp_path / "made"))
    assert answer.status_code == 302
    batch = Batch.objects.get()
    assert (batch.state, batch.rows.count()) == ("mapping", 0)
    text = client_for(ground.liaison).get(answer["Location"], follow=True).content.decode()
    assert "是哪一栏" in text
    assert "“姓名”" in text


def test_no_file_at_all_and_a_form_of_another_kind_are_told_so(
    ground: Ground, client_for: Callable[..., Client]
) -> None:
    client, page = client_for(ground.liaison), f"/classes/{ground.held.pk}/nominate/upload/"
    assert "请选择报名回执文件" in client.post(page).text
    assert client.post(page).status_code == 422
    assert client.post(page, {"file": "报名回执.xlsx"}).status_code == 422
    assert client.get(page).status_code == 405
    broken = client.post(page, b"--x\r\nbroken", content_type="multipart/form-data; boundary=x")
    assert broken.status_code in {400, 422}
    assert "请" in broken.text


def test_titles_in_row_five_formulas_and_a_bad_row_lead_to_the_preview_with_a_verdict_each(
    ground: Ground, send: Callable[..., Any], client_for: Callable[..., Client], tmp_path: Path
) -> None:
    letterhead = [["附件2"], ["报名回执"], ["填报单位：演示学会"], []]
    evil = ["演示乙", "男", "演示学会", '=HYPERLINK("http://x.example","点我")', resident_number(2), ""]
    bad = ["演示丙", "男", "演示学会", "干事", "12345", ""]
    answer = send(workbook(tmp_path / "x.xlsx", [*letterhead, TITLES, GOOD, evil, bad]).read_bytes())
    assert answer.status_code == 302
    shown = client_for(ground.liaison).get(answer["Location"])
    assert shown.status_code == 200
    assert list(BatchRow.objects.order_by("sheet_row").values_list("sheet_row", "is_bad")) == [
        (6, False), (7, True), (8, True),
    ]  # fmt: skip
    assert "公式" in shown.text
    # The annotated rows go back as text: no cell of the file begins a formula.
    batch = Batch.objects.get()
    returned = client_for(ground.liaison).get(f"/batches/{batch.pk}/result/")
    assert returned.status_code == 200


@pytest.mark.slow
def test_twenty_thousand_rows_are_taken_to_the_preview(
    ground: Ground, send: Callable[..., Any], tmp_path: Path
) -> None:
    answer = send(grounds.roster(tmp_path / "big.xlsx", 20_000).read_bytes())
    assert answer.status_code == 302
    assert BatchRow.objects.count() == 20_000
    assert Person.objects.filter(name="演示零").count() == 0, "nothing goes in before it is confirmed"
