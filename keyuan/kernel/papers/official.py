"""The door to official documents: what writes .docx takes 16 MB, so it is read with the first document asked for."""

from keyuan.kernel.papers.facts import Notice

MIME = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def notice_docx(notice: Notice) -> bytes:
    """The document as the bytes of a .docx file, complete and openable in Word, WPS and LibreOffice."""
    from keyuan.kernel.papers import composing

    return composing.notice_docx(notice)
