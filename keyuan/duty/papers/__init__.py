"""The papers of duties: the letter of invitation as a document the office can still word."""

import io
import zipfile
from collections.abc import Iterable
from datetime import date

from django.utils import timezone

from keyuan.duty.queries.letters import CLOSING, opening, rows
from keyuan.kernel.chinese import in_chinese
from keyuan.kernel.files import clean_name
from keyuan.kernel.models import IssuedPaper
from keyuan.kernel.papers import issuing
from keyuan.kernel.papers.facts import Form, Notice, Paragraph
from keyuan.kernel.papers.official import notice_docx


def _day(paper: IssuedPaper) -> date:
    return timezone.localdate(paper.issued_at)


@in_chinese
def letter_docx(paper: IssuedPaper) -> bytes:
    """The letter in letter form (.docx, GB/T 9704-2012 信函格式), from what was frozen when it was issued."""
    facts = {key: str(value) for key, value in paper.facts.items()}
    words = [Paragraph(opening(facts))]
    words += [Paragraph(f"{title}：{said}") for title, said in rows(facts)]
    words.append(Paragraph(CLOSING))
    signer = facts.get("issuer", "").split(" ")[0]
    return notice_docx(
        Notice(
            form=Form.LETTER, title="邀请函", body=tuple(words), signers=(signer,), day=_day(paper), mark=signer,
            number=paper.number, addressees=f"{facts['name']}同志",
        )
    )  # fmt: skip


def name_of(paper: IssuedPaper, kind: str) -> str:
    """What a letter's file is called."""
    return clean_name(f"邀请函 {paper.number} {paper.holder_name}.{kind}")


def archive(papers: Iterable[IssuedPaper]) -> bytes:
    """Letters in one archive, each as a PDF and a document."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as folder:
        for paper in papers:
            folder.writestr(name_of(paper, "pdf"), issuing.content(paper))
            folder.writestr(name_of(paper, "docx"), letter_docx(paper))
    return out.getvalue()
