"""An uploaded file on disk for as long as it is read, whatever its size."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.files.uploadedfile import UploadedFile


@contextmanager
def kept_on_disk(upload: UploadedFile) -> Iterator[Path]:
    """The upload under a temporary name of our own; gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="keyuan-plan-") as folder:
        path = Path(folder) / "upload"
        with path.open("wb") as stream:
            for chunk in upload.chunks():
                stream.write(chunk)
        yield path
