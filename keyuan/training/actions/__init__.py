"""Writes about classes: one transaction, one audit line, actor first."""
