"""Voting tokens signed blindly: RSABSSA-SHA384-PSS-Deterministic of RFC 9474.

The message is 32 random bytes made by the voter, so the deterministic variant hides it fully. The
signer raises to the private exponent without CRT, one signature a voter, with a key that lives as
long as one form; the check of a token is the well-kept library's own PSS verification.
"""

import base64
import binascii
import hashlib
import math
import secrets
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from keyuan.kernel.faults import Fault

BITS = 2048
PUBLIC_EXPONENT = 65537
SALT = 48
BYTES = BITS // 8
MESSAGE = 32


@dataclass(frozen=True)
class KeyPair:
    """A form's signing key as numbers (签名密钥)."""

    modulus: int
    exponent: int


def new_key() -> KeyPair:
    """A fresh RSA key of 2048 bits."""
    numbers = rsa.generate_private_key(PUBLIC_EXPONENT, BITS).private_numbers()
    return KeyPair(numbers.public_numbers.n, numbers.d)


def sign_blinded(key: KeyPair, blinded: int) -> int:
    """Sign a blinded value (BlindSign): the signer learns nothing of the message inside.

    The result is checked before it leaves, so that a computing fault cannot give the key away.
    """
    if not 1 < blinded < key.modulus - 1:
        raise Fault("领取凭据的请求不完整，请刷新页面再试。")
    signed = pow(blinded, key.exponent, key.modulus)
    if pow(signed, PUBLIC_EXPONENT, key.modulus) != blinded:
        raise Fault("领取凭据时出错，请再试一次。")
    return signed


def _mgf(seed: bytes, length: int) -> bytes:
    blocks = math.ceil(length / hashlib.sha384().digest_size)
    return b"".join(hashlib.sha384(seed + i.to_bytes(4, "big")).digest() for i in range(blocks))[:length]


def encode(message: bytes, salt: bytes, bits: int = BITS - 1) -> int:
    """EMSA-PSS-ENCODE (RFC 8017 §9.1.1) with SHA-384 and MGF1-SHA-384."""
    size = math.ceil(bits / 8)
    digest = hashlib.sha384(b"\0" * 8 + hashlib.sha384(message).digest() + salt).digest()
    block = b"\0" * (size - len(salt) - len(digest) - 2) + b"\x01" + salt
    masked = bytearray(a ^ b for a, b in zip(block, _mgf(digest, len(block)), strict=True))
    masked[0] &= 0xFF >> (8 * size - bits)
    return int.from_bytes(bytes(masked) + digest + b"\xbc", "big")


@dataclass(frozen=True)
class Blinding:
    """What the voter keeps while the signer works (盲化状态)."""

    message: bytes
    blinded: int
    inverse: int


def blind(modulus: int, message: bytes | None = None) -> Blinding:
    """The voter's first step (Blind); the browser does this in `blind.js`, the server only for browsers that cannot."""
    message = message or secrets.token_bytes(MESSAGE)
    encoded = encode(message, secrets.token_bytes(SALT))
    while True:
        factor = secrets.randbelow(modulus - 2) + 2
        if math.gcd(factor, modulus) == 1:
            break
    blinded = encoded * pow(factor, PUBLIC_EXPONENT, modulus) % modulus
    return Blinding(message, blinded, pow(factor, -1, modulus))


def finish(modulus: int, blinding: Blinding, signed: int) -> str:
    """The voter's last step (Finalize): the token, message and signature as text. Raises Fault on a bad signature."""
    token = token_text(blinding.message, signed * blinding.inverse % modulus)
    if not holds(modulus, token):
        raise Fault("凭据校验没有通过，请刷新页面再试。")
    return token


def token_text(message: bytes, signature: int) -> str:
    """A token as text: message and signature, url-safe."""
    return base64.urlsafe_b64encode(message + signature.to_bytes(BYTES, "big")).decode()


def _bytes_of(token: str) -> bytes:
    try:
        raw = base64.urlsafe_b64decode(token.encode("ascii", "replace"))
    except (binascii.Error, ValueError):
        return b""
    return raw if len(raw) == MESSAGE + BYTES else b""


def holds(modulus: int, token: str) -> bool:
    """Whether the token carries this form's signature; anybody may check it with the public key."""
    raw = _bytes_of(token)
    if not raw:
        return False
    public = rsa.RSAPublicNumbers(PUBLIC_EXPONENT, modulus).public_key()
    pss = padding.PSS(padding.MGF1(hashes.SHA384()), SALT)
    try:
        public.verify(raw[MESSAGE:], raw[:MESSAGE], pss, hashes.SHA384())
    except InvalidSignature:
        return False
    return True


def spent_digest(form_id: int, token: str) -> str:
    """What the list of spent tokens keeps: a digest of the message, so that one message votes once."""
    return hashlib.sha256(str(form_id).encode() + b"\0" + _bytes_of(token)[:MESSAGE]).hexdigest()
