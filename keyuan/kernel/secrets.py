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
    given = os.environ.get(f"KEYUAN_{name.upper()}")
    if given:
        return bytes.fromhex(given)
    place = f"{folder}/{name}.key"
    with suppress(FileNotFoundError):
        return _kept(place, _changed_at(place, int(time.monotonic())))
    path = Path(place)
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
    return _kept(place, path.stat().st_mtime_ns)


@lru_cache(maxsize=32)
def _changed_at(place: str, _second: int) -> int:
    """When the file was last written, looked up once a second: it is asked for with every sealed value."""
    return Path(place).stat().st_mtime_ns


@lru_cache(maxsize=32)
def _kept(place: str, _changed: int) -> bytes:
    """What the file holds, read once until it changes (a restore puts other keys in its place)."""
    return bytes.fromhex(Path(place).read_text("ascii").strip())
