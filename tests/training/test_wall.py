"""The timetable to be hung up: five days a page, which version it is, who teaches where."""

import io
from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any

import docx
import openpyxl
import pypdfium2
import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from keyuan.kernel.faults import Fault
from keyuan.kernel.papers.timetable import DAYS_A_PAGE, HALVES, Entry, TimetableFacts, leaves
from keyuan.people.models import Person
from keyuan.training import papers
from keyuan.training.actions import timetable, versions
from keyuan.training.models import TrainingClass
from tests import factories
from tests.factories import Academy

FIRST = date(2031, 3, 3)

entries = st.builds(
    lambda day, half, at, title: Entry(FIRST + timedelta(days=day), half, title, f"{at:02}:00—{at:02}:50"),
    st.integers(0, 15), st.sampled_from(HALVES), st.integers(7, 20), st.sampled_from("甲乙丙"),
)  # fmt: skip


@given(st.lists(entries, max_size=30))
def test_every_session_stands_once_on_pages_of_at_most_five_days(found: list[Entry]) -> None:
    pages = leaves(TimetableFacts("演示课程表", tuple(found)))
    stood = [entry for page in pages for line in page.lines for cell in line.cells for entry in cell]
    assert sorted(stood, key=repr) == sorted(found, key=repr)
    sizes = [len(page.days) for page in pages]
    assert max(sizes) <= DAYS_A_PAGE
    assert max(sizes) - min(sizes) <= 1
    for page in pages:
        assert sum(line.span for line in page.lines) == len(page.lines)
        assert all(len(line.cells) == len(page.days) for line in page.lines)


def words_of(content: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(content)
    return ["".join(page.get_textpage().get_text_range().split()) for page in document]


def week(academy: Academy, days: int = 7) -> TrainingClass:
    klass = factories.published(
        academy, starts=FIRST, ends=FIRST + timedelta(days=days - 1), nominate_by=FIRST - timedelta(days=9)
    )
    teacher = academy.seats["teacher"].person
    Person.objects.filter(pk=teacher.pk).update(post_title="演示教授")
    for number in range(days):
        factories.session(academy, klass, title=f"演示第{number}讲", date=FIRST + timedelta(days=number))
    return klass


def test_a_week_hangs_on_two_pages_as_pdf_document_and_sheet(academy: Academy) -> None:
    klass = week(academy)
    first, second = words_of(papers.make(klass, "wall").content)
    assert "演示第3讲" in first
    assert "演示第4讲" in second
    assert f"{academy.seats['teacher'].person.name}（演示教授）" in first
    assert "演示一号厅" in second
    document = docx.Document(io.BytesIO(papers.make(klass, "wall-docx").content))
    assert len(document.tables) == 2
    assert {section.orientation for section in document.sections} == {1}
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert sum("演示第6讲" in words for words in cells) == 1
    book = openpyxl.load_workbook(io.BytesIO(papers.make(klass, "wall-xlsx").content))
    assert [page.page_setup.orientation for page in book] == ["landscape"] * 2
    assert any("演示第6讲" in str(cell.value) for row in book.worksheets[1].iter_rows() for cell in row)


def test_what_is_not_released_says_draft_on_every_form_of_it(academy: Academy) -> None:
    klass = week(academy, 2)
    assert "草稿" in words_of(papers.make(klass, "wall").content)[0]
    document = docx.Document(io.BytesIO(papers.make(klass, "wall-docx").content))
    assert "草稿" in document.sections[0].header.paragraphs[0].text
    page = openpyxl.load_workbook(io.BytesIO(papers.make(klass, "wall-xlsx").content)).worksheets[0]
    assert "草稿" in str(page["A2"].value)


def test_what_hangs_is_the_version_that_was_released_and_says_which(academy: Academy) -> None:
    klass = week(academy, 2)
    versions.release_timetable(academy.registrar, training_class=klass)
    moved = klass.sessions.order_by("date").first()
    assert moved is not None
    timetable.change_session(
        academy.registrar, session=moved, facts={"title": "演示改题", "starts": time(8, 30)}
    )
    klass.refresh_from_db()
    (said,) = words_of(papers.make(klass, "wall").content)
    assert "第1版" in said
    assert "草稿" not in said
    assert "演示第0讲" in said
    assert "演示改题" not in said


def test_an_empty_timetable_is_not_hung_up(academy: Academy) -> None:
    klass = factories.published(academy)
    for kind in ("wall", "wall-docx", "wall-xlsx"):
        with pytest.raises(Fault):
            papers.make(klass, kind)


def test_the_office_takes_it_from_the_timetables_page(
    academy: Academy, client_for: Callable[[Any], Client]
) -> None:
    klass = week(academy, 2)
    client = client_for(academy.seats["registrar"])
    path = f"/classes/{klass.pk}/papers/wall/"
    assert path in client.get(f"/classes/{klass.pk}/timetable/").content.decode()
    answer = client.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    assert client_for(academy.seats["liaison"]).get(path).status_code in {403, 404}
