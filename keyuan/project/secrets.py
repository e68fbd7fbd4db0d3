"""Kept for one commit: the keys live in `keyuan.kernel.secrets`."""

from keyuan.kernel.secrets import secret

__all__ = ["secret"]
