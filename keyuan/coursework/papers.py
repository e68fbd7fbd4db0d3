"""What is made of the hand-ins of a task: the compilation, and all of them as files."""

import io
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from typing import IO

import docx
from django.utils import timezone

from keyuan.coursework.models import Task
from keyuan.coursework.queries.handins import HandIn
from keyuan.kernel import files
from keyuan.kernel.chinese import in_chinese
from keyuan.kernel.models import StoredFile
from keyuan.kernel.papers.facts import Block, Form, Notice, Paragraph, Table
from keyuan.kernel.papers.official import notice_docx

NAMES = {
    "reflection": "学员心得汇编",
    "report": "学员调研报告汇编",
    "proposal": "学员意见建议汇编",
    "other": "学员作业汇编",
}


def name_of(task: Task) -> str:
    """What the compilation of a task is called."""
    return NAMES[task.kind]


def _lines(found: HandIn) -> Iterator[Block]:
    yield Paragraph(f"{found.nomination.organisation.name}　{found.nomination.person.name}", level=1)
    for line in found.text.splitlines():
        if line.strip():
            yield Paragraph(line.strip())
    if not found.text.strip():
        yield Paragraph("（全文见附件：" + "、".join(one.name for one in found.files) + "）")


@in_chinese
def compilation_docx(task: Task, found: list[HandIn]) -> bytes:
    """The works in roster order under the names of their authors (.docx); the caller chose whose."""
    klass = task.training_class
    rows = tuple(
        (str(n), one.nomination.person.name, one.nomination.organisation.name)
        for n, one in enumerate(found, 1)
    )
    body: list[Block] = [
        Paragraph(
            f"“{klass.title}”布置的{task.get_kind_display()}“{task.title}”，收入{len(found)}篇，均经本人同意。"
        ),
        Table(("序号", "姓名", "单位"), rows, (0.6, 1.2, 3.4)),
    ]
    for one in found:
        body += _lines(one)
    return notice_docx(
        Notice(
            form=Form.REPORT, title=f"{klass.title}\n{name_of(task)}", body=tuple(body),
            signers=(klass.department.name,), day=timezone.localdate(),
        )
    )  # fmt: skip


def _plain_docx(task: Task, found: HandIn) -> bytes:
    """One text as an editable document, so that whoever reads it needs nothing but WPS."""
    document = docx.Document()
    document.add_heading(task.title, level=1)
    document.add_paragraph(f"{found.nomination.organisation.name}　{found.nomination.person.name}")
    for line in found.text.splitlines():
        document.add_paragraph(line)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _fit(text: str) -> str:
    return files.clean_name(text.replace("/", "／").replace("\\", "＼"))


def entries(task: Task, found: list[HandIn]) -> Iterator[tuple[str, bytes | StoredFile]]:
    """Each text and file as 单位_姓名_题目, numbered where there are several; no name twice."""
    wanted = [one.file_id for hand_in in found for one in hand_in.files if one.file_id is not None]
    stored, used = StoredFile.objects.in_bulk(wanted), set[str]()
    for one in found:
        stem = f"{one.nomination.organisation.name}_{one.nomination.person.name}_{task.title}"
        parts: list[tuple[str, bytes | StoredFile]] = []
        if one.text.strip():
            parts.append(("docx", _plain_docx(task, one)))
        parts += [(each.kind, stored[each.file_id]) for each in one.files if each.file_id in stored]
        for n, (kind, content) in enumerate(parts):
            name = _fit(f"{stem}{f'_附件{n}' if n and one.text.strip() else f'_{n + 1}' if n else ''}.{kind}")
            while name in used:
                name = f"{name.rsplit('.', 1)[0]}_.{kind}"
            used.add(name)
            yield name, content


def packed(
    found: Iterable[tuple[str, bytes | StoredFile]], compression: int = zipfile.ZIP_DEFLATED
) -> IO[bytes]:
    """Files as one archive, rewound; bytes lie on the disk, not in memory."""
    out: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it when it has been sent
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, content in found:
            if isinstance(content, bytes):
                archive.writestr(name, content)
                continue
            with files.opened(content) as kept, archive.open(name, "w") as place:
                for piece in kept.chunks(files.PIECE):
                    place.write(piece)
    out.seek(0)
    return out
