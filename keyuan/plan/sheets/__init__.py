"""The plan's files: an annex read from text, Word or Excel, and the plan written as a workbook."""

from keyuan.plan.sheets.files import read_file

__all__ = ["read_file"]
