"""Official documents as .docx after GB/T 9704-2012; the office edits them in WPS, so the form is real OOXML."""

import io
from typing import Any

import docx
from docx.enum.section import WD_SECTION
from docx.oxml.ns import qn
from docx.text.run import Run

from keyuan.kernel.chinese import in_chinese
from keyuan.kernel.papers import imprint, layout, photos, tables
from keyuan.kernel.papers.facts import (
    Annex,
    Block,
    Form,
    Notice,
    Paragraph,
    Pictures,
    chinese_day,
    full_widths,
    numbered,
    title_lines,
)
from keyuan.kernel.papers.layout import CHAR, LINE
from keyuan.kernel.papers.ooxml import HEI, KAI, TITLE, Face, Setting, borders, twips

RED = "E60012"
MARK_WIDTH = 430.0  # points that the issuing mark may take of the 442 of the type area


@in_chinese
def notice_docx(notice: Notice) -> bytes:
    """The document as the bytes of a .docx file, complete and openable in Word, WPS and LibreOffice."""
    return _Writer(notice).bytes()


class _Writer:
    """One document being written from top to bottom."""

    def __init__(self, notice: Notice) -> None:
        self.notice = notice
        self.document = docx.Document()
        layout.prepare(self.document, title=notice.title.replace("\n", ""), author="、".join(notice.signers))
        self.section = self.document.sections[0]
        layout.portrait(self.section)
        layout.page_numbers(self.section, first=notice.form is not Form.LETTER)

    def bytes(self) -> bytes:
        """Write every part in the order in which it is read."""
        {
            Form.RED_HEAD: self._red_head,
            Form.LETTER: self._letter_head,
            Form.MINUTES: self._minutes_head,
            Form.REPORT: self._plain_head,
        }[self.notice.form]()
        if self.notice.is_draft:
            layout.draft_line(self.section)
        if self.notice.addressees:
            self._paragraph(self.notice.addressees.rstrip("：:") + "：", Setting(first=0, first_chars=0))
        for block in numbered(self.notice.body):
            self._block(block)
        if self.notice.form is not Form.MINUTES:
            layout.keep_with_next(self.document.paragraphs[-1]._p)
        self._annex_list()
        if self.notice.form is Form.MINUTES:
            self._attendance()
        else:
            self._signature()
        for at, annex in enumerate(self.notice.annexes, 1):
            self._annex(at, annex)
        if self.notice.form is not Form.REPORT and imprint.rows_of(self.notice):
            imprint.write(self.document, self.notice, anchor=self._imprint_anchor())
        out = io.BytesIO()
        self.document.save(out)
        return out.getvalue()

    # The head of the first page

    def _number(self) -> str:
        return self.notice.number or "（草稿，文号待编）"

    def _red_head(self) -> None:
        self._mark()
        number = self._paragraph(
            self._number(),
            Setting(align="center", before=2 * LINE, after=0, first=0, first_chars=0, grid=False),
        )
        # 4 mm below the number; an exact line already leaves some 5 points below the characters.
        borders(number, bottom=("single", 12, 6, RED))
        self._title(before=2 * LINE)

    def _mark(self) -> None:
        """The mark's top edge stands 35 mm below the type area's (§7.2.4, §10.3); its size is the issuer's choice."""
        size, scale = _mark_size(self.notice.mark)
        before = twips(35) - round(size * layout.HEADROOM)
        mark = Setting(
            align="center", before=before, line=round(size * 24), first=0, first_chars=0, grid=False
        )
        self._paragraph(self.notice.mark, mark, Face(TITLE, size, RED, scale))

    def _minutes_head(self) -> None:
        """纪要 (§10.3): mark, number, then who drew them up and when above the red rule."""
        self._mark()
        plain = Setting(align="center", before=LINE, first=0, first_chars=0, grid=False)
        self._paragraph(self._number(), plain)
        wide = layout.inner_width(self.section)
        stops = (("left", CHAR), ("right", wide - CHAR))
        line = Setting(before=LINE, first=0, first_chars=0, grid=False, tabs=stops)
        words = f"\t{'、'.join(self.notice.signers)}\t{chinese_day(self.notice.day)}"
        borders(self._paragraph(words, line), bottom=("single", 12, 6, RED))
        self._title(before=2 * LINE)

    def _letter_head(self) -> None:
        layout.letter_rules(
            self.section,
            self.notice.mark,
            _mark_size(self.notice.mark),
            RED,
            TITLE,
            draft=self.notice.is_draft,
        )
        self._paragraph(self._number(), Setting(align="right", before=86, first=0, first_chars=0, grid=False))
        self._title(before=2 * LINE)

    def _plain_head(self) -> None:
        self._title(before=0)

    def _title(self, before: int) -> None:
        lines = title_lines(self.notice.title)
        self._title_paragraph(
            lines, Setting(align="center", before=before, after=LINE, line=680, keep_next=True, grid=False)
        )

    def _title_paragraph(self, lines: list[str], setting: Setting, style: str = "Title") -> None:
        paragraph = self.document.add_paragraph(style=style)
        setting.onto(paragraph._p)
        for at, line in enumerate(lines):
            run = paragraph.add_run(line)
            layout.mark_language(run._r)
            if at + 1 < len(lines):
                run.add_break()

    # The body

    def _block(self, block: Block) -> None:
        wide = layout.inner_width(self.section)
        if isinstance(block, Paragraph):
            stops = tuple(("left", round(share * wide)) for share in block.stops)
            flush = None if block.indent else 0
            setting = Setting(first=flush, first_chars=flush, tabs=stops)
            head, rest = _run_in(block)
            if rest:
                self._run_in(head, rest, HEI if block.level == 1 else KAI)
            else:
                self._paragraph(block.text, setting, style=layout.LEVEL_STYLES[block.level])
        elif isinstance(block, Pictures):
            photos.write(self.document, block, wide)
        else:
            tables.write(self.document, block, wide)

    def _paragraph(
        self, text: str, setting: Setting | None = None, face: Face | None = None, style: str = "Normal"
    ) -> Any:
        paragraph = self.document.add_paragraph(style=style)
        if setting:
            setting.onto(paragraph._p)
        run = paragraph.add_run(text)
        if face:
            face.onto(run._r)
        else:
            layout.mark_language(run._r)
        return paragraph._p

    def _run_in(self, head: str, rest: str, font: str) -> None:
        """A heading whose text goes on in the same paragraph: the heading alone wears the heading's font."""
        paragraph = self._paragraph(head, None, Face(font))
        run = Run(paragraph.add_r(), paragraph)
        run.text = rest
        layout.mark_language(run._r)

    def _annex_list(self) -> None:
        """附件说明: a blank line below the body, names hanging under their first character (§7.3.4)."""
        titles = [annex.title for annex in self.notice.annexes]
        if not titles:
            return
        name_at = 5 * CHAR if len(titles) == 1 else round(6.5 * CHAR)
        for at, title in enumerate(titles, 1):
            start = 2 * CHAR if at == 1 else 5 * CHAR
            words = ("附件：" if at == 1 else "") + (f"{at}.\t{title}" if len(titles) > 1 else title)
            setting = Setting(
                left=name_at,
                first=start - name_at,
                before=LINE if at == 1 else 0,
                keep_next=True,
                keep_lines=True,
            )
            self._paragraph(words, setting, style="Annex List")

    def _signature(self) -> None:
        """落款 with a seal (§7.3.5.1): date four characters from the right, the signer centred above it.

        It stays with the last paragraph, so that no page carries a date alone.
        """
        day = chinese_day(self.notice.day)
        widest = max([full_widths(name) for name in self.notice.signers] or [0.0])
        day_right = max(4.0, (widest - full_widths(day)) / 2)
        for at, name in enumerate(self.notice.signers):
            right = max(0.0, day_right + (full_widths(day) - full_widths(name)) / 2)
            setting = Setting(
                align="right", right=round(right * CHAR), before=3 * LINE if at == 0 else 0, first=0, first_chars=0,
                keep_next=True, keep_lines=True,
            )  # fmt: skip
            self._paragraph(name, setting)
        before = 0 if self.notice.signers else 3 * LINE
        setting = Setting(
            align="right", right=round(day_right * CHAR), before=before, first=0, first_chars=0,
            keep_next=bool(self.notice.remark), keep_lines=True,
        )  # fmt: skip
        self._paragraph(day, setting)
        if self.notice.remark:
            self._paragraph(f"（{self.notice.remark.strip('（）()')}）", Setting(before=LINE))

    def _attendance(self) -> None:
        """出席、请假、列席 (§10.3): the word in 黑体, names hanging under the first after the colon."""
        notice = self.notice
        lists = (("出席", notice.present), ("请假", notice.excused), ("列席", notice.observing))
        shown = [(word, names) for word, names in lists if names]
        for at, (word, names) in enumerate(shown):
            hang = Setting(
                left=5 * CHAR, first=-3 * CHAR, before=0 if at else LINE, keep_lines=True, keep_next=at + 1 < len(shown)
            )  # fmt: skip
            paragraph = self._paragraph(f"{word}：", hang, Face(HEI), style="Attendance")
            run = Run(paragraph.add_r(), paragraph)
            run.text = "、".join(names)
            layout.mark_language(run._r)

    # Annexes and sections

    def _annex(self, at: int, annex: Annex) -> None:
        wide = annex.wide if annex.wide is not None else any(tables.is_wide(block) for block in annex.blocks)
        is_wide = layout.is_landscape(self.section)
        label = "附件" + (str(at) if len(self.notice.annexes) > 1 else "")
        opening = Setting(first=0, first_chars=0, page_before=wide == is_wide, keep_next=True)
        if wide != is_wide:
            self._turn(wide=wide)
        self._paragraph(label, opening, Face(HEI), style="Annex Label")
        # The title stands on the third line, or nearer where the table needs the page.
        lines = title_lines(annex.title, 28 if wide else 19)
        title = Setting(align="center", before=LINE, after=LINE // 2, line=680, keep_next=True, grid=False)
        self._title_paragraph(lines, title, style="Annex Title")
        for block in numbered(annex.blocks):
            self._block(block)

    def _turn(self, *, wide: bool, numbered: bool = True) -> None:
        self.section = self.document.add_section(WD_SECTION.NEW_PAGE)
        (layout.landscape if wide else layout.portrait)(self.section)
        layout.page_numbers(self.section, first=numbered)
        if self.notice.is_draft:
            layout.draft_line(self.section)

    def _imprint_anchor(self) -> Any:
        """What the imprint hangs on: the last line of text, so that no page is opened for it without need.

        After an annex that lies on its side it has an upright page of its own, which bears no number (§7.5).
        """
        if layout.is_landscape(self.section):
            self._turn(wide=False, numbered=False)
            return None
        last = self.document.element.body.findall(qn("w:p"))[-1]
        return last if last.getnext().tag == qn("w:sectPr") else None


def _run_in(block: Paragraph) -> tuple[str, str]:
    """The heading and what follows it in the same paragraph, of the levels whose heading has a font of its own."""
    head, stop, rest = block.text.partition("。")
    return (head + stop, rest) if block.level in {1, 2} and rest else (block.text, "")


def _mark_size(mark: str) -> tuple[float, int]:
    """Points and width in percent at which the mark fills one line and stays legible."""
    count = max(1.0, full_widths(mark))
    for size in (56, 52, 48, 44, 40, 36):
        scale = min(100, int(MARK_WIDTH / count / size * 100))
        if scale >= 80:
            return float(size), scale
    return max(22.0, MARK_WIDTH / count / 0.66), 66


def plain_text(notice: Notice) -> str:
    """All the words of a document, as search and archives want them."""
    parts = [notice.title, notice.number, notice.addressees]
    for blocks in (notice.body, *(annex.blocks for annex in notice.annexes)):
        for block in blocks:
            if isinstance(block, Paragraph):
                parts.append(block.text)
            elif isinstance(block, Pictures):
                parts.extend(caption for _shot, caption in block.shots)
            else:
                parts.extend("\t".join(row) for row in (block.head, *block.rows))
    for word, names in (("出席", notice.present), ("请假", notice.excused), ("列席", notice.observing)):
        parts.append(f"{word}：{'、'.join(names)}" if names else "")
    parts += [*notice.signers, chinese_day(notice.day)]
    return "\n".join(part for part in parts if part)
