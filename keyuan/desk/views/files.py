"""How the desk answers with files."""

from urllib.parse import quote

from django.http import HttpResponse

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _kept(content: bytes, name: str, content_type: str) -> HttpResponse:
    headers = {
        "Cache-Control": "no-store",
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}",
    }
    return HttpResponse(content, content_type=content_type, headers=headers)


def pdf(content: bytes, name: str) -> HttpResponse:
    """A paper to keep, under its Chinese name; no browser or proxy keeps a copy."""
    return _kept(content, name, "application/pdf")


def workbook(content: bytes, name: str) -> HttpResponse:
    """A workbook to keep, likewise."""
    return _kept(content, name, XLSX)
