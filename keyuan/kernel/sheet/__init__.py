"""Spreadsheets in and out: one description of the columns writes the template, exports and reads.

Here belong columns, readers, the scan of hostile files, and import batches. What a column means to a
room, and what happens with a row, belongs to that room.
"""

from keyuan.kernel.sheet.describe import (
    CellFault,
    Column,
    Contents,
    Option,
    Question,
    Reading,
    Row,
    Sheet,
    Unreadable,
)
from keyuan.kernel.sheet.parse import SheetFault
from keyuan.kernel.sheet.readers import told

__all__ = [
    "CellFault",
    "Column",
    "Contents",
    "Option",
    "Question",
    "Reading",
    "Row",
    "Sheet",
    "SheetFault",
    "Unreadable",
    "told",
]
