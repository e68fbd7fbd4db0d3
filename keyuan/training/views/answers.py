"""How this room answers with a spreadsheet."""

from django.http import HttpResponse

from keyuan.training.papers import XLSX, disposition


def spreadsheet(content: bytes, name: str) -> HttpResponse:
    """A workbook to keep, under its Chinese name; no browser or proxy keeps a copy."""
    headers = {"Cache-Control": "no-store", "Content-Disposition": disposition(name)}
    return HttpResponse(content, content_type=XLSX, headers=headers)
