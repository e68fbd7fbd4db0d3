"""Rights and scopes of the room, and its pure rules."""

from keyuan.fees.rules import access

__all__ = ["access"]
