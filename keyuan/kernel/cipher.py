"""The one place that seals personal values and makes the keyed indexes they are found by.

AES-256-GCM by default, SM4-GCM with SM3 where KEYUAN_CIPHER is "sm4" (商用密码应用安全性评估). A sealed text
names its key and algorithm, so old values open after a rotation or a change of profile.
"""

import hashlib
import hmac
import os
import re
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Generic, TypeVar

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SM3
from cryptography.hazmat.primitives.hmac import HMAC
from django.conf import settings
from django.db import models

from keyuan.kernel import bulk
from keyuan.kernel.secrets import secret

NONCE, TAG = 12, 16
FORM = re.compile(r"k(\d+)([as])\.([A-Za-z0-9_-]+)")
NAME = re.compile(r"seal(\d+)\.key")
Row = TypeVar("Row", bound=models.Model)


class SealBroken(Exception):
    """A sealed text was altered, belongs to another row, or its key is not here."""


@lru_cache(maxsize=64)
def _key(folder: Path, number: int, algorithm: str) -> bytes:
    """One key an algorithm, drawn from the key of that number: no key serves two ciphers."""
    root = secret(folder, f"seal{number}")
    drawn = hmac.new(root, b"keyuan seal " + algorithm.encode(), hashlib.sha256).digest()
    return drawn if algorithm == "a" else drawn[:16]


def _folder() -> Path:
    folder: Path = settings.SECRETS
    return folder


def _present(number: int) -> bool:
    return f"KEYUAN_SEAL{number}" in os.environ or (_folder() / f"seal{number}.key").exists()


def current_key() -> int:
    """The number of the key that seals now: the highest there is, 1 on a fresh installation."""
    folder = _folder()
    try:
        newest = _newest_file(folder, folder.stat().st_mtime_ns)
    except FileNotFoundError:
        newest = 0
    return max(newest, _newest_given()) or 1


@lru_cache(maxsize=1)
def _newest_given() -> int:
    """The highest number among the keys of the environment, which stays as it was when the process began."""
    names = [name.removeprefix("KEYUAN_SEAL") for name in os.environ if name.startswith("KEYUAN_SEAL")]
    return max((int(name) for name in names if name.isdecimal()), default=0)


@lru_cache(maxsize=8)
def _newest_file(folder: Path, _changed: int) -> int:
    """The highest number among the key files, 0 without any; the folder's time of change names the state."""
    found = [NAME.fullmatch(path.name) for path in folder.glob("seal*.key")]
    return max((int(name[1]) for name in found if name), default=0)


def new_key() -> int:
    """Make the next key; everything sealed from now on carries it. Values sealed before still open."""
    number = current_key() + 1
    secret(_folder(), f"seal{number}")
    return number


def _algorithm() -> str:
    return "s" if settings.KEYUAN_CIPHER == "sm4" else "a"


def _bound(number: int, algorithm: str, bound_to: str) -> bytes:
    return f"k{number}{algorithm}|{bound_to}".encode()


def seal(plain: str, bound_to: str) -> str:
    """The text sealed for one row and field (`bound_to`, such as "person:<key>:id"); it opens nowhere else.

    Sealing twice gives two texts. Nothing stays nothing, so that an empty field is still empty.
    """
    if not plain:
        return ""
    number, algorithm = current_key(), _algorithm()
    key, nonce = _key(_folder(), number, algorithm), secrets.token_bytes(NONCE)
    data, bound = plain.encode(), _bound(number, algorithm, bound_to)
    body = _aes(key).encrypt(nonce, data, bound) if algorithm == "a" else _sm4_seal(key, nonce, data, bound)
    return f"k{number}{algorithm}.{urlsafe_b64encode(nonce + body).rstrip(b'=').decode()}"


def open_sealed(text: str, bound_to: str) -> str:
    """What was sealed for this row and field. Raises SealBroken when altered, moved, or without its key."""
    if not text:
        return ""
    found = FORM.fullmatch(text)
    if found is None:
        raise SealBroken("密文格式不对")
    number, algorithm = int(found[1]), found[2]
    if not _present(number):
        raise SealBroken(f"缺少 {number} 号密钥，请从密钥备份恢复 var/secrets")
    body = urlsafe_b64decode(found[3] + "=" * (-len(found[3]) % 4))
    if len(body) <= NONCE + TAG:
        raise SealBroken("密文不完整")
    key, bound = _key(_folder(), number, algorithm), _bound(number, algorithm, bound_to)
    opened = _aes(key).decrypt if algorithm == "a" else _Sm4(key).decrypt
    try:
        return opened(body[:NONCE], body[NONCE:], bound).decode()
    except InvalidTag as broken:
        raise SealBroken("密文被改动，或不属于这一行") from broken


@lru_cache(maxsize=16)
def _aes(key: bytes) -> AESGCM:
    """The cipher with its key schedule made; it holds no other state and serves every thread."""
    return AESGCM(key)


def _sm4_seal(key: bytes, nonce: bytes, data: bytes, bound: bytes) -> bytes:
    run = Cipher(algorithms.SM4(key), modes.GCM(nonce)).encryptor()
    run.authenticate_additional_data(bound)
    return run.update(data) + run.finalize() + run.tag


class _Sm4:
    """SM4-GCM with the face of AESGCM; the library offers it only as a bare cipher."""

    def __init__(self, key: bytes) -> None:
        self.key = key

    def decrypt(self, nonce: bytes, body: bytes, bound: bytes) -> bytes:
        run = Cipher(algorithms.SM4(self.key), modes.GCM(nonce, body[-TAG:])).decryptor()
        run.authenticate_additional_data(bound)
        return run.update(body[:-TAG]) + run.finalize()


def blind_index(kind: str, normal_text: str) -> str:
    """64 hex digits by which an equal value of this kind is found; empty for nothing.

    Keyed, because the 18 digits of an ID number can be tried through; the caller normalises first.
    After a change of profile `rotate` must run, for the two profiles find each other's values not.
    """
    if not normal_text:
        return ""
    key, data = secret(_folder(), "blind"), f"{kind}|{normal_text}".encode()
    if _algorithm() == "a":
        return hmac.digest(key, data, "sha256").hex()
    run = HMAC(key, SM3())
    run.update(data)
    return run.finalize().hex()


@dataclass(frozen=True)
class SealedField(Generic[Row]):
    """One sealed column (加密字段): to what a row's value is bound, and the index made from it."""

    model: type[Row]
    field: str
    bound_to: Callable[[Row], str]
    index_field: str = ""
    index_kind: str = ""
    normal: Callable[[str], str] = str


FIELDS: list[SealedField[Any]] = []


def sealed(
    model: type[Row], field: str, bound_to: Callable[[Row], str], *, index: tuple[str, str] = ("", ""),
    normal: Callable[[str], str] = str,
) -> None:  # fmt: skip
    """Register a sealed column, so that rotation reaches it; `index` is (column, kind)."""
    FIELDS.append(SealedField(model, field, bound_to, *index, normal))


FOLLOWERS: list[Callable[[], int]] = []


def follows(function: Callable[[], int]) -> Callable[[], int]:
    """Register who copies indexes into a column of its own: called when all is sealed anew; rows changed."""
    FOLLOWERS.append(function)
    return function


def is_current(text: str) -> bool:
    """Whether the text is sealed by the newest key in the profile of now."""
    return not text or text.startswith(f"k{current_key()}{_algorithm()}.")


def rotate(progress: Callable[[int], None] | None = None) -> int:
    """Seal every registered value anew by the newest key, and its index; how many rows were touched.

    Runs beside a busy web, may be killed and run again. Raises SealBroken at the first value that does not
    open, naming its row; what was done before stays done.
    """
    touched = sum(_rotate(field, progress) for field in FIELDS)
    for copied in FOLLOWERS:
        copied()
    return touched


def _rotate(field: SealedField[Any], progress: Callable[[int], None] | None) -> int:
    prefix = f"k{current_key()}{_algorithm()}."

    def step() -> int:
        rows = field.model._default_manager.exclude(**{field.field: ""})
        stale = list(rows.exclude(**{f"{field.field}__startswith": prefix}).order_by("pk")[: bulk.CHUNK])
        for row in stale:
            _reseal(field, row)
        names = [field.field, *([field.index_field] if field.index_field else [])]
        field.model._default_manager.bulk_update(stale, names)
        return len(stale)

    return bulk.in_chunks(step, progress)


def _reseal(field: SealedField[Any], row: models.Model) -> None:
    bound = field.bound_to(row)
    try:
        plain = open_sealed(getattr(row, field.field), bound)
    except SealBroken as broken:
        raise SealBroken(f"{row._meta.label} {row.pk} 的 {field.field}：{broken}") from broken
    setattr(row, field.field, seal(plain, bound))
    if field.index_field:
        setattr(row, field.index_field, blind_index(field.index_kind, field.normal(plain)))
