"""How every room hands out a file it has just made."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from keyuan.kernel.filetypes import CONTENT_TYPES


def attachment(content: bytes, name: str) -> HttpResponse:
    """A file to keep, under its Chinese name (RFC 6266); its type follows the name's ending.

    No browser or proxy keeps a copy: nearly all of them hold what only this person may see.
    """
    named = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    headers = {"Cache-Control": "no-store", "Content-Disposition": named}
    return HttpResponse(content, content_type=CONTENT_TYPES[name.rpartition(".")[2]], headers=headers)
