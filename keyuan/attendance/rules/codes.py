"""Codes that prove presence: the room's code that changes, and each person's own."""

import base64
import time
from dataclasses import dataclass

from django.core import signing
from django.utils.crypto import constant_time_compare, salted_hmac

STEP = 15
# The current step and the two before it: a code read off the screen lives 30 to 45 seconds.
STEPS_VALID = 3
TICKET_SECONDS = 600
# No 0/O, 1/I/L, U/V: the codes are read aloud and typed on a phone.
LETTERS = "23456789ABCDEFGHJKMNPQRSTWXYZ"
LENGTH = 6
_TICKET = "keyuan.attendance.ticket"


def letters(digest: bytes) -> str:
    """Six letters from a digest, about 29^6 ≈ 6·10⁸ codes: not to be guessed while one lives."""
    number, text = int.from_bytes(digest[:12], "big"), ""
    for _ in range(LENGTH):
        number, rest = divmod(number, len(LETTERS))
        text += LETTERS[rest]
    return text


def step_at(moment: float) -> int:
    """The number of the 15-second step."""
    return int(moment // STEP)


def room_digest(sitting_id: int, step: int) -> bytes:
    """What only this installation can compute for a sitting and step."""
    return salted_hmac("keyuan.attendance.room", f"{sitting_id}.{step}", algorithm="sha256").digest()


def room_token(sitting_id: int, moment: float | None = None) -> str:
    """The token inside the room's QR code now."""
    step = step_at(time.time() if moment is None else moment)
    mac = base64.urlsafe_b64encode(room_digest(sitting_id, step)[:12]).decode()
    return f"{step:x}.{mac}"


def room_letters(sitting_id: int, moment: float | None = None) -> str:
    """The same proof as six letters, for phones whose camera fails in a big hall."""
    return letters(room_digest(sitting_id, step_at(time.time() if moment is None else moment))[12:])


def room_token_holds(sitting_id: int, token: str, moment: float | None = None) -> bool:
    """Whether a scanned token belongs to this sitting and was shown within the last 45 seconds."""
    now = step_at(time.time() if moment is None else moment)
    return any(
        constant_time_compare(token, room_token(sitting_id, (now - back) * STEP))
        for back in range(STEPS_VALID)
    )


def room_letters_hold(sitting_id: int, typed: str, moment: float | None = None) -> bool:
    """Whether typed letters are the room's, in any case and with blanks."""
    now = step_at(time.time() if moment is None else moment)
    given = normal(typed)
    return any(
        constant_time_compare(given, room_letters(sitting_id, (now - back) * STEP))
        for back in range(STEPS_VALID)
    )


def normal(typed: str) -> str:
    """A typed or scanned code in capitals without blanks; the head of a personal QR code is taken off."""
    return "".join(typed.upper().removeprefix("KEYUAN:").split())


def personal_letters(owner_label: str, owner_id: int, person_id: int) -> str:
    """A person's own six letters for one series of sittings; nothing is stored."""
    text = f"{owner_label}.{owner_id}.{person_id}"
    return letters(salted_hmac("keyuan.attendance.person", text, algorithm="sha256").digest())


@dataclass(frozen=True)
class Ticket:
    """Proof that the room's code was seen at a moment (扫码凭据); it outlives the code while the person signs in."""

    sitting_id: int
    seen: int


def ticket(sitting_id: int, seen: float) -> str:
    """A signed ticket carrying when the code was seen (seconds since 1970)."""
    return signing.dumps([sitting_id, int(seen)], salt=_TICKET)


def read_ticket(text: str) -> Ticket | None:
    """The ticket, or None when it is older than ten minutes or was altered."""
    try:
        sitting_id, seen = signing.loads(text, salt=_TICKET, max_age=TICKET_SECONDS)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return Ticket(int(sitting_id), int(seen))
