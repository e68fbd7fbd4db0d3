"""Who may see and do what with hours and certificates, what an hour is, and how the chain is sealed."""

from keyuan.credits.rules import access, chain, hours, templates

__all__ = ["access", "chain", "hours", "templates"]
