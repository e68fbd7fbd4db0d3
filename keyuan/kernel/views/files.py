"""Files handed out, to who may see their owner."""

from django.http import FileResponse, HttpRequest
from django.shortcuts import get_object_or_404

from keyuan.kernel import downloads
from keyuan.kernel.access import actor_of, visible
from keyuan.kernel.models import StoredFile


def download(request: HttpRequest, pk: int) -> FileResponse:
    """One file as an attachment under the name it came with; no cache keeps it, no browser guesses at it."""
    stored = get_object_or_404(visible(actor_of(request), StoredFile), pk=pk)
    return downloads.kept(stored)
