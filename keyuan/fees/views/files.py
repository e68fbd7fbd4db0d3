"""How this room answers with files."""

from urllib.parse import quote

from django.http import HttpResponse

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = "application/pdf"


def answered(content: bytes, name: str, content_type: str = XLSX) -> HttpResponse:
    """A file to keep, under its Chinese name; no browser or proxy keeps a copy."""
    headers = {
        "Cache-Control": "no-store",
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}",
    }
    return HttpResponse(content, content_type=content_type, headers=headers)
