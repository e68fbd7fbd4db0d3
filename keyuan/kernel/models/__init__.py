"""The kernel's tables, one file a mechanism."""

from keyuan.kernel.models.audit import AuditEntry, AuditHead

__all__ = ["AuditEntry", "AuditHead"]
