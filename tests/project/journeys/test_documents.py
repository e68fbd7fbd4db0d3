"""The office's papers by hand: written, numbered, voided, printed and opened; certificates voided and issued anew."""

import io
from datetime import time
from pathlib import Path
from urllib.parse import urlsplit

import docx
import pypdfium2
import pytest
from django.utils import timezone
from docx.document import Document
from docx.enum.section import WD_ORIENT
from playwright.sync_api import expect

from keyuan.credits import papers
from keyuan.credits.models import Certificate
from keyuan.kernel.access import visible
from keyuan.kernel.models import DocNumber
from keyuan.logistics.actions import grouping, lodging, riding, seating
from keyuan.logistics.actions.lodging import RoomFacts
from keyuan.training.actions import closing
from keyuan.training.models import Nomination, TrainingClass
from tests import factories
from tests.factories import Academy
from tests.logistics.conftest import CHAPTERS, trainee
from tests.project.journeys.stage import Hand, Stage, marks, work

pytestmark = marks


def opened(paper: Path) -> Document:
    """A .docx as an office programme would take it in."""
    assert paper.suffix == ".docx"
    return docx.Document(io.BytesIO(paper.read_bytes()))


def words(document: Document) -> str:
    """The text of a .docx, its tables and its heads and feet, without blanks."""
    tables = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    edges = [
        line.text for part in document.sections for line in (*part.header.paragraphs, *part.footer.paragraphs)
    ]
    return "".join("".join([*(line.text for line in document.paragraphs), *tables, *edges]).split())


def pages(paper: Path) -> list[str]:
    """The text of each page of a PDF, without blanks."""
    assert paper.suffix == ".pdf"
    document = pypdfium2.PdfDocument(paper)
    return ["".join(page.get_textpage().get_text_range().split()) for page in document]


def series(hand: Hand, mark: str) -> None:
    """A number series is opened; its first numbers were given elsewhere."""
    hand.open("/numbers/")
    hand.click('main a:has-text("新建编号系列")')
    hand.fill({"mark": mark, "following": "8"})
    hand.click('main button:has-text("保存")')
    hand.reads(mark)


def written(hand: Hand, form: str, title: str) -> Path:
    """The notice in another form; the file as it is downloaded."""
    hand.fill({"form": form, "title": title})
    hand.click('main button:has-text("保存")')
    hand.reads("已保存")
    return hand.take('main a:has-text("下载 .docx")')


def test_a_notice_is_written_in_its_forms_and_numbers_are_drawn_typed_and_voided(stage: Stage) -> None:
    academy = factories.build()
    klass = factories.published(academy)
    factories.session(academy, klass)
    year = timezone.localdate().year
    office = stage.hand("系列", academy.seats["registrar"])
    series(office, "演示组")
    office.step = "通知"
    office.open(f"/classes/{klass.pk}/")
    office.click('nav.tabs a:has-text("文件与档案")')
    office.click('tr:has-text("开班通知") a:has-text("拟稿和取号")')
    office.reads("还没有文号")
    office.page.locator('main [name="annexes"][value="timetable"]').check()
    draft = opened(written(office, "letter", "演示协会关于举办演示班的函"))
    said = words(draft)
    assert "草稿" in said
    assert "演示协会关于举办演示班的函" in said
    assert all(annex in said for annex in ("名额分配表", "报名回执", "日程安排表"))
    assert any(part.orientation == WD_ORIENT.LANDSCAPE for part in draft.sections)
    red = written(office, "red_head", "演示协会关于举办演示班的通知")
    office.step = "文号"
    office.click('main button:has-text("取号")')
    office.reads(f"演示组〔{year}〕8号")
    final = words(opened(office.take('main a:has-text("下载 .docx")')))
    assert f"演示组〔{year}〕8号" in final
    assert "草稿" not in final
    assert "草稿" in words(opened(red))
    office.step = "纪要"
    office.open(f"/classes/{klass.pk}/papers/")
    office.click('tr:has-text("会议纪要") a:has-text("拟稿和取号")')
    office.fill({"present": "演示甲、演示乙", "body": "一、研究开班事项\n会议议定如期开班。"})
    office.click('main button:has-text("保存")')
    office.fill({"typed": "12"})
    office.click('main button:has-text("取号")')
    office.reads(f"演示组〔{year}〕12号")
    minutes = words(opened(office.take('main a:has-text("下载 .docx")')))
    assert all(word in minutes for word in ("出席", "演示甲", "会议议定如期开班"))
    voided(office, klass, year)
    stage.counted("documents", 20)


def voided(office: Hand, klass: TrainingClass, year: int) -> None:
    """A void number stays in the register with its reason, what was skipped is listed, and the notice is a draft again."""
    office.step = "作废"
    office.open("/numbers/")
    office.reads("空号", "9—11")
    office.click(f'main a:has-text("演示组〔{year}〕8号")')
    office.fill({"reason": "演示错发"})
    office.click('main button:has-text("作废这个号")')
    office.reads("已作废", "演示错发")
    office.open("/numbers/")
    office.reads(f"演示组〔{year}〕8号", "演示错发", "手工录入")
    assert list(DocNumber.objects.order_by("seq").values_list("seq", "state")) == [(8, "void"), (12, "used")]
    office.open(f"/classes/{klass.pk}/papers/")
    expect(office.page.locator('tr:has-text("开班通知")').first).to_contain_text("草稿")


def arranged() -> tuple[Academy, TrainingClass]:
    """A class of six with everything arranged that its papers print."""
    academy = factories.build()
    klass = factories.published(academy, (6, 0), places=6)
    for number in range(6):
        trainee(academy, klass, 0, "男" if number % 2 else "女")
    actor = academy.registrar
    factories.session(academy, klass)
    factories.session(academy, klass, half="pm", starts=time(14, 30), ends=time(17), title="演示下午")
    grouping.propose_groups(actor, training_class=klass, count=2)
    lodging.add_rooms(actor, training_class=klass, rooms=[RoomFacts(str(n)) for n in range(301, 305)])
    lodging.propose_rooms(actor, training_class=klass)
    facts = {"title": "去程", "date": klass.starts, "departs": time(8), "start": "演示南站", "goal": "会场"}
    leg = riding.save_leg(actor, training_class=klass, facts=facts)
    riding.add_vehicles(actor, training_class=klass, leg_id=leg.pk, count=1, capacity=45, plate="粤A12345")
    riding.propose_rides(actor, training_class=klass, leg_id=leg.pk)
    layout = {"title": "开班式", "rows": 3, "columns": 4, "aisles": [2], "kept_rows": 0}
    hall = seating.save_hall(actor, training_class=klass, facts=layout)
    seating.propose_seats(actor, training_class=klass, hall_id=hall.pk, way="group")
    return academy, klass


def test_the_handbook_and_every_paper_of_the_class_download_and_open(stage: Stage) -> None:
    academy, klass = arranged()
    names = Nomination.objects.filter(training_class=klass).values_list("person__name", flat=True)
    keeper = stage.hand("手册", academy.seats["headteacher"])
    keeper.open(f"/classes/{klass.pk}/logistics/")
    keeper.click('main button:has-text("生成 A5 手册")')
    keeper.reads("排队中")
    work()
    expect(keeper.page.locator('main a:has-text("查看结果")')).to_be_visible()
    book = pages(keeper.take('main a:has-text("查看结果")'))
    assert len(book) % 4 == 0
    whole = "".join(book)
    for chapter in CHAPTERS:
        assert chapter in whole
    assert all(name in whole for name in names)
    keeper.step = "用纸"
    keeper.open(f"/classes/{klass.pk}/logistics/")
    for title in ("席卡", "胸牌", "签到表", "座次表", "住宿名单", "乘车名单"):
        said = "".join(pages(keeper.take(f'tr:has(th:text-is("{title}")) a:has-text("下载")')))
        assert all(name in said for name in names), title
    groups = words(opened(keeper.take('tr:has(th:text-is("分组名单")) a:has-text("下载")')))
    assert all(name in groups for name in names)
    stage.counted("handbook and papers", 9)


@pytest.fixture
def closed() -> tuple[Academy, TrainingClass]:
    """A class of two that was held, attended and closed."""
    academy = factories.build()
    klass = factories.taught(academy, trainees=2)
    factories.attend(academy, klass)
    closing.close_class(academy.registrar, training_class=klass)
    return academy, klass


def test_a_certificate_is_issued_voided_and_issued_anew(
    stage: Stage, closed: tuple[Academy, TrainingClass]
) -> None:
    academy, klass = closed
    office = stage.hand("签发", academy.seats["registrar"])
    office.open(f"/classes/{klass.pk}/closing/")
    office.click('main button:has-text("签发结业证书")')
    work()
    expect(office.page.locator("#job")).to_contain_text("已完成")
    first = visible(academy.registrar, Certificate).order_by("pk")[0]
    assert first.number
    office.step = "作废"
    office.open("/credits/certificates/")
    office.reads("有效 2 本")
    office.click(f'main a:has-text("{first.number}")')
    paper = pages(office.take('main a:has-text("下载 PDF")'))
    assert first.holder_name in paper[0]
    office.press('summary:has-text("作废这本证书")')
    office.fill({"reason": "演示姓名印错"})
    office.confirm('main button:has-text("作废证书")')
    office.reads("这本证书已作废", "演示姓名印错")
    office.step = "重发"
    office.confirm('main button:has-text("重发证书")')
    office.reads("正在后台签发")
    work()
    office.open(office.page.url.removeprefix(office.screen.address))
    fresh = visible(academy.registrar, Certificate).latest("pk")
    office.reads(fresh.number)
    assert fresh.number != first.number
    assert fresh.state == "issued"
    anybody = stage.hand("核验")
    for row, verdict in ((first, "作废"), (fresh, "有效")):
        row.refresh_from_db()
        anybody.open(urlsplit(papers.verify_link(row)).path)
        expect(anybody.page.locator(".verdict")).to_contain_text(verdict)
    stage.counted("certificate", 8)
