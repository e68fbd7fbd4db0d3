"""The kernel's tables, one file a mechanism."""

from keyuan.kernel.models.audit import AuditEntry, AuditHead
from keyuan.kernel.models.batches import Batch, BatchGrid, BatchRow, ColumnMap
from keyuan.kernel.models.calendar import CalendarDay
from keyuan.kernel.models.erasure import ErasureEntry
from keyuan.kernel.models.files import StoredFile
from keyuan.kernel.models.jobs import Job, Tick
from keyuan.kernel.models.notify import Message, NoticePreference, Outbox
from keyuan.kernel.models.papers import DocNumber, DocSeries, IssuedPaper, PaperDraft, SeriesYear
from keyuan.kernel.models.saved import SavedView
from keyuan.kernel.models.search import SearchEntry

__all__ = [
    "AuditEntry",
    "AuditHead",
    "Batch",
    "BatchGrid",
    "BatchRow",
    "CalendarDay",
    "ColumnMap",
    "DocNumber",
    "DocSeries",
    "ErasureEntry",
    "IssuedPaper",
    "Job",
    "Message",
    "NoticePreference",
    "Outbox",
    "PaperDraft",
    "SavedView",
    "SearchEntry",
    "SeriesYear",
    "StoredFile",
    "Tick",
]
