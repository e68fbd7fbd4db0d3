"""The urn: answers sealed while a form is open, under a key that no database and no backup ever holds.

Plain counters would betray: the write-ahead log, dead rows and hourly backups each show the counters
before and after one vote. So all of a form's answers are one padded lump, sealed anew at each vote
with a key in `var/urns/`, and that key is destroyed when the form closes.
"""

import json
import os
import secrets
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from keyuan.evaluation.rules.questions import Ballot
from keyuan.kernel.faults import Fault

# Sizes are rounded up, so that growth does not tell whether a vote carried a text.
BLOCK = 64 * 1024
NONCE = 12


class UrnLost(Fault):
    """The urn's key is gone, as after restoring a backup on a new machine: its answers cannot be read."""

    status = 409


@dataclass
class Content:
    """What an urn holds (票箱内容): counters for grades, and texts in no order."""

    votes: int = 0
    grades: Counter[str] = field(default_factory=Counter)
    texts: list[tuple[str, str]] = field(default_factory=list)

    def add(self, ballot: Ballot) -> None:
        """Count one ballot; its grades fall apart at once, its texts are shuffled among the others."""
        self.votes += 1
        self.grades.update(f"{key}:{grade}" for key, grade in ballot.grades.items())
        self.texts.extend(ballot.texts.items())
        secrets.SystemRandom().shuffle(self.texts)


def folder() -> Path:
    """Where urn keys lie: beside the database, never in a backup."""
    return Path(settings.VAR) / "urns"


def key_path(form_id: int) -> Path:
    """The key file of one form."""
    return folder() / f"{form_id}.key"


def make_key(form_id: int) -> None:
    """Make a fresh key for a form, readable by the service alone; a key of an earlier opening is destroyed."""
    folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    destroy_key(form_id)
    path = key_path(form_id)
    path.touch(mode=0o600, exist_ok=False)
    with path.open("wb") as out:
        out.write(AESGCM.generate_key(256))
        out.flush()
        os.fsync(out.fileno())


def destroy_key(form_id: int) -> None:
    """Overwrite and remove a form's key; without it every copy of the urn is noise. Again changes nothing."""
    path = key_path(form_id)
    try:
        with path.open("r+b") as out:
            out.write(secrets.token_bytes(32))
            out.flush()
            os.fsync(out.fileno())
        path.unlink()
    except FileNotFoundError:
        return


def kept_keys() -> list[int]:
    """The forms whose keys still lie here."""
    return [int(path.stem) for path in folder().glob("*.key") if path.stem.isdigit()]


def _cipher(form_id: int) -> AESGCM:
    try:
        return AESGCM(key_path(form_id).read_bytes())
    except FileNotFoundError as gone:
        raise UrnLost(
            "这份评估的票箱密钥已不在（可能刚从备份恢复），已交的内容无法读取。请班主任重新开放填写。"
        ) from gone


def seal(form_id: int, content: Content) -> bytes:
    """The content as one lump whose size tells nothing finer than 64 KiB."""
    plain = json.dumps(
        {"votes": content.votes, "grades": content.grades, "texts": content.texts},
        ensure_ascii=False,
        sort_keys=True,
    ).encode()
    padded = plain + b" " * (-len(plain) % BLOCK)
    nonce = secrets.token_bytes(NONCE)
    return nonce + _cipher(form_id).encrypt(nonce, padded, str(form_id).encode())


def unseal(form_id: int, sealed: bytes | memoryview) -> Content:
    """The content of a lump. Raises UrnLost when the key is gone or belongs to another opening."""
    lump = bytes(sealed)
    try:
        plain = _cipher(form_id).decrypt(lump[:NONCE], lump[NONCE:], str(form_id).encode())
    except InvalidTag as other:
        raise UrnLost("这份评估的票箱与密钥不符，已交的内容无法读取。请班主任重新开放填写。") from other
    kept = json.loads(plain)
    return Content(kept["votes"], Counter(kept["grades"]), [(key, text) for key, text in kept["texts"]])
