"""The kernel's tables, one file a mechanism."""

from keyuan.kernel.models.audit import AuditEntry, AuditHead
from keyuan.kernel.models.batches import Batch, BatchRow
from keyuan.kernel.models.erasure import ErasureEntry

__all__ = ["AuditEntry", "AuditHead", "Batch", "BatchRow", "ErasureEntry"]
