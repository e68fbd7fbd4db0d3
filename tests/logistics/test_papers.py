"""The papers of a class: what stands on them, how many pages, and that nothing typed is read as markup."""

import io
from datetime import time

import docx
import pypdfium2
import pytest

from keyuan.kernel.faults import Fault
from keyuan.logistics import papers
from keyuan.logistics.actions import answering, arranging, dining, grouping, lodging, posts, riding, seating
from keyuan.logistics.actions.answering import AnswerFacts
from keyuan.logistics.actions.lodging import RoomFacts
from keyuan.logistics.models import MealTable
from keyuan.logistics.papers.handbook import handbook_pdf, leave_rules
from keyuan.logistics.rules.codes import badge_code
from keyuan.people.models import Person
from tests import factories
from tests.logistics.conftest import CHAPTERS, Ground


@pytest.fixture
def arranged(ground: Ground) -> Ground:
    actor, klass = ground.academy.registrar, ground.klass
    factories.session(ground.academy, klass)
    factories.session(ground.academy, klass, half="pm", starts=time(14, 30), ends=time(17), title="演示下午")
    grouping.propose_groups(actor, training_class=klass, count=2)
    posts.appoint(actor, training_class=klass, kind="monitor", nomination_id=ground.rows[0].pk)
    lodging.add_rooms(actor, training_class=klass, rooms=[RoomFacts(str(n)) for n in range(301, 306)])
    lodging.propose_rooms(actor, training_class=klass)
    facts = {"title": "去程", "date": klass.starts, "departs": time(8), "start": "演示南站", "goal": "会场"}
    leg = riding.save_leg(actor, training_class=klass, facts=facts)
    riding.add_vehicles(actor, training_class=klass, leg_id=leg.pk, count=1, capacity=45, plate="粤A12345")
    riding.propose_rides(actor, training_class=klass, leg_id=leg.pk)
    layout = {"title": "开班式", "rows": 3, "columns": 4, "aisles": [2], "kept_rows": 0}
    hall = seating.save_hall(actor, training_class=klass, facts=layout)
    seating.propose_seats(actor, training_class=klass, hall_id=hall.pk, way="group")
    return ground


def pages(content: bytes) -> list[str]:
    """The text of each page without blanks: a PDF knows where letters stand, not which belong together."""
    document = pypdfium2.PdfDocument(content)
    return ["".join(page.get_textpage().get_text_range().split()) for page in document]


def made(ground: Ground, kind: str) -> list[str]:
    return pages(papers.make(ground.academy.registrar, ground.klass, kind).content)


def test_each_name_card_has_the_name_twice(arranged: Ground) -> None:
    found = made(arranged, "names")
    assert len(found) == 4
    assert all("".join(found).count(row.person.name) == 2 for row in arranged.rows)


def test_each_badge_bears_the_code_that_checks_in(arranged: Ground) -> None:
    text = "".join(made(arranged, "badges"))
    for row in arranged.rows:
        assert badge_code(arranged.klass.pk, row.person_id) in text
    assert "班长" in text


def test_there_is_a_sheet_to_sign_for_each_half_day_with_everybody(arranged: Ground) -> None:
    found = made(arranged, "signing")
    assert len(found) == 2
    assert "上午" in found[0]
    assert "下午" in found[1]
    assert all(row.person.name in page for page in found for row in arranged.rows)


def test_the_seat_plan_is_one_page_a_hall(arranged: Ground) -> None:
    (page,) = made(arranged, "seats")
    assert "主席台" in page
    assert "共8人" in page


def test_lists_name_everybody_with_room_and_vehicle(arranged: Ground) -> None:
    lodged, riding_ = "".join(made(arranged, "rooms")), "".join(made(arranged, "rides"))
    for row in arranged.rows:
        assert row.person.name in lodged
        assert row.person.name in riding_
    assert "301" in lodged
    assert "粤A12345" in riding_


def test_the_list_of_groups_is_a_document_to_edit(arranged: Ground) -> None:
    content = papers.make(arranged.academy.registrar, arranged.klass, "groups").content
    document = docx.Document(io.BytesIO(content))
    cells = {cell.text for table in document.tables for row in table.rows for cell in row.cells}
    assert {row.person.name for row in arranged.rows} <= cells
    assert "班长" in cells


def test_the_handbook_holds_every_chapter_in_a_multiple_of_four_pages(arranged: Ground) -> None:
    said: list[tuple[int, int, str]] = []
    content = handbook_pdf(
        arranged.academy.registrar,
        arranged.klass,
        step=lambda done, total, words: said.append((done, total, words)),
    )
    found = pages(content)
    assert len(found) % 4 == 0
    text = "".join(found)
    for chapter in CHAPTERS:
        assert chapter in text
    assert said[-1][:2] == (5, 5)
    wide = pypdfium2.PdfDocument(handbook_pdf(arranged.academy.registrar, arranged.klass, size="a4"))
    assert round(wide[0].get_width()) == 595


def test_a_bare_class_has_a_handbook_too_and_leaves_out_what_is_not_arranged(ground: Ground) -> None:
    text = "".join(pages(handbook_pdf(ground.academy.registrar, ground.klass)))
    assert "学员名册" in text
    assert "住宿安排" not in text
    for kind, words in (
        ("signing", "先排课"),
        ("seats", "会场"),
        ("rooms", "排房"),
        ("rides", "排车"),
        ("groups", "编组"),
        ("x", "没有这种"),
    ):
        with pytest.raises(Fault, match=words):
            papers.make(ground.academy.registrar, ground.klass, kind)


def test_the_class_may_write_its_own_rules_and_the_usual_ones_name_who_grants_leave(ground: Ground) -> None:
    assert any("班主任批准" in line for line in leave_rules(ground.klass))
    arranging.set_up(
        ground.academy.registrar,
        training_class=ground.klass,
        facts={"rules_text": "第一条自定。\n\n第二条自定。"},
    )
    text = "".join(pages(handbook_pdf(ground.academy.registrar, ground.klass)))
    assert "第一条自定" in text
    assert "公款旅游" not in text


def test_what_is_typed_is_never_read_as_markup_and_answers_are_on_no_paper(arranged: Ground) -> None:
    actor, klass = arranged.academy.registrar, arranged.klass
    Person.objects.filter(pk=arranged.rows[0].person_id).update(name="#张[三]$*_")
    arranging.set_up(actor, training_class=klass, facts={"asks_diet": True, "asks_branch": True})
    answering.answer(actor, nomination=arranged.rows[1], facts=AnswerFacts(diet="清真餐", branch="yes"))
    dining.propose_tables(actor, training_class=klass, together=True)
    MealTable.objects.update(title="#张[三]$*_")
    for kind in papers.KINDS:
        if kind.form == "pdf":
            text = "".join(made(arranged, kind.kind))
            assert "#张[三]$*_" in text
            assert "清真" not in text
    assert "清真" not in "".join(pages(handbook_pdf(actor, klass)))
