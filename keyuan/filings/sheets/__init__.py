"""Filings as spreadsheets: what a unit sends in, and the lists that are handed out."""

from keyuan.filings.sheets import incoming, outgoing

__all__ = ["incoming", "outgoing"]
