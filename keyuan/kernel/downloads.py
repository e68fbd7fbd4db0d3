"""How every room hands out a file: one just made, or one that is kept."""

from typing import IO

from django.http import FileResponse, HttpResponse
from django.utils.http import content_disposition_header

from keyuan.kernel import files
from keyuan.kernel.filetypes import CONTENT_TYPES
from keyuan.kernel.models import StoredFile

# What a browser shows by itself; never HTML or SVG, which could run.
SHOWN = frozenset({"pdf", "jpg", "png", "mp3", "mp4"})


def attachment(content: bytes, name: str) -> HttpResponse:
    """A file to keep, under its Chinese name (RFC 6266); its type follows the name's ending.

    No browser or proxy keeps a copy: nearly all of them hold what only this person may see.
    """
    named = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    headers = {"Cache-Control": "no-store", "Content-Disposition": named}
    return HttpResponse(content, content_type=CONTENT_TYPES[name.rpartition(".")[2]], headers=headers)


def kept(stored: StoredFile, *, shown: bool = False) -> FileResponse:
    """A stored file under the name it came with; no cache keeps it, no browser guesses at it.

    With `shown` it opens in the browser where that is safe. The caller has asked who may see it.
    """
    answer = FileResponse(
        files.opened(stored), as_attachment=not (shown and stored.kind in SHOWN), filename=stored.name,
        content_type=CONTENT_TYPES.get(stored.kind, "application/octet-stream"),
    )  # fmt: skip
    answer["Cache-Control"] = "private, no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def archive(out: IO[bytes], name: str) -> FileResponse:
    """An archive that was written to disk, sent piece by piece; the answer closes it."""
    answer = FileResponse(out, as_attachment=True, filename=name, content_type=CONTENT_TYPES["zip"])
    answer["Cache-Control"] = "private, no-store"
    return answer
