"""Static files gathered for the server, again only when one of them has changed."""

import hashlib
import shutil
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command


def _fingerprint() -> str:
    """Changes when a static file comes, goes or is touched."""
    seen = hashlib.sha256(repr(settings.STORAGES).encode())
    for finder in get_finders():
        for path, storage in finder.list([]):
            state = Path(storage.path(path)).stat()
            seen.update(f"{path}\0{state.st_size}\0{state.st_mtime_ns}\n".encode())
    return seen.hexdigest()


def gather() -> bool:
    """Collect and compress when something changed; whether it was needed."""
    root = Path(settings.STATIC_ROOT)
    note = root / ".fingerprint"
    now = _fingerprint()
    if note.exists() and note.read_text("ascii") == now:
        return False
    shutil.rmtree(root, ignore_errors=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    root.mkdir(parents=True, exist_ok=True)
    note.write_text(now, "ascii")
    return True
