"""Keys of this installation: made once, kept in files only the service may read."""

import os
import secrets
import time
from contextlib import suppress
from functools import lru_cache
from pathlib import Path


def secret(folder: Path, name: str, length: int = 32) -> bytes:
    """The key called `name` (bytes), from KEYUAN_<NAME> (hex) or a file of mode 0600 made at first use.

    Two processes starting at once get the same key: the file is linked into place whole or not at all.
    """
    with suppress(FileNotFoundError):
        return _found(folder, name, int(time.monotonic()))
    path = folder / f"{name}.key"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        fresh = folder / f".{name}.{os.getpid()}.{secrets.token_hex(4)}"
        with os.fdopen(
            os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii"
        ) as out:
            out.write(secrets.token_hex(length))
            out.flush()
            os.fsync(out.fileno())
        try:
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return bytes.fromhex(path.read_text("ascii").strip())


@lru_cache(maxsize=32)
def _found(folder: Path, name: str, _second: int) -> bytes:
    """The key given or kept, looked up once a second: it is asked for with every sealed value.

    A restore puts other keys in its place, which are seen within the second. Nothing found is not remembered.
    """
    given = os.environ.get(f"KEYUAN_{name.upper()}")
    return bytes.fromhex(given or (folder / f"{name}.key").read_text("ascii").strip())
