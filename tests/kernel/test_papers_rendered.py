"""Official documents as LibreOffice lays them out, measured against the figures of GB/T 9704-2012.

All lengths are millimetres from the sheet's upper left corner, read from the PDF. Left out where no office
program is installed.
"""

import shutil
from dataclasses import dataclass

import pypdfium2
import pytest

from tests.kernel.paper_samples import FULL, LETTER, MINUTES, RED_HEAD, rendered

SOFFICE = shutil.which("soffice")
MM = 25.4 / 72
pytestmark = pytest.mark.skipif(SOFFICE is None, reason="no office program installed")


@dataclass(frozen=True)
class Piece:
    """A character or a rule on a page, its box in millimetres."""

    text: str
    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left


@pytest.fixture(scope="module")
def documents(tmp_path_factory):
    folder = tmp_path_factory.mktemp("rendered")
    return {name: pypdfium2.PdfDocument(path) for name, path in rendered(folder, SOFFICE or "").items()}


def characters(page, *, loose: bool = True) -> list[Piece]:
    text = page.get_textpage()
    height = page.get_height()
    found = []
    for at in range(text.count_chars()):
        sign = text.get_text_range(at, 1)
        if sign.strip():
            left, bottom, right, top = text.get_charbox(at, loose=loose)
            found.append(Piece(sign, left * MM, (height - top) * MM, right * MM, (height - bottom) * MM))
    return found


def lines(page) -> list[list[Piece]]:
    """The characters by line, from top to bottom, each line from left to right."""
    rows: list[list[Piece]] = []
    for piece in sorted(characters(page), key=lambda piece: (round(piece.bottom), piece.left)):
        if rows and abs(rows[-1][0].bottom - piece.bottom) < 2:
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return [sorted(row, key=lambda piece: piece.left) for row in rows]


def rules(page) -> list[Piece]:
    """The long horizontal rules."""
    height = page.get_height()
    found = []
    for thing in page.get_objects(max_depth=4):
        if thing.type != pypdfium2.raw.FPDF_PAGEOBJ_PATH:
            continue
        left, bottom, right, top = thing.get_bounds()
        # The library adds the stroke's width at the ends and half of it above and below.
        stroke = (top - bottom) / 2
        left, right, top, bottom = left + stroke, right - stroke, top - stroke / 2, bottom + stroke / 2
        piece = Piece("", left * MM, (height - top) * MM, right * MM, (height - bottom) * MM)
        if piece.width > 100 and piece.bottom - piece.top < 3:
            found.append(piece)
    return sorted(found, key=lambda piece: piece.top)


def line_of(page, words: str) -> list[Piece]:
    wanted = "".join(words.split())
    return next(row for row in lines(page) if wanted in "".join(piece.text for piece in row))


def test_a_full_page_holds_22_lines_of_28_characters(documents):
    page = documents["full"][1]
    rows = [row for row in lines(page) if row[0].text == "科"]
    assert len(rows) == 22
    assert {len(row) for row in rows if row[0].left < 30} == {28}
    assert rows[1][0].left == pytest.approx(28, abs=0.5)
    assert rows[1][-1].right == pytest.approx(184, abs=0.7)
    assert rows[-1][0].bottom < 262.5


def test_the_lines_fill_225_mm_from_37_mm_down(documents):
    rows = [row for row in lines(documents["full"][1]) if row[0].text == "科"]
    pitch = (rows[-1][0].bottom - rows[0][0].bottom) / 21
    assert pitch * 22 == pytest.approx(225, abs=0.7)
    # The first line's box begins at the type area's upper edge; the character stands in its middle.
    middle = (rows[0][0].top + rows[0][0].bottom) / 2
    assert middle == pytest.approx(37 + pitch / 2, abs=2)


def test_the_red_mark_begins_35_mm_below_the_type_area(documents):
    for name, notice in (("red-head", RED_HEAD), ("minutes", MINUTES)):
        ink = [piece for piece in characters(documents[name][0], loose=False) if piece.text == notice.mark[0]]
        assert ink[0].top == pytest.approx(37 + 35, abs=1)


def test_a_red_rule_as_wide_as_the_text_stands_4_mm_below_the_number(documents):
    page = documents["red-head"][0]
    rule = rules(page)[0]
    assert (rule.left, rule.right) == (pytest.approx(28, abs=0.3), pytest.approx(184, abs=0.3))
    number = [
        piece for piece in characters(page, loose=False) if piece.text in "粤组号" and piece.bottom < rule.top
    ]
    assert rule.top - max(piece.bottom for piece in number) == pytest.approx(4, abs=0.6)


def test_a_letter_has_double_rules_170_mm_long_the_lower_20_mm_up(documents):
    first = documents["letter"][0]
    long = [rule for rule in rules(first) if rule.width > 160]
    assert all(rule.width == pytest.approx(170, abs=0.4) for rule in long)
    assert long[0].left == pytest.approx(20, abs=0.4)
    assert long[-1].bottom == pytest.approx(297 - 20, abs=1.2)
    head, foot = (
        [rule.bottom - rule.top for rule in long if (rule.top < 100) is above] for above in (True, False)
    )
    assert head[0] > head[-1] > 0
    assert 0 < foot[0] < foot[-1]
    mark = next(piece for piece in characters(first, loose=False) if piece.text == LETTER.mark[0])
    assert mark.top == pytest.approx(30, abs=1)
    assert not [rule for rule in rules(documents["letter"][1]) if rule.width > 160]
    number = [piece for piece in characters(first, loose=False) if piece.text == "粤"]
    # Seven eighths of a character of 16 points (§10.1).
    assert number[0].top - max(rule.bottom for rule in long if rule.top < 100) == pytest.approx(
        14 * MM, abs=0.8
    )
    assert not any(piece.text in "—-" for piece in characters(first) if piece.top > 262)


def test_a_letters_number_ends_at_the_right_edge(documents):
    row = line_of(documents["letter"][0], LETTER.number)
    assert row[-1].right == pytest.approx(184, abs=0.6)


def test_page_numbers_stand_7_mm_below_the_text_at_the_outer_edge(documents):
    for at, (left, right) in enumerate(((None, 178.4), (33.6, None))):
        foot = [piece for piece in characters(documents["red-head"][at], loose=False) if piece.top > 262]
        dash = [piece for piece in foot if piece.text == "—"]
        assert "".join(piece.text for piece in foot) == f"—{at + 1}—"
        assert (dash[0].top + dash[0].bottom) / 2 - 262 == pytest.approx(7, abs=0.6)
        if right:
            assert dash[-1].right == pytest.approx(right, abs=1.5)
        else:
            assert dash[0].left == pytest.approx(left, abs=1.5)


def test_the_imprint_stands_at_the_foot_of_the_last_page(documents):
    for name in ("red-head", "minutes", "full"):
        page = documents[name][len(documents[name]) - 1]
        drawn = [rule for rule in rules(page) if rule.top > 230]
        assert drawn[-1].bottom == pytest.approx(262, abs=1)
        assert drawn[0].left == pytest.approx(28, abs=0.4)
        assert drawn[0].right == pytest.approx(184, abs=0.4)
        row = line_of(page, "2026年10月12日印发")
        # One character of 14 points is left free at both sides.
        assert row[0].left == pytest.approx(28 + 14 * MM, abs=0.5)
        assert row[-1].right == pytest.approx(184 - 14 * MM, abs=0.5)
        assert not [one for one in range(len(documents[name]) - 1) if has_imprint(documents[name][one])]


def has_imprint(page) -> bool:
    return any("印发" in "".join(piece.text for piece in row) for row in lines(page))


def test_a_letters_imprint_has_no_rules(documents):
    page = documents["letter"][len(documents["letter"]) - 1]
    assert line_of(page, "抄送：省委组织部")[0].bottom > 250
    assert not [rule for rule in rules(page) if rule.top > 230]


def test_the_wide_annex_lies_on_its_side_and_its_number_keeps_its_place(documents):
    document = documents["red-head"]
    wide = [at for at in range(len(document)) if document[at].get_width() > document[at].get_height()]
    assert len(wide) == 1
    number = [piece for piece in characters(document[wide[0]], loose=False) if piece.right < 34]
    assert str(wide[0] + 1) in {piece.text for piece in number}
    assert all(26 < (piece.left + piece.right) / 2 < 30 for piece in number)


def test_the_minutes_list_who_was_there_under_the_first_name(documents):
    page = next(page for page in documents["minutes"] if any(row[0].text == "出" for row in lines(page)))
    first = line_of(page, "出席：")
    at = [piece.text for piece in first].index("：")
    below = lines(page)[lines(page).index(first) + 1]
    assert first[0].left == pytest.approx(28 + 2 * 15.8 * MM, abs=0.6)
    assert below[0].left == pytest.approx(first[at + 1].left, abs=0.8)


def test_nothing_leaves_the_sheet(documents):
    assert FULL.mark
    for document in documents.values():
        for page in document:
            wide, high = page.get_width() * MM, page.get_height() * MM
            assert all(piece.left > 20 and piece.right < wide - 18 for piece in characters(page))
            assert all(piece.top > 15 and piece.bottom < high - 15 for piece in characters(page))
