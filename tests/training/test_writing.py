"""Writing the documents of a class: forms, words, annexes, numbers, photographs."""

import io
from datetime import date
from typing import Any

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from keyuan.kernel import files
from keyuan.kernel.access import Forbidden, visible
from keyuan.kernel.faults import Conflict, Fault
from keyuan.kernel.models import DocNumber, DocSeries, StoredFile
from keyuan.kernel.papers import registering
from keyuan.kernel.papers.facts import Form
from keyuan.kernel.papers.registering import Entry
from keyuan.training import papers
from keyuan.training.actions import writing
from keyuan.training.models import TrainingClass
from keyuan.training.papers import notice
from keyuan.training.queries.writing import photos_of
from tests import factories
from tests.factories import Academy

ORIENTATION, PLACE = 0x0112, 0x8825


@pytest.fixture
def klass(academy: Academy) -> TrainingClass:
    return factories.published(academy)


@pytest.fixture
def series(academy: Academy) -> DocSeries:
    return registering.keep_series(
        academy.registrar, series=None, mark="演示组", pattern="{mark}〔{year}〕{seq}号",
        drawers=["registrar", "head_teacher"],
    )  # fmt: skip


def write(academy: Academy, klass: TrainingClass, form: str = "letter", **said: Any) -> None:
    writing.write_paper(academy.registrar, training_class=klass, kind="notice", form=form, said=said)


def lines(content: bytes) -> list[str]:
    return [paragraph.text for paragraph in docx.Document(io.BytesIO(content)).paragraphs]


def given_number(academy: Academy, klass: TrainingClass, series: DocSeries, typed: str = "") -> DocNumber:
    entry = Entry("关于演示的通知", "letter", date(2026, 3, 2))
    return writing.number_paper(
        academy.registrar, training_class=klass, kind="notice", series=series, entry=entry, typed=typed
    )


def picture(*, turned: bool = False, kind: str = "JPEG") -> SimpleUploadedFile:
    out = io.BytesIO()
    exif = Image.Exif()
    if turned:
        exif[ORIENTATION] = 6
        exif.get_ifd(PLACE)[1] = "N"
    Image.new("RGB", (80, 40), "teal").save(out, kind, exif=exif)
    return SimpleUploadedFile(f"现场.{kind.lower()}", out.getvalue())


def shot(
    academy: Academy, klass: TrainingClass, upload: SimpleUploadedFile, caption: str = "开班式"
) -> StoredFile:
    return writing.add_photo(academy.registrar, training_class=klass, upload=upload, caption=caption)


def test_the_office_chooses_the_form_and_the_words(academy: Academy, klass: TrainingClass) -> None:
    said = {
        "title": "关于演示安排的函",
        "body": "开头。\n一、要求\n（一）按时报到。不得无故缺席。",
        "copies_to": "省委组织部，省科技厅",
        "annexes": [],
    }
    write(academy, klass, **said)
    made = notice.notice_of(klass)
    assert (made.form, made.title, made.copies_to) == (
        Form.LETTER,
        "关于演示安排的函",
        ("省委组织部", "省科技厅"),
    )
    assert made.signers == (notice.department_name(klass, notice.issuing_body(klass)),)
    document = docx.Document(io.BytesIO(papers.make(klass, "notice").content))
    styles = {p.text: p.style.name for p in document.paragraphs if p.style}
    assert styles["一、要求"] == "Heading 1"
    # A heading whose text goes on in its paragraph wears its font alone.
    assert styles["（一）按时报到。不得无故缺席。"] == "Normal"
    assert "附件" not in "".join(styles)


def test_words_left_as_they_were_follow_the_class(academy: Academy, klass: TrainingClass) -> None:
    shown = notice.words_of(klass, "notice")
    typed = {
        "form": "letter", "title": shown.title, "addressees": shown.addressees, "signer": shown.signer, "mark": shown.mark,
        "body": "我们自己的正文。", "annexes": ["quota"], "printed_by": shown.printed_by, "day": None,
    }  # fmt: skip
    chosen, said = notice.changed(klass, "notice", typed)
    assert (chosen, said) == ("letter", {"annexes": ["quota"], "body": "我们自己的正文。"})
    write(academy, klass, chosen, **said)
    assert notice.words_of(klass, "notice").signer.endswith(klass.department.name)
    TrainingClass.objects.filter(pk=klass.pk).update(title="演示改名班")
    klass.refresh_from_db()
    assert notice.words_of(klass, "notice").title == "关于举办演示改名班的通知"


def test_a_wide_timetable_is_an_annex_where_sessions_are_placed(
    academy: Academy, klass: TrainingClass
) -> None:
    write(academy, klass, "red_head", annexes=["quota", "reply", "timetable"])
    assert [annex.title for annex in notice.notice_of(klass).annexes][:1] == ["名额分配表"]
    assert len(notice.notice_of(klass).annexes) == 2
    factories.session(academy, klass)
    made = notice.notice_of(klass)
    assert made.annexes[2].title == f"{klass.title}日程安排表"
    assert made.annexes[2].wide
    sections = docx.Document(io.BytesIO(papers.make(klass, "notice").content)).sections
    assert any(section.page_width > section.page_height for section in sections)


def test_a_drawn_number_makes_the_draft_a_document(
    academy: Academy, klass: TrainingClass, series: DocSeries
) -> None:
    assert notice.notice_of(klass).is_draft
    taken = given_number(academy, klass, series)
    assert klass.notice_number == taken.number == "演示组〔2026〕1号"
    assert given_number(academy, klass, series).pk == taken.pk
    assert not notice.notice_of(klass).is_draft
    assert taken.number in lines(papers.make(klass, "notice").content)
    assert notice.notice_of(klass, kind="minutes").is_draft


def test_a_number_from_elsewhere_is_entered_and_no_other_class_gets_it(
    academy: Academy, klass: TrainingClass, series: DocSeries
) -> None:
    assert given_number(academy, klass, series, "演示组[2026]10号").number == "演示组〔2026〕10号"
    with pytest.raises(Conflict):
        given_number(academy, factories.published(academy, title="演示另一班"), series, "10")


def test_a_voided_number_leaves_the_notice_a_draft_again(
    academy: Academy, klass: TrainingClass, series: DocSeries
) -> None:
    taken = given_number(academy, klass, series)
    registering.void_number(academy.registrar, number=taken, reason="改期")
    klass.refresh_from_db()
    assert klass.notice_number == ""
    assert notice.notice_of(klass).is_draft
    assert given_number(academy, klass, series).seq == 2


def test_others_neither_write_nor_number(academy: Academy, klass: TrainingClass, series: DocSeries) -> None:
    for actor in (academy.actor("head"), factories.build("sz").registrar):
        with pytest.raises(Forbidden):
            writing.write_paper(actor, training_class=klass, kind="notice", form="letter", said={})
        with pytest.raises(Forbidden):
            writing.number_paper(
                actor, training_class=klass, kind="notice", series=series, entry=Entry("演示")
            )
    writing.write_paper(
        academy.actor("headteacher"), training_class=klass, kind="notice", form="letter", said={}
    )


def test_minutes_list_who_was_there(academy: Academy, klass: TrainingClass) -> None:
    said = {"present": "演示甲、演示乙", "observing": "演示丙"}
    writing.write_paper(academy.registrar, training_class=klass, kind="minutes", form="minutes", said=said)
    text = lines(papers.make(klass, "minutes").content)
    assert "出席：演示甲、演示乙" in text
    assert "列席：演示丙" in text
    assert not any(line.startswith("请假") for line in text)


def test_a_photograph_is_turned_upright_and_says_nothing_of_place_or_camera(
    academy: Academy, klass: TrainingClass
) -> None:
    stored = shot(academy, klass, picture(turned=True))
    with files.opened(stored) as kept, Image.open(io.BytesIO(kept.read())) as seen:
        assert seen.size == (40, 80)
        assert not dict(seen.getexif())
        assert "exif" not in seen.info
    assert stored.name == "开班式.jpg"


def test_photographs_stand_in_the_summary_with_their_captions(academy: Academy, klass: TrainingClass) -> None:
    shot(academy, klass, picture())
    shot(academy, klass, picture(kind="PNG"), "现场教学")
    document = docx.Document(io.BytesIO(papers.make(klass, "summary").content))
    assert len(document.inline_shapes) == 2
    assert "现场教学" in [
        cell.text.strip() for table in document.tables for row in table.rows for cell in row.cells
    ]


@pytest.mark.parametrize("content", [b"", b"MZ program", b"\xff\xd8\xff\xe0 broken", b"<svg onload=x>"])
def test_what_is_no_photograph_is_refused(academy: Academy, klass: TrainingClass, content: bytes) -> None:
    with pytest.raises(Fault) as refused:
        shot(academy, klass, SimpleUploadedFile("照片.jpg", content))
    assert refused.value.field == "file"
    assert photos_of(klass) == []


def test_a_photograph_is_seen_by_those_who_may_take_the_dossier_and_removed_by_those_who_write(
    academy: Academy, klass: TrainingClass
) -> None:
    stored = shot(academy, klass, picture())
    assert visible(academy.registrar, StoredFile).filter(pk=stored.pk).exists()
    assert not visible(factories.build("sz").registrar, StoredFile).filter(pk=stored.pk).exists()
    with pytest.raises(Forbidden):
        writing.drop_photo(academy.actor("head"), training_class=klass, photo=stored)
    other = factories.published(academy, title="演示另一班")
    with pytest.raises(Fault, match="不属于本班"):
        writing.drop_photo(academy.registrar, training_class=other, photo=stored)
    writing.drop_photo(academy.registrar, training_class=klass, photo=stored)
    assert photos_of(klass) == []
