"""Signed, expiring links for people who need no account: teachers, guests, first-time trainees."""

from typing import Any

from django.conf import settings
from django.core import signing

from keyuan.kernel.faults import Fault


class LinkDead(Fault):
    """The link has expired or was damaged on the way."""

    status = 410


def make(purpose: str, **ids: Any) -> str:
    """A url-safe token that carries ids, not secrets, and only works for its purpose."""
    return signing.dumps(ids, salt=f"keyuan.link.{purpose}", compress=False)


def read(purpose: str, token: str, *, days: float) -> dict[str, Any]:
    """The ids in the token. Raises LinkDead after `days` days or when it was altered."""
    try:
        ids: dict[str, Any] = signing.loads(token, salt=f"keyuan.link.{purpose}", max_age=int(days * 86400))
    except signing.SignatureExpired as dead:
        raise LinkDead("这个链接已过有效期，请向班主任或教务索取新的链接。") from dead
    except signing.BadSignature as dead:
        raise LinkDead("这个链接不完整或已失效，请从原消息重新打开，或索取新的链接。") from dead
    return ids


def absolute(path: str) -> str:
    """A path as it goes into messages, QR codes and calendars."""
    return f"{settings.PUBLIC_URL}{path}"
