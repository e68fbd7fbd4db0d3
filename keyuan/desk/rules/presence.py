"""The letters by which a trainee is signed in, the same on the phone as on the badge."""

from keyuan.logistics.rules.codes import OWNER, badge_code

__all__ = ["OWNER", "badge_code"]
