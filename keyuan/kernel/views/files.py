"""Files handed out, to who may see their owner."""

from django.http import FileResponse, HttpRequest
from django.shortcuts import get_object_or_404

from keyuan.kernel import files, filetypes
from keyuan.kernel.access import actor_of, visible
from keyuan.kernel.models import StoredFile


def download(request: HttpRequest, pk: int) -> FileResponse:
    """One file as an attachment under the name it came with; no cache keeps it, no browser guesses at it."""
    stored = get_object_or_404(visible(actor_of(request), StoredFile), pk=pk)
    answer = FileResponse(
        files.opened(stored), as_attachment=True, filename=stored.name,
        content_type=filetypes.CONTENT_TYPES.get(stored.kind, "application/octet-stream"),
    )  # fmt: skip
    answer["Cache-Control"] = "private, no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
