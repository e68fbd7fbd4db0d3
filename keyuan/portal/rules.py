"""How often one address may ask the verification page."""

import hmac
from hashlib import sha256

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

WINDOW = 600
LOOKUPS = 20


def address_of(request: HttpRequest) -> str:
    """The asker's network address; behind our own proxy it is the last one that the proxy added."""
    hops = request.headers.get("X-Forwarded-For", "") if settings.SECURE_PROXY_SSL_HEADER else ""
    return hops.split(",")[-1].strip() or request.META.get("REMOTE_ADDR", "")


def _key(address: str) -> str:
    # A keyed hash, so that the cache table holds no one's address.
    return (
        "portal.verify." + hmac.new(settings.SECRET_KEY.encode(), address.encode(), sha256).hexdigest()[:32]
    )


def may_ask(address: str) -> bool:
    """Whether the address has lookups left in its ten minutes."""
    return int(cache.get(_key(address), 0)) < LOOKUPS


def count_one(address: str) -> None:
    """Take one lookup from the address; the ten minutes run from the first."""
    key = _key(address)
    if cache.add(key, 1, WINDOW):
        return
    try:
        cache.incr(key)
    except ValueError:  # ran out between the two calls
        cache.add(key, 1, WINDOW)
